/** Finds pods their nodes, one after another: the feasible node with the highest score. */
import { type Binding, type NodeVerdict, SHOWN_NODES } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import { nodeRanking, type Ranking } from './node-ranking.ts';
import { nodeSearch, reasonsAgainst } from './node-search.ts';
import { nodeViews } from './node-views.ts';
import type { OwnedPod } from './pod-owners.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { Refusals } from './refusals.ts';

const NOT_SHOWN: readonly NodeVerdict[] = [];

/** Binds a pod and places it. */
export function binder(state: ClusterState): (owned: OwnedPod) => Binding {
  const viewOf = nodeViews(state);
  const search = nodeSearch();
  const rank = nodeRanking(state);
  const refusals = new Refusals(state);
  const few = state.loads.length <= SHOWN_NODES;
  return (owned) => {
    const { pod } = owned;
    const view = viewOf(owned);
    const spread = view.spreadFilterOf?.(pod);
    const refused = refusals.again(pod, view, spread);
    if (refused) return refused;
    const found = search(view, spread);
    if (found.count === 0) return refusals.refuse(pod, view, spread);
    const { candidates, demands } = view.kinds.verdicts;
    const ranking = rank(view.kinds, found);
    const index = candidates[ranking.best]!;
    const binding: Binding = {
      pod,
      node: state.loads[index]!.node.name,
      because: found.count === 1 ? 'the only feasible node' : 'the highest score',
      nodes: few ? examined(candidates, reasonsAgainst(view, spread), ranking, state) : NOT_SHOWN,
    };
    state.place(pod, index, demands);
    return binding;
  };
}

/** The verdicts on all candidates. */
function examined(
  candidates: Int32Array,
  against: Int32Array,
  { verdictOf }: Ranking,
  { loads, reasons }: ClusterState,
): NodeVerdict[] {
  return Array.from(candidates, (index, position) =>
    against[position] === FEASIBLE
      ? verdictOf(position)
      : { node: loads[index]!.node.name, reasons: reasons.reasonsOf(against[position]!) },
  );
}
