/** How the answer to a packet looks: ports turn round; ICMP echo keeps its identifier, which stands in the place of the
 *  source port, and changes its type (RFC 792, RFC 4443). */
import { ECHO_REPLY, ECHO_REPLY_6, ECHO_REQUEST, ECHO_REQUEST_6, isIcmp } from './protocol.ts';

/** Source port of the answer; for ICMP the identifier. */
export function replySourcePort(protocol: number, sourcePort: number, destinationPort: number): number {
  return isIcmp(protocol) ? sourcePort : destinationPort;
}

/** Destination port of the answer; for ICMP type * 256 + code. */
export function replyDestinationPort(protocol: number, sourcePort: number, destinationPort: number): number {
  return isIcmp(protocol) ? answerType(destinationPort) : sourcePort;
}

/** The types of the two families do not overlap. */
export function answerType(typeAndCode: number): number {
  switch (typeAndCode >> 8) {
    case ECHO_REQUEST:
      return ECHO_REPLY << 8;
    case ECHO_REPLY:
      return ECHO_REQUEST << 8;
    case ECHO_REQUEST_6:
      return ECHO_REPLY_6 << 8;
    case ECHO_REPLY_6:
      return ECHO_REQUEST_6 << 8;
    default:
      return typeAndCode;
  }
}
