/** kube-scheduler: filter, score, bind, one pod after another. Ties, which Kubernetes breaks at random, go to the
 *  first node by name. Not modelled: preemption, priorities beyond those of system pods. */
import type { LabelSelector, Pod, Service, Workload } from '../api/objects.ts';
import { sharesAll } from './alike.ts';
import { binder } from './binder.ts';
import type { Binding } from './binding.ts';
import { ClusterState, type SchedulableNode } from './cluster-state.ts';
import { compareText, nameOf } from './order.ts';
import { pin } from './pinned-pods.ts';
import { type OwnedPod, ownerSelectors } from './pod-owners.ts';
import { hardSpread, softSpread } from './spread-constraints.ts';

export type { Binding } from './binding.ts';

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

/** A binding for each pod, in the order of `pods`. */
export function schedule(input: SchedulerInput): Binding[] {
  const state = new ClusterState([...input.nodes].sort((a, b) => compareText(a.name, b.name)));
  const selectorsOf = ownerSelectors(input.services, input.workloads);
  const { pinned } = input;
  const bindings: (Binding | undefined)[] = new Array(input.pods.length);
  const given = input.pods.map((pod) => (pinned.size > 0 && pinned.get(nameOf(pod))) || pod.spec.nodeName);
  watchSpread(
    input.pods.filter((_, i) => given[i] === undefined),
    selectorsOf,
    state,
  );
  input.pods.forEach((pod, i) => {
    const node = given[i];
    if (node !== undefined) bindings[i] = pin(pod, node, state);
  });
  return bindAll(input.pods, selectorsOf, state, bindings);
}

export interface MorePods extends Pick<SchedulerInput, 'nodes' | 'pods' | 'services' | 'workloads'> {
  /** The pods that each node has, by its name. They are not asked whether they fit. */
  readonly standing: Iterable<readonly [string, readonly Pod[]]>;
}

/** Finds places for further pods beside those that stand: a binding for each, in the order of `pods`. */
export function scheduleMore({ nodes, pods, services, workloads, standing }: MorePods): Binding[] {
  const state = new ClusterState([...nodes].sort((a, b) => compareText(a.name, b.name)));
  const selectorsOf = ownerSelectors(services, workloads);
  watchSpread(pods, selectorsOf, state);
  for (const [node, there] of standing) state.stand(state.indexOf(node)!, there);
  return bindAll(pods, selectorsOf, state, new Array(pods.length));
}

/** Binds the pods that have no binding yet, the most urgent first. */
function bindAll(
  pods: readonly Pod[],
  selectorsOf: (pod: Pod) => readonly LabelSelector[],
  state: ClusterState,
  bindings: (Binding | undefined)[],
): Binding[] {
  const bind = binder(state);
  const urgencies = pods.map(urgency);
  for (const wanted of URGENCIES)
    pods.forEach((pod, i) => {
      if (urgencies[i] === wanted) bindings[i] ??= bind({ pod, owners: selectorsOf(pod) });
    });
  return bindings as Binding[]; // every pod has one of the urgencies
}

const URGENCIES = [2, 1, 0] as const;

/** system-node-critical before system-cluster-critical before the rest: daemons and kube-system carry these classes
 *  on EKS, and the API types here have no priority. */
function urgency(pod: Pod): (typeof URGENCIES)[number] {
  if (pod.metadata.namespace !== 'kube-system') return 0;
  return pod.owner?.startsWith('DaemonSet/') ? 2 : 1;
}

/** Pods that spreading will count are noted from the first one that is placed. */
function watchSpread(
  queue: readonly Pod[],
  selectorsOf: (pod: Pod) => readonly LabelSelector[],
  { selectedPods }: ClusterState,
): void {
  let last: OwnedPod | undefined;
  for (const pod of queue) {
    const owned = { pod, owners: selectorsOf(pod) };
    if (last && sharesAll(last, owned)) continue;
    last = owned;
    for (const { selectors } of [...hardSpread(pod.spec), ...softSpread(pod.spec, owned.owners)])
      selectedPods.watch(pod.metadata.namespace, selectors);
  }
}
