/** The state of a walk: where the packet is, what its branch has met, and the hop being recorded. The engine loads and
 *  saves it; `Walk` is what devices see of it. */
import { Packet } from '../packet/packet.ts';
import type {
  Branch,
  ChoiceMade,
  Draft,
  ForwardEnd,
  Leg,
  NoteMet,
  PendingLeg,
  Prescribed,
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
import type { Drop } from './vocabulary.ts';

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
  endsUndetermined = false;
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

  /** An alternative of this hop, to be walked later from its entry. */
  protected fork(alternative: Prescribed, weight: number): void {
    this.#forked ??= new Packet().copyFrom(this.#entry);
    this.forks.push({
      device: this.device,
      port: this.port,
      from: this.from,
      packet: this.#forked,
      sessions: this.#entrySessions,
      choices: this.#entryChoices,
      notes: this.#entryNotes,
      share: this.#entryShare,
      priority: this.share * weight,
      hypothetical: this.#entryHypothetical || alternative.question >= 0,
      leg: this.leg,
      pending: this.pending,
      reply: this.reply,
      end: this.end,
      tail: this.#hopAt >= 0 ? this.recorder.data[this.#hopAt + HOP_PREVIOUS]! : -1,
      hops: this.hops - 1,
      prescribed:
        this.takenCount === 0 ? [alternative] : [...this.taken.slice(0, this.takenCount), alternative],
      via: this.via,
      ghostOf: this.ghostOf,
      draft: this.draft,
      sequence: this.#sequence++,
    });
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
    this.endsUndetermined = false;
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

  load(branch: Branch): void {
    this.device = branch.device;
    this.port = branch.port;
    this.from = branch.from;
    this.packet.copyFrom(branch.packet);
    this.sessionHead = branch.sessions;
    this.choices = branch.choices;
    this.notes = branch.notes;
    this.share = branch.share;
    this.hypothetical = branch.hypothetical;
    this.leg = branch.leg;
    this.pending = branch.pending;
    this.reply = branch.reply;
    this.end = branch.end;
    this.tail = branch.tail;
    this.hops = branch.hops;
    this.prescribed = branch.prescribed;
    this.via = branch.via;
    this.ghostOf = branch.ghostOf;
    this.looping = -1;
    this.draft = branch.draft;
  }

  /** The branch as it stands, to go on later at `device`. */
  save(device: number, port: number, from: number, packet: Packet, ghostOf: Draft | undefined): Branch {
    return {
      device,
      port,
      from,
      packet: new Packet().copyFrom(packet),
      sessions: this.sessionHead,
      choices: this.choices,
      notes: this.notes,
      share: this.share,
      priority: this.share,
      hypothetical: this.hypothetical,
      leg: this.leg,
      pending: this.pending,
      reply: this.reply,
      end: this.end,
      tail: this.tail,
      hops: this.hops,
      prescribed: [],
      via: this.via,
      ghostOf,
      draft: undefined,
      sequence: this.#sequence++,
    };
  }
}
