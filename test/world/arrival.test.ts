/** Packets that come to a machine's interface, wherever they are from; and the further addresses of a node. */
import { describe, expect, test } from 'vitest';
import { checkTopology, rulesOf, trace } from '../../src/index.ts';
import { loadWorld, traceOf, worldOf } from '../support/worlds.ts';

const day = loadWorld('day');
const NODE = 'ip-10-1-0-5';

const issue = (from: string, to: string, arrivingAt: string) => {
  const result = trace(day, { from, to, arrivingAt });
  return result.ok ? undefined : result.issues[0];
};

describe('a packet that arrives at a node', () => {
  test('is walked from the interface on: no security group, no subnet before it', () => {
    const { paths, request } = traceOf(day, '203.0.113.99', '10.1.0.10:8001', { arrivingAt: NODE });
    expect(request.from).toBe('203.0.113.99 arriving at ip-10-1-0-5:ens5');
    const [path] = paths;
    expect(path!.hops.map(({ device }) => device.kind)).toEqual(['node', 'pod']);
    expect(path!.hops[0]!.steps[0]).toMatchObject({
      stage: 'arrival',
      because: 'the packet comes in by ens5',
    });
    expect(path!.hops[0]!.in).toMatchObject({ src: '203.0.113.99', dst: '10.1.0.10' });
  });

  test('has nobody to answer to that the trace knows: the verdict is one-way', () => {
    expect(traceOf(day, '203.0.113.99', '10.1.0.10:8001', { arrivingAt: NODE })).toMatchObject({
      verdict: 'one-way',
      exitCode: 0,
      reply: { disposition: 'none' },
    });
  });

  test('meets the PREROUTING rules: a Service is balanced there', () => {
    const { paths } = traceOf(day, '203.0.113.99', 'svc/production/day-service:80', { arrivingAt: NODE });
    expect(paths).toHaveLength(3);
    for (const { hops } of paths) expect(hops[0]!.out.dport).toBe(8001);
  });

  test('comes in by the interface that is named', () => {
    const [path] = traceOf(day, '203.0.113.99', '10.1.0.5:31000', { arrivingAt: `node/${NODE}:ens6` }).paths;
    expect(path!.hops[0]!.steps[0]!.because).toBe('the packet comes in by ens6');
  });

  test('cannot come by lo', () => {
    expect(issue('192.0.2.1', '10.1.0.5:80', `${NODE}:lo`)).toMatchObject({
      code: 'usage/unknown-interface',
    });
  });

  test("with the node's own address as its source is a martian", () => {
    expect(traceOf(day, '10.1.0.5', '10.1.0.5:31000', { arrivingAt: NODE }).blockers[0]!.code).toBe(
      'host/martian',
    );
  });

  test('may be from something that has a name', () => {
    const { request, paths } = traceOf(day, 'pod/dev/client', '10.1.0.10:8001', { arrivingAt: NODE });
    expect(request.from).toBe('pod/dev/client arriving at ip-10-1-0-5:ens5');
    expect(paths[0]!.hops[0]!.in.src).toBe('10.1.16.6');
  });

  test('that is rejected ends there, told to whoever sent it', () => {
    const world = worldOf({
      'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster: {nodes: [{name: n, subnet: a}]}
manifests: [web.yaml]
`,
      'web.yaml': `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 172.20.0.80, ports: [{port: 80}]}
`,
    });
    const { verdict, paths } = traceOf(world, '192.0.2.1', '172.20.0.80:80', { arrivingAt: 'n' });
    expect(verdict).toBe('unreachable');
    expect(paths).toMatchObject([
      {
        disposition: 'rejected',
        code: 'netfilter/reject',
        symptom: { kind: 'refused' },
        reply: { hops: [] },
      },
    ]);
  });
});

describe('where a packet cannot arrive', () => {
  test('an unknown node names the nearest', () => {
    expect(issue('192.0.2.1', '10.1.0.5:80', 'ip-10-1-0-6')).toMatchObject({
      code: 'usage/unknown-name',
      hint: expect.stringContaining('ip-10-1-0-5.ec2.internal'),
    });
  });

  test('an unknown interface names those there are', () => {
    expect(issue('192.0.2.1', '10.1.0.5:80', `${NODE}:eth0`)).toMatchObject({
      code: 'usage/unknown-interface',
      message: 'ip-10-1-0-5 has no interface "eth0"',
    });
  });

  test.each(['internet', 'host/internet', 'svc/production/day-service', ''])('not at %j', (at) => {
    expect(issue('192.0.2.1', '10.1.0.5:80', at)?.code).toMatch(/^usage\//);
  });

  test('a source that is no address and no name is a mistake', () => {
    expect(issue('10.0.0', '10.1.0.5:80', NODE)?.code).toBe('usage/bad-address');
  });

  test('one family to the other cannot be', () => {
    expect(issue('2001:db8::1', '10.1.0.5:80', NODE)?.code).toBe('usage/two-families');
  });
});

const several = worldOf({
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster:
  serviceNodePortRange: 3000-4000
  nodes:
    - {name: n, subnet: a, address: 10.0.1.10, otherAddresses: [192.168.0.2, 10.0.1.11], nodeIps: [192.168.0.2]}
    - {name: m, subnet: a}
manifests: [web.yaml]
`,
  'web.yaml': `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  loadBalancerClass: example.com/none
  loadBalancerSourceRanges: [192.168.0.0/24]
  ports: [{port: 80, nodePort: 3001}]
status: {loadBalancer: {ingress: [{ip: 192.0.2.80}]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 80}]
endpoints: [{addresses: [10.0.1.200]}]
`,
});

describe('a node with further addresses', () => {
  test.each(['10.0.1.10', '192.168.0.2', '10.0.1.11'])('takes NodePorts at %s', (address) => {
    const [path] = traceOf(several, '192.0.2.1', `${address}:3001`, { arrivingAt: 'n' }).paths;
    expect(path!.hops[0]!.out).toMatchObject({ dst: '10.0.1.200', dport: 80 });
  });

  test('masquerades with its primary address', () => {
    const [path] = traceOf(several, '192.0.2.1', '192.168.0.2:3001', { arrivingAt: 'n' }).paths;
    expect(path!.hops[0]!.out.src).toBe('10.0.1.10');
  });

  test('has the address that --node-ip names for kube-proxy: a source range may hold it', () => {
    const sources = (node: string): string[] => {
      const rules = rulesOf(several, node, { table: 'nat' });
      return (rules.ok ? rules.value : [])
        .filter(({ chain }) => chain.startsWith('KUBE-FW-'))
        .flatMap(({ rule }) => / -s (\S+)/.exec(rule)?.[1] ?? []);
    };
    expect(sources('n')).toEqual(['192.168.0.0/24', '192.0.2.80/32']);
    expect(sources('m')).toEqual(['192.168.0.0/24']);
  });

  test('keeps them: nobody else in the subnet gets one', () => {
    expect(several.cluster!.nodes.find(({ name }) => name === 'm')!.address).not.toBe(0x0a00010b);
  });
});

describe('the rules of a node as data', () => {
  test('are those that iptables-save prints, with who writes them', () => {
    const rules = rulesOf(day, 'ip-10-1-0-5.ec2.internal', { table: 'filter', chain: 'KUBE-FORWARD' });
    expect(rules.ok && rules.value[0]).toEqual({
      table: 'filter',
      chain: 'KUBE-FORWARD',
      rule: '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
      origin: { from: 'defaulted', by: 'kube-proxy', what: 'fixed rule' },
    });
  });

  test('of an unknown node are a mistake', () => {
    expect(rulesOf(day, 'node-1')).toMatchObject({ ok: false, issues: [{ code: 'usage/unknown-name' }] });
  });
});

test('an expected flow may arrive at a node', () => {
  const world = worldOf({
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster: {nodes: [{name: n, subnet: a, address: 10.0.1.10}]}
expect:
  - {from: 192.0.2.1, arrivingAt: n, to: "10.0.1.10:22", verdict: one-way}
  - {from: 10.0.1.10, arrivingAt: "n:ens5", to: "10.0.1.10:22", verdict: one-way}
`,
  });
  expect(checkTopology(world, 't').map(({ flow, holds, got }) => [flow, holds, got])).toEqual([
    ['192.0.2.1 at n > 10.0.1.10:22', true, 'one-way, sent'],
    ['10.0.1.10 at n:ens5 > 10.0.1.10:22', false, 'unreachable, host/martian, timeout'],
  ]);
});
