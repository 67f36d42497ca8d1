/** The feasible nodes of a pod by score, and which of them is the best. */
import type { NodeVerdict } from './binding.ts';
import type { NodeLoad } from './cluster-state.ts';
import type { NodeKinds } from './node-kinds.ts';
import type { Found } from './node-search.ts';
import { balancedAllocation, leastAllocated, taintToleration, WEIGHTS } from './scheduler-scores.ts';

export interface Ranking {
  /** Position, among the candidates, of the node with the highest total; of several the first by name. */
  readonly best: number;
  /** Soft taints of a feasible node, at most. */
  readonly mostTaints: number;
}

const { TaintToleration: TAINTS, PodTopologySpread: SPREAD } = WEIGHTS;
const NO_REASONS: readonly string[] = [];

/** Ranks what was found for a pod. Where there is a choice, the scores of spreading are those of this pod from now on. */
export function rank(kinds: NodeKinds, { count, leftOut, kinds: met, positions }: Found): Ranking {
  if (count === 1) return { best: positions[0]!, mostTaints: 0 };
  kinds.spread?.score(
    met.map((kind) => kinds.spreadClassOf(kind)),
    count - leftOut,
  );
  let mostTaints = 0;
  for (const kind of met) mostTaints = Math.max(mostTaints, kinds.softTaintsOf(kind));
  let best = 0;
  let highest = -1;
  for (let i = 0; i < met.length; i++) {
    const total = totalOf(kinds, met[i]!, mostTaints);
    const position = positions[i]!;
    if (total < highest || (total === highest && position > best)) continue;
    best = position;
    highest = total;
  }
  return { best, mostTaints };
}

/** The scores of one of several feasible nodes, for the pod that was ranked last. */
export function scored(
  kinds: NodeKinds,
  { mostTaints }: Ranking,
  position: number,
  load: NodeLoad,
): NodeVerdict {
  const { demands } = kinds.verdicts;
  const kind = kinds.known[position]!;
  const scores = {
    NodeResourcesFit: leastAllocated(load, demands),
    NodeResourcesBalancedAllocation: balancedAllocation(load, demands),
    TaintToleration: taintToleration(kinds.softTaintsOf(kind), mostTaints),
    PodTopologySpread: kinds.spread?.scores[kinds.spreadClassOf(kind)],
  };
  return { node: load.node.name, reasons: NO_REASONS, scores, total: totalOf(kinds, kind, mostTaints) };
}

function totalOf(kinds: NodeKinds, kind: number, mostTaints: number): number {
  const { spread } = kinds;
  return (
    kinds.resourceScoreOf(kind) +
    TAINTS * taintToleration(kinds.softTaintsOf(kind), mostTaints) +
    SPREAD * (spread ? spread.scores[kinds.spreadClassOf(kind)]! : 0)
  );
}
