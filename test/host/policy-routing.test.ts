/** Routing decisions, as `ip route get` of kernel 6.18 gave them. */
import { describe, expect, test } from 'vitest';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import { linuxHost } from '../../src/host/linux-host.ts';
import type { LinuxHost } from '../../src/host/linux-record.ts';
import { LOOPBACK, lookup } from '../../src/host/routing/routing.ts';
import { parseIpRoute, parseIpRule, printIpRoute } from '../../src/host/routing/routing-text.ts';
import { sourceTowards } from '../../src/host/routing/source-address.ts';
import { Packet } from '../../src/packet/packet.ts';
import { UDP } from '../../src/packet/protocol.ts';
import { type NodePlan, origin, type Plan, trace } from './wiring.ts';

const V1 = 2;

/** v0 has 10.9.0.5/24, v1 has 10.9.1.5/24, 10.9.1.6/24 and 10.9.2.5/24. Routes are "ROUTE [table T]". */
function host(routes: readonly string[], rules: readonly string[] = []): LinuxHost {
  const connected = [
    '10.9.0.0/24 dev v0 scope link src 10.9.0.5',
    '10.9.1.0/24 dev v1 scope link src 10.9.1.5',
    '10.9.2.0/24 dev v1 scope link src 10.9.2.5',
  ];
  return linuxHost({
    ...{ index: 0, kind: 'node', id: 'n', name: 'n', origin },
    interfaces: [
      { name: 'lo', kind: 'lo', peer: -1, peerPort: 0, addresses: [ipv4('127.0.0.1')] },
      { name: 'v0', kind: 'eni', peer: -1, peerPort: 0, addresses: [ipv4('10.9.0.5')] },
      {
        name: 'v1',
        kind: 'eni',
        peer: -1,
        peerPort: 0,
        addresses: ['10.9.1.5', '10.9.1.6', '10.9.2.5'].map(ipv4),
      },
    ],
    routes: [...connected, ...routes].map((line) => parseIpRoute(line, 'main', origin)!),
    rules: rules.map((line) => parseIpRule(line, origin)!),
    netfilter: null,
    listening: [],
  });
}

interface Asked {
  readonly from?: string;
  readonly mark?: number;
  readonly iif?: number;
  readonly uid?: number;
  readonly tos?: number;
  readonly protocol?: number;
  readonly port?: number;
}

function routeTo(on: LinuxHost, to: string, asked: Asked = {}): string {
  const { from, mark = 0, iif = LOOPBACK, uid = 0, tos = 0, protocol = 6, port = 80 } = asked;
  const packet = new Packet();
  packet.tos = tos;
  packet.protocol = protocol;
  packet.destinationPort = port;
  const found = lookup(on.routing, ipv4(to), from ? ipv4(from) : 0, mark, iif, packet, uid);
  const names: Readonly<Record<number, string>> = {
    [-1]: 'no route',
    [-2]: 'blackhole rule',
    [-3]: 'unreachable rule',
    [-4]: 'prohibit rule',
    [-5]: 'nobody knows',
  };
  return names[found] ?? printIpRoute(on.routing.routes[found]!);
}

describe('routes', () => {
  test('of equal prefixes the lowest metric wins, whatever the order', () => {
    const on = host(['default via 10.9.0.1 dev v0 metric 100', 'default via 10.9.1.1 dev v1 metric 50']);
    expect(routeTo(on, '8.8.8.8')).toBe('default via 10.9.1.1 dev v1 metric 50');
    const none = host(['default via 10.9.0.1 dev v0 metric 100', 'default via 10.9.1.1 dev v1']);
    expect(routeTo(none, '8.8.8.8')).toBe('default via 10.9.1.1 dev v1');
  });

  test('a route for a type of service is for no other packets', () => {
    const on = host(['10.31.0.0/16 tos 0x10 via 10.9.1.1 dev v1', '10.31.0.0/16 via 10.9.0.1 dev v0']);
    expect(routeTo(on, '10.31.0.1')).toBe('10.31.0.0/16 via 10.9.0.1 dev v0');
    expect(routeTo(on, '10.31.0.1', { tos: 0x10 })).toBe('10.31.0.0/16 tos 0x10 via 10.9.1.1 dev v1');
    expect(routeTo(host(['10.31.0.0/16 tos 0x10 via 10.9.1.1 dev v1']), '10.31.0.1')).toBe('no route');
  });

  test('throw goes on with the next rule', () => {
    const on = host(
      [
        'throw 10.36.0.0/16 table 100',
        'default via 10.9.0.1 dev v0 table 100',
        'default via 10.9.1.1 dev v1',
      ],
      ['10: from all lookup 100'],
    );
    expect(routeTo(on, '10.36.0.1')).toBe('default via 10.9.1.1 dev v1');
    expect(routeTo(on, '10.37.0.1')).toBe('default via 10.9.0.1 dev v0');
  });

  test('the last address of a connected subnet is a broadcast, the first is not', () => {
    expect(routeTo(host([]), '10.9.0.255')).toBe('broadcast 10.9.0.255 dev v0 scope link src 10.9.0.5');
    expect(routeTo(host([]), '10.9.0.0')).toBe('10.9.0.0/24 dev v0 scope link src 10.9.0.5');
  });
});

describe('ip rule', () => {
  const routes = ['default via 10.9.0.1 dev v0', '10.1.0.0/16 via 10.9.1.1 dev v1 table 100'];
  const by100 = '10.1.0.0/16 via 10.9.1.1 dev v1';
  const byMain = 'default via 10.9.0.1 dev v0';
  test.each<[string, Asked, string]>([
    ['10: not from 10.2.0.0/16 lookup 100', { from: '10.3.0.1' }, by100],
    ['10: not from 10.2.0.0/16 lookup 100', { from: '10.2.0.1' }, byMain],
    ['10: from all fwmark 0x10/0xf0 lookup 100', { mark: 0x1f }, by100],
    ['10: from all fwmark 0x10/0xf0 lookup 100', { mark: 0x2f }, byMain],
    ['10: from all iif lo lookup 100', {}, by100],
    ['10: from all iif v1 lookup 100', {}, byMain],
    ['10: from all iif v1 lookup 100', { iif: V1 }, by100],
    // No socket is bound to an interface.
    ['10: from all oif v1 lookup 100', {}, byMain],
    ['10: from all tos 0x10 lookup 100', { tos: 0x10 }, by100],
    ['10: from all tos 0x10 lookup 100', {}, byMain],
    ['10: from all ipproto udp lookup 100', { protocol: UDP }, by100],
    ['10: from all ipproto udp lookup 100', {}, byMain],
    ['10: from all ipproto tcp dport 80-90 lookup 100', {}, by100],
    ['10: from all ipproto tcp dport 80-90 lookup 100', { port: 91 }, byMain],
    ['10: from all uidrange 1000-2000 lookup 100', { uid: 1500 }, by100],
    ['10: from all uidrange 1000-2000 lookup 100', { uid: 0 }, byMain],
    ['10: from all uidrange 1000-2000 lookup 100', { uid: -1 }, 'nobody knows'],
    ['10: from all lookup [l3mdev-table]', {}, byMain],
    ['10: from all blackhole', {}, 'blackhole rule'],
    ['10: from all unreachable', {}, 'unreachable rule'],
    ['10: from 10.3.0.1 prohibit', { from: '10.3.0.1' }, 'prohibit rule'],
    ['10: from all nop', {}, byMain],
  ])('%s for %j', (rule, asked, expected) => {
    expect(routeTo(host(routes, [rule]), '10.1.2.3', asked)).toBe(expected);
  });

  test('suppress_prefixlength passes over routes that are not specific enough', () => {
    const on = host(
      [
        'default via 10.9.0.1 dev v0',
        '10.2.0.0/16 via 10.9.0.2 dev v0',
        'default via 10.9.1.1 dev v1 table 100',
      ],
      ['10: from all lookup main suppress_prefixlength 0', '11: from all lookup 100'],
    );
    expect(routeTo(on, '8.8.8.8')).toBe('default via 10.9.1.1 dev v1');
    expect(routeTo(on, '10.2.0.1')).toBe('10.2.0.0/16 via 10.9.0.2 dev v0');
  });

  test('goto skips the rules between', () => {
    const rules = ['10: from 10.3.0.0/16 goto 30', '20: from all lookup 100', '30: from all lookup main'];
    expect(routeTo(host(routes, rules), '10.1.2.3', { from: '10.3.0.1' })).toBe(byMain);
    expect(routeTo(host(routes, rules), '10.1.2.3', { from: '10.4.0.1' })).toBe(by100);
    // Without a rule to go to it is passed over.
    expect(routeTo(host(routes, ['10: from all goto 40', '20: from all lookup 100']), '10.1.2.3')).toBe(
      by100,
    );
  });
});

describe('the source address that a host chooses', () => {
  test.each([
    ['10.9.0.77', '10.9.0.5'],
    // The subnet of the next hop decides among several addresses.
    ['10.1.0.1', '10.9.2.5'],
    ['10.2.0.1', '10.9.1.6'],
    ['10.3.0.1', '10.9.1.5'],
    ['10.9.2.9', '10.9.2.5'],
    ['127.0.0.9', '127.0.0.1'],
    ['10.9.0.5', '10.9.0.5'],
    // A secondary address has the primary one of its subnet.
    ['10.9.1.6', '10.9.1.5'],
  ])('to %s: %s', (to, source) => {
    const on = host([
      '10.1.0.0/16 via 10.9.2.1 dev v1',
      '10.2.0.0/16 dev v1 scope link src 10.9.1.6',
      '10.3.0.0/16 dev v1 scope link',
    ]);
    expect(formatIpv4(sourceTowards(on, ipv4(to))!)).toBe(source);
  });

  test('none where there is no route', () => {
    expect(sourceTowards(host([]), ipv4('8.8.8.8'))).toBeUndefined();
  });
});

describe('packets that come in', () => {
  const plan = (spec: Partial<NodePlan>): Plan => ({
    nodes: {
      one: { address: '10.0.1.10', pods: { p: '10.0.1.20' }, ...spec },
      two: { address: '10.0.2.10', pods: { q: '10.0.2.21' } },
    },
  });
  const codeOf = (
    spec: Partial<NodePlan>,
    as: string,
    to = '10.0.2.21:80',
    protocol?: number,
  ): string | null =>
    trace(plan(spec), { from: 'pod/p', as, to, ...(protocol ? { protocol } : {}) }).paths[0]!.code;
  const sysctl = (key: string, value: number) => ({ sysctls: { [`net.ipv4.conf.enip.${key}`]: `${value}` } });

  test.each<[string, Partial<NodePlan>, string | null]>([
    ['224.0.0.5', {}, 'host/martian'],
    ['255.255.255.255', {}, 'host/martian'],
    ['0.0.0.0', {}, 'host/martian'],
    ['127.0.0.1', {}, 'host/martian'],
    // route_localnet lets addresses of 127.0.0.0/8 in, but not one that the host has itself.
    ['127.0.0.1', sysctl('route_localnet', 1), 'host/martian'],
    ['10.0.1.10', {}, 'host/martian'],
    ['10.0.1.10', sysctl('accept_local', 1), null],
    ['192.0.2.9', sysctl('rp_filter', 1), 'host/reverse-path'],
    // The interface has no address: then even the loose filter wants the way back to be by it.
    ['192.0.2.9', sysctl('rp_filter', 2), 'host/reverse-path'],
    ['10.0.1.20', sysctl('rp_filter', 1), null],
  ])('with source %s: %j', (as, spec, code) => {
    expect(codeOf(spec, as)).toBe(code);
  });

  test('forwarding is a matter of the interface by which a packet comes in', () => {
    expect(codeOf(sysctl('forwarding', 0), '10.0.1.20')).toBe('host/not-forwarding');
    expect(codeOf({ ...sysctl('forwarding', 1), forwarding: false }, '10.0.1.20')).toBe(null);
  });

  test('a broadcast is taken by UDP only', () => {
    expect(codeOf({}, '10.0.1.20', '10.0.15.255:80')).toBe('host/broadcast-ignored');
    expect(codeOf({}, '10.0.1.20', '10.0.15.255:80', UDP)).toBe(null);
  });

  test('the reverse path is looked up as if the packet left by the interface it goes out of', () => {
    const rules = [parseIpRule('10: from all iif eth0 lookup 100', origin)!];
    const routes = [parseIpRoute('10.0.1.20 dev eth0 scope link', '100', origin)!];
    expect(codeOf({ ...sysctl('rp_filter', 1), rules, routes }, '10.0.1.20')).toBe('host/reverse-path');
  });

  test('several next hops share flows by their weights', () => {
    const routes = [
      parseIpRoute(
        '10.0.2.21 nexthop via 10.0.0.1 dev eth0 weight 3 nexthop dev enip weight 1',
        'main',
        origin,
      )!,
    ];
    const told = trace(plan({ routes }), { from: 'node/one', to: '10.0.2.21:80' });
    expect(told.paths.map(({ share }) => share)).toEqual([0.75, 0.25]);
    expect(told.paths[0]!.choices[0]!.why).toContain('flow hash: eth0');
  });

  test('a packet from 127.0.0.1 leaves the host only with route_localnet', () => {
    const nat = ['-A OUTPUT -d 127.0.0.1 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.2.21:80'];
    const masquerade = '-A POSTROUTING -s 127.0.0.1 -j MASQUERADE';
    const spec = { tables: { nat: [...nat, masquerade] } };
    const from = (more: Partial<NodePlan>) =>
      trace(plan({ ...spec, ...more }), { from: 'node/one', as: '127.0.0.1', to: '127.0.0.1:80' });
    expect(from({}).paths[0]!.code).toBe('host/martian');
    expect(from({ sysctls: { 'net.ipv4.conf.all.route_localnet': '1' } }).verdict).toBe('reachable');
  });

  test('a rule about users is not known for a process that nobody described', () => {
    const rules = [parseIpRule('10: from all uidrange 1000-2000 blackhole', origin)!];
    const ask = { from: 'node/one', to: '10.0.2.21:80' };
    expect(trace(plan({ rules }), ask).verdict).toBe('undetermined');
    expect(trace(plan({ rules }), { ...ask, uid: 0 }).paths[0]!.disposition).toBe('delivered');
    expect(trace(plan({ rules }), { ...ask, uid: 1500 }).paths[0]!.disposition).toBe('dropped');
  });
});
