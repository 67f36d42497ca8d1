/** What a device may do with the packet of a branch: look about, change the header, remember a session, choose,
 *  deny, and hand on. Everything it does is recorded when the trace is recorded. The engine owns the state. */
import { DF, type Packet } from '../packet/packet.ts';
import { replyDestinationPort, replySourcePort } from '../packet/reply-ports.ts';
import { type Teller, TOO_BIG_ERROR } from './mtu.ts';
import {
  ANSWER,
  ANSWER_HTTP,
  type AnswerKind,
  CONNECT,
  CONTINUE,
  DELIVER,
  DENIED,
  EXIT,
  FORWARD,
  type Outcome,
  STOP,
  type StepVerdictNumber,
} from './outcome.ts';
import { DROP_BASE, REWRITE_DESTINATION, REWRITE_MARK, REWRITE_SOURCE, REWRITE_TTL } from './recorder.ts';
import { type Choice, choiceOf, type Drop, type Note, type Step } from './vocabulary.ts';
import { ANSWER_TTL, WalkState } from './walk-state.ts';

export type { WalkOptions } from './walk-state.ts';

export class Walk extends WalkState {
  // ── Looking about ────────────────────────────────────────────────────────────────────────────────────────────

  /** Index of the device that owns `address` in a segment (a VPC, the internet), or -1. */
  ownerOf(segment: number, address: number): number {
    return this.network.owners[segment]?.get(address) ?? -1;
  }

  /** The session of this device and kind that the packet belongs to: number * 2 + direction (ORIGINAL, REPLY), or -1.
   *  An ICMP error belongs to the session of the packet it complains about, in the error's own direction. */
  findSession(kind: number): number {
    const { sessions, sessionHead, device, packet: p } = this;
    if (p.innerProtocol === 0)
      return sessions.find(
        sessionHead,
        device,
        kind,
        p.protocol,
        p.src,
        p.sourcePort,
        p.dst,
        p.destinationPort,
      );
    // The session as the answer to the quoted packet would find it.
    const sport = replySourcePort(p.innerProtocol, p.innerSourcePort, p.innerDestinationPort);
    const dport = replyDestinationPort(p.innerProtocol, p.innerSourcePort, p.innerDestinationPort);
    return sessions.find(sessionHead, device, kind, p.innerProtocol, p.innerDst, sport, p.innerSrc, dport);
  }

  /** Whether the packet has met a device that remembers flows of one of these kinds. */
  hasSession(kinds: readonly number[]): boolean {
    return this.sessions.has(this.sessionHead, kinds);
  }

  /** What it means that the packet's TTL ends here: its sender may have said so, -1 where it has not. */
  get expires(): Drop | -1 {
    return this.reply ? (this.end?.expires ?? -1) : -1;
  }

  // ── Handing on ───────────────────────────────────────────────────────────────────────────────────────────────

  forward(to: number, port: number): Outcome {
    this.nextDevice = to;
    this.nextPort = port;
    return FORWARD;
  }

  /** `ttl` is that of the answer; where it is used up on the way back, `expires` says what that means. */
  deliver(ttl = ANSWER_TTL, expires: Drop | -1 = -1): Outcome {
    this.answerTtl = ttl;
    this.answerExpires = expires;
    return DELIVER;
  }

  /** The packet leaves the model here; whoever is out there answers from here. */
  exit(): Outcome {
    return EXIT;
  }

  /** The device itself replies to the application: an HTTP status. With a code where that says why it went no further. */
  answerHttp(status: number, code: Drop | -1 = -1, a = 0, b = 0, c = 0, d = 0): Outcome {
    this.answerKind = ANSWER_HTTP;
    this.answerCode = status;
    this.answerDrop = code;
    if (code >= 0 && this.recording) this.record((DROP_BASE + code) * 8 + DENIED, a, b, c, d);
    return ANSWER;
  }

  /** A proxy ends this leg and sends `packet` to `to` as the first of the next, once the handshake of this one holds. */
  connect(packet: Packet, to: number, port: number): Outcome {
    this.nextLeg = packet;
    this.nextDevice = to;
    this.nextPort = port;
    return CONNECT;
  }

  // ── Refusing ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A filter says no and drops. Returns STOP in verdict-only mode, else CONTINUE: the device then goes on as if it
   *  had accepted, and what follows is ghost: `const end = walk.deny(...); if (end) return end;` */
  deny(code: Drop, a = 0, b = 0, c = 0, d = 0): Outcome | 0 {
    return this.#block(code, -1, 0, 0, a, b, c, d);
  }

  /** As deny, but the sender is told: RST (ANSWER_RST), or ICMP with `answerCode` = type * 256 + code from `source`. */
  refuse(
    code: Drop,
    answer: AnswerKind,
    answerCode: number,
    source: number,
    a = 0,
    b = 0,
    c = 0,
    d = 0,
  ): Outcome | 0 {
    return this.#block(code, answer, answerCode, source, a, b, c, d);
  }

  /** The packet can't go on: no route, no owner. `assumed` is the one device that may take it as a ghost. */
  stop(code: Drop, a = 0, b = 0, c = 0, d = 0, assumed = -1, assumedPort = 0): Outcome {
    this.#block(code, -1, 0, 0, a, b, c, d);
    return this.#goOn(assumed, assumedPort);
  }

  /** As stop, but the sender is told by an ICMP error from `source`. */
  stopWithIcmp(code: Drop, answerCode: number, source: number, a = 0, b = 0, c = 0, d = 0): Outcome {
    this.#block(code, 2, answerCode, source, a, b, c, d);
    return STOP;
  }

  /** As stopWithIcmp, of a packet larger than `mtu`, which the error names. a, b: size and MTU; c: 1. */
  stopTooBig(code: Drop, mtu: number, { address, device, port }: Teller): Outcome {
    this.answerMtu = mtu;
    this.answerDevice = device;
    this.answerPort = port;
    return this.stopWithIcmp(code, TOO_BIG_ERROR, address, this.packet.size, mtu, 1);
  }

  /** For the engine: the packet circles and loses `perRound` of its TTL on each round. Goes on with the last round. */
  skipRounds(code: Drop, perRound: number): void {
    this.looping = code;
    if (this.recording) this.record((DROP_BASE + code) * 8 + DENIED, this.nextDevice, perRound, 0, 0);
    this.checkpoint();
    this.packet.ttl = ((this.packet.ttl - 1) % perRound) + 1;
    if (this.recording) this.record(REWRITE_TTL, this.packet.ttl, 0, 0, 0);
  }

  /** What would decide here is not modelled: the path ends undetermined and names `limit`. */
  undetermined(limit: Note, a = 0, b = 0): Outcome {
    this.remark(limit, a, b);
    this.endsUndetermined = true;
    return STOP;
  }

  /** As undetermined, where the refusal has a name: what would decide is not in the topology, or could not be read. */
  stopUnknown(code: Drop, a = 0, b = 0, c = 0, d = 0): Outcome {
    if (this.recording) this.record((DROP_BASE + code) * 8 + DENIED, a, b, c, d);
    this.unknownBy = code;
    this.endsUndetermined = true;
    return STOP;
  }

  #goOn(assumed: number, port: number): Outcome {
    if (!this.recording || assumed < 0) return STOP;
    return this.forward(assumed, port);
  }

  #block(
    code: Drop,
    answer: AnswerKind | -1,
    answerCode: number,
    source: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): Outcome | 0 {
    if (this.blockedBy < 0 && this.ghostOf === undefined) {
      this.blockedBy = code;
      this.answerKind = answer;
      this.answerCode = answerCode;
      this.answerSource = source;
      this.blockedPacket.copyFrom(this.packet);
      this.forksAtBlock = this.forks.length;
    }
    if (!this.recording) return STOP;
    this.record((DROP_BASE + code) * 8 + DENIED, a, b, c, d);
    return CONTINUE;
  }

  // ── Recording ────────────────────────────────────────────────────────────────────────────────────────────────

  /** One decision of this device. A step that changes the header is recorded before its rewrite. */
  step(kind: Step, verdict: StepVerdictNumber, a = 0, b = 0, c = 0, d = 0): void {
    if (this.recording) this.record(kind * 8 + verdict, a, b, c, d);
  }

  /** An assumption, a limit or a remark that belongs to this path. */
  remark(note: Note, a = 0, b = 0): void {
    this.notes = { previous: this.notes, note, device: this.device, a, b };
  }

  // ── Changing the header ──────────────────────────────────────────────────────────────────────────────────────

  /** `free` says whether the new port is a representative of a range (FREE_SOURCE_PORT or 0). */
  rewriteSource(address: number, port: number, free = 0): void {
    this.checkpoint();
    const p = this.packet;
    const freed = (p.free & ~1) | (free & 1);
    if (this.recording) this.record(REWRITE_SOURCE, address, port, freed, 0);
    p.src = address;
    p.sourcePort = port;
    p.free = freed;
    // The groups are those of the new source.
    p.groupsLostAt = -1;
  }

  rewriteDestination(address: number, port: number, free = 0): void {
    this.checkpoint();
    const p = this.packet;
    const freed = (p.free & ~2) | (free & 2);
    if (this.recording) this.record(REWRITE_DESTINATION, address, port, freed, 0);
    p.dst = address;
    p.destinationPort = port;
    p.free = freed;
  }

  setMark(mark: number): void {
    if (this.packet.mark === mark) return;
    this.checkpoint();
    if (this.recording) this.record(REWRITE_MARK, mark, 0, 0, 0);
    this.packet.mark = mark;
  }

  /** Every router that is a Linux host takes one off; the caller has checked that something is left. */
  decrementTtl(): void {
    this.checkpoint();
    this.packet.ttl--;
    if (this.recording) this.record(REWRITE_TTL, this.packet.ttl, 0, 0, 0);
  }

  /** A rule sets it (target TTL). */
  setTtl(ttl: number): void {
    if (this.packet.ttl === ttl) return;
    this.checkpoint();
    this.packet.ttl = ttl;
    if (this.recording) this.record(REWRITE_TTL, ttl, 0, 0, 0);
  }

  /** A rule sets it (targets TOS, DSCP and ECN). Not part of the header that is shown. */
  setTos(tos: number): void {
    if (this.packet.tos === tos) return;
    this.checkpoint();
    this.packet.tos = tos;
  }

  /** The packet is sent smaller: whole, or in fragments of at most `size` bytes that were `whole` once. */
  setSize(size: number, whole: number): void {
    this.checkpoint();
    this.packet.size = size;
    this.packet.whole = whole;
    if (whole !== 0) this.packet.flags &= ~DF;
  }

  /** The maximum segment size that a TCP handshake announces, as the size of the IP packet. */
  setSegment(segment: number): void {
    this.checkpoint();
    this.packet.segment = segment;
  }

  /** To whom the frame goes next; not part of the header. */
  setNextHop(address: number): void {
    this.checkpoint();
    this.packet.nextHop = address;
  }

  /** From here on nobody can tell which security groups the sender holds. */
  loseGroups(): void {
    if (this.packet.groupsLostAt >= 0) return;
    this.checkpoint();
    this.packet.groupsLostAt = this.device;
  }

  /** The mark belongs to one kernel: a packet that leaves a host has none outside. */
  clearMark(): void {
    if (this.packet.mark === 0) return;
    this.checkpoint();
    this.packet.mark = 0;
  }

  /** Undoes NAT in the header that an ICMP error quotes. */
  rewriteInner(src: number, sport: number, dst: number, dport: number): void {
    this.checkpoint();
    const p = this.packet;
    p.innerSrc = src;
    p.innerSourcePort = sport;
    p.innerDst = dst;
    p.innerDestinationPort = dport;
  }

  // ── Remembering ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Remembers a flow on `device`: as its first packet was, and as its replies will look. */
  addSession(
    device: number,
    kind: number,
    protocol: number,
    src: number,
    sport: number,
    dst: number,
    dport: number,
    replySrc: number,
    replySport: number,
    replyDst: number,
    replyDport: number,
    mark = 0,
  ): void {
    this.sessionHead = this.sessions.add(
      this.sessionHead,
      device,
      kind,
      protocol,
      src,
      sport,
      dst,
      dport,
      replySrc,
      replySport,
      replyDst,
      replyDport,
      mark,
    );
  }

  /** Remembers the packet's flow on a device, this one by default, as it is, its reply mirrored (security groups, plain
   *  tracking). */
  track(kind: number, device = this.device, mark = 0): void {
    const { protocol, src, sourcePort, dst, destinationPort } = this.packet;
    const sport = replySourcePort(protocol, sourcePort, destinationPort);
    const dport = replyDestinationPort(protocol, sourcePort, destinationPort);
    this.addSession(
      device,
      kind,
      protocol,
      src,
      sourcePort,
      dst,
      destinationPort,
      dst,
      sport,
      src,
      dport,
      mark,
    );
  }

  setSessionMark(session: number, mark: number): void {
    if (this.sessions.mark(session) !== mark)
      this.sessionHead = this.sessions.withMark(this.sessionHead, session, mark);
  }

  // ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes one of `count` alternatives; the engine walks the others as branches of their own. `weights` (chance only)
   *  sum to 1; without them all are equally likely. For an unknown, alternative 0 is the one the answer shows. */
  choose(kind: Choice, count: number, weights: ArrayLike<number> | undefined, a = 0, b = 0): number {
    if (count <= 1) return 0;
    const chance = choiceOf(kind).nature === 'chance';
    const at = this.cursor++;
    let taken = this.prescribed[at];
    if (taken === undefined) {
      const picked = chance && weights ? heaviest(weights, count) : 0;
      taken = { picked, question: chance ? -1 : this.questions++ };
      this.checkpoint();
      const start = this.startAt(taken.question);
      for (let other = 0; other < count; other++)
        if (other !== picked && (!chance || !weights || weights[other]! > 0))
          this.fork(start, other, chance ? (weights ? weights[other]! : 1 / count) : 1);
    }
    this.taken[this.takenCount++] = taken;
    const { picked, question } = taken;
    const weight = chance ? (weights ? weights[picked]! : 1 / count) : 1;
    this.choices = {
      previous: this.choices,
      choice: kind,
      device: this.device,
      picked,
      count,
      weight,
      a,
      b,
      question,
    };
    this.share *= weight;
    if (!chance && picked !== 0) this.hypothetical = true;
    return picked;
  }
}

function heaviest(weights: ArrayLike<number>, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (weights[i]! > weights[best]!) best = i;
  return best;
}
