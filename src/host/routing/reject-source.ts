/** From which address a host sends an ICMP error about a packet (icmp_send; icmp_errors_use_inbound_ifaddr is off). */
import type { Flow } from '../flow.ts';
import { isLocalAddress, LOOPBACK, lookup } from './routing.ts';
import { sourceOf } from './source-address.ts';

/** The address the packet was sent to where it is the host's own, else the one on the way back to the sender. */
export function rejectSource({ host, packet, inPort }: Flow): number {
  if (isLocalAddress(host, packet.dst)) return packet.dst;
  if (inPort < 0) return packet.src;
  const route = lookup(host.routing, packet.src, 0, 0, LOOPBACK);
  if (route < 0) return packet.dst;
  return sourceOf(host, route, packet.src) ?? packet.dst;
}
