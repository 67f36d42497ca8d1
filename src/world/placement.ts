/** Stratum: from objects to bound pods. The controllers make the pods, the scheduler places them; what the topology
 *  pins is taken as it is. */
import type { Pod, Service, Workload } from '../api/objects.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { InstanceType, InstanceTypeLookup } from '../cni/instance-types.ts';
import { clusterOptions } from '../cni/max-pods/cluster-options.ts';
import { managedMaxPods, nodeadmMaxPods } from '../cni/max-pods.ts';
import { admission, type GroupsOf } from '../cni/security-group-policies.ts';
import { nodeCapacity } from '../kube/allocatable.ts';
import { runControllers } from '../kube/controllers.ts';
import { byName } from '../kube/order.ts';
import { type Binding, schedule } from '../kube/scheduler.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { PlannedNode } from './nodes.ts';
import type { NodeTrunk } from './trunks.ts';

export interface SizedNode extends PlannedNode {
  readonly allocatable: {
    readonly cpuMillis: number;
    readonly memoryBytes: number;
    readonly pods: number;
    /** Branch ENIs that its trunk takes. */
    readonly podEnis: number;
  };
  readonly zone: string;
}

/** What an instance type that no table knows is taken for: pods need some limit (kubelet's own default). */
const UNKNOWN_TYPE_MAX_PODS = 110;
const UNKNOWN_TYPE_VCPUS = 2;

/** Gives each node its size: maxPods as EKS sets it in node groups, and AL2023 on other nodes; what is left of CPU and
 *  memory. */
export function sizeNodes(
  nodes: readonly PlannedNode[],
  cluster: ClusterSpec,
  env: CniEnvironment,
  typeOf: InstanceTypeLookup,
  trunks: ReadonlyMap<string, NodeTrunk>,
): SizedNode[] {
  const options = clusterOptions(env, cluster.cni.version);
  const inGroups = once((type) => managedMaxPods(type, options));
  const byThemselves = once((type) => nodeadmMaxPods(type));
  return nodes.map((node) => {
    const type = typeOf(node.instanceType);
    const set = type && (node.group === undefined ? byThemselves(type) : inGroups(type));
    const { allocatable } = nodeCapacity({
      instanceType: node.instanceType,
      vcpus: type?.vcpus ?? UNKNOWN_TYPE_VCPUS,
      memoryMiB: type?.memoryMiB,
      eniMaxPods: set?.reservedFor ?? UNKNOWN_TYPE_MAX_PODS,
      maxPods: node.maxPods ?? set?.pods ?? UNKNOWN_TYPE_MAX_PODS,
    });
    const podEnis = trunks.get(node.name)?.branches ?? 0;
    return { ...node, allocatable: { ...allocatable, podEnis }, zone: node.subnet.az };
  });
}

/** Nodes of one type are alike, and there may be thousands. */
function once<T>(compute: (type: InstanceType) => T): (type: InstanceType) => T {
  const known = new Map<InstanceType, T>();
  return (type) => {
    const value = known.get(type) ?? compute(type);
    known.set(type, value);
    return value;
  };
}

export interface Placement {
  readonly bindings: readonly Binding[];
  readonly workloads: readonly Workload[];
}

export function placePods(
  objects: {
    readonly pods: readonly Pod[];
    readonly workloads: readonly Workload[];
    readonly services: readonly Service[];
  },
  nodes: readonly SizedNode[],
  cluster: ClusterSpec,
  groupsOf: GroupsOf,
): Placement {
  if (!cluster.controllers)
    return { bindings: asTheyAre(objects.pods, cluster), workloads: objects.workloads };
  const { replicaSets, pods } = runControllers({ workloads: objects.workloads, pods: objects.pods, nodes });
  const statefulSets = objects.workloads.filter(({ kind }) => kind === 'StatefulSet');
  const bindings = schedule({
    nodes,
    pods: pods.map(admission(groupsOf)),
    pinned: new Map(cluster.placements.map(({ pod, node }) => [pod, node])),
    services: objects.services,
    workloads: [...replicaSets, ...statefulSets],
  });
  return { bindings, workloads: objects.workloads };
}

/** Pods whose nodes are told, and pods that have none: nobody makes or moves any. */
function asTheyAre(pods: readonly Pod[], cluster: ClusterSpec): Binding[] {
  const placed = new Map(cluster.placements.map(({ pod, node }) => [pod, node]));
  const known = new Set(cluster.nodes.map(({ name }) => name));
  return [...pods].sort(byName).map((pod): Binding => {
    const wanted = placed.get(`${pod.metadata.namespace}/${pod.metadata.name}`) ?? pod.spec.nodeName;
    if (wanted !== undefined && known.has(wanted)) return { pod, node: wanted, because: 'pinned', nodes: [] };
    const unschedulable = wanted === undefined ? 'it has no node' : `there is no node ${wanted}`;
    return { pod, because: 'unschedulable', unschedulable, nodes: [] };
  });
}
