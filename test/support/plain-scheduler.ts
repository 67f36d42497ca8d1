/** The scheduler without any memory: for each pod every node is filtered and scored anew, and pods are counted one by
 *  one. It is slow and easy to check, and says what src/kube/scheduler.ts must say. */
import type { LabelSelector, Pod } from '../../src/api/objects.ts';
import { selects } from '../../src/api/selectors.ts';
import type { Binding, NodeVerdict } from '../../src/kube/binding.ts';
import type { NodeLoad, SchedulableNode } from '../../src/kube/cluster-state.ts';
import { portsTaken } from '../../src/kube/host-ports.ts';
import { matchesNode, namedNodes } from '../../src/kube/node-affinity.ts';
import { compareText, nameOf } from '../../src/kube/order.ts';
import { demandsOf } from '../../src/kube/pod-demands.ts';
import type { SchedulerInput } from '../../src/kube/scheduler.ts';
import { NO_FREE_PORTS, refusal, shortages } from '../../src/kube/scheduler-filters.ts';
import {
  balancedAllocation,
  leastAllocated,
  softTaints,
  taintToleration,
} from '../../src/kube/scheduler-scores.ts';
import {
  HOSTNAME,
  hardSpread,
  type SpreadConstraint,
  selectsPod,
  softSpread,
  spreadByDefault,
} from '../../src/kube/spread-constraints.ts';

interface Standing {
  readonly pod: Pod;
  readonly on: NodeLoad;
}

interface Cluster {
  readonly loads: readonly NodeLoad[];
  readonly standing: Standing[];
}

export function plainSchedule(input: SchedulerInput): Binding[] {
  const nodes = [...input.nodes].sort((a, b) => compareText(a.name, b.name));
  const cluster: Cluster = { loads: nodes.map(emptyLoad), standing: [] };
  const givenNode = (pod: Pod) => input.pinned.get(nameOf(pod)) ?? pod.spec.nodeName;
  const bindings = new Map<Pod, Binding>();
  for (const pod of input.pods) {
    const name = givenNode(pod);
    if (name !== undefined) bindings.set(pod, pinned(pod, name, cluster));
  }
  const queue = input.pods.filter((pod) => givenNode(pod) === undefined);
  let start = 0;
  for (const pod of queue.sort((a, b) => urgency(b) - urgency(a))) {
    const found = examine(pod, cluster, start);
    start = found.next;
    const binding = choose(pod, cluster, found, selectorsOf(pod, input));
    const on = cluster.loads.find(({ node }) => node.name === binding.node);
    if (on) place(pod, on, cluster);
    bindings.set(pod, binding);
  }
  return input.pods.map((pod) => bindings.get(pod)!);
}

function emptyLoad(node: SchedulableNode): NodeLoad {
  return {
    node,
    pods: 0,
    cpuMillis: 0,
    memoryBytes: 0,
    podEnis: 0,
    scoredCpuMillis: 0,
    scoredMemoryBytes: 0,
    hostPorts: [],
  };
}

function place(pod: Pod, on: NodeLoad, { standing }: Cluster): void {
  const { requested, scored, hostPorts } = demandsOf(pod.spec);
  on.pods++;
  on.cpuMillis += requested.cpuMillis;
  on.memoryBytes += requested.memoryBytes;
  on.podEnis += requested.podEnis;
  on.scoredCpuMillis += scored.cpuMillis;
  on.scoredMemoryBytes += scored.memoryBytes;
  on.hostPorts.push(...hostPorts);
  standing.push({ pod, on });
}

function pinned(pod: Pod, name: string, cluster: Cluster): Binding {
  const few = cluster.loads.length <= 100;
  const on = cluster.loads.find(({ node }) => node.name === name);
  const refused = (unschedulable: string, nodes: NodeVerdict[]): Binding => ({
    pod,
    because: 'unschedulable',
    unschedulable,
    nodes,
  });
  if (!on) {
    const reasons = ["node(s) didn't match the requested node name"];
    const rejected = cluster.loads.map(({ node }) => ({ node: node.name, reasons }));
    return refused(message(cluster, rejected), few ? rejected : []);
  }
  if (portsTaken(demandsOf(pod.spec).hostPorts, on.hostPorts))
    return refused(`Pod was rejected: Predicate NodePorts failed: ${NO_FREE_PORTS}`, [
      { node: name, reasons: [NO_FREE_PORTS] },
    ]);
  place(pod, on, cluster);
  return { pod, node: name, because: 'pinned', nodes: [] };
}

function urgency({ metadata, owner }: Pod): number {
  if (metadata.namespace !== 'kube-system') return 0;
  return owner?.startsWith('DaemonSet/') ? 2 : 1;
}

function selectorsOf({ metadata, owner }: Pod, { services, workloads }: SchedulerInput): LabelSelector[] {
  const ofServices = services
    .filter(({ metadata: { namespace } }) => namespace === metadata.namespace)
    .map(({ selector }) => ({ matchLabels: selector ?? {}, matchExpressions: [] }))
    .filter((selector) => Object.keys(selector.matchLabels).length > 0 && selects(selector, metadata.labels));
  const ofController = workloads
    .filter((one) => one.metadata.namespace === metadata.namespace)
    .filter((one) => `${one.kind}/${one.metadata.name}` === owner)
    .filter(({ kind }) => kind === 'ReplicaSet' || kind === 'StatefulSet')
    .map(({ selector }) => selector);
  return [...ofServices, ...ofController];
}

interface Examined {
  readonly feasible: readonly NodeLoad[];
  readonly rejected: readonly NodeVerdict[];
  readonly next: number;
}

function examine(pod: Pod, cluster: Cluster, start: number): Examined {
  const only = namedNodes(pod.spec);
  const candidates = cluster.loads.filter(({ node }) => !only || only.has(node.name));
  const percent = Math.max(5, 50 - Math.floor(candidates.length / 125));
  const enough = Math.max(100, Math.floor((candidates.length * percent) / 100));
  const feasible: NodeLoad[] = [];
  const rejected: NodeVerdict[] = [];
  let examined = 0;
  for (; examined < candidates.length && feasible.length < enough; examined++) {
    const load = candidates[(start + examined) % candidates.length]!;
    const reasons = reasonsAgainst(pod, load, cluster);
    if (reasons.length === 0) feasible.push(load);
    else rejected.push({ node: load.node.name, reasons });
  }
  feasible.sort((a, b) => cluster.loads.indexOf(a) - cluster.loads.indexOf(b));
  return { feasible, rejected, next: only ? start : (start + examined) % Math.max(1, candidates.length) };
}

function reasonsAgainst(pod: Pod, load: NodeLoad, cluster: Cluster): readonly string[] {
  const never = refusal(pod.spec, load.node);
  if (never !== undefined) return [never];
  const short = shortages(demandsOf(pod.spec), load);
  if (short.length > 0) return short;
  const constraints = hardSpread(pod.spec);
  for (const constraint of constraints) {
    const domain = load.node.labels[constraint.topologyKey];
    if (domain === undefined)
      return ["node(s) didn't match pod topology spread constraints (missing required label)"];
    const eligible = cluster.loads.filter(
      ({ node }) => matchesNode(pod.spec, node) && hasKeys(node, constraints),
    );
    const counts = countsByDomain(pod, constraint, eligible, cluster);
    const self = selectsPod(constraint, pod) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + self - Math.min(...counts.values()) > constraint.maxSkew)
      return ["node(s) didn't match pod topology spread constraints"];
  }
  return [];
}

function hasKeys(node: SchedulableNode, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
}

function countsByDomain(
  pod: Pod,
  constraint: SpreadConstraint,
  eligible: readonly NodeLoad[],
  cluster: Cluster,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const load of eligible) {
    const domain = load.node.labels[constraint.topologyKey];
    if (domain !== undefined)
      counts.set(domain, (counts.get(domain) ?? 0) + podsOn(load, pod, constraint, cluster));
  }
  return counts;
}

/** Pods on the node that the constraint of `pod` counts. */
function podsOn(load: NodeLoad, pod: Pod, constraint: SpreadConstraint, { standing }: Cluster): number {
  return standing.filter(
    ({ pod: other, on }) =>
      on === load && other.metadata.namespace === pod.metadata.namespace && selectsPod(constraint, other),
  ).length;
}

function choose(
  pod: Pod,
  cluster: Cluster,
  { feasible, rejected }: Examined,
  owners: readonly LabelSelector[],
): Binding {
  const few = cluster.loads.length <= 100;
  const byNode = (verdicts: readonly NodeVerdict[]) =>
    [...verdicts].sort((a, b) => compareText(a.node, b.node));
  if (feasible.length === 0)
    return {
      pod,
      because: 'unschedulable',
      unschedulable: message(cluster, rejected),
      nodes: few ? byNode(rejected) : [],
    };
  if (feasible.length === 1) {
    const only = { node: feasible[0]!.node.name, reasons: [] };
    const nodes = few ? byNode([...rejected, only]) : [];
    return { pod, node: only.node, because: 'the only feasible node', nodes };
  }
  const verdicts = scored(pod, feasible, owners, cluster);
  const best = verdicts.reduce((first, next) => (next.total! > first.total! ? next : first));
  const nodes = few ? byNode([...rejected, ...verdicts]) : [];
  return { pod, node: best.node, because: 'the highest score', nodes };
}

function scored(
  pod: Pod,
  feasible: readonly NodeLoad[],
  owners: readonly LabelSelector[],
  cluster: Cluster,
): NodeVerdict[] {
  const demands = demandsOf(pod.spec);
  const taints = feasible.map(({ node }) => softTaints(pod.spec, node));
  const spread = spreadScores(pod, feasible, owners, cluster);
  return feasible.map((load, i) => {
    const scores = {
      NodeResourcesFit: leastAllocated(load, demands),
      NodeResourcesBalancedAllocation: balancedAllocation(load, demands),
      TaintToleration: taintToleration(taints[i]!, Math.max(...taints)),
      PodTopologySpread: spread?.[i],
    };
    const total =
      scores.NodeResourcesFit +
      (scores.NodeResourcesBalancedAllocation ?? 0) +
      3 * scores.TaintToleration +
      2 * (scores.PodTopologySpread ?? 0);
    return { node: load.node.name, reasons: [], scores, total };
  });
}

function spreadScores(
  pod: Pod,
  feasible: readonly NodeLoad[],
  owners: readonly LabelSelector[],
  cluster: Cluster,
): number[] | undefined {
  const constraints = softSpread(pod.spec, owners);
  if (constraints.length === 0) return undefined;
  const byDefault = spreadByDefault(pod.spec);
  const isScored = ({ node }: NodeLoad) => byDefault || hasKeys(node, constraints);
  const counted = cluster.loads.filter(
    (load) => byDefault || (isScored(load) && matchesNode(pod.spec, load.node)),
  );
  const scored = feasible.filter(isScored);
  const raw = new Map(scored.map((load) => [load, 0]));
  for (const constraint of constraints) {
    const { topologyKey, maxSkew } = constraint;
    const perNode = topologyKey === HOSTNAME;
    const domainOf = ({ node }: NodeLoad) => node.labels[topologyKey];
    const domains = new Set(scored.map(domainOf).filter((domain) => domain !== undefined));
    const weight = Math.log((perNode ? scored.length : domains.size) + 2);
    const counts = countsByDomain(pod, constraint, counted, cluster);
    for (const load of scored) {
      const domain = domainOf(load);
      if (domain === undefined) continue;
      const count = perNode ? podsOn(load, pod, constraint, cluster) : (counts.get(domain) ?? 0);
      raw.set(load, raw.get(load)! + (count * weight + maxSkew - 1));
    }
  }
  const rounded = [...raw.values()].map(Math.round);
  const most = Math.max(0, ...rounded);
  const least = Math.min(...rounded);
  return feasible.map((load) => {
    if (!raw.has(load)) return 0;
    return most === 0 ? 100 : Math.floor((100 * (most + least - Math.round(raw.get(load)!))) / most);
  });
}

/** "0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods." */
function message({ loads }: Cluster, rejected: readonly NodeVerdict[]): string {
  if (loads.length === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { reasons } of rejected)
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(compareText);
  return `0/${loads.length} nodes are available${list.length > 0 ? `: ${list.join(', ')}.` : ''}`;
}
