/** What the pods of a node come to for the scheduler, summed once: nodes keep their lists of pods from one question to
 *  the next, and a list does not change. */
import type { ContainerPort, Pod } from '../api/objects.ts';
import type { Labels } from '../api/selectors.ts';
import { demandsOf } from './pod-demands.ts';

export interface StandingPods {
  readonly pods: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly podEnis: number;
  readonly scoredCpuMillis: number;
  readonly scoredMemoryBytes: number;
  readonly hostPorts: readonly ContainerPort[];
  /** Pods of a template share their labels. */
  readonly alike: readonly { readonly namespace: string; readonly labels: Labels; readonly count: number }[];
}

const known = new WeakMap<readonly Pod[], StandingPods>();

export function standingPods(pods: readonly Pod[]): StandingPods {
  const before = known.get(pods);
  if (before) return before;
  const sums = { cpuMillis: 0, memoryBytes: 0, podEnis: 0, scoredCpuMillis: 0, scoredMemoryBytes: 0 };
  const hostPorts: ContainerPort[] = [];
  const alike = new Map<Labels, { namespace: string; labels: Labels; count: number }[]>();
  for (const { spec, metadata } of pods) {
    const { requested, scored, hostPorts: ports } = demandsOf(spec);
    sums.cpuMillis += requested.cpuMillis;
    sums.memoryBytes += requested.memoryBytes;
    sums.podEnis += requested.podEnis;
    sums.scoredCpuMillis += scored.cpuMillis;
    sums.scoredMemoryBytes += scored.memoryBytes;
    hostPorts.push(...ports);
    const { namespace, labels } = metadata;
    const same = alike.get(labels);
    const own = same?.find((one) => one.namespace === namespace);
    if (own) own.count++;
    else alike.set(labels, [...(same ?? []), { namespace, labels, count: 1 }]);
  }
  const made = { pods: pods.length, ...sums, hostPorts, alike: [...alike.values()].flat() };
  known.set(pods, made);
  return made;
}
