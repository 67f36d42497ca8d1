/** What the scheduler knows while it places pods: the load of each node, and how many pods of each label set stand
 *  where. Pods with equal namespace and labels are one class, so that selectors are tried once per class. */
import type { ContainerPort, LabelSelector, Pod, Taint } from '../api/objects.ts';
import { type Labels, selects } from '../api/selectors.ts';
import { requested, scoredRequest } from './pod-resources.ts';

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
  };
}

export interface NodeLoad {
  readonly node: SchedulableNode;
  /** Position in the sorted node list. */
  readonly index: number;
  pods: number;
  cpuMillis: number;
  memoryBytes: number;
  /** With the amounts that containers without requests count for. */
  scoredCpuMillis: number;
  scoredMemoryBytes: number;
  readonly hostPorts: ContainerPort[];
}

interface PodClass {
  readonly namespace: string;
  readonly labels: Labels;
  /** Pods by node index. */
  readonly byNode: Map<number, number>;
}

/** The values of one topology label, numbered. */
export interface Domains {
  /** By node index; -1 for a node without the label. */
  readonly ids: Int32Array;
  readonly count: number;
}

export class ClusterState {
  readonly loads: readonly NodeLoad[];
  readonly hasSoftTaints: boolean;
  readonly #domains = new Map<string, Domains>();
  readonly #classes: PodClass[] = [];
  readonly #classByKey = new Map<string, PodClass>();
  /** Selector key -> the classes it selects, and how many classes it was tried on. */
  readonly #selected = new Map<string, { readonly classes: PodClass[]; tried: number }>();

  constructor(nodes: readonly SchedulableNode[]) {
    this.loads = nodes.map((node, index) => ({
      node,
      index,
      pods: 0,
      cpuMillis: 0,
      memoryBytes: 0,
      scoredCpuMillis: 0,
      scoredMemoryBytes: 0,
      hostPorts: [],
    }));
    this.hasSoftTaints = nodes.some(({ taints }) =>
      taints.some(({ effect }) => effect === 'PreferNoSchedule'),
    );
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

  place(pod: Pod, load: NodeLoad): void {
    const real = requested(pod.spec);
    const scored = scoredRequest(pod.spec);
    load.pods++;
    load.cpuMillis += real.cpuMillis;
    load.memoryBytes += real.memoryBytes;
    load.scoredCpuMillis += scored.cpuMillis;
    load.scoredMemoryBytes += scored.memoryBytes;
    load.hostPorts.push(...hostPortsOf(pod));
    const { byNode } = this.#classOf(pod);
    byNode.set(load.index, (byNode.get(load.index) ?? 0) + 1);
  }

  /** Pods of the namespace that the selectors all select, by node index. No selector selects nothing. */
  countByNode(namespace: string, selectors: readonly LabelSelector[]): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    if (selectors.length === 0) return counts;
    for (const { byNode } of this.#classesSelected(namespace, selectors))
      for (const [index, count] of byNode) counts.set(index, (counts.get(index) ?? 0) + count);
    return counts;
  }

  #classOf(pod: Pod): PodClass {
    const { namespace, labels } = pod.metadata;
    const key = `${namespace}\n${JSON.stringify(Object.entries(labels).sort())}`;
    let found = this.#classByKey.get(key);
    if (!found) {
      found = { namespace, labels, byNode: new Map() };
      this.#classByKey.set(key, found);
      this.#classes.push(found);
    }
    return found;
  }

  #classesSelected(namespace: string, selectors: readonly LabelSelector[]): readonly PodClass[] {
    const key = `${namespace}\n${JSON.stringify(selectors)}`;
    let found = this.#selected.get(key);
    if (!found) {
      found = { classes: [], tried: 0 };
      this.#selected.set(key, found);
    }
    for (; found.tried < this.#classes.length; found.tried++) {
      const candidate = this.#classes[found.tried]!;
      if (candidate.namespace !== namespace) continue;
      if (selectors.every((selector) => selects(selector, candidate.labels))) found.classes.push(candidate);
    }
    return found.classes;
  }
}

/** The ports a pod takes on its node: hostPorts, and all container ports of a host network pod. */
export function hostPortsOf(pod: Pod): ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const container of pod.spec.containers)
    for (const port of container.ports) {
      const hostPort = pod.spec.hostNetwork ? port.containerPort : port.hostPort;
      if (hostPort) ports.push({ ...port, hostPort });
    }
  return ports;
}
