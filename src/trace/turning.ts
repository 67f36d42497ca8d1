/** How a branch turns round: a delivered packet becomes its reply, a refused one the RST or ICMP error that goes back,
 *  and a leg whose handshake holds makes way for the next. */
import { isIpv6 } from '../addressing/ip6.ts';
import { icmp6Error } from '../packet/icmp6.ts';
import { ACK, DF, type Packet, RST } from '../packet/packet.ts';
import { ICMP, ICMPV6 } from '../packet/protocol.ts';
import { legOf, withForward } from './legs.ts';
import { mirror, mirrors, quotes } from './mirror.ts';
import { ANSWER_HTTP, ANSWER_RST, type Disposition, LOCAL } from './outcome.ts';
import { turnTransfer } from './resend.ts';
import { transferOf } from './transfer.ts';
import type { Walk } from './walk.ts';

/** Whether the reply that a device is about to take mirrors what it sent. */
export function expected(walk: Walk): boolean {
  const { leg, packet } = walk;
  // An error about the reply is for whoever answered.
  if (!walk.reply) return walk.device === answering(walk);
  if (walk.device !== leg.source) return false;
  return packet.isError ? quotes(packet, leg) : mirrors(packet, leg);
}

/** The device that answered: where the way there ended, or the proxy that is about to open the next leg. */
function answering({ draft, pending }: Walk): number {
  return pending?.source ?? draft!.end.device;
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
    expires: walk.answerExpires,
  };
  walk.leg = withForward(walk.leg, walk.tail);
}

/** The answer begins its way back from where the packet is. */
export function becomeReply(walk: Walk): void {
  mirror(walk.packet);
  walk.packet.ttl = walk.answerTtl;
  if (walk.transfer !== undefined) turnTransfer(walk, walk.transfer);
  walk.reply = true;
  walk.port = LOCAL;
  walk.from = -1;
  walk.tail = -1;
  walk.hops = 0;
}

/** Turns the refused packet into the RST or the ICMP error that goes back. */
export function answerTo(p: Packet, walk: Walk): void {
  if (walk.answerKind === ANSWER_RST) {
    mirror(p);
    p.flags = RST | ACK;
    p.size = 0;
    p.whole = 0;
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
  p.size = 0;
  p.whole = 0;
  p.segment = 0;
}

/** The waiting leg begins where the proxy sends its first packet. */
export function startNextLeg(walk: Walk): void {
  const pending = walk.pending!;
  walk.packet.copyFrom(pending.packet);
  walk.leg = legOf(pending.packet, pending.source, walk.leg);
  if (walk.transfer !== undefined) {
    walk.packet.flags |= DF;
    walk.transfer = transferOf(walk.transfer.size, undefined, true, pending.packet.free);
  }
  walk.pending = undefined;
  walk.reply = false;
  walk.from = pending.source;
  walk.device = pending.device;
  walk.port = pending.port;
  walk.tail = -1;
  walk.hops = 0;
}
