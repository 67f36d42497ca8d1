/** The verdict of a trace: the round trip, over every branch, and what the unknowns could change. */
import type { ChoiceMade, Draft } from './branch.ts';
import type { Raw } from './engine.ts';
import type { Verdict } from './outcome.ts';
import { symptomOf } from './symptom.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1 | 3;
  /** Questions nobody can answer that the verdict depends on. */
  readonly decisive: readonly ChoiceMade[];
  /** Questions nobody can answer that change nothing. */
  readonly idle: readonly ChoiceMade[];
}

/** Whether a path's packet arrives and its reply too. */
export function succeeds(draft: Draft, expectsReply: boolean): boolean {
  const { disposition } = draft.end;
  if (disposition !== 'delivered' && disposition !== 'exited') return false;
  return !expectsReply || draft.replyDisposition === 'delivered' || draft.replyDisposition === 'exited';
}

export function judge(raw: Raw): Judgement {
  const { expectsReply } = raw.request;
  const real = raw.drafts.filter((draft) => !draft.hypothetical);
  const arrives = real.filter((draft) => succeeds(draft, expectsReply)).length;
  const { decisive, idle } = questions(raw);
  const unknown = real.some(
    (d) => d.end.disposition === 'undetermined' || d.replyDisposition === 'undetermined',
  );
  const anySucceeds = raw.drafts.some((draft) => succeeds(draft, expectsReply));

  let verdict: Verdict;
  if (unknown || (decisive.length > 0 && anySucceeds)) verdict = 'undetermined';
  else if (raw.unexploredShare > 0)
    verdict = arrives > 0 && arrives < real.length ? 'ambiguous' : 'undetermined';
  else if (arrives === 0) verdict = 'unreachable';
  else if (arrives < real.length) verdict = 'ambiguous';
  else verdict = expectsReply ? 'reachable' : 'one-way';
  const exitCode = verdict === 'reachable' || verdict === 'one-way' ? 0 : verdict === 'undetermined' ? 3 : 1;
  return { verdict, exitCode, decisive, idle };
}

/** Sorts the unknowns by whether their sides end differently (verdict or symptom). */
function questions(raw: Raw): { decisive: ChoiceMade[]; idle: ChoiceMade[] } {
  const sides = new Map<number, { made: ChoiceMade; shown: Set<string>; other: Set<string> }>();
  for (const draft of raw.drafts) {
    const ending = `${succeeds(draft, raw.request.expectsReply)} ${symptomOf(draft).kind}`;
    for (let made = draft.choices; made; made = made.previous) {
      if (made.question < 0) continue;
      let entry = sides.get(made.question);
      if (!entry) {
        entry = { made, shown: new Set(), other: new Set() };
        sides.set(made.question, entry);
      }
      (made.picked === 0 ? entry.shown : entry.other).add(ending);
    }
  }
  const decisive: ChoiceMade[] = [];
  const idle: ChoiceMade[] = [];
  for (const [, { made, shown, other }] of [...sides].sort(([a], [b]) => a - b)) {
    const same = shown.size === other.size && [...shown].every((ending) => other.has(ending));
    (same ? idle : decisive).push(made);
  }
  return { decisive, idle };
}
