/** Bindings of pods that no node takes. Pods are placed and never leave: where one found no room, the next like it finds
 *  none, and as long as nothing was placed in between for the same reasons. */
import type { Pod } from '../api/objects.ts';
import { type Binding, type NodeVerdict, SHOWN_NODES } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import { fitError, nodesByReason } from './fit-error.ts';
import { reasonsAgainst } from './node-search.ts';
import type { NodeView } from './node-views.ts';
import type { SpreadFilter } from './spread-filter.ts';

interface Refusal {
  readonly binding: Binding;
  /** How many pods were placed by then. */
  readonly placed: number;
}

export class Refusals {
  readonly #state: ClusterState;
  readonly #last = new WeakMap<NodeView, Refusal>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** The binding of a pod for which no search is needed, as one like it was refused. */
  again(pod: Pod, view: NodeView, spread: SpreadFilter | undefined): Binding | undefined {
    const last = this.#last.get(view);
    if (last === undefined) return undefined;
    if (last.placed === this.#state.placed && (!spread || haveSameLabels(last.binding.pod, pod)))
      return { ...last.binding, pod };
    // Where pods must be spread, one that is placed can make room elsewhere.
    return spread ? undefined : this.refuse(pod, view, spread);
  }

  /** After a search that found no node. */
  refuse(pod: Pod, view: NodeView, spread: SpreadFilter | undefined): Binding {
    const { loads, reasons, placed } = this.#state;
    const against = reasonsAgainst(view, spread);
    const binding: Binding = {
      pod,
      because: 'unschedulable',
      unschedulable: fitError(loads.length, nodesByReason(against, reasons)),
      nodes: loads.length > SHOWN_NODES ? [] : this.#rejected(view, against),
    };
    this.#last.set(view, { binding, placed });
    return binding;
  }

  #rejected({ kinds: { verdicts } }: NodeView, against: Int32Array): NodeVerdict[] {
    const { loads, reasons } = this.#state;
    return Array.from(verdicts.candidates, (index, position) => ({
      node: loads[index]!.node.name,
      reasons: reasons.reasonsOf(against[position]!),
    }));
  }
}

/** Constraints that select the pod itself count it. */
function haveSameLabels(a: Pod, b: Pod): boolean {
  return a.metadata.labels === b.metadata.labels;
}
