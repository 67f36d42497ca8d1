/** The nodes of a cluster with the pods on each: what stands there today, and what would after a change. Nodes and pods
 *  are the world's own; where more pods go the scheduler says, with all others pinned where they are. */
import type { Pod, Service, Workload } from '../../api/objects.ts';
import type { CniEnvironment } from '../../cni/environment.ts';
import { type InstanceTypeLookup, instanceTypesWith } from '../../cni/instance-types.ts';
import { poolShape } from '../../cni/pool-shape.ts';
import { admission, podGroups, wantsBranch } from '../../cni/security-group-policies.ts';
import { daemonPods } from '../../kube/daemon-sets.ts';
import { replicaSetsOf } from '../../kube/deployments.ts';
import { type Binding, scheduleMore } from '../../kube/scheduler.ts';
import type { ClusterSpec, NodeGroupSpec } from '../../world/cluster-spec.ts';
import { type PlannedNode, plannedNode } from '../../world/nodes.ts';
import { type SizedNode, sizeNodes } from '../../world/placement.ts';
import type { ClusterPlan } from '../../world/sites.ts';
import type { Topology } from '../../world/topology.ts';
import type { SubnetSpec, VpcSpec } from '../../world/vpc-spec.ts';
import { fillEvenly } from './even-fill.ts';
import { type Held, heldToday } from './held.ts';

export interface Member {
  readonly node: SizedNode;
  readonly pods: readonly Pod[];
  /** What its ENIs hold today; undefined for a node that is not there yet. */
  readonly held: Held | undefined;
}

/** What does not change as pods and nodes come and go. */
export interface Surroundings {
  readonly spec: ClusterSpec;
  readonly vpc: VpcSpec;
  readonly env: CniEnvironment;
  readonly typeOf: InstanceTypeLookup;
  /** What the admission webhook of security groups for pods makes of a new pod. */
  readonly admit: (pod: Pod) => Pod;
  readonly services: readonly Service[];
  readonly daemonSets: readonly Workload[];
  /** Where the further ENIs of new nodes stand, by the node's subnet, where that is another one. */
  readonly podSubnets: ReadonlyMap<string, string>;
  /** ReplicaSets, those of Deployments too, and StatefulSets. */
  readonly replicated: readonly Workload[];
}

export interface Fleet {
  readonly around: Surroundings;
  /** By name of the node. */
  readonly members: ReadonlyMap<string, Member>;
}

export interface Placed {
  readonly fleet: Fleet;
  /** In the order of the pods. */
  readonly bindings: readonly Binding[];
  /** Those that no node takes. */
  readonly unplaced: readonly Binding[];
}

/** The cluster as it is. */
export function fleetOf(topology: Topology, cluster: ClusterPlan): Fleet {
  const { spec, vpc, env, served, workloads, nodes, pods, pools } = cluster;
  const byNode = new Map<string, Pod[]>(nodes.map(({ name }) => [name, []]));
  for (const { pod, node } of pods) if (node) byNode.get(node.name)!.push(pod);
  const members = new Map(
    nodes.map((node) => [
      node.name,
      {
        node,
        pods: byNode.get(node.name)!,
        held: heldToday(pools.get(node.name)!, needing(byNode.get(node.name)!)),
      },
    ]),
  );
  return {
    members,
    around: {
      spec,
      vpc,
      env,
      typeOf: instanceTypesWith(topology.instanceTypes),
      admit: admission(podGroups(topology.objects)),
      podSubnets: podSubnetsOf(members.values()),
      services: served.services,
      daemonSets: workloads.filter(({ kind }) => kind === 'DaemonSet'),
      replicated: [...replicaSetsOf(workloads), ...workloads.filter(({ kind }) => kind === 'StatefulSet')],
    },
  };
}

/** Those of a new node stand where those of the nodes beside it do. */
function podSubnetsOf(members: Iterable<Member>): Map<string, string> {
  const learnt = new Map<string, string>();
  for (const { node, held } of members)
    if (held?.further !== undefined) learnt.set(node.subnet.name, held.further);
  return learnt;
}

/** Of more pods at once only the filters of the scheduler are asked. */
export const MOST_SCHEDULED = 1000;

/** Finds places for more pods. The pods that are there stay. */
export function placeMore(
  fleet: Fleet,
  pods: readonly Pod[],
  only: (node: SizedNode) => boolean = everywhere,
): Placed {
  if (pods.length === 0) return { fleet, bindings: [], unplaced: [] };
  const { services, replicated, admit } = fleet.around;
  const open = [...fleet.members.values()];
  const asked = {
    nodes: open.map(({ node }) => (only(node) ? node : { ...node, unschedulable: true })),
    standing: open.map(({ node, pods: there }) => [node.name, there] as const),
    pods: pods.map(admit),
  };
  const bindings =
    pods.length > MOST_SCHEDULED
      ? fillEvenly(asked)
      : scheduleMore({ ...asked, services, workloads: replicated });
  return {
    fleet: withPods(fleet, bindings),
    bindings,
    unplaced: bindings.filter(({ node }) => node === undefined),
  };
}

const everywhere = (): boolean => true;

/** The fleet once these pods are where the scheduler says. */
export function withPods(fleet: Fleet, bindings: readonly Binding[]): Fleet {
  const members = new Map(fleet.members);
  const added = new Map<string, Pod[]>();
  for (const { pod, node } of bindings) {
    if (node === undefined) continue;
    const list = added.get(node);
    if (list) list.push(pod);
    else added.set(node, [pod]);
  }
  for (const [name, more] of added) {
    const member = members.get(name)!;
    members.set(name, { ...member, pods: member.pods.concat(more) });
  }
  return { ...fleet, members };
}

/** A node of a group that is launched now, with the pods of DaemonSets on it. Nodes of one group and subnet differ in
 *  their names alone. */
export function newMember(
  around: Surroundings,
  group: NodeGroupSpec,
  subnet: SubnetSpec,
  name: string,
): Member {
  const { node, pods } = modelMember(around, group, subnet);
  const labels = { ...node.labels, 'kubernetes.io/hostname': name };
  return { node: { ...node, name, labels }, pods, held: undefined };
}

/** By settings, group and subnet. */
const modelMembers = new WeakMap<CniEnvironment, WeakMap<NodeGroupSpec, Map<string, Member>>>();

function modelMember(around: Surroundings, group: NodeGroupSpec, subnet: SubnetSpec): Member {
  const byGroup = modelMembers.get(around.env) ?? new WeakMap<NodeGroupSpec, Map<string, Member>>();
  modelMembers.set(around.env, byGroup);
  const bySubnet = byGroup.get(group) ?? new Map<string, Member>();
  byGroup.set(group, bySubnet);
  const known = bySubnet.get(subnet.name);
  if (known) return known;
  // It has no address yet: that of the network is nobody's.
  const planned = plannedNode(group, `${group.name}-new`, group.name, subnet, subnet.cidr.base, around.vpc);
  const node = sized(around, planned);
  const made = { node, pods: daemonsOn(around, node), held: undefined };
  bySubnet.set(subnet.name, made);
  return made;
}

/** A node with the room it has under these settings; its trunk is there where its type and its slots allow one. */
export function sized({ spec, env, typeOf }: Surroundings, planned: PlannedNode): SizedNode {
  const [node] = sizeNodes([planned], spec, env, typeOf, new Map());
  const type = typeOf(planned.instanceType);
  const podEnis = type && poolShape(type, env).trunk ? (type.branchEnis ?? 0) : 0;
  return { ...node!, allocatable: { ...node!.allocatable, podEnis } };
}

function daemonsOn({ daemonSets }: Surroundings, node: SizedNode): Pod[] {
  return daemonSets.flatMap((set) =>
    daemonPods(set, [node], { names: new Set(), owned: new Map(), orphans: [] }).map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, name: `${set.metadata.name}-${node.name}` },
    })),
  );
}

export function withMembers(fleet: Fleet, more: readonly Member[]): Fleet {
  const members = new Map(fleet.members);
  for (const member of more) members.set(member.node.name, member);
  return { ...fleet, members };
}

export function withoutMembers(fleet: Fleet, gone: (member: Member) => boolean): Fleet {
  return { ...fleet, members: new Map([...fleet.members].filter(([, member]) => !gone(member))) };
}

/** Nodes of a group, in the order in which they came. */
export function membersOf(fleet: Fleet, group: string): Member[] {
  return [...fleet.members.values()].filter(({ node }) => node.group === group);
}

interface PodCounts {
  readonly needing: number;
  readonly branching: number;
}

/** Lists of pods do not change. */
const counted = new WeakMap<readonly Pod[], PodCounts>();

function countsOf(pods: readonly Pod[]): PodCounts {
  const before = counted.get(pods);
  if (before) return before;
  let [needs, branches] = [0, 0];
  for (const pod of pods) {
    if (pod.spec.hostNetwork) continue;
    if (wantsBranch(pod)) branches++;
    else needs++;
  }
  const counts = { needing: needs, branching: branches };
  counted.set(pods, counts);
  return counts;
}

/** How many of these pods need an address of their node's pool. */
export function needing(pods: readonly Pod[]): number {
  return countsOf(pods).needing;
}

/** How many need a branch ENI. */
export function branching(pods: readonly Pod[]): number {
  return countsOf(pods).branching;
}

/** Pods with an address of their own. */
export function addressed(pods: readonly Pod[]): number {
  const counts = countsOf(pods);
  return counts.needing + counts.branching;
}
