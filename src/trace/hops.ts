/** Reads the hop records of one direction of a leg: records to hops with their steps and texts. */
import type { Position } from '../base/issue.ts';
import { type Locate, type Origin, source } from '../base/origin.ts';
import type { Header } from '../packet/headers.ts';
import { headerOf } from '../packet/packet.ts';
import type { DeviceRecord } from './device.ts';
import type { Raw } from './engine.ts';
import type { Denial, Memory, Told } from './memory.ts';
import { type StepVerdict, stepVerdicts } from './outcome.ts';
import {
  DROP_BASE,
  HOP_DEVICE,
  HOP_FLAGS,
  HOP_GHOST,
  HOP_LEG_SHIFT,
  HOP_PACKET,
  HOP_PREVIOUS,
  HOP_STEPS,
  HOP_WIDTH,
  REWRITE_DESTINATION,
  REWRITE_MARK,
  REWRITE_SOURCE,
  REWRITE_TTL,
  STEP_WIDTH,
} from './recorder.ts';
import type { Hop, TraceStep } from './trace.ts';
import { type DropText, dropOf, type PacketView, type StepText, stepOf } from './vocabulary.ts';

const none: readonly Denial[] = [];

/** Reads the hops of one trace. Paths share the hops of their common way, and so do those who read them. */
export class HopReader {
  readonly #raw: Raw;
  readonly #memory: Memory;
  /** Several paths, which may have hops in common. */
  readonly #shared: boolean;
  readonly #seen = new Map<number, Hop>();
  readonly #denials = new Map<Hop, readonly Denial[]>();

  constructor(raw: Raw, memory: Memory) {
    this.#raw = raw;
    this.#memory = memory;
    this.#shared = raw.drafts.length > 1;
  }

  /** Appends the hops that end with record `tail` (-1: none), oldest first, numbered on from `before` + those there. */
  read(tail: number, into: Hop[], before: number): void {
    const { data } = this.#raw.recorder;
    const first = into.length;
    let count = 0;
    for (let at = tail; at >= 0; at = data[at + HOP_PREVIOUS]!) count++;
    let place = first + count;
    for (let at = tail; at >= 0; at = data[at + HOP_PREVIOUS]!) {
      place--;
      into[place] = this.#hop(at, before + place + 1);
    }
  }

  denialsOf(hop: Hop): readonly Denial[] {
    return this.#denials.get(hop) ?? none;
  }

  #hop(at: number, n: number): Hop {
    const known = this.#shared ? this.#seen.get(at) : undefined;
    if (known?.n === n) return known;
    const denials: Denial[] = [];
    const hop = readHop(this.#raw, at, n, this.#memory, denials);
    if (this.#shared) this.#seen.set(at, hop);
    if (denials.length > 0) this.#denials.set(hop, denials);
    return hop;
  }
}

type Fields = { -readonly [K in keyof PacketView]: PacketView[K] };

function readHop(raw: Raw, at: number, n: number, memory: Memory, denials: Denial[]): Hop {
  const { data } = raw.recorder;
  const index = data[at + HOP_DEVICE]!;
  const self = raw.network.devices[index]!;
  const flags = data[at + HOP_FLAGS]!;
  const view: Fields = {
    protocol: data[at + HOP_PACKET]!,
    src: data[at + HOP_PACKET + 1]!,
    dst: data[at + HOP_PACKET + 2]!,
    sourcePort: data[at + HOP_PACKET + 3]!,
    destinationPort: data[at + HOP_PACKET + 4]!,
    ttl: data[at + HOP_PACKET + 5]!,
    mark: data[at + HOP_PACKET + 6]!,
    free: data[at + HOP_PACKET + 7]!,
  };
  const entering = headerOf(view);
  let current = entering;
  const steps: TraceStep[] = [];
  const end = at + HOP_WIDTH + data[at + HOP_STEPS]! * STEP_WIDTH;

  for (let step = at + HOP_WIDTH; step < end; ) {
    const rewrite = data[step]! < 0;
    let next = rewrite ? step : step + STEP_WIDTH;
    const changes = next < end && data[next]! < 0;
    const before = changes ? copyTo(scratch, view) : view;
    // The rewrites that follow a step belong to it.
    while (next < end && data[next]! < 0) {
      apply(view, data, next);
      next += STEP_WIDTH;
    }
    const changed = changes && differs(before, view);
    const told = rewrite ? plainRewrite(before, view) : tell(memory, index, self, data, step, before, view);
    if (changed) {
      const after = headerOf(view);
      steps.push(changedStep(told.step, current, after));
      current = after;
    } else steps.push(told.step);
    if (told.denial) denials.push(told.denial);
    step = next;
  }
  return {
    n,
    leg: flags >> HOP_LEG_SHIFT,
    device: memory.deviceText(self),
    az: self.az ?? null,
    ghost: (flags & HOP_GHOST) !== 0,
    in: entering,
    out: current,
    steps,
  };
}

/** The text of a recorded step; made anew only where it depends on the packet's addresses or ports. */
function tell(
  memory: Memory,
  index: number,
  self: DeviceRecord,
  data: Int32Array,
  step: number,
  before: PacketView,
  after: PacketView,
): Told {
  const found = memory.recall(index, data, step, before, after);
  if (found) return found;
  const word = data[step]!;
  const wording = memory.wordingOf(self, data, step, before, after);
  const kind = word >> 3;
  const text: StepText | DropText =
    kind >= DROP_BASE ? dropOf(kind - DROP_BASE).word(wording) : stepOf(kind).word(wording);
  const at = place(text.origin, memory.locate);
  const told: Told = {
    step: plainStep(text.stage, stepVerdicts[word & 7]!, text.rule, at, text.because),
    denial: kind >= DROP_BASE ? { drop: kind - DROP_BASE, device: index, text, at } : undefined,
  };
  memory.keep(index, data, step, before, after, told);
  return told;
}

// Steps are made by the thousand: spelt out, an object literal costs a fraction of one with spreads.

function plainStep(
  stage: string,
  verdict: StepVerdict,
  rule: string | undefined,
  source: Position | undefined,
  because: string,
): TraceStep {
  if (rule) return source ? { stage, verdict, rule, source, because } : { stage, verdict, rule, because };
  return source ? { stage, verdict, source, because } : { stage, verdict, because };
}

function changedStep(
  { stage, verdict, rule, source, because }: TraceStep,
  before: Header,
  after: Header,
): TraceStep {
  if (rule)
    return source
      ? { stage, verdict, rule, source, because, before, after }
      : { stage, verdict, rule, because, before, after };
  return source
    ? { stage, verdict, source, because, before, after }
    : { stage, verdict, because, before, after };
}

function copyTo(target: Fields, view: PacketView): Fields {
  target.protocol = view.protocol;
  target.src = view.src;
  target.dst = view.dst;
  target.sourcePort = view.sourcePort;
  target.destinationPort = view.destinationPort;
  target.ttl = view.ttl;
  target.mark = view.mark;
  target.free = view.free;
  return target;
}

/** The packet before the step that is being read. */
const scratch: Fields = {
  protocol: 0,
  src: 0,
  dst: 0,
  sourcePort: 0,
  destinationPort: 0,
  ttl: 0,
  mark: 0,
  free: 0,
};

/** A change that no step of the device speaks of. */
function plainRewrite(before: PacketView, after: PacketView): Told {
  return {
    step: { stage: 'forwarding', verdict: 'rewrote', because: rewriteText(before, after) },
    denial: undefined,
  };
}

function apply(view: Fields, data: Int32Array, at: number): void {
  switch (data[at]) {
    case REWRITE_SOURCE:
      view.src = data[at + 1]!;
      view.sourcePort = data[at + 2]!;
      view.free = data[at + 3]!;
      break;
    case REWRITE_DESTINATION:
      view.dst = data[at + 1]!;
      view.destinationPort = data[at + 2]!;
      view.free = data[at + 3]!;
      break;
    case REWRITE_MARK:
      view.mark = data[at + 1]!;
      break;
    case REWRITE_TTL:
      view.ttl = data[at + 1]!;
      break;
  }
}

function differs(a: PacketView, b: PacketView): boolean {
  return (
    a.src !== b.src ||
    a.dst !== b.dst ||
    a.sourcePort !== b.sourcePort ||
    a.destinationPort !== b.destinationPort ||
    a.ttl !== b.ttl ||
    a.mark !== b.mark ||
    a.free !== b.free
  );
}

function rewriteText(before: PacketView, after: PacketView): string {
  return before.ttl !== after.ttl ? `TTL ${before.ttl} to ${after.ttl}` : 'header changed';
}

function place(origin: Origin | undefined, locate: Locate): Position | undefined {
  const written = source(origin);
  if (!written) return undefined;
  return written.from === 'dump' ? { file: written.file, line: written.line, column: 1 } : locate(written);
}
