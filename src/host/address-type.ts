/** What an address is to a host (inet_dev_addr_type): broadcast, multicast, or what the local table says of it. */
import type { Ipv4 } from '../addressing/ip.ts';
import { longestMatch } from '../addressing/prefix-table.ts';
import type { Routing } from './routing.ts';

/** RTN_ numbers of linux/rtnetlink.h. */
export const UNICAST = 1;
export const LOCAL_ADDRESS = 2;
export const BROADCAST = 3;
export const ANYCAST = 4;
export const MULTICAST = 5;

const ofRoute: Readonly<Record<string, number>> = {
  local: LOCAL_ADDRESS,
  broadcast: BROADCAST,
  anycast: ANYCAST,
  multicast: MULTICAST,
};

export const LIMITED_BROADCAST = -1;
export const isLoopback = (address: Ipv4): boolean => address >>> 24 === 127;
export const isMulticast = (address: Ipv4): boolean => address >>> 28 === 0xe;

/** With `port`, an address that is of another interface counts as unicast. Routes that refuse never count. */
export function addressType({ localTable, routes, ports }: Routing, address: Ipv4, port: number): number {
  if (address === 0 || address === LIMITED_BROADCAST) return BROADCAST;
  if (isMulticast(address)) return MULTICAST;
  const route = localTable && longestMatch(localTable, address);
  if (route === undefined || (port >= 0 && ports[route] !== port)) return UNICAST;
  return ofRoute[routes[route]!.type ?? ''] ?? UNICAST;
}
