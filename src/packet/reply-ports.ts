/** How the answer to a packet looks: ports turn round; ICMP echo keeps its identifier, which stands in the place of the
 *  source port, and changes its type (RFC 792). */
import { ECHO_REPLY, ECHO_REQUEST, ICMP } from './protocol.ts';

/** Source port of the answer; for ICMP the identifier. */
export function replySourcePort(protocol: number, sourcePort: number, destinationPort: number): number {
  return protocol === ICMP ? sourcePort : destinationPort;
}

/** Destination port of the answer; for ICMP type * 256 + code. */
export function replyDestinationPort(protocol: number, sourcePort: number, destinationPort: number): number {
  return protocol === ICMP ? answerType(destinationPort) : sourcePort;
}

function answerType(typeAndCode: number): number {
  if (typeAndCode === ECHO_REQUEST << 8) return ECHO_REPLY << 8;
  return typeAndCode === ECHO_REPLY << 8 ? ECHO_REQUEST << 8 : typeAndCode;
}
