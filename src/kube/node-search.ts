/** Which nodes a pod fits on. Large clusters are searched only until enough are found, each time from where the last
 *  search ended (schedule_one findNodesThatPassFilters). */
import { OUT, UNKNOWN } from './node-kinds.ts';
import type { NodeView } from './node-views.ts';
import { FEASIBLE } from './reason-numbers.ts';
import type { SpreadFilter } from './spread-filter.ts';

/** Below this many nodes every one is examined, and 100 feasible ones are always looked for (schedule_one
 *  minFeasibleNodesToFind). */
const ALWAYS_EXAMINED = 100;

/** The feasible nodes that were found, valid until the next search. */
export interface Found {
  readonly count: number;
  /** How many of them spreading leaves out of its scores. */
  readonly leftOut: number;
  /** Their kinds, and of each the position of the first such node by name. A kind may be in here twice. */
  readonly kinds: readonly number[];
  readonly positions: readonly number[];
}

/** Searches for one pod after the other. */
export function nodeSearch(): (view: NodeView, spread: SpreadFilter | undefined) => Found {
  let next = 0;
  /** By kind: in which round over the nodes it was met last. */
  let metIn = new Int32Array(0);
  let round = 0;
  return ({ kinds, named }, spread) => {
    kinds.update();
    if (metIn.length < kinds.end) metIn = new Int32Array(2 * kinds.end);
    const { known, verdicts, isLeftOut } = kinds;
    const { length } = known;
    const enough = feasibleToFind(length);
    const met: number[] = [];
    const positions: number[] = [];
    let count = 0;
    let leftOut = 0;
    let position = next % Math.max(1, length);
    round++;
    for (let examined = 0; examined < length && count < enough; examined++) {
      let kind = known[position]!;
      if (kind === UNKNOWN) kind = kinds.look(position);
      if (kind !== OUT && (!spread || spread(verdicts.candidates[position]!) === FEASIBLE)) {
        count++;
        if (isLeftOut?.(kind)) leftOut++;
        if (metIn[kind] !== round) {
          metIn[kind] = round;
          met.push(kind);
          positions.push(position);
        }
      }
      if (++position < length) continue;
      position = 0;
      // What is met again from here on comes before it by name.
      round++;
    }
    if (!named) next = position;
    return { count, leftOut, kinds: met, positions };
  };
}

/** The reasons against each candidate of the view, by number. */
export function reasonsAgainst(
  { kinds: { verdicts } }: NodeView,
  spread: SpreadFilter | undefined,
): Int32Array {
  verdicts.update();
  return verdicts.candidates.map((index, position) => {
    const reasons = verdicts.reasonsAt(position);
    return spread && reasons === FEASIBLE ? spread(index) : reasons;
  });
}

function feasibleToFind(nodes: number): number {
  if (nodes < ALWAYS_EXAMINED) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(ALWAYS_EXAMINED, Math.floor((nodes * percent) / 100));
}
