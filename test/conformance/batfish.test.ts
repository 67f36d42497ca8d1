/** The suite batfish: Batfish's own fixtures where they are at hand, and what it tells of cases that do not hold. */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/program.ts';

const fixtures = join(process.env.VPCSIM_FIXTURES ?? '', 'batfish-aws', 'expectations.json');
const has = existsSync(fixtures);

test.runIf(process.env.CI)('VPCSIM_FIXTURES names the folder with the fixtures', () => {
  expect(has).toBe(true);
});

describe.skipIf(!has)('the fixtures of Batfish (skipped where VPCSIM_FIXTURES is unset)', async () => {
  const lines: string[] = [];
  await runConformance(['batfish', '--cases', fixtures], (line) => lines.push(line));

  test('no case differs', () => {
    expect(lines.filter((line) => line.startsWith('differs'))).toEqual([]);
    expect(lines.at(-1)).toBe('35 passed, 0 failed');
  });

  test('one is explained: an address of AWS that the dumps do not have', () => {
    expect(lines.filter((line) => / not applicable: /.test(line))).toEqual([
      '1 not applicable: an address of AWS that the dumps do not have: who else holds it is not known (docs/fidelity.md)',
    ]);
  });

  test('where some packet is asked for, the one that was found is printed', () => {
    expect(lines[lines.indexOf('proved   nlb/reach-server1') + 1]).toMatch(
      /^ +tcp 10\.1\.250\.112:49152 > \S+:\d+ arrives at instance\/i-055b0db7be365202c/,
    );
  });
});

const vpc = 'vpc-1';
const subnet = 'subnet-1';
const instance = (n: number, group: string) => ({
  InstanceId: `i-${n}`,
  VpcId: vpc,
  SubnetId: subnet,
  State: { Name: 'running' },
  PrivateIpAddress: `10.0.0.1${n}`,
  SecurityGroups: [{ GroupId: group }],
  NetworkInterfaces: [{ NetworkInterfaceId: `eni-${n}` }],
});
const card = (n: number, group: string) => ({
  NetworkInterfaceId: `eni-${n}`,
  VpcId: vpc,
  SubnetId: subnet,
  Status: 'in-use',
  SourceDestCheck: true,
  Groups: [{ GroupId: group }],
  PrivateIpAddresses: [{ PrivateIpAddress: `10.0.0.1${n}`, Primary: true }],
  Attachment: { InstanceId: `i-${n}`, DeviceIndex: 0 },
});
const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
const dumps = {
  Vpcs: [{ VpcId: vpc, CidrBlock: '10.0.0.0/16' }],
  Subnets: [{ SubnetId: subnet, VpcId: vpc, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a' }],
  SecurityGroups: [
    { GroupId: 'sg-open', VpcId: vpc, IpPermissions: everything, IpPermissionsEgress: everything },
    { GroupId: 'sg-shut', VpcId: vpc, IpPermissions: [], IpPermissionsEgress: everything },
  ],
  Reservations: [
    {
      ReservationId: 'r-1',
      Instances: [instance(1, 'sg-open'), instance(2, 'sg-open'), instance(3, 'sg-shut')],
    },
  ],
  NetworkInterfaces: [card(1, 'sg-open'), card(2, 'sg-open'), card(3, 'sg-shut')],
};

/** One flow from i-1 to another instance, in an account of three. */
async function judge(to: number, expected: object, rest: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'vpcsim-batfish-'));
  mkdirSync(join(folder, 'account', 'us-east-1'), { recursive: true });
  for (const [name, list] of Object.entries(dumps))
    writeFileSync(join(folder, 'account', 'us-east-1', `${name}.json`), JSON.stringify({ [name]: list }));
  const flow = {
    id: 'account/flow',
    src: { kind: 'instance', id: 'i-1', ip: '10.0.0.11', eni: 'eni-1' },
    dst: { kind: 'instance', id: `i-${to}`, ip: `10.0.0.1${to}` },
    protocol: 'tcp',
    dstPort: 443,
    expect: expected,
    ...rest,
  };
  const path = join(folder, 'expectations.json');
  const fixture = { id: 'account', dir: 'account', flows: [flow] };
  writeFileSync(path, JSON.stringify({ schema: 'peer-expectations/1', fixtures: [fixture] }));
  const lines: string[] = [];
  return { status: await runConformance(['batfish', '--cases', path], (line) => lines.push(line)), lines };
}

describe('a flow', () => {
  const filters = [
    {
      hop: 0,
      kind: 'securityGroup',
      direction: 'egress',
      eni: 'eni-1',
      result: 'permit',
    },
    { hop: 1, kind: 'securityGroup', direction: 'ingress', eni: 'eni-2', result: 'permit' },
  ];

  test('that ends as expected, by the same filters, passes', async () => {
    const { lines } = await judge(2, { disposition: 'ACCEPTED', hops: ['i-1', 'i-2'], traces: 1, filters });
    expect(lines.at(-1)).toBe('1 passed, 0 failed');
  });

  test('that ends otherwise is told with both ends', async () => {
    const { status, lines } = await judge(3, { disposition: 'ACCEPTED' });
    expect(status).toBe(1);
    expect(lines.slice(0, 2)).toEqual([
      'differs  account/flow',
      '         path 1 ends DENIED_IN (sg/no-ingress-rule), expected ACCEPTED',
    ]);
  });

  test('that takes another way is told with both ways', async () => {
    const { lines } = await judge(2, { disposition: 'ACCEPTED', hops: ['i-1', 'igw-9', 'i-2'] });
    expect(lines.slice(1, 3)).toEqual([
      '         forward: i-1 > i-2',
      '         expected: i-1 > igw-9 > i-2',
    ]);
  });

  test('that another component decides is told with both', async () => {
    const decidedBy = { component: 'networkAcl', id: 'acl-1' };
    const { lines } = await judge(3, { disposition: 'DENIED_IN' }, { decidedBy });
    expect(lines[1]).toMatch(/^ +decided by eni\/eni-3 sg\/no-ingress-rule/);
    expect(lines[2]).toBe('         expected networkAcl acl-1');
  });

  test('that the same component decides in the other direction is told', async () => {
    const decidedBy = { component: 'securityGroup', id: 'sg-shut' };
    const right = await judge(
      3,
      { disposition: 'DENIED_IN' },
      { decidedBy: { ...decidedBy, direction: 'ingress' } },
    );
    expect(right.status).toBe(0);
    const wrong = await judge(
      3,
      { disposition: 'DENIED_IN' },
      { decidedBy: { ...decidedBy, direction: 'egress' } },
    );
    expect(wrong.status).toBe(1);
  });

  test('that asks a filter where none is, is told', async () => {
    const acl = { hop: 1, kind: 'networkAcl', direction: 'ingress', id: 'acl-1', result: 'permit' };
    const { lines } = await judge(2, { disposition: 'ACCEPTED', hops: ['i-1', 'i-2'], filters: [acl] });
    expect(lines[1]).toBe('         missing: networkAcl ingress of acl-1: permit at i-2');
  });

  test('of which only the forward direction is to succeed fails where its answer comes back', async () => {
    const { lines } = await judge(2, { disposition: 'ACCEPTED (forward only)' });
    expect(lines[1]).toBe('         the round trip is reachable, expected is the forward direction alone');
  });

  test('that is to exist is proved by a packet, or not at all', async () => {
    const dst = (n: number) => ({ dst: { kind: 'instance', id: `i-${n}`, ip: 'any' }, protocol: 'any' });
    const found = await judge(2, { disposition: 'ACCEPTED' }, dst(2));
    expect(found.lines.slice(0, 2)).toEqual([
      'proved   account/flow',
      '         icmp 10.0.0.11 > 10.0.0.12 arrives at instance/i-2',
    ]);
    const none = await judge(3, { disposition: 'ACCEPTED' }, dst(3));
    expect(none.lines[1]).toBe('         none of the 0 packets that were tried gets there');
  });
});

describe('what would not be checked is a mistake', () => {
  test('no cases', async () => {
    const lines: string[] = [];
    expect(await runConformance(['batfish'], (line) => lines.push(line))).toBe(2);
    expect(lines[0]).toContain('usage/no-cases');
  });

  test('an unknown field', async () => {
    expect((await judge(2, { disposition: 'ACCEPTED', ttl: 3 })).status).toBe(2);
  });

  test('a disposition that Batfish does not have', async () => {
    expect((await judge(2, { disposition: 'ACEPTED' })).status).toBe(2);
  });
});
