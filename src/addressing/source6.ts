/** Which of its addresses a host sends from to an address of IPv6 (RFC 6724 section 5, as ipv6_dev_get_saddr has it, for
 *  addresses of global scope that are neither deprecated nor temporary): the destination itself, one with its label, the
 *  one with the longest prefix in common, the newest. */
import { commonPrefix, type Ipv6, ipv6, samePrefix } from './ip6.ts';

/** The policy table of Linux (net/ipv6/addrlabel.c), longest prefix first; the numbers are but names. */
const labels: readonly (readonly [prefix: string, length: number, label: number])[] = [
  ['::1', 128, 0],
  ['::', 96, 3],
  ['::ffff:0:0', 96, 4],
  ['2001::', 32, 6],
  ['2001:10::', 28, 7],
  ['2002::', 16, 2],
  ['fc00::', 7, 5],
];
const EVERY_OTHER = 1;

function labelOf(address: Ipv6): number {
  return labels.find(([prefix, length]) => samePrefix(address, ipv6(prefix), length))?.[2] ?? EVERY_OTHER;
}

/** Undefined where there is none. `addresses` are in the order in which the host got them. */
export function sourceFor6(addresses: readonly Ipv6[], destination: Ipv6): Ipv6 | undefined {
  if (addresses.includes(destination)) return destination;
  const wanted = labelOf(destination);
  let best: Ipv6 | undefined;
  let bestScore = -1;
  for (const address of addresses) {
    const score = (labelOf(address) === wanted ? 129 : 0) + commonPrefix(address, destination);
    if (score >= bestScore) [best, bestScore] = [address, score];
  }
  return best;
}
