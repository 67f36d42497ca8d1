/** Branches that are one path to the reader: a name that stands for several addresses makes a branch for each, and those
 *  that end alike are one; and what a proxy would have chosen for its next leg makes no difference to a handshake that
 *  never came back. */
import type { Draft, Leg } from './branch.ts';
import type { Raw } from './engine.ts';
import { HOP_DEVICE, HOP_PREVIOUS } from './recorder.ts';
import { symptomOf } from './symptom.ts';

export interface Merged {
  readonly draft: Draft;
  share: number;
  /** Indexes of the request's targets by which this path is entered. */
  readonly via: number[];
}

/** Merges drafts that came in by different addresses and differ in nothing that matters to the reader. */
export function mergeByEntry(raw: Raw, drafts: readonly Draft[]): Merged[] {
  const groups = new Map<string, Merged[]>();
  const all: Merged[] = [];
  for (const draft of [...drafts].sort((a, b) => a.via - b.via)) {
    const key = endingOf(raw, draft);
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

/** How a path ends, by which of the choices that were open to it, and past which devices: the ways in do not count, nor
 *  does the fabric between them. */
function endingOf(raw: Raw, draft: Draft): string {
  const { end, leg } = draft;
  const { devices } = raw.network;
  const { data } = raw.recorder;
  const parts: (string | number)[] = [
    end.disposition,
    end.drop,
    draft.replyDisposition,
    draft.replyDrop,
    symptomOf(draft).kind,
  ];
  if (!devices[end.device]?.entry) parts.push(end.dst, end.dport);
  for (let made = draft.choices; made; made = made.previous)
    if (made.device !== draft.waiting) parts.push(`${made.choice}:${made.picked}/${made.count}`);
  for (let one: Leg | undefined = leg; one; one = one.previous)
    for (let hop = one.forwardTail; hop >= 0; hop = data[hop + HOP_PREVIOUS]!) {
      const device = devices[data[hop + HOP_DEVICE]!]!;
      if (!device.fabric && !device.entry) parts.push(device.index);
    }
  return parts.join(' ');
}
