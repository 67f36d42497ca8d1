/** The state of a walk: where the packet is, what its branch has met, and the hop being recorded. The engine loads and
 *  saves it; `Walk` is what devices see of it. */
import { Packet } from '../packet/packet.ts';
import {
  type Branch,
  branchOf,
  type ChoiceMade,
  type Draft,
  type ForwardEnd,
  type Leg,
  type NoteMet,
  type PendingLeg,
  type Prescribed,
  type Start,
} from './branch.ts';
import type { Network } from './device.ts';
import { type AnswerKind, LOCAL } from './outcome.ts';
import {
  HOP_DEVICE,
  HOP_FLAGS,
  HOP_FROM,
  HOP_GHOST,
  HOP_LEG_SHIFT,
  HOP_PACKET,
  HOP_PORT,
  HOP_PREVIOUS,
  HOP_REPLY,
  HOP_STEPS,
  HOP_WIDTH,
  type Recorder,
  STEP_WIDTH,
} from './recorder.ts';
import type { Sessions } from './session.ts';
import type { Transfer } from './transfer.ts';
import type { Drop } from './vocabulary.ts';

/** TTL that answers begin with (net.ipv4.ip_default_ttl). */
export const ANSWER_TTL = 64;

export interface WalkOptions {
  /** Record hops and steps, and go on past the first blocker. Without it only the verdict is found. */
  readonly recording: boolean;
  /** Refuse where nothing declares a listener, in place of assuming one. */
  readonly strictListen: boolean;
  /** Hosts that remember clients (xt_recent) have seen this one before. Default: false. */
  readonly seenClient?: boolean;
  /** Numbers of the user and the group that the sending process runs as. Default: not known. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export class WalkState {
  readonly network: Network;
  readonly sessions: Sessions;
  readonly recorder: Recorder;
  readonly recording: boolean;
  readonly strictListen: boolean;
  readonly seenClient: boolean;
  /** -1 where nobody knows. */
  readonly uid: number;
  readonly gid: number;
  readonly packet = new Packet();

  /** Where the packet is, by which port of the device it came (LOCAL: made there), and from which device. */
  device = -1;
  port = LOCAL;
  from = -1;
  /** The way back. */
  reply = false;

  // The branch: what the engine saves and loads.
  sessionHead = -1;
  choices: ChoiceMade | undefined = undefined;
  notes: NoteMet | undefined = undefined;
  share = 1;
  hypothetical = false;
  leg!: Leg;
  pending: PendingLeg | undefined = undefined;
  end: ForwardEnd | undefined = undefined;
  via = 0;
  transfer: Transfer | undefined = undefined;
  ghostOf: Draft | undefined = undefined;
  draft: Draft | undefined = undefined;
  tail = -1;
  hops = 0;

  // The outcome of the hop.
  nextDevice = -1;
  nextPort = 0;
  answerKind: AnswerKind | -1 = -1;
  answerCode = 0;
  answerSource = 0;
  answerDrop: Drop | -1 = -1;
  /** Of an ICMP error about a packet that is too big: the MTU it names, and where it enters the network. */
  answerMtu = 0;
  answerDevice = -1;
  answerPort = LOCAL;
  /** TTL of the answer that a delivered packet gets, and what it means where that ends. */
  answerTtl = ANSWER_TTL;
  answerExpires: Drop | -1 = -1;
  endsUndetermined = false;
  /** What it is that is not known, where that has a name. */
  unknownBy: Drop | -1 = -1;
  /** The packet circles, and its TTL is about to end: that is how the loop shows. */
  looping: Drop | -1 = -1;
  /** The first denial of the branch happened in this hop: with this code, and this packet to answer. */
  blockedBy: Drop | -1 = -1;
  readonly blockedPacket = new Packet();
  /** How many alternatives were forked off before the denial: those are real, later ones are ghosts. */
  forksAtBlock = 0;
  nextLeg: Packet | undefined = undefined;

  // Checkpoint at hop entry, and the choices taken in this hop.
  readonly #entry = new Packet();
  #entrySaved = false;
  /** The packet at hop entry once more, for the branches that are forked off in this hop: they only read it. */
  #forked: Packet | undefined = undefined;
  #entrySessions = -1;
  #entryChoices: ChoiceMade | undefined = undefined;
  #entryNotes: NoteMet | undefined = undefined;
  #entryShare = 1;
  #entryHypothetical = false;
  prescribed: readonly Prescribed[] = [];
  /** The first `takenCount` count: the list is used again and again. */
  protected readonly taken: Prescribed[] = [];
  protected takenCount = 0;
  protected cursor = 0;
  protected questions = 0;
  #sequence = 0;
  readonly forks: Branch[] = [];
  #hopAt = -1;

  constructor(network: Network, sessions: Sessions, recorder: Recorder, options: WalkOptions) {
    this.network = network;
    this.sessions = sessions;
    this.recorder = recorder;
    this.recording = options.recording;
    this.strictListen = options.strictListen;
    this.seenClient = options.seenClient ?? false;
    this.uid = options.uid ?? -1;
    this.gid = options.gid ?? -1;
  }

  /** Appends one step, denial or rewrite to the hop being recorded. */
  protected record(word: number, a: number, b: number, c: number, d: number): void {
    const recorder = this.recorder;
    const at = recorder.length;
    if (at + STEP_WIDTH > recorder.data.length) recorder.reserve(STEP_WIDTH);
    const data = recorder.data;
    data[at] = word;
    data[at + 1] = a;
    data[at + 2] = b;
    data[at + 3] = c;
    data[at + 4] = d;
    recorder.length = at + STEP_WIDTH;
  }

  /** Keeps the packet as it entered the hop, before anything changes it. */
  protected checkpoint(): void {
    if (this.#entrySaved) return;
    this.#entry.copyFrom(this.packet);
    this.#entrySaved = true;
  }

  /** Where the alternatives of a choice begin that is come to in this hop: its entry. */
  protected startAt(question: number): Start {
    this.#forked ??= new Packet().copyFrom(this.#entry);
    return {
      device: this.device,
      port: this.port,
      from: this.from,
      packet: this.#forked,
      sessions: this.#entrySessions,
      choices: this.#entryChoices,
      notes: this.#entryNotes,
      share: this.#entryShare,
      hypothetical: this.#entryHypothetical || question >= 0,
      leg: this.leg,
      pending: this.pending,
      reply: this.reply,
      end: this.end,
      tail: this.#hopAt >= 0 ? this.recorder.data[this.#hopAt + HOP_PREVIOUS]! : -1,
      hops: this.hops - 1,
      prescribed: this.taken.slice(0, this.takenCount),
      question,
      via: this.via,
      transfer: this.transfer,
      draft: this.draft,
    };
  }

  /** An alternative, to be walked later. */
  protected fork(start: Start, picked: number, weight: number): void {
    this.forks.push(branchOf(start, picked, this.share * weight, this.ghostOf, this.#sequence++));
  }

  // ── For the engine ───────────────────────────────────────────────────────────────────────────────────────────

  /** Starts the device's turn: the checkpoint is taken when something first changes. */
  enterHop(): void {
    this.#entrySaved = false;
    this.#forked = undefined;
    this.#entrySessions = this.sessionHead;
    this.#entryChoices = this.choices;
    this.#entryNotes = this.notes;
    this.#entryShare = this.share;
    this.#entryHypothetical = this.hypothetical;
    this.cursor = 0;
    this.takenCount = 0;
    this.blockedBy = -1;
    this.answerKind = -1;
    this.answerTtl = ANSWER_TTL;
    this.answerExpires = -1;
    this.answerMtu = 0;
    this.endsUndetermined = false;
    this.unknownBy = -1;
    this.hops++;
    if (!this.recording) return;
    const recorder = this.recorder;
    const at = recorder.length;
    if (at + HOP_WIDTH > recorder.data.length) recorder.reserve(HOP_WIDTH);
    const data = recorder.data;
    const p = this.packet;
    data[at + HOP_PREVIOUS] = this.tail;
    data[at + HOP_DEVICE] = this.device;
    data[at + HOP_PORT] = this.port;
    data[at + HOP_FROM] = this.from;
    data[at + HOP_FLAGS] =
      (this.ghostOf ? HOP_GHOST : 0) | (this.reply ? HOP_REPLY : 0) | (this.leg.index << HOP_LEG_SHIFT);
    data[at + HOP_PACKET] = p.protocol;
    data[at + HOP_PACKET + 1] = p.src;
    data[at + HOP_PACKET + 2] = p.dst;
    data[at + HOP_PACKET + 3] = p.sourcePort;
    data[at + HOP_PACKET + 4] = p.destinationPort;
    data[at + HOP_PACKET + 5] = p.ttl;
    data[at + HOP_PACKET + 6] = p.mark;
    data[at + HOP_PACKET + 7] = p.free;
    recorder.length = at + HOP_WIDTH;
    this.#hopAt = at;
  }

  leaveHop(): void {
    if (this.prescribed.length > 0) this.prescribed = [];
    if (!this.recording) return;
    this.recorder.data[this.#hopAt + HOP_STEPS] =
      (this.recorder.length - this.#hopAt - HOP_WIDTH) / STEP_WIDTH;
    this.tail = this.#hopAt;
  }

  load({ start, picked, ghostOf }: Branch): void {
    this.device = start.device;
    this.port = start.port;
    this.from = start.from;
    this.packet.copyFrom(start.packet);
    this.sessionHead = start.sessions;
    this.choices = start.choices;
    this.notes = start.notes;
    this.share = start.share;
    this.hypothetical = start.hypothetical;
    this.leg = start.leg;
    this.pending = start.pending;
    this.reply = start.reply;
    this.end = start.end;
    this.tail = start.tail;
    this.hops = start.hops;
    this.prescribed =
      picked < 0 ? start.prescribed : [...start.prescribed, { picked, question: start.question }];
    this.via = start.via;
    this.transfer = start.transfer;
    this.ghostOf = ghostOf;
    this.looping = -1;
    this.draft = start.draft;
  }

  /** The branch that walks the answer of a refusal back, from the device that refuses; `draft` ends with it. What is
   *  said of a reply goes to whoever answered. */
  answering(answer: Packet, draft: Draft): Branch {
    const elsewhere = this.answerMtu > 0 && this.answerDevice >= 0 && this.answerDevice !== this.device;
    const start: Start = {
      device: elsewhere ? this.answerDevice : this.device,
      port: elsewhere ? this.answerPort : LOCAL,
      from: elsewhere ? this.device : -1,
      packet: answer,
      sessions: this.sessionHead,
      choices: this.choices,
      notes: this.notes,
      share: this.share,
      hypothetical: this.hypothetical,
      leg: draft.leg,
      pending: this.pending,
      reply: !this.reply,
      end: draft.end,
      tail: -1,
      hops: 0,
      prescribed: [],
      question: -1,
      via: this.via,
      transfer: this.transfer,
      draft,
    };
    return branchOf(start, -1, this.share, undefined, this.#sequence++);
  }
}
