/** Reads what the engine recorded: records become hops, steps and texts, drafts become paths. */

import { compareIpv4 } from '../addressing/ip.ts';
import type { Locate } from '../base/origin.ts';
import type { ChoiceMade, Leg, NoteMet } from './branch.ts';
import type { DeviceRecord } from './device.ts';
import type { Raw } from './engine.ts';
import { type HopRead, readHops } from './hops.ts';
import { judge } from './judge.ts';
import { type Merged, mergeByEntry } from './merge.ts';
import { symptomOf } from './symptom.ts';
import {
  type Blocker,
  type Hop,
  type Path,
  type ReplyDisposition,
  type Symptom,
  TRACE_SCHEMA,
  type Trace,
  type TraceRequestText,
} from './trace.ts';
import { choiceOf, dropOf, noteOf, type Wording } from './vocabulary.ts';

/** How a request reads, and how its destination's addresses were named. */
export interface ReadOptions {
  readonly request: TraceRequestText;
  readonly locate: Locate;
  /** Label of each of `WalkRequest.targets`; empty where a plain address was asked for. */
  readonly via: readonly string[];
}

/** The trace as plain data, from what the engine found. */
export function read(raw: Raw, options: ReadOptions): Trace {
  const judgement = judge(raw);
  const merged = mergeByEntry(raw.drafts.filter((draft) => !draft.hypothetical));
  const sorted = merged.sort(
    (x, y) =>
      y.share - x.share ||
      compareIpv4(x.draft.end.dst, y.draft.end.dst) ||
      x.draft.end.dport - y.draft.end.dport,
  );
  const blockers: Blocker[] = [];
  const paths = sorted.map((path, index) => readPath(raw, path, index + 1, options, blockers));
  return {
    schema: TRACE_SCHEMA,
    request: options.request,
    verdict: judgement.verdict,
    exitCode: judgement.exitCode,
    paths,
    unexploredShare: raw.unexploredShare,
    reply: replyOf(paths),
    blockers,
    symptom: overall(paths),
    assumptions: unique([
      ...judgement.idle.map((made) => wordChoice(raw, made)),
      ...paths.flatMap((path) => path.assumptions),
    ]),
    notModelled: unique([
      ...judgement.decisive.map((made) => wordChoice(raw, made)),
      ...paths.flatMap((path) => path.notModelled),
    ]),
    remarks: unique(paths.flatMap((path) => path.remarks)),
  };
}

function readPath(raw: Raw, merged: Merged, id: number, options: ReadOptions, blockers: Blocker[]): Path {
  const { draft } = merged;
  const forward: Hop[] = [];
  const back: Hop[] = [];
  const legs: { index: number; hops: number[] }[] = [];
  const denials: { hop: HopRead; direction: 'forward' | 'reply' }[] = [];
  const ghost = draft.ghosts[0];
  let n = 0;

  const add = (reads: readonly HopRead[], into: Hop[], direction: 'forward' | 'reply'): number[] =>
    reads.map((hop) => {
      into.push({ n: ++n, ...hop.hop });
      denials.push({ hop: { ...hop, n }, direction });
      return n;
    });
  const chain = legsOf(ghost ?? draft.leg);
  const own = legsOf(draft.leg);
  chain.forEach((leg, index) => {
    // The real legs, and what a ghost walked beyond them; a ghost's chain begins with the hops it shares.
    const tail = leg.forwardTail >= 0 ? leg.forwardTail : (own[index]?.forwardTail ?? -1);
    legs.push({ index, hops: add(readHops(raw, tail, options.locate), forward, 'forward') });
  });
  // The way back runs through the legs in reverse.
  const backChain = draft.end.disposition === 'rejected' ? own : chain;
  for (const leg of [...backChain].reverse())
    add(readHops(raw, leg.replyTail, options.locate), back, 'reply');

  const seen = new Set(blockers.map(blockerKey));
  const collect = (reads: typeof denials, numbered: boolean): void => {
    for (const { hop, direction } of reads)
      for (const denial of hop.denials) {
        const definition = dropOf(denial.drop);
        const blocker: Blocker = {
          path: id,
          hop: numbered ? (hop.n ?? null) : null,
          direction,
          code: definition.code,
          awsCode: definition.aws ?? null,
          device: deviceId(raw, denial.device),
          because: denial.text.because,
          ...(denial.text.rule ? { rule: denial.text.rule } : {}),
          ...(denial.at ? { source: denial.at } : {}),
          ...(denial.text.nearest ? { nearest: denial.text.nearest } : {}),
          ...(denial.text.fix ? { fix: denial.text.fix } : {}),
        };
        if (seen.has(blockerKey(blocker))) continue;
        seen.add(blockerKey(blocker));
        blockers.push(blocker);
      }
  };
  collect(denials, true);
  // Ghosts off the shown line contribute blockers, nothing else.
  for (const leg of draft.ghosts.slice(1))
    for (const part of legsOf(leg)) {
      collect(
        readHops(raw, part.forwardTail, options.locate).map((hop) => ({
          hop,
          direction: 'forward' as const,
        })),
        false,
      );
      collect(
        readHops(raw, part.replyTail, options.locate).map((hop) => ({ hop, direction: 'reply' as const })),
        false,
      );
    }

  const notes = notesOf(draft.notes, raw);
  return {
    id,
    share: merged.share,
    via: merged.via
      .map((index) => options.via[index]!)
      .filter((label) => label !== undefined && label !== ''),
    choices: choicesOf(draft.choices).map((made) => ({ why: wordChoice(raw, made), share: made.weight })),
    legs,
    hops: forward,
    disposition: draft.end.disposition,
    code: draft.end.drop >= 0 ? dropOf(draft.end.drop).code : null,
    device: deviceId(raw, draft.end.device),
    symptom: symptomOf(draft),
    reply: {
      disposition: draft.replyDisposition,
      code: draft.replyDrop >= 0 ? dropOf(draft.replyDrop).code : null,
      device: draft.replyDevice >= 0 ? deviceId(raw, draft.replyDevice) : null,
      hops: back,
      asymmetric: isAsymmetric(forward, back),
    },
    ...notes,
  };
}

function blockerKey(blocker: Blocker): string {
  return [blocker.direction, blocker.code, blocker.device, blocker.because, blocker.rule ?? ''].join('\n');
}

function legsOf(leg: Leg): Leg[] {
  const legs: Leg[] = [];
  for (let l: Leg | undefined = leg; l; l = l.previous) legs.unshift(l);
  return legs;
}

function choicesOf(choices: ChoiceMade | undefined): ChoiceMade[] {
  const made: ChoiceMade[] = [];
  for (let c = choices; c; c = c.previous) made.unshift(c);
  return made;
}

function notesOf(
  notes: NoteMet | undefined,
  raw: Raw,
): Pick<Path, 'assumptions' | 'notModelled' | 'remarks'> {
  const texts = { assumption: [] as string[], limit: [] as string[], remark: [] as string[] };
  for (let met = notes; met; met = met.previous) {
    const definition = noteOf(met.note);
    texts[definition.nature].unshift(definition.word(wordingOf(raw, met.device, met.a, met.b)));
  }
  return {
    assumptions: unique(texts.assumption),
    notModelled: unique(texts.limit),
    remarks: unique(texts.remark),
  };
}

function wordChoice(raw: Raw, made: ChoiceMade): string {
  return choiceOf(made.choice).word({
    ...wordingOf(raw, made.device, made.a, made.b),
    picked: made.picked,
    count: made.count,
  });
}

function wordingOf(raw: Raw, device: number, a: number, b: number): Wording {
  const nothing = {
    protocol: 0,
    src: 0,
    dst: 0,
    sourcePort: 0,
    destinationPort: 0,
    ttl: 0,
    mark: 0,
    free: 0,
  };
  return {
    self: raw.network.devices[device]!,
    a,
    b,
    c: 0,
    d: 0,
    before: nothing,
    after: nothing,
    device: (index: number): DeviceRecord => raw.network.devices[index]!,
  };
}

function deviceId(raw: Raw, index: number): string {
  const device = raw.network.devices[index];
  return device ? `${device.kind}/${device.id}` : '-';
}

/** The reply visits other devices than the request did (forward hops of all legs, reversed). */
function isAsymmetric(forward: readonly Hop[], back: readonly Hop[]): boolean {
  if (back.length === 0) return false;
  const id = (hop: Hop): string => `${hop.device.kind}/${hop.device.id}`;
  const there = new Set(forward.map(id));
  return back.some((hop) => !there.has(id(hop)));
}

function replyOf(paths: readonly Path[]): Trace['reply'] {
  const kinds = new Set<ReplyDisposition>(paths.map((path) => path.reply.disposition));
  const worst = (
    ['dropped', 'rejected', 'loop', 'undetermined', 'none', 'exited', 'delivered', 'answered'] as const
  ).find((kind) => kinds.has(kind));
  return {
    disposition: worst ?? 'none',
    code: paths.find((path) => path.reply.code !== null)?.reply.code ?? null,
  };
}

function overall(paths: readonly Path[]): Symptom {
  const kinds = new Map<string, { symptom: Symptom; share: number }>();
  for (const { symptom, share } of paths) {
    const known = kinds.get(symptom.kind);
    kinds.set(symptom.kind, { symptom: known?.symptom ?? symptom, share: (known?.share ?? 0) + share });
  }
  const sorted = [...kinds.values()].sort((a, b) => b.share - a.share);
  if (sorted.length === 1) return sorted[0]!.symptom;
  if (sorted.length === 0) return { kind: 'unknown', text: 'not known' };
  return {
    kind: 'mixed',
    text: sorted.map(({ symptom, share }) => `${(share * 100).toFixed(1)} %: ${symptom.text}`).join('; '),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
