/** How many more replicas of one workload the nodes there are take, the others as they are, and what stops the next. */
import type { Pod, Workload } from '../../api/objects.ts';
import { ClusterState, type NodeLoad } from '../../kube/cluster-state.ts';
import { demandsOf, type PodDemands } from '../../kube/pod-demands.ts';
import { refusal } from '../../kube/scheduler-filters.ts';
import { branching, needing } from './fleet.ts';
import { assign, branch, copyOf, grow } from './held.ts';
import { subnetsOf } from './holdings.ts';
import { type CapacityModel, freeOf } from './model.ts';
import { furtherReplicas, workloadName } from './more-pods.ts';
import { nodeShapes } from './node-shape.ts';
import type { LimitKind, Stop, WorkloadRoom } from './report.ts';
import { addressStop } from './stops.ts';

/** So many workloads have a line, those with the most replicas. */
const MOST_WORKLOADS = 10;

export function workloadRooms(model: CapacityModel): WorkloadRoom[] {
  const members = [...model.fleet.members.values()];
  const state = new ClusterState(members.map(({ node }) => node));
  for (const [index, { pods }] of members.entries()) state.stand(index, pods);
  const roomOf = rooms(model, state.loads);
  return model.cluster.workloads
    .filter(({ kind, replicas }) => (kind === 'Deployment' || kind === 'StatefulSet') && replicas > 0)
    .sort((a, b) => b.replicas - a.replicas)
    .slice(0, MOST_WORKLOADS)
    .map((workload) => ({
      workload: workloadName(workload),
      replicas: workload.replicas,
      ...roomOf(workload),
    }));
}

type Room = Pick<WorkloadRoom, 'more' | 'stoppedBy'>;

/** Workloads whose pods ask for the same have the same room. */
function rooms(model: CapacityModel, loads: readonly NodeLoad[]): (workload: Workload) => Room {
  const known = new Map<string, Room>();
  return (workload) => {
    const [made] = furtherReplicas(model.fleet, workload, 1);
    const pod = model.fleet.around.admit(made!);
    const { nodeSelector, requiredNodeTerms, tolerations, hostNetwork } = pod.spec;
    const where = [nodeSelector, requiredNodeTerms, tolerations];
    const asked = JSON.stringify([demandsOf(pod.spec), where, hostNetwork, branching([pod])]);
    const room = known.get(asked) ?? roomOf(model, pod, loads);
    known.set(asked, room);
    return room;
  };
}

function roomOf(model: CapacityModel, pod: Pod, loads: readonly NodeLoad[]): Room {
  const demands = demandsOf(pod.spec);
  const shapeOf = nodeShapes(model.fleet.around);
  const free = freeOf(model);
  const votes = new Map<string, { readonly stop: Stop; count: number }>();
  let more = 0;
  [...model.fleet.members.values()].forEach((member, index) => {
    const why = refusal(pod.spec, member.node);
    const fit =
      why === undefined ? fitting(demands, loads[index]!) : { count: 0, kind: 'placement' as const };
    let { count } = fit;
    let stop = nodeStop(fit.kind, why, demands, member.node.allocatable.pods);
    if (member.held && !pod.spec.hostNetwork && count > 0) {
      const held = copyOf(member.held);
      const where = subnetsOf(model.fleet, member);
      const isBranch = branching([pod]) > 0;
      const pods = needing(member.pods) + (isBranch ? 0 : count);
      const lacking = grow(held, shapeOf(member.node), pods, where, free);
      const unbranched = isBranch
        ? branch(held, branching(member.pods) + count, where.pod, free.get(where.pod)!)
        : 0;
      const without = Math.min(count, Math.max(0, assign(held, pods)) + unbranched);
      if (without > 0)
        stop = addressStop(lacking?.kind ?? (isBranch ? 'subnet-addresses' : 'enis'), where.pod);
      count -= without;
    }
    more += count;
    const vote = votes.get(stop.message) ?? { stop, count: 0 };
    vote.count++;
    votes.set(stop.message, vote);
  });
  const [most] = [...votes.values()].sort((a, b) => b.count - a.count);
  const none: Stop = { kind: 'placement', at: 'cluster', message: 'there is no node' };
  return { more, stoppedBy: most?.stop ?? none };
}

/** How many pods a node takes by what it has left, and what there is least of. */
function fitting(
  { requested, hostPorts }: PodDemands,
  { node: { allocatable }, ...load }: NodeLoad,
): { readonly count: number; readonly kind: LimitKind } {
  const rooms: { count: number; kind: LimitKind }[] = [
    { kind: 'max-pods', count: allocatable.pods - load.pods },
    { kind: 'cpu', count: left(allocatable.cpuMillis - load.cpuMillis, requested.cpuMillis) },
    { kind: 'memory', count: left(allocatable.memoryBytes - load.memoryBytes, requested.memoryBytes) },
    { kind: 'branch-enis', count: left((allocatable.podEnis ?? 0) - load.podEnis, requested.podEnis) },
    { kind: 'placement', count: hostPorts.length === 0 ? Infinity : load.hostPorts.length > 0 ? 0 : 1 },
  ];
  const least = rooms.reduce((a, b) => (b.count < a.count ? b : a));
  return { ...least, count: Math.max(0, least.count) };
}

function left(room: number, each: number): number {
  return each === 0 ? Infinity : Math.floor(room / each);
}

function nodeStop(
  kind: LimitKind,
  why: string | undefined,
  { requested }: PodDemands,
  maxPods: number,
): Stop {
  const messages: Partial<Record<LimitKind, string>> = {
    'max-pods': `nodes take ${maxPods} pods (maxPods)`,
    cpu: `no node has ${requested.cpuMillis}m of CPU left`,
    memory: `no node has ${Math.ceil(requested.memoryBytes / 1024 ** 2)}Mi of memory left`,
    'branch-enis': 'no node has a branch ENI left',
    placement: why ?? 'its host ports are taken',
  };
  return { kind, at: 'cluster', message: messages[kind]! };
}
