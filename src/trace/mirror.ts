/** The answer to a packet, and whether what comes back is that answer. */
import { ACK, FREE_DESTINATION_PORT, FREE_SOURCE_PORT, type Packet, SYN } from '../packet/packet.ts';
import { hasPorts, ICMP, isEchoRequest } from '../packet/protocol.ts';
import { answerType } from '../packet/reply-ports.ts';
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

/** Source and destination swapped, as the answering socket sends it. */
export function mirror(p: Packet): void {
  const { src, sourcePort, free } = p;
  p.src = p.dst;
  p.dst = src;
  if (hasPorts(p.protocol)) {
    p.sourcePort = p.destinationPort;
    p.destinationPort = sourcePort;
    p.free =
      (free & FREE_SOURCE_PORT ? FREE_DESTINATION_PORT : 0) |
      (free & FREE_DESTINATION_PORT ? FREE_SOURCE_PORT : 0);
  } else if (isEchoRequest(p.protocol, p.destinationPort)) p.destinationPort = answerType(p.destinationPort);
  p.flags = SYN | ACK;
  p.ttl = 64;
  // An echo is answered with the TOS it came with (icmp_reply), TCP and UDP begin with that of their own socket.
  if (p.protocol !== ICMP) p.tos = 0;
  p.mark = 0;
  p.nextHop = 0;
  p.groupsLostAt = -1;
}
