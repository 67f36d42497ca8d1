/** Whether a packet that comes back is the answer to what was sent. */
import type { Packet } from '../packet/packet.ts';
import { hasPorts } from '../packet/protocol.ts';
import type { Leg } from './branch.ts';

/** The packet is the request of `leg` with its ends swapped. */
export function mirrors(packet: Packet, leg: Leg): boolean {
  return (
    packet.protocol === leg.protocol &&
    packet.src === leg.dst &&
    packet.dst === leg.src &&
    (!hasPorts(packet.protocol) ||
      (packet.sourcePort === leg.destinationPort && packet.destinationPort === leg.sourcePort))
  );
}

/** The packet is an ICMP error that quotes the request of `leg` as it was sent (RFC 1122 section 3.2.2). */
export function quotes(packet: Packet, leg: Leg): boolean {
  return (
    packet.dst === leg.src &&
    packet.innerProtocol === leg.protocol &&
    packet.innerSrc === leg.src &&
    packet.innerDst === leg.dst &&
    (!hasPorts(leg.protocol) ||
      (packet.innerSourcePort === leg.sourcePort && packet.innerDestinationPort === leg.destinationPort))
  );
}
