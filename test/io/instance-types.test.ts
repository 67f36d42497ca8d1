/** Instance types that the input describes: in the topology, and as EC2 describes them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planSites } from '../../src/world/sites.ts';
import type { Topology } from '../../src/world/topology.ts';
import { good, HEAD, issues, line } from './input.ts';

const sample = readFileSync(new URL('./instance-types.json', import.meta.url), 'utf8');
const VPC =
  'vpcs: [{name: v, cidrs: [10.1.0.0/16], subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a}]}]\n';
const group = (type: string, more = ''): string =>
  `${HEAD}${VPC}${more}cluster: {nodeGroups: [{name: g, instanceType: ${type}, desired: 1}]}\n`;

function sizeOfNode(topology: Topology) {
  return planSites(topology)[0]!.cluster!.nodes[0]!.allocatable;
}

describe('a type under instanceTypes', () => {
  const own = 'instanceTypes: [{name: m9z.large, maxEnis: 3, ipv4PerEni: 12, vcpus: 2, memoryMiB: 16384}]\n';

  test('is one that node groups may name', () => {
    expect(good(group('m9z.large', own)).instanceTypes).toEqual([
      {
        name: 'm9z.large',
        maxEnis: 3,
        ipv4PerEni: 12,
        networkCards: 1,
        totalEnis: 3,
        hypervisor: 'nitro',
        bareMetal: false,
        vcpus: 2,
        memoryMiB: 16384,
        branchEnis: undefined,
        missingInCni: true,
      },
    ]);
  });

  test('decides how many pods its nodes take, and how much memory they have', () => {
    const size = sizeOfNode(good(group('m9z.large', own)));
    expect(size.pods).toBe(35); // 3 x 11 + 2
    // 16 GiB less 7.5 %, 255 + 11 x 35 MiB and 100 MiB, in MiB
    expect(size.memoryBytes / 1024 ** 2).toBe(Math.floor(16384 * 0.925) - 255 - 11 * 35 - 100);
  });

  test('goes before one of the table of the same name', () => {
    const small = 'instanceTypes: [{name: m5.large, maxEnis: 2, ipv4PerEni: 4}]\n';
    expect(sizeOfNode(good(group('m5.large', small))).pods).toBe(8);
  });

  test('is near to what is misspelt', () => {
    const [found] = issues(group('m9z.lage', own));
    expect(found).toMatchObject({ code: 'topology/unknown-instance-type', at: { line: 6 } });
    expect(found?.hint).toContain('m9z.large');
  });

  test('two of one name are a mistake', () => {
    const twice = 'instanceTypes:\n- {name: a.b, maxEnis: 2, ipv4PerEni: 4}\n';
    const text = HEAD + twice + twice.split('\n')[1];
    expect(issues(text).map(line)).toEqual([
      'vpcsim.yaml:6:10 error topology/duplicate-name "a.b" already names another instance type',
    ]);
  });
});

describe('what aws ec2 describe-instance-types printed', () => {
  const named = { 'x/vpcsim.yaml': group('p9z.48xlarge', 'instanceTypesFile: ec2.json\n') };
  const typesOf = (topology: Topology) => new Map(topology.instanceTypes.map((type) => [type.name, type]));

  test('is named by the topology, relative to it', () => {
    const topology = good({ ...named, 'x/ec2.json': sample }, 'x/vpcsim.yaml');
    expect(sizeOfNode(topology).pods).toBe(250); // 15 x 49 + 2, capped
  });

  test('or given beside it', () => {
    const files = { 'vpcsim.yaml': group('m9z.metal'), 'ec2.json': sample };
    expect(sizeOfNode(good(files, 'vpcsim.yaml', { instanceTypes: 'ec2.json' })).pods).toBe(250);
  });

  test('gives the limits of the default network card, and how many ENIs all cards take', () => {
    const types = typesOf(good({ ...named, 'x/ec2.json': sample }, 'x/vpcsim.yaml'));
    expect(types.get('p9z.48xlarge')).toMatchObject({ maxEnis: 15, networkCards: 2, totalEnis: 19 });
    expect(types.get('p9z.48xlarge')).toMatchObject({ vcpus: 192, memoryMiB: 2097152, ipv4PerEni: 50 });
  });

  test('has bare metal without a hypervisor, and outputs of old without network cards', () => {
    const types = typesOf(good({ ...named, 'x/ec2.json': sample }, 'x/vpcsim.yaml'));
    expect(types.get('m9z.metal')).toMatchObject({ bareMetal: true, hypervisor: 'unknown', maxEnis: 15 });
  });

  test('does not speak of branch ENIs: those of the table are kept, others are not known', () => {
    const types = typesOf(good({ ...named, 'x/ec2.json': sample }, 'x/vpcsim.yaml'));
    expect(types.get('m5.large')?.branchEnis).toBe(9);
    expect(types.get('m9z.metal')?.branchEnis).toBeUndefined();
  });

  test('may be YAML, as aws --output yaml prints it', () => {
    const yaml =
      'InstanceTypes:\n- InstanceType: p9z.48xlarge\n  NetworkInfo: {MaximumNetworkInterfaces: 4, Ipv4AddressesPerInterface: 15}\n';
    expect(
      typesOf(good({ ...named, 'x/ec2.json': yaml }, 'x/vpcsim.yaml')).get('p9z.48xlarge')?.maxEnis,
    ).toBe(4);
  });

  test.each([
    [
      'is cut off',
      sample.slice(0, 300),
      /^x\/ec2\.json:11:24 error ec2\/syntax x\/ec2\.json is not well-formed JSON$/,
    ],
    [
      'has another form',
      '{"Reservations": []}',
      /^x\/ec2\.json:1:1 error ec2\/missing-key .*"InstanceTypes"/,
    ],
    [
      'has text for a number',
      sample.replace('"MaximumNetworkInterfaces": 19', '"MaximumNetworkInterfaces": "19"'),
      /^x\/ec2\.json:25:37 error ec2\/\S+ .*MaximumNetworkInterfaces/,
    ],
    [
      'lacks the addresses of a type',
      sample.replace(',\n        "Ipv4AddressesPerInterface": 10', ''),
      /^x\/ec2\.json:10:22 error ec2\/missing-key .*"Ipv4AddressesPerInterface"/,
    ],
  ])('that %s is told with its place', (_, text, expected) => {
    const [first] = issues({ ...named, 'x/ec2.json': text }, 'x/vpcsim.yaml');
    expect(first && line(first)).toMatch(expected);
  });

  test('that is not there is told where it is named', () => {
    const [first] = issues(named, 'x/vpcsim.yaml');
    expect(first && line(first)).toContain(
      'x/vpcsim.yaml:5:20 error io/not-found there is no file x/ec2.json',
    );
  });
});
