/** Reads what the engine recorded: drafts become paths, and paths a trace. */
import { compareIpv4 } from '../addressing/ip.ts';
import type { Locate } from '../base/origin.ts';
import type { Raw } from './engine.ts';
import { judge } from './judge.ts';
import { mergeByEntry } from './merge.ts';
import { PathReader } from './path-reader.ts';
import {
  type Path,
  type ReplyDisposition,
  type Symptom,
  TRACE_SCHEMA,
  type Trace,
  type TraceRequestText,
} from './trace.ts';

/** How a request reads, and how its destination's addresses were named. */
export interface ReadOptions {
  readonly request: TraceRequestText;
  readonly locate: Locate;
  /** Label of each of `WalkRequest.targets`; empty where a plain address was asked for. */
  readonly via: readonly string[];
  /** What is worth knowing of the request itself. */
  readonly remarks: readonly string[];
}

/** The trace as plain data, from what the engine found. */
export function read(raw: Raw, options: ReadOptions): Trace {
  const judgement = judge(raw);
  const reader = new PathReader(raw, options.locate, options.via);
  const paths = mergeByEntry(
    raw,
    raw.drafts.filter((draft) => !draft.hypothetical),
  )
    .sort(
      (x, y) =>
        y.share - x.share ||
        compareIpv4(x.draft.end.dst, y.draft.end.dst) ||
        x.draft.end.dport - y.draft.end.dport,
    )
    .map((merged, index) => reader.path(merged, index + 1));
  return {
    schema: TRACE_SCHEMA,
    request: options.request,
    verdict: judgement.verdict,
    exitCode: judgement.exitCode,
    paths,
    unexploredShare: raw.unexploredShare,
    reply: replyOf(paths),
    blockers: reader.blockers.list,
    symptom: overall(paths),
    assumptions: unique([
      judgement.idle.map((made) => reader.words.choice(made)),
      ...paths.map((path) => path.assumptions),
    ]),
    notModelled: unique([
      judgement.decisive.map((made) => reader.words.choice(made)),
      ...paths.map((path) => path.notModelled),
    ]),
    remarks: unique([options.remarks, ...paths.map((path) => path.remarks)]),
  };
}

/** The worst that happens to a reply, over all paths. */
function replyOf(paths: readonly Path[]): Trace['reply'] {
  const kinds = new Set<ReplyDisposition>(paths.map((path) => path.reply.disposition));
  const order = [
    'dropped',
    'rejected',
    'loop',
    'undetermined',
    'none',
    'exited',
    'delivered',
    'answered',
  ] as const;
  return {
    disposition: order.find((kind) => kinds.has(kind)) ?? 'none',
    code: paths.find((path) => path.reply.code !== null)?.reply.code ?? null,
  };
}

function overall(paths: readonly Path[]): Symptom {
  const kinds = new Map<string, { symptom: Symptom; share: number }>();
  for (const { symptom, share } of paths) {
    const known = kinds.get(symptom.kind);
    if (known) known.share += share;
    else kinds.set(symptom.kind, { symptom, share });
  }
  const sorted = [...kinds.values()].sort((a, b) => b.share - a.share);
  if (sorted.length === 1) return sorted[0]!.symptom;
  if (sorted.length === 0) return { kind: 'unknown', text: 'not known' };
  return {
    kind: 'mixed',
    text: sorted.map(({ symptom, share }) => `${(share * 100).toFixed(1)} %: ${symptom.text}`).join('; '),
  };
}

function unique(lists: readonly (readonly string[])[]): string[] {
  const texts = lists.flat();
  return texts.length < 2 ? texts : [...new Set(texts)];
}
