/** The filter plugins of kube-scheduler, in its order: the first that refuses a node says why, in Kubernetes' words.
 *  Topology spread, the last, is in spread-filter.ts. Not modelled: volumes, inter-pod affinity, dynamic resources,
 *  extended resources but branch ENIs. */
import { POD_ENI_RESOURCE, type PodSpec } from '../api/objects.ts';
import type { NodeLoad, SchedulableNode } from './cluster-state.ts';
import { portsTaken } from './host-ports.ts';
import { matchesNode } from './node-affinity.ts';
import type { PodDemands } from './pod-demands.ts';
import { HARD_EFFECTS, untolerated } from './taints.ts';

const CORDON = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' } as const;

/** Why a pod of this spec may never go to the node, whatever runs there. */
export function refusal(spec: PodSpec, node: SchedulableNode): string | undefined {
  if (node.unschedulable && untolerated([CORDON], spec.tolerations, HARD_EFFECTS))
    return 'node(s) were unschedulable';
  const taint = untolerated(node.taints, spec.tolerations, HARD_EFFECTS);
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value}}`;
  if (!matchesNode(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  return undefined;
}

export const NO_FREE_PORTS = "node(s) didn't have free ports for the requested pod ports";

const NOTHING: readonly string[] = [];

/** What the node is short of now, nothing where the pod fits. */
export function shortages({ hostPorts, requested }: PodDemands, load: NodeLoad): readonly string[] {
  if (portsTaken(hostPorts, load.hostPorts)) return [NO_FREE_PORTS];
  const { allocatable } = load.node;
  const { cpuMillis, memoryBytes, podEnis } = requested;
  let short = NOTHING;
  if (load.pods + 1 > allocatable.pods) short = ['Too many pods'];
  if (cpuMillis > 0 && load.cpuMillis + cpuMillis > allocatable.cpuMillis)
    short = [...short, 'Insufficient cpu'];
  if (memoryBytes > 0 && load.memoryBytes + memoryBytes > allocatable.memoryBytes)
    short = [...short, 'Insufficient memory'];
  if (podEnis > 0 && load.podEnis + podEnis > (allocatable.podEnis ?? 0))
    short = [...short, `Insufficient ${POD_ENI_RESOURCE}`];
  return short;
}
