/** Interfaces that a topology gives as they are: addresses, prefixes, tables of instances, pools of nodes. */
import { describe, expect, test } from 'vitest';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import { faults, issues } from '../io/input.ts';
import { loadWorld, traceOf, worldOf } from '../support/worlds.ts';

const account = loadWorld('account');

/** "kind/id" of the hops on the way there. */
function way(from: string, to: string, flow: Parameters<typeof traceOf>[3] = {}): string[] {
  return traceOf(account, from, to, flow).paths[0]!.hops.map(({ device }) => `${device.kind}/${device.id}`);
}

describe('a node whose interfaces are given', () => {
  test('has these interfaces and no others, with the addresses that were written', () => {
    const enis = account.enis.filter(({ owner }) => owner === 'node/node-a');
    expect(enis.map(({ id }) => id)).toEqual(['eni-a0', 'eni-a1']);
    expect(enis[0]!.addresses.map(({ address }) => formatIpv4(address))).toEqual([
      '10.20.1.10',
      '10.20.1.23',
      '10.20.1.77',
    ]);
  });

  test('sends what comes from a pod by the interface that holds its address', () => {
    expect(way('pod/client', 'pod/web:8080')).toContain('eni/eni-a1');
  });

  test('gives pods without a pinned address what is left, the lowest first', () => {
    const pods = account.cluster!.pods.filter(({ id }) => id.includes('coredns'));
    expect(pods.map(({ address }) => formatIpv4(address!)).sort()).toEqual(['10.20.1.23', '10.20.2.11']);
  });

  test('leaves a pod without an address when none is left, and asks for no more', () => {
    const world = worldOf({
      'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{ name: v, cidrs: [10.0.0.0/16], subnets: [{ name: s, cidr: 10.0.0.0/24 }] }]
cluster:
  coredns: { replicas: 0 }
  nodes: [{ name: n, subnet: s, interfaces: [{ name: eni-1, subnet: s, addresses: [10.0.0.10] }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: p }
spec: { containers: [{ name: p }] }
`,
    });
    const pod = world.cluster!.pods.find(({ id }) => id === 'default/p')!;
    expect(pod.phase).toBe('ContainerCreating');
    expect(world.enis.filter(({ owner }) => owner === 'node/n')).toHaveLength(1);
  });
});

describe('branches that are given', () => {
  const world = worldOf({
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{ name: s, cidr: 10.0.0.0/24 }]
    securityGroups: [{ name: closed }]
cluster:
  coredns: { replicas: 0 }
  cni: { env: { ENABLE_POD_ENI: "true" } }
  nodes:
    - name: n
      subnet: s
      instanceType: m5.large
      interfaces:
        - { name: eni-1, subnet: s, addresses: [10.0.0.10, 10.0.0.11] }
        - { name: eni-trunk, subnet: s, addresses: [10.0.0.20], type: trunk, device: 2 }
        - { name: eni-branch, subnet: s, addresses: [10.0.0.30], type: branch, vlan: 7, securityGroups: [closed] }
  placements:
    - { pod: default/p, node: n, address: 10.0.0.30 }
    - { pod: default/q, node: n, address: 10.0.0.11 }
---
apiVersion: v1
kind: Pod
metadata: { name: p }
spec: { containers: [{ name: p }] }
---
apiVersion: v1
kind: Pod
metadata: { name: q }
spec: { containers: [{ name: q }] }
`,
  });

  test('belong to the pod at their address, on their VLAN', () => {
    const eni = world.enis.find(({ id }) => id === 'eni-branch')!;
    expect(eni.branch).toEqual({ vlan: 7, trunk: 'eni-trunk' });
    expect(eni.owner).toBe('pod/default/p');
  });

  test('let in what their own groups let in', () => {
    const trace = traceOf(world, 'pod/q', 'pod/p:80');
    expect(trace.paths[0]).toMatchObject({ code: 'sg/no-ingress-rule', device: 'eni/eni-branch' });
  });
});

describe('an instance with several interfaces', () => {
  test('answers from an address of its second interface by that one', () => {
    const { paths } = traceOf(account, 'pod/client', '10.20.1.50:22');
    const back = paths[0]!.reply.hops.map(({ device }) => `${device.kind}/${device.id}`);
    expect(back).toContain('eni/eni-inside');
    expect(back).not.toContain('eni/eni-bastion');
  });

  test('is reached by the public address of a secondary private one', () => {
    const { paths } = traceOf(account, 'internet', '203.0.113.11:22');
    expect(paths[0]!.hops.at(-1)!.in.dst).toBe('10.20.0.51');
  });

  test('has no public address but those given, whatever its subnet maps', () => {
    const world = worldOf({
      'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - { name: v, cidrs: [10.0.0.0/16], internetGateway: {}, subnets: [{ name: s, cidr: 10.0.0.0/24, mapPublicIp: true }] }
instances:
  - { name: i, subnet: s, interfaces: [{ name: eni-1, device: 0, subnet: s, addresses: [10.0.0.9] }] }
  - { name: j, subnet: s, publicAddress: 203.0.113.77 }
`,
    });
    expect(world.instances.map(({ publicAddress }) => publicAddress)).toEqual([
      undefined,
      ipv4('203.0.113.77'),
    ]);
  });
});

describe('an interface of a service', () => {
  test('takes packets that its security groups let in, under the assumption that something listens', () => {
    const trace = traceOf(account, 'pod/client', '10.20.2.40:5432');
    expect(trace.verdict).toBe('reachable');
    expect(trace.assumptions.join()).toContain('a process listens on tcp/5432 in aws-managed/eni-rds');
  });

  test('may send', () => {
    expect(way('eni/eni-rds', '10.20.1.10:80')[0]).toBe('aws-managed/eni-rds');
  });
});

describe('what cannot be', () => {
  const node = (interfaces: string, rest = ''): string => `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{ name: v, cidrs: [10.0.0.0/16], subnets: [{ name: s, cidr: 10.0.0.0/24 }, { name: t, cidr: 10.0.1.0/24 }] }]
cluster:
  nodes: [{ name: n, subnet: s, interfaces: [${interfaces}] }]
${rest}`;

  test.each([
    [
      'an address outside the subnet',
      '{name: e, subnet: s, addresses: [10.0.1.9]}',
      'address/outside-subnet',
    ],
    [
      'an address twice',
      '{name: e, subnet: s, addresses: [10.0.0.9]}, {name: f, subnet: s, addresses: [10.0.0.9]}',
      'address/duplicate',
    ],
    ['an address that AWS keeps', '{name: e, subnet: s, addresses: [10.0.0.1]}', 'address/reserved'],
    [
      'a prefix of another length',
      '{name: e, subnet: s, addresses: [10.0.0.9], prefixes: [10.0.0.32/27]}',
      'cidr/size',
    ],
    [
      'a prefix that does not begin at a multiple of sixteen',
      '{name: e, subnet: s, addresses: [10.0.0.9], prefixes: [10.0.0.40/28]}',
      'cidr/host-bits',
    ],
    [
      'an address inside the prefix of another interface',
      '{name: e, subnet: s, addresses: [10.0.0.9], prefixes: [10.0.0.32/28]}, {name: f, subnet: s, addresses: [10.0.0.33]}',
      'address/duplicate',
    ],
    [
      'two interfaces of one name',
      '{name: e, subnet: s, addresses: [10.0.0.9]}, {name: e, subnet: s, addresses: [10.0.0.8]}',
      'topology/duplicate-name',
    ],
    [
      'two first devices',
      '{name: e, device: 0, subnet: s, addresses: [10.0.0.9]}, {name: f, device: 0, subnet: s, addresses: [10.0.0.8]}',
      'topology/same-device',
    ],
    [
      'no primary interface',
      '{name: e, device: 1, subnet: s, addresses: [10.0.0.9]}',
      'topology/missing-interface',
    ],
    [
      'a branch without a trunk',
      '{name: e, subnet: s, addresses: [10.0.0.9]}, {name: f, type: branch, vlan: 1, subnet: s, addresses: [10.0.0.8]}',
      'topology/missing-interface',
    ],
    ['a primary interface elsewhere', '{name: e, subnet: t, addresses: [10.0.1.9]}', 'address/not-primary'],
    [
      'a public address of an address that is not there',
      '{name: e, subnet: s, addresses: [10.0.0.9], publicAddresses: {10.0.0.10: 203.0.113.1}}',
      'topology/unknown-reference',
    ],
  ])('%s', (_title, interfaces, code) => {
    expect(issues(node(interfaces)).map((issue) => issue.code)).toContain(code);
  });

  test('a pod at an address that no interface of its node holds', () => {
    const text = node(
      '{name: e, subnet: s, addresses: [10.0.0.9, 10.0.0.10]}',
      '  placements: [{ pod: p, node: n, address: 10.0.0.11 }]\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: p }] }\n',
    );
    expect(faults(text)).toEqual(['vpcsim.yaml:7:44 address/not-on-node']);
  });
});

describe('an instance that does not run', () => {
  const file = (state: string): string => `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{ name: v, cidrs: [10.0.0.0/16], subnets: [{ name: s, cidr: 10.0.0.0/24 }] }]
instances:
  - { name: here, subnet: s }
  - { name: there, subnet: s, state: ${state} }
`;

  test('takes nothing: eni/not-running, BAD_STATE', () => {
    const { verdict, blockers } = traceOf(
      worldOf({ 'vpcsim.yaml': file('stopped') }),
      'instance/here',
      'instance/there:22',
    );
    expect(verdict).toBe('unreachable');
    expect(blockers[0]).toMatchObject({ code: 'eni/not-running', awsCode: 'BAD_STATE', device: 'eni/there' });
  });

  test('sends nothing', () => {
    const { blockers } = traceOf(
      worldOf({ 'vpcsim.yaml': file('stopped') }),
      'instance/there',
      'instance/here:22',
    );
    expect(blockers[0]!.code).toBe('eni/not-running');
  });

  test('takes packets again when it runs', () => {
    const { verdict } = traceOf(
      worldOf({ 'vpcsim.yaml': file('running') }),
      'instance/here',
      'instance/there:22',
    );
    expect(verdict).toBe('reachable');
  });
});
