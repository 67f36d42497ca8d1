/** Makes legs, and legs that have come further. Spelt out: they are made on every trace. */
import type { Packet } from '../packet/packet.ts';
import type { Leg } from './branch.ts';

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
export function withForward(leg: Leg, forwardTail: number): Leg {
  const { previous, index, source, protocol, src, dst, sourcePort, destinationPort, application, replyTail } =
    leg;
  return {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
    replyTail,
  };
}

/** The leg with the newest hop of its way back. */
export function withReply(leg: Leg, replyTail: number): Leg {
  const {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
  } = leg;
  return {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
    replyTail,
  };
}
