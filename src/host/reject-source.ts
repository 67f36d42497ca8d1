/** From which address a host sends an ICMP error about a packet (icmp_send). */
import type { Flow } from './flow.ts';
import { addressOn, isLocalAddress, LOOPBACK, lookup, NO_ROUTE } from './routing.ts';

/** The address the packet was sent to where it is the host's own, else the host's address on the way back to the sender. */
export function rejectSource({ host, packet, inPort }: Flow): number {
  if (isLocalAddress(host, packet.dst)) return packet.dst;
  if (inPort < 0) return packet.src;
  const route = lookup(host.routing, packet.src, 0, 0, LOOPBACK);
  if (route === NO_ROUTE) return packet.dst;
  return host.routing.routes[route]!.src ?? addressOn(host, host.routing.ports[route]!) ?? packet.dst;
}
