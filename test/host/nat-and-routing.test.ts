import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import type { IpRoute, IpRule } from '../../src/host/rules.ts';
import { ICMP, UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import { forwardRules, markRules, snatRules } from './kube-rules.ts';
import { enters, type NodePlan, origin, steps, trace, via } from './wiring.ts';

const secondTable: readonly IpRoute[] = [
  { table: '2', to: cidr('10.0.0.1/32'), dev: 'eth1', scope: 'link', origin },
  { table: '2', to: cidr('0.0.0.0/0'), via: ipv4('10.0.0.1'), dev: 'eth1', origin },
];

/** A node whose pod `p` has an address of the second ENI. */
const node = (more: Partial<NodePlan> = {}): NodePlan => ({
  address: '10.0.1.10',
  second: '10.0.1.11',
  pods: { p: '10.0.1.21', q: '10.0.1.22' },
  tables: { nat: snatRules('10.0.1.10'), mangle: markRules, filter: forwardRules },
  rules: [
    { priority: 512, to: cidr('10.0.1.21/32'), table: 'main', origin },
    { priority: 512, to: cidr('10.0.1.22/32'), table: 'main', origin },
    { priority: 1024, fwmark: 0x80, fwmask: 0x80, table: 'main', origin },
    { priority: 1536, from: cidr('10.0.1.21/32'), table: '2', origin },
  ],
  routes: secondTable,
  ...more,
});

const nodes = (more: Partial<NodePlan> = {}) => ({
  nodes: { one: node(more), two: { address: '10.0.2.10', pods: { r: '10.0.2.21' } } },
});

const outOf = (told: ReturnType<typeof trace>, device: string): string | undefined =>
  only(told)
    .hops.find((hop) => hop.device.id === device)
    ?.steps.find(({ stage }) => stage === 'routing')?.rule;

describe('a pod on a secondary ENI', () => {
  test('leaves the VPC by the primary ENI, with its address and any port, and gets its reply', () => {
    const told = trace(nodes(), { from: 'pod/p', to: '203.0.113.9:443' });
    const path = only(told);
    expect(path).toMatchObject({ disposition: 'exited', reply: { disposition: 'delivered' } });
    expect(outOf(told, 'one')).toBe('default via 10.0.0.1 dev eth0');
    expect(enters(path.hops, 'wire')).toBe('10.0.1.10:* > 203.0.113.9:443');
    expect(enters(path.reply.hops, 'p')).toBe('203.0.113.9:443 > 10.0.1.21:49152');
    expect(steps(path.hops, 'one')).toContain('nat PREROUTING: mark 0x80 restored from the connection');
  });

  test('reaches the VPC by its own ENI with its own address', () => {
    const told = trace(nodes(), { from: 'pod/p', to: '10.0.2.21:80' });
    expect(told.verdict).toBe('reachable');
    expect(outOf(told, 'one')).toBe('default via 10.0.0.1 dev eth1');
    expect(enters(only(told).hops, 'r')).toBe('10.0.1.21:49152 > 10.0.2.21:80');
    expect(steps(only(told).hops, 'one')).toContain(
      'nat PREROUTING > AWS-CONNMARK-CHAIN-0: connection mark skipped: destination is inside a VPC CIDR (10.0.0.0/16)',
    );
  });

  test('answers a NodePort connection by the ENI it came in', () => {
    const nodePort = [
      '-A PREROUTING -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
      '-A KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j DNAT --to-destination 10.0.1.21:8080',
    ];
    const ask = { from: 'fabric/wire', as: '198.51.100.7', to: '10.0.1.10:30080' };
    const told = trace(
      nodes({ tables: { nat: [...nodePort, ...snatRules('10.0.1.10')], mangle: markRules } }),
      ask,
    );
    const path = only(told);
    expect(enters(path.hops, 'p')).toBe('198.51.100.7:49152 > 10.0.1.21:8080');
    const back = path.reply.hops.find((hop) => hop.device.id === 'one')!;
    expect(back.steps.find(({ stage }) => stage === 'routing')?.rule).toBe('default via 10.0.0.1 dev eth0');
    expect(path.reply).toMatchObject({ disposition: 'exited' });
    // Without the mark rules the reply takes the pod's own ENI: what the NodePort support is for.
    const unmarked = trace(nodes({ tables: { nat: [...nodePort, ...snatRules('10.0.1.10')] } }), ask);
    const astray = only(unmarked).reply.hops.find((hop) => hop.device.id === 'one')!;
    expect(astray.steps.find(({ stage }) => stage === 'routing')?.rule).toBe('default via 10.0.0.1 dev eth1');
  });
});

describe('the node itself', () => {
  test('two pods of one node meet without a security group', () => {
    const told = trace(nodes(), { from: 'pod/p', to: '10.0.1.22:80' });
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toBe('p > one > q');
    expect(steps(only(told).hops, 'one').at(-1)).toBe(
      'security group: skipped: same node, the packet never reaches a network interface of the VPC',
    );
  });

  test('a process of the node probes a pod, and 127.0.0.1 stays where it is', () => {
    expect(trace(nodes(), { from: 'node/one', to: '10.0.1.21:8080' }).verdict).toBe('reachable');
    const told = trace(nodes(), { from: 'pod/p', as: '127.0.0.1', to: '127.0.0.1:9090' });
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toBe('p');
  });

  test('an echo request is translated and its answer too', () => {
    const told = trace(nodes(), { from: 'pod/p', to: '203.0.113.9', protocol: ICMP });
    expect(only(told)).toMatchObject({ disposition: 'exited', reply: { disposition: 'delivered' } });
    expect(enters(only(told).reply.hops, 'p')).toBe('203.0.113.9 > 10.0.1.21');
  });

  test('a host that does not forward drops what is not its own', () => {
    const told = trace(nodes({ forwarding: false }), { from: 'pod/p', to: '10.0.2.21:80' });
    expect(told.blockers[0]).toMatchObject({ code: 'host/not-forwarding', device: 'node/one' });
  });

  test('a port that nobody declares is assumed, or refused where that is asked', () => {
    expect(trace(nodes(), { from: 'pod/p', to: '10.0.1.10:10250' }).assumptions).toHaveLength(1);
    const strict = trace(nodes(), { from: 'pod/p', to: '10.0.1.10:10250', strictListen: true });
    expect(strict.blockers[0]?.code).toBe('host/not-listening');
    expect(strict.symptom.kind).toBe('refused');
  });
});

describe('TTL', () => {
  test('ends at the first node that would forward it with 1, and the sender is told, whatever NAT did', () => {
    const told = trace(nodes(), { from: 'pod/p', to: '203.0.113.9:443', ttl: 1 });
    expect(told.blockers[0]).toMatchObject({ code: 'host/ttl-exceeded', device: 'node/one' });
    expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
  });

  test('an error from the far node is un-SNATed on its way back', () => {
    const told = trace(nodes({ tables: { nat: ['-A POSTROUTING -o eth1 -j MASQUERADE'] } }), {
      from: 'pod/p',
      to: '10.0.2.21:80',
      ttl: 2,
      protocol: UDP,
    });
    expect(told.blockers[0]).toMatchObject({ code: 'host/ttl-exceeded', device: 'node/two' });
    expect(only(told).reply).toMatchObject({ disposition: 'delivered' });
    expect(enters(only(told).reply.hops, 'p')).toBe('10.0.2.10 > 10.0.1.21');
  });
});

describe('routes and addresses that refuse', () => {
  const refused = (type: IpRoute['type']): IpRoute => ({
    table: 'main',
    to: cidr('192.0.2.0/24'),
    dev: '',
    ...(type ? { type } : {}),
    origin,
  });

  test.each([
    ['unreachable', 'rejected'],
    ['prohibit', 'rejected'],
    ['blackhole', 'dropped'],
  ] as const)('a route of type %s: %s', (type, disposition) => {
    const told = trace(nodes({ rules: [], routes: [refused(type)] }), { from: 'pod/p', to: '192.0.2.5:80' });
    expect(told.blockers[0]?.code).toBe('host/no-route');
    expect(only(told).disposition).toBe(disposition);
  });

  test('strict rp_filter drops what would be answered by another interface', () => {
    const sysctls = { 'net.ipv4.conf.eth0.rp_filter': '1' };
    const rules: readonly IpRule[] = [{ priority: 100, to: cidr('10.0.2.21/32'), table: '2', origin }];
    const ask = { from: 'pod/r', to: '10.0.1.21:80' };
    expect(trace(nodes({ rules, sysctls }), ask).blockers[0]?.code).toBe('host/reverse-path');
    expect(trace(nodes({ rules, sysctls: { 'net.ipv4.conf.eth0.rp_filter': '2' } }), ask).verdict).toBe(
      'reachable',
    );
  });

  test('what a part that is not modelled decides about is undetermined', () => {
    const told = trace(nodes({ absent: [{ what: 'kube-proxy in ipvs mode', to: cidr('10.100.0.0/16') }] }), {
      from: 'pod/p',
      to: '10.100.0.80:80',
    });
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled[0]).toContain('kube-proxy in ipvs mode on node/one');
  });
});
