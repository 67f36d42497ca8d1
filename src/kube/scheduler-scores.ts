/** The score plugins of kube-scheduler that tell nodes apart here, each 0 to 100, and their weights in the default
 *  profile (scheduler apis/config/v1/default_plugins). Topology spread is in spread-scores.ts. Not modelled: preferred
 *  affinity, image locality. */
import type { PodSpec } from '../api/objects.ts';
import type { NodeLoad, SchedulableNode } from './cluster-state.ts';
import type { PodDemands } from './pod-demands.ts';
import { tolerates } from './taints.ts';

/** By plugin; undefined where one has nothing to say about the pod. */
export interface Scores {
  readonly NodeResourcesFit: number | undefined;
  readonly NodeResourcesBalancedAllocation: number | undefined;
  readonly TaintToleration: number | undefined;
  readonly PodTopologySpread: number | undefined;
}

export const WEIGHTS: Readonly<Record<keyof Scores, number>> = {
  NodeResourcesFit: 1,
  NodeResourcesBalancedAllocation: 1,
  TaintToleration: 3,
  PodTopologySpread: 2,
};

/** Of NodeResourcesFit and NodeResourcesBalancedAllocation together, weighted. */
export const HIGHEST_RESOURCE_SCORE =
  100 * (WEIGHTS.NodeResourcesFit + WEIGHTS.NodeResourcesBalancedAllocation);

/** NodeResourcesFit: the mean of what stays free of CPU and memory, in whole percent. */
export function leastAllocated(load: NodeLoad, { scored }: PodDemands): number {
  const { allocatable } = load.node;
  const cpu = freePercent(allocatable.cpuMillis, load.scoredCpuMillis + scored.cpuMillis);
  const memory = freePercent(allocatable.memoryBytes, load.scoredMemoryBytes + scored.memoryBytes);
  return Math.floor((cpu + memory) / 2);
}

function freePercent(allocatable: number, used: number): number {
  return used > allocatable || allocatable === 0 ? 0 : Math.floor(((allocatable - used) * 100) / allocatable);
}

/** NodeResourcesBalancedAllocation: high where CPU and memory are used to the same degree (half the distance of two
 *  fractions is their deviation). It passes over pods of quality of service BestEffort. */
export function balancedAllocation(
  load: NodeLoad,
  { requested, bestEffort }: PodDemands,
): number | undefined {
  if (bestEffort) return undefined;
  const { allocatable } = load.node;
  const cpu = usedFraction(load.cpuMillis + requested.cpuMillis, allocatable.cpuMillis);
  const memory = usedFraction(load.memoryBytes + requested.memoryBytes, allocatable.memoryBytes);
  return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
}

function usedFraction(used: number, allocatable: number): number {
  return allocatable === 0 ? 1 : Math.min(1, used / allocatable);
}

/** PreferNoSchedule taints of the node that the pod does not tolerate. */
export function softTaints({ tolerations }: PodSpec, node: SchedulableNode): number {
  let count = 0;
  for (const taint of node.taints)
    if (taint.effect === 'PreferNoSchedule' && !tolerations.some((one) => tolerates(one, taint))) count++;
  return count;
}

/** TaintToleration: fewer taints score higher. `most` is that of the feasible nodes. */
export function taintToleration(count: number, most: number): number {
  return most === 0 ? 100 : 100 - Math.floor((100 * count) / most);
}
