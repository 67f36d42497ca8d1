/** How the nodes look to pods of one signature: pods of a template are alike to the scheduler, so that what it found
 *  out about nodes for one of them holds for the next (KEP-5598 has the word). */
import type { Pod } from '../api/objects.ts';
import { sharesAll } from './alike.ts';
import type { ClusterState } from './cluster-state.ts';
import { namedNodes } from './node-affinity.ts';
import { NodeKinds } from './node-kinds.ts';
import { NodeVerdicts } from './node-verdicts.ts';
import { demandsOf } from './pod-demands.ts';
import type { OwnedPod } from './pod-owners.ts';
import { Recent } from './recent.ts';
import { type SpreadFilter, spreadFilters } from './spread-filter.ts';
import { spreadScoring } from './spread-scores.ts';

export interface NodeView {
  readonly kinds: NodeKinds;
  /** The pods name the only nodes worth looking at. */
  readonly named: boolean;
  readonly spreadFilterOf: ((pod: Pod) => SpreadFilter) | undefined;
}

/** How many views are kept, times the number of nodes: each takes some dozen bytes for a node. */
const KEPT = 4_000_000;
const LEAST_KEPT = 16;

/** Looks up the view of a pod. */
export function nodeViews(state: ClusterState): (owned: OwnedPod) => NodeView {
  const capacity = Math.max(LEAST_KEPT, Math.floor(KEPT / Math.max(1, state.loads.length)));
  const views = new Recent<NodeView>(capacity);
  const verdictsByDemands = new Recent<NodeVerdicts>(capacity);

  const viewOf = ({ pod, owners }: OwnedPod): NodeView => {
    const { spec, metadata } = pod;
    const demands = demandsOf(spec);
    const named = namedNodes(spec);
    const made = (verdicts: NodeVerdicts): NodeView => {
      const { candidates } = verdicts;
      // Where there is no choice nothing is scored.
      const spread = candidates.length > 1 ? spreadScoring(pod, owners, candidates, state) : undefined;
      return {
        kinds: new NodeKinds(verdicts, spread, state),
        named: named !== undefined,
        spreadFilterOf: spreadFilters(pod, candidates, state),
      };
    };
    // Each pod of a DaemonSet names another node: such views are small and not used again.
    if (named) return made(new NodeVerdicts(spec, demands, indexesOf(named, state), state));
    const { nodeSelector, requiredNodeTerms, tolerations } = spec;
    const signature = JSON.stringify([demands, nodeSelector, requiredNodeTerms, tolerations]);
    const spread = [metadata.namespace, spec.topologySpreadConstraints, owners];
    return views.get(`${signature}${JSON.stringify(spread)}`, () =>
      made(verdictsByDemands.get(signature, () => new NodeVerdicts(spec, demands, state.everyNode, state))),
    );
  };

  let last: { readonly owned: OwnedPod; readonly view: NodeView } | undefined;
  return (owned) => {
    if (last === undefined || !sharesAll(last.owned, owned)) last = { owned, view: viewOf(owned) };
    return last.view;
  };
}

function indexesOf(names: ReadonlySet<string>, state: ClusterState): Int32Array {
  const indexes = [...names].map((name) => state.indexOf(name)).filter((index) => index !== undefined);
  return Int32Array.from(indexes).sort();
}
