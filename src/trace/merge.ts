/** Branches that are one path to the reader: a name that stands for several addresses makes a branch for each, and those
 *  that end alike are one; and what a proxy would have chosen for its next leg makes no difference to a handshake that
 *  never came back. */
import type { Draft } from './branch.ts';
import { symptomOf } from './symptom.ts';

export interface Merged {
  readonly draft: Draft;
  share: number;
  /** Indexes of the request's targets by which this path is entered. */
  readonly via: number[];
}

/** Merges drafts that came in by different addresses and differ in nothing that matters to the reader. */
export function mergeByEntry(drafts: readonly Draft[]): Merged[] {
  const groups = new Map<string, Merged[]>();
  const all: Merged[] = [];
  for (const draft of [...drafts].sort((a, b) => a.via - b.via)) {
    const key = endingOf(draft);
    let group = groups.get(key);
    if (!group) {
      group = [];
      groups.set(key, group);
    }
    const unborn = draft.waiting >= 0;
    const partner = group.find((merged) => merged.via.includes(draft.via) === unborn);
    if (partner) {
      partner.share += draft.share;
      if (!unborn) partner.via.push(draft.via);
      continue;
    }
    const merged: Merged = { draft, share: draft.share, via: [draft.via] };
    group.push(merged);
    all.push(merged);
  }
  return all;
}

/** How a path ends, and by which of the choices that were open to it. */
function endingOf(draft: Draft): string {
  const picks: string[] = [];
  for (let made = draft.choices; made; made = made.previous)
    if (made.device !== draft.waiting) picks.push(`${made.choice}:${made.picked}/${made.count}`);
  return [
    draft.end.disposition,
    draft.end.drop,
    draft.leg.index,
    draft.end.dst,
    draft.end.dport,
    draft.replyDisposition,
    draft.replyDrop,
    symptomOf(draft).kind,
    ...picks,
  ].join(' ');
}
