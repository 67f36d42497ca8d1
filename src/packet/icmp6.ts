/** ICMPv6 (RFC 4443). Inside the model an error has the number of its ICMPv4 counterpart, type * 256 + code, whatever the
 *  family of the packet it is about; on the wire it has this one. */
import {
  ADMIN_PROHIBITED,
  FRAGMENTATION_NEEDED,
  HOST_UNREACHABLE,
  NET_UNREACHABLE,
  PORT_UNREACHABLE,
  TIME_EXCEEDED,
  UNREACHABLE,
} from './protocol.ts';

const UNREACHABLE_6 = 1;
const PACKET_TOO_BIG_6 = 2;
const TIME_EXCEEDED_6 = 3;

/** Destination unreachable: code of ICMPv4, code of ICMPv6. The last two have no counterpart: made-up codes. */
const codes: ReadonlyMap<number, number> = new Map([
  [NET_UNREACHABLE, 0],
  [ADMIN_PROHIBITED, 1],
  [HOST_UNREACHABLE, 3],
  [PORT_UNREACHABLE, 4],
  [105, 5],
  [106, 6],
]);

/** "source address failed ingress/egress policy" and "reject route to destination". */
export const POLICY_FAIL_6 = (UNREACHABLE << 8) | 105;
export const REJECT_ROUTE_6 = (UNREACHABLE << 8) | 106;

/** Type * 256 + code of the ICMPv6 error that says what this ICMPv4 error says. */
export function icmp6Error(error: number): number {
  if (error >> 8 === TIME_EXCEEDED) return TIME_EXCEEDED_6 << 8;
  if (error === ((UNREACHABLE << 8) | FRAGMENTATION_NEEDED)) return PACKET_TOO_BIG_6 << 8;
  return (UNREACHABLE_6 << 8) | (codes.get(error & 255) ?? 0);
}
