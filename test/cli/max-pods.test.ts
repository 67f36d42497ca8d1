/** What `vpcsim max-pods` prints, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { instanceTypes } from '../../src/cni/instance-types.ts';
import type { MaxPodsRow } from '../../src/render/max-pods/rows.ts';
import { vpcsim } from '../support/console.ts';

const folder = mkdtempSync(join(tmpdir(), 'vpcsim-max-pods-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function printed(...args: string[]): Promise<string> {
  const { status, out } = await vpcsim(['max-pods', ...args]);
  expect(status).toBe(0);
  return out;
}

const rows = async (...args: string[]): Promise<MaxPodsRow[]> =>
  JSON.parse(await printed(...args, '-o', 'json')) as MaxPodsRow[];

const row = async (...args: string[]): Promise<MaxPodsRow> => {
  const [only, ...others] = await rows(...args);
  expect(others).toEqual([]);
  return only!;
};

async function refusal(...args: string[]): Promise<string> {
  const { status, out, err } = await vpcsim(['max-pods', ...args]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  return err;
}

describe('every type', () => {
  test('has the number that AWS publishes, and the capped one beside it', async () => {
    const all = await rows('--all');
    expect(all).toHaveLength(1420);
    const of = new Map(all.map((each) => [each.instanceType, each]));
    expect(of.get('m5.24xlarge')).toMatchObject({
      maxPods: 737,
      recommended: 250,
      binding: 'cap',
      enis: 15,
      ipv4PerEni: 50,
      formula: '15 * (50 - 1) + 2',
    });
    for (const each of all) {
      const { maxEnis, ipv4PerEni } = instanceTypes().get(each.instanceType)!;
      expect(each.maxPods).toBe(maxEnis * (ipv4PerEni - 1) + 2);
      expect(each.recommended).toBeLessThanOrEqual(each.maxPods);
    }
  });

  test('comes in the order of families, and in them of sizes', async () => {
    const names = (await rows('--family', 'm5')).map(({ instanceType }) => instanceType);
    expect(names.slice(0, 4)).toEqual(['m5.large', 'm5.xlarge', 'm5.2xlarge', 'm5.4xlarge']);
    expect(names.at(-1)).toBe('m5.metal');
  });

  test('is filtered by how many pods fit, and sorted', async () => {
    const found = await rows('--family', 'm5,t3', '--min-pods', '58', '--sort', 'pods', '--reverse');
    expect(found.map(({ fits }) => fits)).toEqual([250, 250, 250, 234, 234, 110, 58, 58, 58, 58]);
  });

  test('that does not fit enough leaves an empty list', async () => {
    expect(await printed('t3.nano', '--min-pods', '5', '-o', 'json')).toBe('[]\n');
    expect(await printed('t3.nano', '--min-pods', '5')).toBe('no instance type fits so many pods\n');
  });
});

describe('one type', () => {
  test('shows the sum, every limit with the one that binds, and the rule sets', async () => {
    expect(await printed('c5.4xlarge', '--custom-networking')).toMatchInlineSnapshot(`
      "c5.4xlarge: 110 pods in a managed node group

      type       8 ENIs x 30 IPv4 addresses, 16 vCPUs, Nitro, 54 branch ENIs
      sum        custom networking keeps pods off the primary one: 7 ENIs left
                 7 * (30 - 1) + 2 = 205
                 at most 110 with up to 30 vCPUs (it has 16): 110 pods
      reserve    2829 MiB of 30310 MiB (9 %) kept back for 234 pods, and 110m of CPU whatever their number

        pods  limit           why
      >  110  cap             at most 110 with up to 30 vCPUs (it has 16)
         205  ENIs            7 ENIs left of 8: custom networking keeps pods off the primary one
         234  addresses       8 ENIs with 29 addresses for pods each, and 2 pods of the host network
        2723  memory reserve  advice: 255 + 11 MiB a pod + 100 MiB for eviction = all of 30310 MiB

        pods  rule set            who it is
      >  110  managed-node-group  EKS, without a custom AMI: at most 110 with up to 30 vCPUs (it has 16)
         234  nodeadm             AL2023 by itself: has no cap; does not look at custom networking
         234  karpenter           Karpenter's AL2023 nodes: has no cap; does not look at custom networking
         110  al2-script          max-pods-calculator.sh of AL2: at most 110 with up to 30 vCPUs (it has
                                  16)
         205  cni                 what ipamd has addresses for
      "
    `);
  });

  test('no line is wider than the terminal', async () => {
    const { out } = await vpcsim(
      ['max-pods', 'p4d.24xlarge', '--as', 'nodeadm', '--prefix-delegation', '--max-eni', '3', '--ipv6'],
      { width: 80 },
    );
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says that pods beyond the addresses get none', async () => {
    expect(await row('m5.large', '--custom-networking', '--as', 'nodeadm')).toMatchObject({
      maxPods: 29,
      fits: 20,
      binding: 'ENIs',
      warnings: [expect.stringContaining('stay in ContainerCreating')],
    });
  });

  test('pods with branch ENIs come on top, and the kubelet counts them', async () => {
    const found = await row('m5.large', '--security-groups-for-pods');
    expect(found).toMatchObject({ maxPods: 20, branchPods: 9, binding: 'ENIs' });
    expect(await printed('m5.large', '--security-groups-for-pods')).toContain('29 with all');
  });

  test('a memory reserve that is more than the node has keeps the kubelet from starting', async () => {
    // 255 + 11 x 3744 MiB on a node of 32 GiB
    const found = await row('c5.4xlarge', '--as', 'nodeadm', '--max-pods-expression', 'max_pods * 16');
    expect(found).toMatchObject({ maxPods: 3744, fits: 0, binding: 'memory reserve' });
  });

  test('the rule sets stand beside each other', async () => {
    const { ruleSets } = await row('c5.4xlarge', '--prefix-delegation');
    expect(ruleSets).toEqual({
      'managed-node-group': 110,
      nodeadm: 234,
      karpenter: 234,
      'al2-script': 110,
      cni: 3714,
    });
  });
});

describe('other forms', () => {
  test('CSV of no type has the same columns', async () => {
    const [none, some] = await Promise.all([
      printed('--all', '--min-pods', '9999', '-o', 'csv'),
      printed('m5.large', '-o', 'csv'),
    ]);
    expect(none).toBe(`${some.split('\n')[0]}\n`);
  });

  test('CSV has a line for each type and the rule sets as columns', async () => {
    const lines = (await printed('m5.large', 'c4.large', '--prefix-delegation', '-o', 'csv')).split('\n');
    expect(lines).toEqual([
      'instanceType,maxPods,recommended,fits,binding,enis,ipv4PerEni,formula,vcpus,memoryMiB,networkCards,' +
        'branchEnis,hypervisor,bareMetal,managed-node-group,nodeadm,karpenter,al2-script,cni,warnings',
      'm5.large,434,110,110,cap,3,10,3 * (10 - 1) * 16 + 2,2,,1,9,nitro,false,110,29,29,110,434,',
      'c4.large,29,29,29,addresses,3,10,3 * (10 - 1) + 2,2,,1,0,xen,false,29,29,29,29,29,' +
        'prefix delegation needs Nitro or bare metal: c4.large gets single addresses',
      '',
    ]);
  });

  test('Markdown is a table', async () => {
    expect(await printed('m5.large', '-o', 'markdown')).toBe(
      [
        '| TYPE | PODS | UNCAPPED | BINDS | ENIS | IPV4 | VCPUS | SUM |',
        '| --- | --: | --: | --- | --: | --: | --: | --- |',
        '| m5.large | 29 | 29 | addresses | 3 | 10 | 2 | 3 \\* (10 - 1) + 2 |',
        '',
      ].join('\n'),
    );
  });
});

describe('a topology', () => {
  const topology = join(folder, 'vpcsim.yaml');
  writeFileSync(
    topology,
    `apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: v, cidrs: [10.1.0.0/16], subnets: [{name: a, cidr: 10.1.0.0/20}, {name: b, cidr: 10.1.16.0/20}]}]
instanceTypes: [{name: m9z.large, maxEnis: 3, ipv4PerEni: 12}]
cluster:
  cni: {env: {AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true"}}
  nodeGroups: [{name: g, instanceType: m9z.large}, {name: h, instanceType: m5.large, maxPods: 15}]
`,
  );

  test('gives its types and the settings of its CNI', async () => {
    const found = await rows('-t', topology);
    expect(found.map(({ instanceType, maxPods, usedBy }) => ({ instanceType, maxPods, usedBy }))).toEqual([
      { instanceType: 'm9z.large', maxPods: 24, usedBy: ['node group g'] }, // 2 x 11 + 2
      { instanceType: 'm5.large', maxPods: 20, usedBy: ['node group h, which has maxPods 15'] },
    ]);
  });

  test('whose settings the switches change', async () => {
    const found = await row('m9z.large', '-t', topology, '--no-custom-networking');
    expect(found.maxPods).toBe(35); // 3 x 11 + 2
  });

  test('a file of EC2 does without one', async () => {
    const found = await row('p9z.48xlarge', '--instance-types', 'test/io/instance-types.json');
    expect(found).toMatchObject({ maxPods: 737, networkCards: 2, enisOfAllCards: 19, memoryMiB: 2097152 });
    expect(found.warnings).toEqual([
      expect.stringContaining('ipamd has no p9z.48xlarge in its table and asks EC2, which counts 19 ENIs'),
    ]);
  });

  test('a broken file of EC2 is told with its place', async () => {
    writeFileSync(join(folder, 'broken.json'), '{\n  "InstanceTypes": [{\n');
    const { status, err } = await vpcsim(['max-pods', 'm5.large', '--instance-types', 'broken.json'], {
      cwd: folder,
    });
    expect(status).toBe(2);
    expect(err).toMatch(/^broken\.json:3:1 {2}error ec2\/syntax {2}broken\.json is not well-formed JSON\n$/);
  });
});

describe('what is refused', () => {
  test('unknown types, all at once, with the nearest', async () => {
    const said = await refusal('m5.lage', 'm5.large', 'c5.xlage');
    expect(said.match(/usage\/unknown-instance-type/g)).toHaveLength(2);
    expect(said).toMatch(/"m5\.lage"\n.*m5\.large/);
  });

  test.each([
    [[], 'usage/missing', 'max-pods needs an instance type'],
    [['m5.large', '--all'], 'usage/contradiction', ''],
    [['--family', 'm55'], 'usage/unknown-family', 'did you mean m5'],
    [['m5.large', '--max-eni', '-1'], 'usage/bad-number', ''],
    [['m5.large', '--pods-per-core', '1.5'], 'usage/bad-number', ''],
    [['m5.large', '--cni-version', 'latest'], 'usage/bad-version', ''],
    [['m5.large', '--as', 'eksctl'], '', 'Invalid values'],
  ])('%j', async (args, code, message) => {
    const said = await refusal(...args);
    expect(said).toContain(code);
    expect(said).toContain(message);
  });

  test('a family for a type, with the switch for families', async () => {
    expect(await refusal('m5')).toContain('a family of types: --family m5');
  });

  test('IPv6 with custom networking, as aws-node does', async () => {
    expect(await refusal('m5.large', '--ipv6', '--custom-networking')).toContain(
      'aws-node does not start: custom networking is not supported with IPv6',
    );
  });

  test.each([
    [[], 'You must specify a CNI Version to use. Example - 1.7.5'],
    [['--cni-version', 'v1.18.0'], 'v1: unbound variable'],
    [['--cni-version', '1'], 'VERSION_SPLIT[1]: unbound variable'],
  ])('the script of AL2 with %j, as its shell does', async (args, message) => {
    expect(await refusal('m5.large', '--as', 'al2-script', ...args)).toContain(message);
  });

  test('what the script of AL2 computes is told though no kubelet takes it', async () => {
    const script = ['--as', 'al2-script', '--cni-version', '1.18.0'];
    const found = await row('m5.large', ...script, '--max-eni', '0', '--custom-networking');
    expect(found.maxPods).toBe(-7); // (0 - 1) x 9 + 2
    expect(found.warnings).toEqual([expect.stringContaining('no negative maxPods')]);
  });

  test('a setting that the rule set does not look at is no mistake, and is said', async () => {
    const { status, err } = await vpcsim(['max-pods', 'm5.large', '--as', 'karpenter', '--max-eni', '2']);
    expect(status).toBe(0);
    expect(err).toContain('karpenter does not look at MAX_ENI');
  });

  test('a CEL expression that nodeadm refuses is warned of, and the standard value holds', async () => {
    const found = await row('m5.large', '--as', 'nodeadm', '--max-pods-expression', 'min(110, max_pods)');
    expect(found.maxPods).toBe(29);
    expect(found.warnings).toEqual([
      "nodeadm warns and takes the standard value: maxPodsExpression does not compile: undeclared reference to 'min'",
    ]);
  });
});
