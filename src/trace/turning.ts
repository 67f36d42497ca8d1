/** How a branch turns round: a delivered packet becomes its reply, a refused one the RST or ICMP error that goes back,
 *  and a leg whose handshake holds makes way for the next. */
import { isIpv6 } from '../addressing/ip6.ts';
import { icmp6Error } from '../packet/icmp6.ts';
import { ACK, FREE_DESTINATION_PORT, FREE_SOURCE_PORT, type Packet, RST, SYN } from '../packet/packet.ts';
import { hasPorts, ICMP, ICMPV6, isEchoRequest } from '../packet/protocol.ts';
import { answerType } from '../packet/reply-ports.ts';
import { legOf, withForward } from './legs.ts';
import { mirrors, quotes } from './mirror.ts';
import { ANSWER_HTTP, ANSWER_RST, type Disposition, LOCAL } from './outcome.ts';
import type { Walk } from './walk.ts';

/** Whether the reply that a device is about to take mirrors what it sent. */
export function expected(walk: Walk): boolean {
  const { leg, packet } = walk;
  if (walk.device !== leg.source) return false;
  return packet.isError ? quotes(packet, leg) : mirrors(packet, leg);
}

/** The forward direction has ended well: at the device it reached. */
export function arrive(walk: Walk, disposition: Disposition): void {
  const p = walk.packet;
  walk.end = {
    disposition,
    device: walk.device,
    drop: disposition === 'answered' ? walk.answerDrop : -1,
    answer: disposition === 'answered' ? ANSWER_HTTP : -1,
    answerCode: disposition === 'answered' ? walk.answerCode : 0,
    dst: p.dst,
    dport: p.destinationPort,
  };
  walk.leg = withForward(walk.leg, walk.tail);
}

/** The answer begins its way back from where the packet is. */
export function becomeReply(walk: Walk): void {
  mirror(walk.packet);
  walk.reply = true;
  walk.port = LOCAL;
  walk.from = -1;
  walk.tail = -1;
  walk.hops = 0;
}

/** Source and destination swapped, as the answering socket sends it. */
function mirror(p: Packet): void {
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

/** Turns the refused packet into the RST or the ICMP error that goes back. */
export function answerTo(p: Packet, walk: Walk): void {
  if (walk.answerKind === ANSWER_RST) {
    mirror(p);
    p.flags = RST | ACK;
    return;
  }
  p.innerProtocol = p.protocol;
  p.innerSrc = p.src;
  p.innerDst = p.dst;
  p.innerSourcePort = p.sourcePort;
  p.innerDestinationPort = p.destinationPort;
  p.dst = p.src;
  p.src = walk.answerSource || p.innerDst;
  const six = isIpv6(p.dst);
  p.protocol = six ? ICMPV6 : ICMP;
  p.sourcePort = 0;
  p.destinationPort = six ? icmp6Error(walk.answerCode) : walk.answerCode;
  p.free = 0;
  p.ttl = 64;
  // Precedence "internetwork control" (icmp_send).
  p.tos = (p.tos & 0x1e) | 0xc0;
  p.mark = 0;
  p.nextHop = 0;
  p.groupsLostAt = -1;
  p.application = undefined;
}

/** The waiting leg begins where the proxy sends its first packet. */
export function startNextLeg(walk: Walk): void {
  const pending = walk.pending!;
  walk.packet.copyFrom(pending.packet);
  walk.leg = legOf(pending.packet, pending.source, walk.leg);
  walk.pending = undefined;
  walk.reply = false;
  walk.from = pending.source;
  walk.device = pending.device;
  walk.port = pending.port;
  walk.tail = -1;
  walk.hops = 0;
}
