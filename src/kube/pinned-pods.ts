/** Pods whose node is given: the scheduler passes them over, the kubelet takes them or not. */
import { POD_ENI_RESOURCE, type Pod } from '../api/objects.ts';
import { type Binding, SHOWN_NODES } from './binding.ts';
import type { ClusterState } from './cluster-state.ts';
import { fitError } from './fit-error.ts';
import { portsTaken } from './host-ports.ts';
import { demandsOf } from './pod-demands.ts';
import { NO_FREE_PORTS } from './scheduler-filters.ts';

/** Places the pod on the node of that name, if it can. */
export function pin(pod: Pod, node: string, state: ClusterState): Binding {
  const index = state.indexOf(node);
  if (index === undefined) return unknownNode(pod, state);
  const demands = demandsOf(pod.spec);
  const load = state.loads[index]!;
  if (portsTaken(demands.hostPorts, load.hostPorts))
    return refused(pod, node, NO_FREE_PORTS, `Predicate NodePorts failed: ${NO_FREE_PORTS}`);
  const { podEnis } = demands.requested;
  const capacity = load.node.allocatable.podEnis ?? 0;
  // Of what the node does not have at all the kubelet says nothing (removeMissingExtendedResources).
  if (capacity > 0 && podEnis > 0 && load.podEnis + podEnis > capacity)
    return refused(
      pod,
      node,
      `Insufficient ${POD_ENI_RESOURCE}`,
      `Node didn't have enough resource: ${POD_ENI_RESOURCE}, requested: ${podEnis}, used: ${load.podEnis}, capacity: ${capacity}`,
    );
  state.place(pod, index, demands);
  return { pod, node, because: 'pinned', nodes: [] };
}

/** The kubelet looks again at what the scheduler did not (GeneralPredicates): such a pod is Failed. */
function refused(pod: Pod, node: string, reason: string, message: string): Binding {
  return {
    pod,
    because: 'unschedulable',
    unschedulable: `Pod was rejected: ${message}`,
    nodes: [{ node, reasons: [reason] }],
  };
}

/** A pod whose nodeName names no node stays Pending. */
function unknownNode(pod: Pod, { loads }: ClusterState): Binding {
  const reason = "node(s) didn't match the requested node name";
  return {
    pod,
    because: 'unschedulable',
    unschedulable: fitError(loads.length, new Map([[reason, loads.length]])),
    nodes:
      loads.length <= SHOWN_NODES ? loads.map(({ node }) => ({ node: node.name, reasons: [reason] })) : [],
  };
}
