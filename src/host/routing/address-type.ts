/** What an address is to a host (inet_dev_addr_type): broadcast, multicast, or what the local table says of it. */
import type { Ipv4 } from '../../addressing/ip.ts';
import { ipv6, isIpv6, samePrefix } from '../../addressing/ip6.ts';
import { longestMatch } from '../../addressing/prefix-table.ts';
import {
  RTN_ANYCAST,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_UNICAST,
  RTN_UNREACHABLE,
} from './route-type.ts';
import type { Routing } from './routing.ts';

const LOOKED_UP_6 = (1 << RTN_LOCAL) | (1 << RTN_ANYCAST) | (1 << RTN_UNREACHABLE);

export const LIMITED_BROADCAST = -1;
export const isLoopback = (address: Ipv4): boolean => address >>> 24 === 127;
export const isMulticast = (address: number): boolean =>
  address >>> 28 === 0xe || (isIpv6(address) && samePrefix(address, ipv6('ff00::'), 8));

/** With `port`, an address that is of another interface counts as unicast. Routes that refuse never count. */
export function addressType({ localTable, types, ports }: Routing, address: Ipv4, port: number): number {
  if (address === 0 || address === LIMITED_BROADCAST) return RTN_BROADCAST;
  if (isMulticast(address)) return RTN_MULTICAST;
  const route = localTable && longestMatch(localTable, address);
  if (route === undefined || (port >= 0 && ports[route] !== port)) return RTN_UNICAST;
  return types[route]! <= RTN_MULTICAST ? types[route]! : RTN_UNICAST;
}

/** Whether an address is of one of these types, bits of 1 << RTN_. An IPv6 one must be of all of them; one of the host is
 *  unicast too (match_type6). No address of IPv6 is known to be anycast or unreachable. */
export function isOfTypes(routing: Routing, address: number, port: number, types: number): boolean {
  if (!isIpv6(address)) return ((1 << addressType(routing, address, port)) & types) !== 0;
  const multicast = samePrefix(address, ipv6('ff00::'), 8);
  if (types & (1 << RTN_MULTICAST) && !multicast) return false;
  if (types & (1 << RTN_UNICAST) && (multicast || address === ipv6('::'))) return false;
  if (types & 1 && address !== ipv6('::')) return false;
  if ((types & LOOKED_UP_6) === 0) return true;
  return (types & (1 << RTN_LOCAL)) !== 0 && addressType(routing, address, port) === RTN_LOCAL;
}
