/** Sessions of ICMP echo, whose reply carries the identifier in the same field and another type (RFC 792), beside
 *  those of TCP and UDP, whose reply swaps the ports. An ICMP error belongs to the flow of the packet it quotes. */
import type { Packet } from '../packet/packet.ts';
import { ECHO_REPLY, ECHO_REQUEST, ICMP } from '../packet/protocol.ts';
import { REPLY } from '../trace/session.ts';
import type { Walk } from '../trace/walk.ts';

/** Session kinds of this folder, by what `walk.addSession` stores. */
export const SECURITY_GROUP_SESSION = 1;
export const NAT_GATEWAY_SESSION = 3;
export const NLB_SESSION = 4;

/** The source port (for ICMP: the identifier) that a reply to this packet will have. */
export function replySourcePort(packet: Packet): number {
  return packet.protocol === ICMP ? packet.sourcePort : packet.destinationPort;
}

/** The destination port (for ICMP: type and code) that a reply to this packet will have. */
export function replyDestinationPort(packet: Packet): number {
  return packet.protocol === ICMP ? answerType(packet.destinationPort) : packet.sourcePort;
}

/** Remembers the packet's flow on this device as it is. */
export function trackFlow(walk: Walk, packet: Packet, kind: number): void {
  walk.addSession(
    walk.device,
    kind,
    packet.protocol,
    packet.src,
    packet.sourcePort,
    packet.dst,
    packet.destinationPort,
    packet.dst,
    replySourcePort(packet),
    packet.src,
    replyDestinationPort(packet),
  );
}

/** The session of this device that the packet, or the packet an error quotes, belongs to: number * 2 + direction. */
export function findFlow(walk: Walk, packet: Packet, kind: number): number {
  if (packet.innerProtocol !== ICMP) return walk.findSession(kind);
  return walk.sessions.find(
    walk.sessionHead,
    walk.device,
    kind,
    ICMP,
    packet.innerDst,
    packet.innerSourcePort,
    packet.innerSrc,
    answerType(packet.innerDestinationPort),
  );
}

export function isReply(session: number): boolean {
  return session >= 0 && (session & 1) === REPLY;
}

function answerType(typeAndCode: number): number {
  return typeAndCode === ECHO_REQUEST << 8
    ? ECHO_REPLY << 8
    : typeAndCode === ECHO_REPLY << 8
      ? ECHO_REQUEST << 8
      : typeAndCode;
}
