/** The feasible nodes of a pod by score, and which of them is the best. */
import type { NodeVerdict } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Feasible } from './node-search.ts';
import type { NodeView } from './node-views.ts';
import { balancedAllocation, leastAllocated, taintToleration, WEIGHTS } from './scheduler-scores.ts';

/** Valid until the next pod is ranked or placed. Entries are those of `Feasible`. */
export interface Ranking {
  /** The entry with the highest total; of several the first node by name. */
  readonly best: number;
  /** Without scores where there is no choice. */
  readonly verdictOf: (entry: number) => NodeVerdict;
}

const { TaintToleration: TAINTS, PodTopologySpread: SPREAD } = WEIGHTS;
const NO_REASONS: readonly string[] = [];

/** Ranks the feasible nodes of one pod after the other. */
export function nodeRanking(state: ClusterState): (view: NodeView, feasible: Feasible) => Ranking {
  const taints = new Int32Array(state.loads.length).fill(100);
  const spread = new Float64Array(state.loads.length);
  return (view, { count, positions, nodes }) => {
    const { verdicts } = view;
    const spreadScoring = count > 1 ? view.spreadScoring() : undefined;
    const { resourceScores } = verdicts;
    if (state.hasSoftTaints) {
      let most = 0;
      for (let i = 0; i < count; i++) {
        taints[i] = verdicts.softTaintsAt(positions[i]!);
        most = Math.max(most, taints[i]!);
      }
      for (let i = 0; i < count; i++) taints[i] = taintToleration(taints[i]!, most);
    }
    if (spreadScoring) spreadScoring(spread, nodes, count);
    else spread.fill(0, 0, count);
    const totals = { resourceScores, positions, taints, spread };
    const best = bestOf(totals, nodes, count);
    const verdictOf = (entry: number): NodeVerdict => {
      const load = state.loads[nodes[entry]!]!;
      const node = load.node.name;
      if (count === 1) return { node, reasons: NO_REASONS };
      const scores = {
        NodeResourcesFit: leastAllocated(load, verdicts.demands),
        NodeResourcesBalancedAllocation: balancedAllocation(load, verdicts.demands),
        TaintToleration: taints[entry],
        PodTopologySpread: spreadScoring ? spread[entry] : undefined,
      };
      return { node, reasons: NO_REASONS, scores, total: totalOf(totals, entry) };
    };
    return { best, verdictOf };
  };
}

interface Parts {
  /** By position. */
  readonly resourceScores: Int16Array;
  readonly positions: Int32Array;
  readonly taints: Int32Array;
  readonly spread: Float64Array;
}

function totalOf({ resourceScores, positions, taints, spread }: Parts, entry: number): number {
  return resourceScores[positions[entry]!]! + TAINTS * taints[entry]! + SPREAD * spread[entry]!;
}

function bestOf(parts: Parts, nodes: Int32Array, count: number): number {
  let best = 0;
  let highest = -1;
  for (let i = 0; i < count; i++) {
    const total = totalOf(parts, i);
    if (total < highest || (total === highest && nodes[i]! > nodes[best]!)) continue;
    best = i;
    highest = total;
  }
  return best;
}
