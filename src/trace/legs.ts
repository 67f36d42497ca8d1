/** Makes legs, and legs that have come further. Spelt out: they are made on every trace. */
import type { Packet } from '../packet/packet.ts';
import type { Leg } from './branch.ts';

/** As `Leg.source`: it is not known who sent the packet. */
export const NOBODY = -1;

/** The leg that begins with this packet. */
export function legOf(packet: Packet, source: number, previous: Leg | undefined): Leg {
  return {
    previous,
    index: previous ? previous.index + 1 : 0,
    source,
    protocol: packet.protocol,
    src: packet.src,
    dst: packet.dst,
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    application: packet.application,
    forwardTail: -1,
    replyTail: -1,
  };
}

/** The leg with the newest hop of its way there. */
export function withForward(leg: Leg, tail: number): Leg {
  return withTails(leg, tail, leg.replyTail);
}

/** The leg with the newest hop of its way back. */
export function withReply(leg: Leg, tail: number): Leg {
  return withTails(leg, leg.forwardTail, tail);
}

function withTails(leg: Leg, forwardTail: number, replyTail: number): Leg {
  if (leg.forwardTail === forwardTail && leg.replyTail === replyTail) return leg;
  return {
    previous: leg.previous,
    index: leg.index,
    source: leg.source,
    protocol: leg.protocol,
    src: leg.src,
    dst: leg.dst,
    sourcePort: leg.sourcePort,
    destinationPort: leg.destinationPort,
    application: leg.application,
    forwardTail,
    replyTail,
  };
}
