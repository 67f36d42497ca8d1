/** How a transfer goes on (`Transfer`): its handshake comes back and the packet of full size follows; an ICMP error says
 *  that it was too big and a smaller one follows (RFC 1191 section 6). Hops and steps of what was lost are left behind. */
import { ACK, DF, type Packet, SYN } from '../packet/packet.ts';
import { ICMP, TCP } from '../packet/protocol.ts';
import type { Draft } from './branch.ts';
import { legOf, withReply } from './legs.ts';
import { mirror } from './mirror.ts';
import { pathMtuLearnt } from './mtu.ts';
import { DELIVER, LOCAL, type Outcome } from './outcome.ts';
import { HOP_STEPS, HOP_WIDTH, STEP_WIDTH } from './recorder.ts';
import { ANY_SIZE, type Transfer } from './transfer.ts';
import type { Walk } from './walk.ts';

/** The packet has just become its reply: the size that the answering end gives it. */
export function turnTransfer(walk: Walk, transfer: Transfer): void {
  const p = walk.packet;
  if (transfer.handshake)
    walk.transfer = {
      ...transfer,
      back: p.segment || ANY_SIZE,
      freeBack: p.free,
      proxyHop: walk.leg.forwardTail,
    };
  else if (transfer.freeBack !== p.free) walk.transfer = { ...transfer, freeBack: p.free };
  p.segment = 0;
  p.whole = 0;
  p.size = transfer.handshake ? 0 : transfer.size;
  if (forbidsFragments(p, transfer, true)) p.flags |= DF;
}

/** Linux forbids fragments of all it sends but answers to echo requests (icmp_init, IP_PMTUDISC_DONT). */
function forbidsFragments(p: Packet, { df }: Transfer, reply: boolean): boolean {
  return df !== false && !(reply && p.protocol === ICMP);
}

/** The handshake has come back to who began it: the first packet with data follows. */
export function startData(walk: Walk, transfer: Transfer, ttl: number): void {
  const p = walk.packet;
  const there = p.segment || ANY_SIZE;
  mirror(p);
  walk.transfer = { ...transfer, handshake: false, connected: true, there, free: p.free };
  begin(walk, ttl);
}

/** An ICMP error that names a path MTU has reached who sent the packet: whether a smaller one follows. */
export function resend(walk: Walk, draft: Draft, ttl: number): boolean {
  const { packet: p, transfer } = walk;
  const back = !walk.reply;
  const mtu = draft.pathMtu;
  if (mtu === 0 || walk.ghostOf !== undefined) return false;
  if (transfer === undefined || mtu >= (back ? transfer.back : transfer.there) || mtu >= transfer.size)
    return false;
  if (transfer.df === true && p.innerProtocol !== TCP && !back) return false;
  walk.remark(pathMtuLearnt, mtu, back ? draft.replyDevice : draft.end.device);
  walk.transfer = { ...transfer, ...(back ? { back: mtu } : { there: mtu }) };
  // The error quotes the packet as its sender made it.
  p.protocol = p.innerProtocol;
  p.src = p.innerSrc;
  p.dst = p.innerDst;
  p.sourcePort = p.innerSourcePort;
  p.destinationPort = p.innerDestinationPort;
  p.innerProtocol = 0;
  p.tos = 0;
  p.free = back ? transfer.freeBack : transfer.free;
  p.application = walk.leg.application;
  walk.draft = undefined;
  if (!back) {
    begin(walk, ttl);
    return true;
  }
  walk.leg = withReply(walk.leg, -1);
  if (walk.pending) walk.end = undefined;
  walk.reply = true;
  send(walk, transfer, 64);
  p.flags |= SYN | ACK;
  return true;
}

function begin(walk: Walk, ttl: number): void {
  const { leg } = walk;
  walk.leg = legOf(walk.packet, leg.source, leg.previous);
  walk.end = undefined;
  walk.reply = false;
  send(walk, walk.transfer!, leg.index === 0 ? ttl : 64);
}

/** From the top of the sender's stack. */
function send(walk: Walk, transfer: Transfer, ttl: number): void {
  const p = walk.packet;
  const reply = walk.reply;
  p.flags = transfer.connected ? ACK : SYN;
  if (forbidsFragments(p, transfer, reply)) p.flags |= DF;
  p.size = transfer.size;
  p.whole = 0;
  p.segment = 0;
  p.ttl = ttl;
  p.mark = 0;
  p.nextHop = 0;
  p.groupsLostAt = -1;
  walk.device = reply ? answeringDevice(walk) : walk.leg.source;
  walk.port = LOCAL;
  walk.from = -1;
  walk.tail = -1;
  walk.hops = 0;
}

function answeringDevice(walk: Walk): number {
  return walk.pending?.source ?? walk.end!.device;
}

/** A proxy takes what its connection brings: it has chosen where the next leg goes already. The hop shows what the proxy
 *  did as the handshake came. */
export function takenByProxy(walk: Walk, { proxyHop }: Transfer): Outcome {
  if (!walk.recording || proxyHop < 0) return DELIVER;
  const { recorder } = walk;
  const count = recorder.data[proxyHop + HOP_STEPS]! * STEP_WIDTH;
  recorder.reserve(count);
  const from = proxyHop + HOP_WIDTH;
  recorder.data.copyWithin(recorder.length, from, from + count);
  recorder.length += count;
  return DELIVER;
}
