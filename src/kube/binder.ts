/** Finds pods their nodes, one after another: the feasible node with the highest score. */
import type { LabelSelector, Pod } from '../api/objects.ts';
import { type Binding, type NodeVerdict, SHOWN_NODES } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import { fitError, nodesByReason } from './fit-error.ts';
import { nodeRanking, type Ranking } from './node-ranking.ts';
import { nodeSearch, reasonsAgainst } from './node-search.ts';
import { type NodeView, nodeViews } from './node-views.ts';
import { FEASIBLE } from './reason-numbers.ts';

/** Binds a pod and places it. `ownerSelectors` are those of its Services and of its controller. */
export function binder(state: ClusterState): (pod: Pod, ownerSelectors: readonly LabelSelector[]) => Binding {
  const viewOf = nodeViews(state);
  const search = nodeSearch(state);
  const rank = nodeRanking(state);
  const { loads } = state;
  const few = loads.length <= SHOWN_NODES;
  let refusal: Refusal | undefined;
  return (pod, ownerSelectors) => {
    const view = viewOf(pod, ownerSelectors);
    if (refusal && holdsFor(pod, view, state, refusal)) return { ...refusal.binding, pod };
    const { candidates, demands } = view.verdicts;
    const spread = view.spreadFilterOf?.(pod);
    const feasible = search(view, spread);
    const ranking = rank(view, feasible);
    if (feasible.count === 0) {
      const against = reasonsAgainst(view, spread);
      const binding: Binding = {
        pod,
        because: 'unschedulable',
        unschedulable: fitError(loads.length, nodesByReason(against, state.reasons)),
        nodes: few ? examined(candidates, against, ranking, state) : [],
      };
      refusal = { view, placed: state.placed, binding };
      return binding;
    }
    const index = feasible.nodes[ranking.best]!;
    const binding: Binding = {
      pod,
      node: loads[index]!.node.name,
      because: feasible.count === 1 ? 'the only feasible node' : 'the highest score',
      nodes: few
        ? examined(candidates, reasonsAgainst(view, spread), ranking, state)
        : [ranking.verdictOf(ranking.best)],
    };
    state.place(pod, index, demands);
    return binding;
  };
}

/** What was said of the last pod that got no node. */
interface Refusal {
  readonly view: NodeView;
  /** How many pods were placed by then. */
  readonly placed: number;
  readonly binding: Binding;
}

/** Pods of one template that follow each other are refused alike. */
function holdsFor(
  pod: Pod,
  view: NodeView,
  state: ClusterState,
  { placed, binding, ...last }: Refusal,
): boolean {
  return (
    last.view === view &&
    placed === state.placed &&
    // The filter of topology spread asks whether the pod would count itself.
    (view.spreadFilterOf === undefined || binding.pod.metadata.labels === pod.metadata.labels)
  );
}

/** The verdicts on all candidates. Where none is left out they were found in their order. */
function examined(
  candidates: Int32Array,
  against: Int32Array,
  { verdictOf }: Ranking,
  { loads, reasons }: ClusterState,
): NodeVerdict[] {
  let entry = 0;
  return Array.from(candidates, (index, position) =>
    against[position] === FEASIBLE
      ? verdictOf(entry++)
      : { node: loads[index]!.node.name, reasons: reasons.reasonsOf(against[position]!) },
  );
}
