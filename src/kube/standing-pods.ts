/** What the pods of a node come to for the scheduler, summed once: nodes keep their lists of pods from one question to
 *  the next, and a list does not change. */
import type { ContainerPort, Pod } from '../api/objects.ts';
import { demandsOf } from './pod-demands.ts';

export interface StandingPods {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly podEnis: number;
  readonly scoredCpuMillis: number;
  readonly scoredMemoryBytes: number;
  readonly hostPorts: readonly ContainerPort[];
}

const known = new WeakMap<readonly Pod[], StandingPods>();

export function standingPods(pods: readonly Pod[]): StandingPods {
  const before = known.get(pods);
  if (before) return before;
  const sums = { cpuMillis: 0, memoryBytes: 0, podEnis: 0, scoredCpuMillis: 0, scoredMemoryBytes: 0 };
  const hostPorts: ContainerPort[] = [];
  for (const { spec } of pods) {
    const { requested, scored, hostPorts: ports } = demandsOf(spec);
    sums.cpuMillis += requested.cpuMillis;
    sums.memoryBytes += requested.memoryBytes;
    sums.podEnis += requested.podEnis;
    sums.scoredCpuMillis += scored.cpuMillis;
    sums.scoredMemoryBytes += scored.memoryBytes;
    for (const port of ports) hostPorts.push(port);
  }
  const made = { ...sums, hostPorts };
  known.set(pods, made);
  return made;
}
