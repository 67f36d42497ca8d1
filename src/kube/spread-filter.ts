/** The filter of pod topology spread: no domain may have more than maxSkew pods over the one with the least. */
import type { Pod } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import { DomainCounts } from './domain-counts.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { hardSpread, type SpreadConstraint, selectsPod } from './spread-constraints.ts';
import { countedNodes, domainsWithin } from './spread-eligible.ts';

const MISSING_LABEL = "node(s) didn't match pod topology spread constraints (missing required label)";
const SKEWED = "node(s) didn't match pod topology spread constraints";

/** Number of the reasons why a node is out, by node index. */
export type SpreadFilter = (index: number) => number;

interface Judged {
  readonly constraint: SpreadConstraint;
  /** Domain of each node. */
  readonly ids: Int32Array;
  readonly pods: DomainCounts;
}

/** Makes the filter of a pod, for pods that differ from `like` in name and labels alone. Undefined where they have no
 *  constraint. No node outside `candidates` may match their affinity. */
export function spreadFilters(
  like: Pod,
  candidates: Int32Array,
  state: ClusterState,
): ((pod: Pod) => SpreadFilter) | undefined {
  const constraints = hardSpread(like.spec);
  if (constraints.length === 0) return undefined;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const counted = countedNodes(like.spec, keys, candidates, state);
  const judged = constraints.map((constraint): Judged => {
    const { ids, count } = state.domainsOf(constraint.topologyKey);
    const nodes = state.selectedPods.nodesOf(like.metadata.namespace, constraint.selectors);
    return { constraint, ids, pods: new DomainCounts(nodes, domainsWithin(counted, ids), count) };
  });
  const missingLabel = state.reasons.numberOf([MISSING_LABEL]);
  const skewed = state.reasons.numberOf([SKEWED]);
  return (pod) => {
    const limits = judged.map(({ constraint, ids, pods }) => {
      pods.update();
      const self = selectsPod(constraint, pod) ? 1 : 0;
      return { ids, counts: pods.counts, most: pods.least + constraint.maxSkew - self };
    });
    return (index) => {
      for (const { ids, counts, most } of limits) {
        const domain = ids[index]!;
        if (domain < 0) return missingLabel;
        if (counts[domain]! > most) return skewed;
      }
      return FEASIBLE;
    };
  };
}
