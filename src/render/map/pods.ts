/** Pods of a node in groups by namespace: each by its name where they are few, by workload where they are many, by
 *  namespace alone where the workloads are many too. */
import { formatIpv4 } from '../../addressing/ip.ts';
import type { PodState, World } from '../../world/world.ts';

/** More pods than these on a node become counts. */
export const MOST_PODS = 12;
/** In a cluster with more pods than these, every node shows counts: a sheet of names would be read by nobody. */
const CROWD = 120;

export interface PodGroup {
  /** The namespace, or what the chips count. */
  readonly title: string;
  readonly chips: readonly Chip[];
}

export interface Chip {
  readonly id: string;
  /** From long to short. */
  readonly names: readonly string[];
  /** Of a single pod: its address, or that it has the node's. */
  readonly address: string | undefined;
  readonly ready: boolean;
  readonly tip: string;
}

/** What a pod belongs to: the Deployment behind its ReplicaSet, any other owner, or itself. */
export type WorkloadOf = (pod: PodState) => string;

export function workloadsOf(world: World): WorkloadOf {
  const deployments = new Set(
    (world.cluster?.workloads ?? [])
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  return ({ pod }) => {
    const [kind, owner] = pod.owner?.split('/') ?? [];
    if (owner === undefined) return pod.metadata.name;
    const deployment = owner.slice(0, Math.max(0, owner.lastIndexOf('-')));
    return kind === 'ReplicaSet' && deployments.has(`${pod.metadata.namespace}/${deployment}`)
      ? deployment
      : owner;
  };
}

export function isCrowded(world: World): boolean {
  return (world.cluster?.pods.length ?? 0) > CROWD;
}

export function podGroups(
  pods: readonly PodState[],
  workloadOf: WorkloadOf,
  crowded: boolean,
): readonly PodGroup[] {
  const inOrder = [...pods].sort((a, b) => order(a.id, b.id));
  const byWorkload = groupBy(inOrder, (pod) => `${pod.pod.metadata.namespace}/${workloadOf(pod)}`);
  const chipsOf = (some: readonly PodState[]): readonly Chip[] => {
    if (!crowded && pods.length <= MOST_PODS) return some.map((pod) => podChip(pod, workloadOf(pod)));
    return [...groupBy(some, workloadOf)].map(([workload, own]) =>
      countChip(own, own.length === 1 ? workload : `${workload} ×${own.length}`),
    );
  };
  const namespaces = [...groupBy(inOrder, ({ pod }) => pod.metadata.namespace)].sort(
    ([a], [b]) => Number(a === 'kube-system') - Number(b === 'kube-system') || order(a, b),
  );
  if ((crowded || pods.length > MOST_PODS) && byWorkload.size > MOST_PODS)
    return [
      {
        title: 'by namespace',
        chips: namespaces.map(([namespace, some]) => countChip(some, `${namespace} ×${some.length}`)),
      },
    ];
  return namespaces.map(([title, some]) => ({ title, chips: chipsOf(some) }));
}

function podChip(state: PodState, workload: string): Chip {
  const { name } = state.pod.metadata;
  const short = name.startsWith(`${workload}-`)
    ? `${workload} …${name.slice(name.lastIndexOf('-') + 1)}`
    : name;
  const host = state.pod.spec.hostNetwork;
  const address = state.address === undefined ? undefined : host ? "node's" : formatIpv4(state.address);
  return {
    id: `pod/${state.id}`,
    names: short.length < name.length ? [name, short] : [name],
    address,
    ready: state.ready,
    tip: [
      `pod ${state.id}${state.ready ? '' : ' (not ready)'}`,
      ...(state.address === undefined ? [] : [`${formatIpv4(state.address)}${host ? ', host network' : ''}`]),
      ...(state.eni === undefined ? [] : [`on ${state.eni}`]),
      ...state.reasons,
    ].join('\n'),
  };
}

function countChip(pods: readonly PodState[], name: string): Chip {
  return {
    id: `pods/${pods[0]!.id}`,
    names: [name],
    address: undefined,
    ready: pods.every(({ ready }) => ready),
    tip: pods.map(({ id, ready }) => `${id}${ready ? '' : ' (not ready)'}`).join('\n'),
  };
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Code point order; numbers within names by value, so that crowd-10 follows crowd-9. */
export function order(a: string, b: string): number {
  const [x, y] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const numbers = i % 2 === 1 ? Number(x[i]) - Number(y[i]) : 0;
    return numbers !== 0 ? numbers : x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}
