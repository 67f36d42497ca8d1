/** Which nodes a pod fits on. Large clusters are searched only until enough are found, each time from where the last
 *  search ended (schedule_one findNodesThatPassFilters). */
import type { ClusterState } from './cluster-state.ts';
import type { NodeVerdicts } from './node-verdicts.ts';
import type { NodeView } from './node-views.ts';
import { FEASIBLE } from './reason-numbers.ts';
import type { SpreadFilter } from './spread-filter.ts';

/** Below this many nodes every one is examined, and 100 feasible ones are always looked for (schedule_one
 *  minFeasibleNodesToFind). */
const ALWAYS_EXAMINED = 100;

/** Feasible nodes in the order in which they were found; the lists are longer, and used again by the next search. */
export interface Feasible {
  readonly count: number;
  /** Positions among the candidates of the view. */
  readonly positions: Int32Array;
  readonly nodes: Int32Array;
}

/** Searches for one pod after the other. */
export function nodeSearch(
  state: ClusterState,
): (view: NodeView, spread: SpreadFilter | undefined) => Feasible {
  const positions = new Int32Array(state.loads.length);
  const nodes = new Int32Array(state.loads.length);
  let next = 0;
  return ({ verdicts, named }, spread) => {
    const { candidates } = verdicts;
    const enough = feasibleToFind(candidates.length);
    let position = next % Math.max(1, candidates.length);
    let count = 0;
    for (let examined = 0; examined < candidates.length && count < enough; examined++) {
      if (reasonsAt(verdicts, spread, position) === FEASIBLE) {
        positions[count] = position;
        nodes[count++] = candidates[position]!;
      }
      if (++position === candidates.length) position = 0;
    }
    if (!named) next = position;
    return { count, positions, nodes };
  };
}

/** The reasons against each candidate of the view, by number. */
export function reasonsAgainst({ verdicts }: NodeView, spread: SpreadFilter | undefined): Int32Array {
  return verdicts.candidates.map((_, position) => reasonsAt(verdicts, spread, position));
}

function reasonsAt(verdicts: NodeVerdicts, spread: SpreadFilter | undefined, position: number): number {
  const reasons = verdicts.reasonsAt(position);
  return spread && reasons === FEASIBLE ? spread(verdicts.candidates[position]!) : reasons;
}

function feasibleToFind(nodes: number): number {
  if (nodes < ALWAYS_EXAMINED) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(ALWAYS_EXAMINED, Math.floor((nodes * percent) / 100));
}
