/** Finds pods their nodes, one after another: the feasible node with the highest score. */
import { type Binding, NOT_SHOWN, type NodeVerdict, SHOWN_NODES } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import { type Ranking, rank, scored } from './node-ranking.ts';
import { type Found, nodeSearch, reasonsAgainst } from './node-search.ts';
import { type NodeView, nodeViews } from './node-views.ts';
import type { OwnedPod } from './pod-owners.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { Refusals } from './refusals.ts';
import type { SpreadFilter } from './spread-filter.ts';

const NO_REASONS: readonly string[] = [];

/** Binds a pod and places it. */
export function binder(state: ClusterState): (owned: OwnedPod) => Binding {
  const viewOf = nodeViews(state);
  const search = nodeSearch();
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
    const ranking = rank(view.kinds, found);
    const { candidates, demands } = view.kinds.verdicts;
    const index = candidates[ranking.best]!;
    const binding: Binding = {
      pod,
      node: state.loads[index]!.node.name,
      because: found.count === 1 ? 'the only feasible node' : 'the highest score',
      nodes: few ? examined(view, spread, found, ranking, state) : NOT_SHOWN,
    };
    state.place(pod, index, demands);
    return binding;
  };
}

/** The verdicts on all candidates. Where there is no choice nothing is scored. */
function examined(
  view: NodeView,
  spread: SpreadFilter | undefined,
  { count }: Found,
  ranking: Ranking,
  { loads, reasons }: ClusterState,
): NodeVerdict[] {
  const against = reasonsAgainst(view, spread);
  return Array.from(view.kinds.verdicts.candidates, (index, position) => {
    const load = loads[index]!;
    if (against[position] !== FEASIBLE)
      return { node: load.node.name, reasons: reasons.reasonsOf(against[position]!) };
    return count === 1
      ? { node: load.node.name, reasons: NO_REASONS }
      : scored(view.kinds, ranking, position, load);
  });
}
