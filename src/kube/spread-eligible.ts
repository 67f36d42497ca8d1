/** Which nodes pod topology spread counts pods on: those that the pod's affinity admits and that have the labels of all
 *  constraints. Taints take none out (the defaults of nodeAffinityPolicy and nodeTaintsPolicy). */
import type { PodSpec } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import { matchesNode } from './node-affinity.ts';

/** 1 or 0 by node index. */
export type NodeSet = Uint8Array;

/** No node outside `candidates` may match the affinity. */
export function countedNodes(
  spec: PodSpec,
  topologyKeys: readonly string[],
  candidates: Int32Array,
  state: ClusterState,
): NodeSet {
  const counted = new Uint8Array(state.loads.length);
  const labelled = nodesWithLabels(topologyKeys, state);
  for (const index of candidates)
    if (labelled[index] && matchesNode(spec, state.loads[index]!.node)) counted[index] = 1;
  return counted;
}

export function nodesWithLabels(topologyKeys: readonly string[], state: ClusterState): NodeSet {
  const domains = topologyKeys.map((key) => state.domainsOf(key).ids);
  return Uint8Array.from(state.loads, (_, index) => (domains.every((ids) => ids[index]! >= 0) ? 1 : 0));
}

/** The domains of the nodes of a set, -1 for the others. */
export function domainsWithin(nodes: NodeSet, ids: Int32Array): Int32Array {
  return ids.map((id, index) => (nodes[index] ? id : -1));
}
