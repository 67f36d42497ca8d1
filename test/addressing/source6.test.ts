/** Which address of IPv6 a host sends from. What is expected is what `ip -6 route get` of Linux 6.18 said of these. */
import { expect, test } from 'vitest';
import { formatIpv6, ipv6 } from '../../src/addressing/ip6.ts';
import { sourceFor6 } from '../../src/addressing/source6.ts';

const own = ['fd00:1::1', '2001:db8::10', '2001:db8::11', '2001:db8:1::11'].map(ipv6);

test.each([
  ['fd00:9::1', 'fd00:1::1', 'a unique local address for a unique local one'],
  ['2001:db8::99', '2001:db8::11', 'the longest prefix in common, and of two the newer'],
  ['2001:db8:1::99', '2001:db8:1::11', 'the longest prefix in common'],
  ['2600::1', '2001:db8:1::11', 'the newest of three that fit as well'],
  ['2001:db8::10', '2001:db8::10', 'its own address for its own address'],
])('to %s from %s: %s', (destination, source) => {
  expect(formatIpv6(sourceFor6(own, ipv6(destination))!)).toBe(source);
});

test('a host without addresses has none to send from', () => {
  expect(sourceFor6([], ipv6('2600::1'))).toBeUndefined();
});
