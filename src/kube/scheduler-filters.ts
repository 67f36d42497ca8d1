/** The filter plugins of kube-scheduler, in its order: the first that refuses a node says why, in Kubernetes' words.
 *  Not modelled: volumes, inter-pod affinity, dynamic resources, extended resources. */
import type { ContainerPort, Pod } from '../api/objects.ts';
import { type ClusterState, hostPortsOf, type NodeLoad } from './cluster-state.ts';
import { matchesNode } from './node-affinity.ts';
import { requested } from './pod-resources.ts';
import { HARD_EFFECTS, untolerated } from './taints.ts';
import { spreadFilter } from './topology-spread.ts';

/** The reasons why a node is out, none where it is feasible. */
export type NodeFilter = (load: NodeLoad) => readonly string[];

const FEASIBLE: readonly string[] = [];

const CORDON = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' } as const;

/** All filters for one pod; what depends on the pod alone is computed once. */
export function filterFor(pod: Pod, state: ClusterState): NodeFilter {
  const { spec } = pod;
  const { cpuMillis, memoryBytes } = requested(spec);
  const ports = hostPortsOf(pod);
  const spread = spreadFilter(pod, state);
  return (load) => {
    const { node } = load;
    if (node.unschedulable && untolerated([CORDON], spec.tolerations, HARD_EFFECTS))
      return ['node(s) were unschedulable'];
    const taint = untolerated(node.taints, spec.tolerations, HARD_EFFECTS);
    if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value}}`];
    if (!matchesNode(spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
    if (portsTaken(ports, load)) return [NO_FREE_PORTS];
    const { allocatable } = node;
    const short: string[] = [];
    if (load.pods + 1 > allocatable.pods) short.push('Too many pods');
    if (cpuMillis > 0 && load.cpuMillis + cpuMillis > allocatable.cpuMillis) short.push('Insufficient cpu');
    if (memoryBytes > 0 && load.memoryBytes + memoryBytes > allocatable.memoryBytes)
      short.push('Insufficient memory');
    if (short.length > 0) return short;
    switch (spread?.(load)) {
      case 'missing label':
        return ["node(s) didn't match pod topology spread constraints (missing required label)"];
      case 'skewed':
        return ["node(s) didn't match pod topology spread constraints"];
      default:
        return FEASIBLE;
    }
  };
}

export const NO_FREE_PORTS = "node(s) didn't have free ports for the requested pod ports";

/** Whether another pod of the node has one of the ports. */
export function portsTaken(ports: readonly ContainerPort[], load: NodeLoad): boolean {
  return ports.some((port) => load.hostPorts.some((other) => clashes(port, other)));
}

const ANY_ADDRESS = '0.0.0.0';

/** Same protocol and port, and the same address or any on either side. */
function clashes(a: ContainerPort, b: ContainerPort): boolean {
  const x = a.hostIP || ANY_ADDRESS;
  const y = b.hostIP || ANY_ADDRESS;
  return (
    a.hostPort === b.hostPort &&
    a.protocol === b.protocol &&
    (x === y || x === ANY_ADDRESS || y === ANY_ADDRESS)
  );
}
