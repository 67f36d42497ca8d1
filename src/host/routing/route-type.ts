/** Types of routes, and of the addresses that they lead to: RTN_ numbers of linux/rtnetlink.h. */
import type { IpRoute } from '../rules.ts';

export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;
export const RTN_MULTICAST = 5;
export const RTN_BLACKHOLE = 6;
export const RTN_UNREACHABLE = 7;
export const RTN_PROHIBIT = 8;
export const RTN_THROW = 9;

const numbers: Readonly<Record<NonNullable<IpRoute['type']>, number>> = {
  unicast: RTN_UNICAST,
  local: RTN_LOCAL,
  broadcast: RTN_BROADCAST,
  anycast: RTN_ANYCAST,
  multicast: RTN_MULTICAST,
  blackhole: RTN_BLACKHOLE,
  unreachable: RTN_UNREACHABLE,
  prohibit: RTN_PROHIBIT,
  throw: RTN_THROW,
};

/** The number of a route's type. */
export const typeOf = ({ type = 'unicast' }: IpRoute): number => numbers[type];
