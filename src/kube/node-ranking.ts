/** The feasible nodes of a pod by score, and which of them is the best. */
import type { NodeVerdict } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeKinds } from './node-kinds.ts';
import type { Found } from './node-search.ts';
import { balancedAllocation, leastAllocated, taintToleration, WEIGHTS } from './scheduler-scores.ts';

/** Nodes by their positions among the candidates. Valid until the next pod is ranked or placed. */
export interface Ranking {
  /** The one with the highest total; of several the first by name. */
  readonly best: number;
  /** Of a feasible node. Without scores where there is no choice. */
  readonly verdictOf: (position: number) => NodeVerdict;
}

const { TaintToleration: TAINTS, PodTopologySpread: SPREAD } = WEIGHTS;
const NO_REASONS: readonly string[] = [];

/** Ranks the feasible nodes of one pod after the other. */
export function nodeRanking({ loads }: ClusterState): (kinds: NodeKinds, found: Found) => Ranking {
  return (kinds, found) => {
    const { verdicts, spread, known } = kinds;
    const loadAt = (position: number): ClusterState['loads'][number] =>
      loads[verdicts.candidates[position]!]!;
    if (found.count === 1) {
      const verdictOf = (position: number): NodeVerdict => ({
        node: loadAt(position).node.name,
        reasons: NO_REASONS,
      });
      return { best: found.positions[0]!, verdictOf };
    }
    spread?.score(
      found.kinds.map((kind) => kinds.spreadClassOf(kind)),
      found.count - found.leftOut,
    );
    const most = Math.max(...found.kinds.map((kind) => kinds.softTaintsOf(kind)));
    const taintScore = (kind: number): number => taintToleration(kinds.softTaintsOf(kind), most);
    const spreadScore = (kind: number): number | undefined => spread?.scores[kinds.spreadClassOf(kind)];
    const totalOf = (kind: number): number =>
      kinds.resourceScoreOf(kind) + TAINTS * taintScore(kind) + SPREAD * (spreadScore(kind) ?? 0);
    let best = 0;
    let highest = -1;
    found.kinds.forEach((kind, i) => {
      const total = totalOf(kind);
      const position = found.positions[i]!;
      if (total < highest || (total === highest && position > best)) return;
      best = position;
      highest = total;
    });
    const verdictOf = (position: number): NodeVerdict => {
      const load = loadAt(position);
      const kind = known[position]!;
      const scores = {
        NodeResourcesFit: leastAllocated(load, verdicts.demands),
        NodeResourcesBalancedAllocation: balancedAllocation(load, verdicts.demands),
        TaintToleration: taintScore(kind),
        PodTopologySpread: spreadScore(kind),
      };
      return { node: load.node.name, reasons: NO_REASONS, scores, total: totalOf(kind) };
    };
    return { best, verdictOf };
  };
}
