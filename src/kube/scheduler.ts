/** kube-scheduler: filter, score, bind, one pod after another. Ties, which Kubernetes breaks at random, go to the
 *  first node by name. Not modelled: preemption, priorities beyond those of system pods. */
import type { Pod, Service, Workload } from '../api/objects.ts';
import { ClusterState, hostPortsOf, type NodeLoad, type SchedulableNode } from './cluster-state.ts';
import { namedNodes } from './node-affinity.ts';
import { compareText, nameOf } from './order.ts';
import { ownerSelectors } from './pod-owners.ts';
import { filterFor, NO_FREE_PORTS, portsTaken } from './scheduler-filters.ts';
import { type Scores, scoreNodes } from './scheduler-scores.ts';

export interface SchedulerInput {
  readonly nodes: readonly SchedulableNode[];
  /** In the order of their creation. */
  readonly pods: readonly Pod[];
  /** `namespace/name` of a pod -> node, taken as it is. A pod's own nodeName counts likewise. */
  readonly pinned: ReadonlyMap<string, string>;
  readonly services: readonly Service[];
  /** ReplicaSets and StatefulSets. */
  readonly workloads: readonly Workload[];
}

export interface NodeVerdict {
  readonly node: string;
  /** Why the pod cannot go there. */
  readonly reasons: readonly string[];
  readonly scores?: Scores | undefined;
  readonly total?: number | undefined;
}

export interface Binding {
  readonly pod: Pod;
  readonly node?: string | undefined;
  readonly because: 'pinned' | 'the only feasible node' | 'the highest score' | 'unschedulable';
  /** The scheduler's own text. */
  readonly unschedulable?: string | undefined;
  /** Each examined node by name; in clusters of over 100 nodes only the chosen one. */
  readonly nodes: readonly NodeVerdict[];
}

/** Below this many nodes every one is examined, and 100 feasible ones are always looked for (schedule_one
 *  minFeasibleNodesToFind). */
const ALWAYS_EXAMINED = 100;

/** A binding for each pod, in the order of `pods`. */
export function schedule(input: SchedulerInput): Binding[] {
  const nodes = [...input.nodes].sort((a, b) => compareText(a.name, b.name));
  const state = new ClusterState(nodes);
  const loads = new Map(state.loads.map((load) => [load.node.name, load]));
  const selectorsOf = ownerSelectors(input.services, input.workloads);
  const bindings = new Map<Pod, Binding>();
  const queue: Pod[] = [];
  for (const pod of input.pods) {
    const name = input.pinned.get(nameOf(pod)) ?? pod.spec.nodeName;
    const load = name === undefined ? undefined : loads.get(name);
    if (name === undefined) queue.push(pod);
    else if (load === undefined) bindings.set(pod, unknownNode(pod, nodes));
    else if (portsTaken(hostPortsOf(pod), load)) bindings.set(pod, refused(pod, name));
    else {
      state.place(pod, load);
      bindings.set(pod, { pod, node: name, because: 'pinned', nodes: [] });
    }
  }
  let start = 0;
  for (const pod of queue.sort((a, b) => urgency(b) - urgency(a))) {
    const found = examine(pod, state, start);
    start = found.next;
    const binding = choose(pod, state, found, selectorsOf(pod));
    if (binding.node !== undefined) state.place(pod, loads.get(binding.node)!);
    bindings.set(pod, binding);
  }
  return input.pods.map((pod) => bindings.get(pod)!);
}

/** system-node-critical before system-cluster-critical before the rest: daemons and kube-system carry these classes
 *  on EKS, and the API types here have no priority. */
function urgency(pod: Pod): number {
  if (pod.metadata.namespace !== 'kube-system') return 0;
  return pod.owner?.startsWith('DaemonSet/') ? 2 : 1;
}

interface Examined {
  readonly feasible: readonly NodeLoad[];
  readonly rejected: readonly NodeVerdict[];
  /** Where the next pod's search begins. */
  readonly next: number;
}

/** Large clusters are searched only until enough nodes are found, each time from where the last search ended. */
function examine(pod: Pod, state: ClusterState, start: number): Examined {
  const filter = filterFor(pod, state);
  const only = namedNodes(pod.spec);
  const candidates = only ? state.loads.filter(({ node }) => only.has(node.name)) : state.loads;
  const enough = feasibleToFind(candidates.length);
  const feasible: NodeLoad[] = [];
  const rejected: NodeVerdict[] = [];
  let examined = 0;
  for (; examined < candidates.length && feasible.length < enough; examined++) {
    const load = candidates[(start + examined) % candidates.length]!;
    const reasons = filter(load);
    if (reasons.length === 0) feasible.push(load);
    else rejected.push({ node: load.node.name, reasons });
  }
  feasible.sort((a, b) => a.index - b.index);
  return { feasible, rejected, next: only ? start : (start + examined) % Math.max(1, candidates.length) };
}

function feasibleToFind(nodes: number): number {
  if (nodes < ALWAYS_EXAMINED) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(ALWAYS_EXAMINED, Math.floor((nodes * percent) / 100));
}

function choose(
  pod: Pod,
  state: ClusterState,
  { feasible, rejected }: Examined,
  selectors: ReturnType<ReturnType<typeof ownerSelectors>>,
): Binding {
  const few = state.loads.length <= ALWAYS_EXAMINED;
  if (feasible.length === 0) {
    const message = unschedulableMessage(state.loads.length, rejected);
    return { pod, because: 'unschedulable', unschedulable: message, nodes: few ? byNode(rejected) : [] };
  }
  if (feasible.length === 1) {
    const node = feasible[0]!.node.name;
    const nodes = few ? byNode([...rejected, { node, reasons: [] }]) : [{ node, reasons: [] }];
    return { pod, node, because: 'the only feasible node', nodes };
  }
  const { totals, scoresOf } = scoreNodes(pod, state, feasible, selectors);
  const best = totals.indexOf(Math.max(...totals));
  const verdict = (i: number): NodeVerdict => ({
    node: feasible[i]!.node.name,
    reasons: [],
    scores: scoresOf(i),
    total: totals[i],
  });
  const nodes = few ? byNode([...rejected, ...feasible.map((_, i) => verdict(i))]) : [verdict(best)];
  return { pod, node: feasible[best]!.node.name, because: 'the highest score', nodes };
}

function byNode(verdicts: readonly NodeVerdict[]): NodeVerdict[] {
  return [...verdicts].sort((a, b) => compareText(a.node, b.node));
}

/** "0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods." (framework.FitError). */
function unschedulableMessage(nodes: number, rejected: readonly NodeVerdict[]): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { reasons } of rejected)
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(compareText);
  return `0/${nodes} nodes are available${list.length > 0 ? `: ${list.join(', ')}.` : ''}`;
}

/** The kubelet looks again at what the scheduler did not (GeneralPredicates): such a pod is Failed. */
function refused(pod: Pod, node: string): Binding {
  return {
    pod,
    because: 'unschedulable',
    unschedulable: `Pod was rejected: Predicate NodePorts failed: ${NO_FREE_PORTS}`,
    nodes: [{ node, reasons: [NO_FREE_PORTS] }],
  };
}

/** A pod whose nodeName names no node stays Pending. */
function unknownNode(pod: Pod, nodes: readonly SchedulableNode[]): Binding {
  const reasons = ["node(s) didn't match the requested node name"];
  const rejected = nodes.map(({ name }) => ({ node: name, reasons }));
  return {
    pod,
    because: 'unschedulable',
    unschedulable: unschedulableMessage(nodes.length, rejected),
    nodes: nodes.length <= ALWAYS_EXAMINED ? rejected : [],
  };
}
