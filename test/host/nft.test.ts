import { describe, expect, test } from 'vitest';
import { withoutLookups } from '../../src/host/nft/lookups.ts';
import { asIptables } from '../../src/host/nft/rule.ts';
import type { BaseChain, NftSetSource, TableSource } from '../../src/host/rules.ts';
import { only } from '../support/walked.ts';
import { enters, type NodePlan, nftChain, origin, steps, trace } from './wiring.ts';

describe('a rule of nftables means what this rule of iptables means', () => {
  test.each([
    ['fib daddr type local return', '-m addrtype --dst-type LOCAL -j RETURN'],
    ['iifname "eni*" jump snat-mark', '-i eni+ -j snat-mark'],
    ['iifname != "lo" drop', '! -i lo -j DROP'],
    [
      'meta mark set ct mark & 0x00000080',
      '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0x00000080',
    ],
    ['ct mark set ct mark | 0x00000080', '-j CONNMARK --or-mark 0x00000080'],
    ['meta mark & 0x00004000 == 0x00004000 accept', '-m mark --mark 0x00004000/0x00004000 -j ACCEPT'],
    ['ip daddr 10.0.0.0/16 return', '-d 10.0.0.0/16 -j RETURN'],
    ['ip saddr { 10.0.0.1, 10.1.0.0/16 } accept', '-m nft-address --saddr 10.0.0.1,10.1.0.0/16 -j ACCEPT'],
    [
      'tcp dport 80 counter packets 3 bytes 180 dnat to 10.0.0.1:8080',
      '-p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080',
    ],
    ['tcp dport { 80, 8000-8999 } accept', '-p tcp -m multiport --dports 80,8000:8999 -j ACCEPT'],
    ['ct state established,related accept', '-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT'],
    ['ct state { new, invalid } drop', '-m conntrack --ctstate NEW,INVALID -j DROP'],
    ['ct status dnat accept', '-m conntrack --ctstate DNAT -j ACCEPT'],
    ['icmp type echo-request accept', '-p icmp -m icmp --icmp-type echo-request -j ACCEPT'],
    ['reject with icmp prot-unreachable', '-j REJECT --reject-with icmp-proto-unreachable'],
    ['meta l4proto udp reject', '-p udp -j REJECT --reject-with icmp-port-unreachable'],
    ['oifname "eth0" masquerade fully-random', '-o eth0 -j MASQUERADE --random-fully'],
    ['log prefix "in: " accept comment "what is left"', '-m comment --comment "what is left" -j ACCEPT'],
  ])('%s', (nft, iptables) => {
    expect(asIptables(nft)).toBe(iptables);
  });

  test.each([
    'iifname vmap @verdicts',
    'ip saddr @blocked drop',
    'ip daddr . tcp dport { 10.0.0.1 . 80 } accept',
    'ct state vmap { established : accept, invalid : drop }',
    'meta mark set 0x1 ip saddr 10.0.0.1 accept',
    'limit rate 3/second accept',
    'queue num 3',
  ])('but %s is not understood', (nft) => {
    expect(asIptables(nft)).toMatch(/^-m nft .* -j nft /);
  });
});

describe('a rule that looks something up stands for plain rules', () => {
  const named = (name: string, elements: string[], more: Partial<NftSetSource> = {}): NftSetSource => ({
    name,
    kind: 'set',
    type: 'ipv4_addr',
    flags: [],
    elements,
    origin,
    ...more,
  });
  const sets = [
    named('blocked', ['10.0.0.1', '10.1.0.0/16 timeout 1h expires 30m']),
    named('nobody', []),
    named('learned', ['10.0.0.1'], { flags: ['dynamic', 'timeout'] }),
    named('pairs', ['10.0.0.1 . 80', '10.0.0.2 . 443'], { type: 'ipv4_addr . inet_service' }),
    named('bridges', ['"br0" : jump from-br0', '"br1" : drop'], { kind: 'map', to: 'verdict' }),
  ];

  test.each([
    ['ip saddr @blocked drop', ['ip saddr { 10.0.0.1, 10.1.0.0/16 } drop']],
    ['ip saddr != @blocked accept', ['ip saddr != { 10.0.0.1, 10.1.0.0/16 } accept']],
    ['ip saddr @nobody drop', []],
    ['ip saddr != @nobody tcp dport 80 accept', ['tcp dport 80 accept']],
    ['iifname vmap @bridges', ['iifname "br0" jump from-br0', 'iifname "br1" drop']],
    [
      'ct state vmap { established : accept, invalid : drop }',
      ['ct state established accept', 'ct state invalid drop'],
    ],
    [
      'ip daddr . tcp dport @pairs counter accept',
      ['ip daddr 10.0.0.1 tcp dport 80 counter accept', 'ip daddr 10.0.0.2 tcp dport 443 counter accept'],
    ],
    [
      'ip daddr . meta l4proto . th dport vmap { 10.0.0.1 . udp . 53 : goto dns }',
      ['ip daddr 10.0.0.1 meta l4proto udp th dport 53 goto dns'],
    ],
    ['ip saddr @learned drop', ['ip saddr @learned drop']],
    ['ip saddr @missing drop', ['ip saddr @missing drop']],
    ['tcp dport { 80, 443 } accept', ['tcp dport { 80, 443 } accept']],
  ])('%s', (text, plain) => {
    expect(withoutLookups(text, sets)).toEqual(plain);
  });
});

const base = (hook: BaseChain['hook'], priority: number, type: BaseChain['type'] = 'filter'): BaseChain => ({
  type,
  hook,
  priority,
});

const awsCni: TableSource = {
  table: 'ip aws-cni',
  chains: [
    nftChain(
      'nat-prerouting',
      ['fib daddr type local return', 'iifname "eni*" jump snat-mark', 'meta mark set ct mark & 0x00000080'],
      base('prerouting', -90, 'nat'),
    ),
    nftChain('snat-mark', ['ip daddr 10.0.0.0/16 return', 'ct mark set ct mark | 0x00000080']),
  ],
};

const nodes = (more: Partial<NodePlan>) => ({
  nodes: {
    one: { address: '10.0.1.10', pods: { p: '10.0.1.21' }, ...more },
    two: { address: '10.0.2.10', pods: { r: '10.0.2.21' } },
  },
});

const stages = (told: ReturnType<typeof trace>): string[] =>
  steps(only(told).hops, 'one').filter((step) => !/^(routing|security group)/.test(step));

describe('the nat-type chains of a hook', () => {
  const services = ['-A PREROUTING -d 10.100.0.1/32 -j DNAT --to-destination 203.0.113.9'];

  test('run one after another, by priority, while none has settled a binding', () => {
    const plan = nodes({ tables: { nat: services }, nft: [awsCni] });
    expect(stages(trace(plan, { from: 'pod/p', to: '203.0.113.9:443' }))).toEqual([
      'nat PREROUTING: no rule decided: policy ACCEPT',
      'ip aws-cni prerouting > nat-prerouting: jumps to snat-mark',
      'ip aws-cni prerouting > snat-mark: the connection is marked',
      'ip aws-cni prerouting > nat-prerouting: mark 0x80 restored from the connection',
      'ip aws-cni prerouting > nat-prerouting: no rule decided: policy ACCEPT',
    ]);
  });

  test('so that a connection which iptables has bound at -100 never enters the one at -90', () => {
    const plan = nodes({ tables: { nat: services }, nft: [awsCni] });
    const told = trace(plan, { from: 'pod/p', to: '10.100.0.1:443' });
    expect(enters(only(told).hops, 'wire')).toBe('10.0.1.21:49152 > 203.0.113.9:443');
    expect(stages(told)).toEqual(['nat PREROUTING: destination 10.100.0.1:443 becomes 203.0.113.9:443']);
  });
});

describe('base chains of a hook', () => {
  const accepting = (name: string, priority: number): TableSource => ({
    table: `ip ${name}`,
    chains: [nftChain('in', ['accept'], base('forward', priority))],
  });

  test('run by priority, the newest first among equals, and each has its say', () => {
    const plan = nodes({
      tables: { filter: ['-A FORWARD -j ACCEPT'], mangle: ['-A FORWARD -j ACCEPT'] },
      nft: [accepting('a', 10), accepting('b', -10), accepting('c', 10)],
    });
    const told = trace(plan, { from: 'pod/p', to: '203.0.113.9:443' });
    expect(stages(told).map((step) => step.split(/[:>]/)[0]!.trim())).toEqual([
      'mangle FORWARD',
      'ip b forward',
      'filter FORWARD',
      'ip c forward',
      'ip a forward',
    ]);
  });

  test('an accept of one does not keep the next from dropping', () => {
    const nft: TableSource = {
      table: 'ip late',
      chains: [nftChain('in', ['tcp dport 443 drop'], base('forward', 10))],
    };
    const told = trace(nodes({ tables: { filter: ['-A FORWARD -j ACCEPT'] }, nft: [nft] }), {
      from: 'pod/p',
      to: '203.0.113.9:443',
    });
    expect(told).toMatchObject({ verdict: 'unreachable', blockers: [{ code: 'netfilter/drop' }] });
    expect(told.blockers[0]!.fix).toBe(
      'nft insert rule ip late in index 0 ip saddr 10.0.1.21 ip daddr 203.0.113.9 tcp dport 443 accept',
    );
  });

  test('one whose rule nobody understands leaves the answer open', () => {
    const nft: TableSource = {
      table: 'ip late',
      chains: [nftChain('in', ['ip saddr @blocked drop'], base('forward', 10))],
    };
    const told = trace(nodes({ nft: [nft] }), { from: 'pod/p', to: '203.0.113.9:443' });
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled).toContain(
      'match not modelled on node/one: table ip late, chain in: ip saddr @blocked drop',
    );
  });

  test('one whose verdict map names the interface jumps by it, and the rule keeps its number', () => {
    const nft: TableSource = {
      table: 'inet late',
      sets: [
        {
          name: 'ways',
          kind: 'map',
          type: 'ifname',
          to: 'verdict',
          flags: [],
          elements: ['"lo" : accept', '"enip" : jump pods'],
          origin,
        },
      ],
      chains: [
        nftChain(
          'in',
          ['ip6 saddr fd00::/8 drop', 'iifname vmap @ways', 'tcp dport 443 drop'],
          base('forward', 10),
        ),
        nftChain('pods', ['ct state invalid drop']),
      ],
    };
    const told = trace(nodes({ nft: [nft] }), { from: 'pod/p', to: '203.0.113.9:443' });
    expect(stages(told)).toEqual([
      'inet late forward > in: jumps to pods',
      'inet late forward > in: dropped by rule 3 of in',
    ]);
    expect(told.blockers[0]!.fix).toContain('index 2 ');
  });

  test('a mark that a chain of type route sets at output changes the way out, one of type filter does not', () => {
    const marking = (type: 'route' | 'filter'): NodePlan => ({
      address: '10.0.1.10',
      second: '10.0.1.11',
      nft: [{ table: 'ip m', chains: [nftChain('out', ['meta mark set 0x1'], base('output', -150, type))] }],
      rules: [{ priority: 100, fwmark: 1, table: '2', origin }],
      routes: [{ table: '2', to: { base: 0, length: 0 }, dev: 'eth1', origin }],
    });
    const out = (type: 'route' | 'filter') =>
      only(trace({ nodes: { one: marking(type) } }, { from: 'node/one', to: '203.0.113.9:443' }))
        .hops[0]!.steps.filter(({ stage }) => stage === 'routing')
        .map(({ rule }) => rule);
    expect(out('route')).toEqual(['default dev eth1']);
    expect(out('filter')).toEqual(['default via 10.0.0.1 dev eth0']);
  });
});
