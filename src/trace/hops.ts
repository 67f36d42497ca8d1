/** Reads the hop records of one direction of a leg: records to hops with their steps and texts. */
import type { Position } from '../base/issue.ts';
import { type Locate, type Origin, source } from '../base/origin.ts';
import type { Header } from '../packet/headers.ts';
import { headerOf } from '../packet/packet.ts';
import type { DeviceRecord } from './device.ts';
import type { Raw } from './engine.ts';
import { stepVerdicts } from './outcome.ts';
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
import { type DropText, dropOf, type PacketView, type StepText, stepOf, type Wording } from './vocabulary.ts';

export interface Denial {
  readonly drop: number;
  readonly device: number;
  readonly text: DropText;
  readonly at: Position | undefined;
}

export interface HopRead {
  readonly hop: Omit<Hop, 'n'>;
  readonly denials: readonly Denial[];
  readonly n?: number;
}

/** The hops that end with record `tail` (-1: none), oldest first. */
export function readHops(raw: Raw, tail: number, locate: Locate): HopRead[] {
  const offsets: number[] = [];
  for (let at = tail; at >= 0; at = raw.recorder.data[at + HOP_PREVIOUS]!) offsets.unshift(at);
  return offsets.map((at) => readHop(raw, at, locate));
}

type Fields = { -readonly [K in keyof PacketView]: PacketView[K] };

function readHop(raw: Raw, at: number, locate: Locate): HopRead {
  const { data } = raw.recorder;
  const self = raw.network.devices[data[at + HOP_DEVICE]!]!;
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
  const steps: TraceStep[] = [];
  const denials: Denial[] = [];
  const end = at + HOP_WIDTH + data[at + HOP_STEPS]! * STEP_WIDTH;

  for (let step = at + HOP_WIDTH; step < end; ) {
    const word = data[step]!;
    const before = { ...view };
    let next = step + STEP_WIDTH;
    // The rewrites that follow a step belong to it.
    if (word < 0) next = step;
    while (next < end && data[next]! < 0) {
      apply(view, data, next);
      next += STEP_WIDTH;
    }
    const wording: Wording = {
      self,
      a: word < 0 ? 0 : data[step + 1]!,
      b: word < 0 ? 0 : data[step + 2]!,
      c: word < 0 ? 0 : data[step + 3]!,
      d: word < 0 ? 0 : data[step + 4]!,
      before,
      after: { ...view },
      device: (index: number): DeviceRecord => raw.network.devices[index]!,
    };
    const changed = differs(before, view) ? { before: headerOf(before), after: headerOf(view) } : {};
    if (word < 0) {
      steps.push({ stage: 'forwarding', verdict: 'rewrote', because: rewriteText(before, view), ...changed });
    } else {
      const kind = word >> 3;
      const text: StepText | DropText =
        kind >= DROP_BASE ? dropOf(kind - DROP_BASE).word(wording) : stepOf(kind).word(wording);
      const position = place(text.origin, locate);
      steps.push({
        stage: text.stage,
        verdict: stepVerdicts[word & 7]!,
        ...(text.rule ? { rule: text.rule } : {}),
        ...(position ? { source: position } : {}),
        because: text.because,
        ...changed,
      });
      if (kind >= DROP_BASE) denials.push({ drop: kind - DROP_BASE, device: self.index, text, at: position });
    }
    step = next;
  }
  const leaving: Header = headerOf(view);
  return {
    hop: {
      leg: flags >> HOP_LEG_SHIFT,
      device: { kind: self.kind, id: self.id, name: self.name },
      az: self.az ?? null,
      ghost: (flags & HOP_GHOST) !== 0,
      in: entering,
      out: leaving,
      steps,
    },
    denials,
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
    a.mark !== b.mark
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
