/** What the scheduler knows while it places pods: the load of each node, the domains of topology labels, and where
 *  the pods stand that spreading counts. Pods are added and never leave. */
import type { ContainerPort, Pod, Taint } from '../api/objects.ts';
import type { Labels } from '../api/selectors.ts';
import type { PodDemands } from './pod-demands.ts';
import { ReasonNumbers } from './reason-numbers.ts';
import { SelectedPods } from './selected-pods.ts';
import { standingPods } from './standing-pods.ts';

export interface SchedulableNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** spec.unschedulable: cordoned. */
  readonly unschedulable?: boolean | undefined;
  readonly allocatable: {
    readonly cpuMillis: number;
    readonly memoryBytes: number;
    readonly pods: number;
    /** Of POD_ENI_RESOURCE; absent: none. */
    readonly podEnis?: number | undefined;
  };
}

export interface NodeLoad {
  readonly node: SchedulableNode;
  pods: number;
  cpuMillis: number;
  memoryBytes: number;
  podEnis: number;
  /** With the amounts that containers without requests count for. */
  scoredCpuMillis: number;
  scoredMemoryBytes: number;
  readonly hostPorts: ContainerPort[];
}

/** The values of one topology label, numbered. */
export interface Domains {
  /** By node index; -1 for a node without the label. */
  readonly ids: Int32Array;
  readonly count: number;
}

export class ClusterState {
  /** A node's index is its place in here. */
  readonly loads: readonly NodeLoad[];
  readonly everyNode: Int32Array;
  /** Indexes of the nodes that got pods, in order; grows. What was found out about a node holds until it is in here again. */
  readonly changed: number[] = [];
  /** PreferNoSchedule taints of a node, at most. */
  readonly mostSoftTaints: number;
  readonly selectedPods = new SelectedPods();
  readonly reasons = new ReasonNumbers();
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #domains = new Map<string, Domains>();
  #placed = 0;

  constructor(nodes: readonly SchedulableNode[]) {
    this.loads = nodes.map((node) => ({
      node,
      pods: 0,
      cpuMillis: 0,
      memoryBytes: 0,
      podEnis: 0,
      scoredCpuMillis: 0,
      scoredMemoryBytes: 0,
      hostPorts: [],
    }));
    this.everyNode = Int32Array.from(nodes, (_, index) => index);
    this.#indexes = new Map(nodes.map(({ name }, index) => [name, index]));
    this.mostSoftTaints = nodes.reduce(
      (most, { taints }) =>
        Math.max(most, taints.filter(({ effect }) => effect === 'PreferNoSchedule').length),
      0,
    );
  }

  indexOf(node: string): number | undefined {
    return this.#indexes.get(node);
  }

  /** How many pods were placed so far. */
  get placed(): number {
    return this.#placed;
  }

  domainsOf(topologyKey: string): Domains {
    let domains = this.#domains.get(topologyKey);
    if (!domains) {
      const values = new Map<string, number>();
      const ids = Int32Array.from(this.loads, ({ node }) => {
        const value = node.labels[topologyKey];
        if (value === undefined) return -1;
        if (!values.has(value)) values.set(value, values.size);
        return values.get(value)!;
      });
      domains = { ids, count: values.size };
      this.#domains.set(topologyKey, domains);
    }
    return domains;
  }

  /** Places all pods that a node has. */
  stand(index: number, pods: readonly Pod[]): void {
    const load = this.loads[index]!;
    const standing = standingPods(pods);
    load.pods += pods.length;
    load.cpuMillis += standing.cpuMillis;
    load.memoryBytes += standing.memoryBytes;
    load.podEnis += standing.podEnis;
    load.scoredCpuMillis += standing.scoredCpuMillis;
    load.scoredMemoryBytes += standing.scoredMemoryBytes;
    for (const port of standing.hostPorts) load.hostPorts.push(port);
    this.changed.push(index);
    if (this.selectedPods.isWatching) for (const { metadata } of pods) this.selectedPods.add(metadata, index);
    this.#placed += pods.length;
  }

  place(pod: Pod, index: number, { requested, scored, hostPorts }: PodDemands): void {
    const load = this.loads[index]!;
    load.pods++;
    load.cpuMillis += requested.cpuMillis;
    load.memoryBytes += requested.memoryBytes;
    load.podEnis += requested.podEnis;
    load.scoredCpuMillis += scored.cpuMillis;
    load.scoredMemoryBytes += scored.memoryBytes;
    for (const port of hostPorts) load.hostPorts.push(port);
    this.changed.push(index);
    this.selectedPods.add(pod.metadata, index);
    this.#placed++;
  }
}
