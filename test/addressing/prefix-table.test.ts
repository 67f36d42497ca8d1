import { describe, expect, test } from 'vitest';
import { cidr, formatCidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { ipv6 } from '../../src/addressing/ip6.ts';
import {
  allMatches,
  longestMatch,
  longestMatchIndex,
  prefixTable,
} from '../../src/addressing/prefix-table.ts';

const table = (...routes: readonly (readonly [string, string])[]) =>
  prefixTable(routes.map(([block, value]) => ({ cidr: cidr(block), value })));

/** Routes to 10.200.x.0/24, enough of them for the flattened form. */
const many = Array.from({ length: 100 }, (_, i) => [`10.200.${i}.0/24`, `pcx-${i}`] as const);

describe.each([
  ['a small route table', []],
  ['a large route table', many],
])('%s', (_, filler) => {
  const routes = table(
    ...filler,
    ['0.0.0.0/0', 'igw'],
    ['10.0.0.0/16', 'local'],
    ['10.0.5.0/24', 'eni-firewall'],
    ['10.0.5.7/32', 'eni-seven'],
    ['10.0.5.0/24', 'propagated'],
    ['255.255.255.0/24', 'top'],
  );

  test.each([
    ['10.0.5.7', 'eni-seven'],
    ['10.0.5.8', 'eni-firewall'],
    ['10.0.5.255', 'eni-firewall'],
    ['10.0.6.0', 'local'],
    ['10.1.0.0', 'igw'],
    ['0.0.0.0', 'igw'],
    ['255.255.254.255', 'igw'],
    ['255.255.255.255', 'top'],
  ])('%s leaves by the most specific route, %s', (address, target) => {
    expect(longestMatch(routes, ipv4(address))).toBe(target);
  });

  test('the number of the winner is its place in the routes as given', () => {
    expect(longestMatchIndex(routes, ipv4('10.0.9.9'))).toBe(filler.length + 1);
  });

  test('of two routes with one destination the first given wins, and both are evidence', () => {
    expect(
      allMatches(routes, ipv4('10.0.5.9')).map((entry) => `${formatCidr(entry.cidr)} ${entry.value}`),
    ).toEqual(['10.0.5.0/24 eni-firewall', '10.0.5.0/24 propagated', '10.0.0.0/16 local', '0.0.0.0/0 igw']);
  });

  test('without a default route an address outside every block has no route', () => {
    const isolated = table(...filler, ['10.0.0.0/16', 'local']);
    for (const address of ['9.255.255.255', '10.1.0.0', '0.0.0.0', '255.255.255.255']) {
      expect(longestMatch(isolated, ipv4(address))).toBeUndefined();
      expect(longestMatchIndex(isolated, ipv4(address))).toBe(-1);
      expect(allMatches(isolated, ipv4(address))).toEqual([]);
    }
  });
});

test('an empty route table routes nothing', () => {
  expect(longestMatch(table(), ipv4('10.0.0.1'))).toBeUndefined();
});

test('a table of IPv6 finds the longest block too, and none for an address of the other family', () => {
  const table = prefixTable(
    ['::/0', 'fd00::/8', 'fd00:10::/64', 'fd00:10::1/128'].map((text) => ({ cidr: cidr(text), value: text })),
  );
  expect(longestMatch(table, ipv6('fd00:10::1'))).toBe('fd00:10::1/128');
  expect(longestMatch(table, ipv6('fd00:10::2'))).toBe('fd00:10::/64');
  expect(longestMatch(table, ipv6('fd11::2'))).toBe('fd00::/8');
  expect(longestMatch(table, ipv6('2001:db8::1'))).toBe('::/0');
  expect(longestMatch(table, ipv4('10.0.0.1'))).toBeUndefined();
  expect(allMatches(table, ipv6('fd00:10::2')).map(({ value }) => value)).toEqual([
    'fd00:10::/64',
    'fd00::/8',
    '::/0',
  ]);
});
