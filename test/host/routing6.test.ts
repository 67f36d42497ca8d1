/** Policy routing of IPv6: rules and routes of blocks that four words say. */
import { expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv6 } from '../../src/addressing/ip6.ts';
import { defaulted } from '../../src/base/origin.ts';
import type { Interface } from '../../src/host/linux-record.ts';
import { NO_ROUTE } from '../../src/host/routing/ip-rule.ts';
import { lookup, routing } from '../../src/host/routing/routing.ts';
import { printIpRoute, printIpRule } from '../../src/host/routing/routing-text.ts';

const origin = defaulted('test', 'test');
const interfaces: Interface[] = [
  { name: 'lo', kind: 'lo', peer: -1, peerPort: 0, addresses: [] },
  { name: 'ens5', kind: 'eni', peer: 1, peerPort: 0, addresses: [ipv6('fd00::10')] },
];
const table = routing(
  interfaces,
  [{ priority: 100, from: cidr('fd00:1::/48'), to: cidr('fd00:2::/48'), table: '7', origin }],
  [
    { table: '7', to: cidr('::/0'), dev: '', type: 'prohibit', origin },
    { table: 'main', to: cidr('fd00::/16'), dev: 'ens5', origin },
  ],
  'IPv6',
);

const route = (from: string, to: string): string => {
  const found = lookup(table, ipv6(to), ipv6(from), 0, 1);
  return found === NO_ROUTE ? 'none' : printIpRoute(table.routes[found]!);
};

test.each([
  ['fd00:1::1', 'fd00:2::1', 'prohibit default'],
  ['fd00:1:1::1', 'fd00:2::1', 'fd00::/16 dev ens5'],
  ['fd00:1::1', 'fd00:3::1', 'fd00::/16 dev ens5'],
  ['fd00:9::1', 'fd00::10', 'local fd00::10 dev ens5 scope host src fd00::10'],
  ['fd00:9::1', '::1', 'local ::1 dev lo scope host src ::1'],
  ['fd00:9::1', '2001:db8::1', 'none'],
])('from %s to %s: %s', (from, to, expected) => {
  expect(route(from, to)).toBe(expected);
});

test('the kernel looks into the local table first, then follows the written rules', () => {
  expect(table.rules.map(printIpRule)).toEqual([
    '0: from all lookup local',
    '100: from fd00:1::/48 to fd00:2::/48 lookup 7',
    '32766: from all lookup main',
    '32767: from all lookup default',
  ]);
});
