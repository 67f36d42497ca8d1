/** How the nodes look to pods of one signature: pods of a template are alike to the scheduler, so that what it found
 *  out about nodes for one of them holds for the next (KEP-5598 has the word). */
import type { LabelSelector, Pod, PodSpec } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import { namedNodes } from './node-affinity.ts';
import { NodeVerdicts } from './node-verdicts.ts';
import { demandsOf } from './pod-demands.ts';
import { Recent } from './recent.ts';
import { type SpreadFilter, spreadFilters } from './spread-filter.ts';
import { type SpreadScoring, spreadScoring } from './spread-scores.ts';

export interface NodeView {
  readonly verdicts: NodeVerdicts;
  /** The pods name the only nodes worth looking at. */
  readonly named: boolean;
  readonly spreadFilterOf: ((pod: Pod) => SpreadFilter) | undefined;
  readonly spreadScoring: SpreadScoring | undefined;
}

/** How many views are kept, times the number of nodes: each takes some dozen bytes for a node. */
const KEPT = 4_000_000;
const LEAST_KEPT = 16;

/** Looks up the view of a pod; `ownerSelectors` are those of its Services and of its controller. */
export function nodeViews(
  state: ClusterState,
): (pod: Pod, ownerSelectors: readonly LabelSelector[]) => NodeView {
  const capacity = Math.max(LEAST_KEPT, Math.floor(KEPT / Math.max(1, state.loads.length)));
  const views = new Recent<NodeView>(capacity);
  const verdictsByDemands = new Recent<NodeVerdicts>(capacity);

  const viewOf = (pod: Pod, ownerSelectors: readonly LabelSelector[]): NodeView => {
    const { spec, metadata } = pod;
    const demands = demandsOf(spec);
    const named = namedNodes(spec);
    const made = (verdicts: NodeVerdicts): NodeView => ({
      verdicts,
      named: named !== undefined,
      spreadFilterOf: spreadFilters(pod, verdicts.candidates, state),
      spreadScoring: spreadScoring(pod, ownerSelectors, verdicts.candidates, state),
    });
    // Each pod of a DaemonSet names another node: such views are small and not used again.
    if (named) return made(new NodeVerdicts(spec, demands, indexesOf(named, state), state));
    const { nodeSelector, requiredNodeTerms, tolerations } = spec;
    const signature = JSON.stringify([demands, nodeSelector, requiredNodeTerms, tolerations]);
    const spread = [metadata.namespace, spec.topologySpreadConstraints, ownerSelectors];
    return views.get(`${signature}${JSON.stringify(spread)}`, () =>
      made(verdictsByDemands.get(signature, () => new NodeVerdicts(spec, demands, state.everyNode, state))),
    );
  };

  let last:
    | { spec: PodSpec; namespace: string; owners: readonly LabelSelector[]; view: NodeView }
    | undefined;
  return (pod, owners) => {
    const { spec } = pod;
    const { namespace } = pod.metadata;
    if (last?.spec !== spec || last.namespace !== namespace || last.owners !== owners)
      last = { spec, namespace, owners, view: viewOf(pod, owners) };
    return last.view;
  };
}

function indexesOf(names: ReadonlySet<string>, state: ClusterState): Int32Array {
  const indexes = [...names].map((name) => state.indexOf(name)).filter((index) => index !== undefined);
  return Int32Array.from(indexes).sort();
}
