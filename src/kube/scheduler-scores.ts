/** The score plugins of kube-scheduler that tell nodes apart here, each 0 to 100, and their weights in the default
 *  profile (scheduler apis/config/v1/default_plugins). Not modelled: preferred affinity, image locality. */
import type { LabelSelector, Pod } from '../api/objects.ts';
import type { ClusterState, NodeLoad } from './cluster-state.ts';
import { isBestEffort, type Resources, requested, scoredRequest } from './pod-resources.ts';
import { tolerates } from './taints.ts';
import { spreadScores } from './topology-spread.ts';

/** By plugin; undefined where one has nothing to say about the pod. */
export interface Scores {
  readonly NodeResourcesFit: number | undefined;
  readonly NodeResourcesBalancedAllocation: number | undefined;
  readonly TaintToleration: number | undefined;
  readonly PodTopologySpread: number | undefined;
}

const WEIGHTS: Readonly<Record<keyof Scores, number>> = {
  NodeResourcesFit: 1,
  NodeResourcesBalancedAllocation: 1,
  TaintToleration: 3,
  PodTopologySpread: 2,
};

/** The feasible nodes' scores, position by position. */
export interface Scoring {
  readonly totals: readonly number[];
  readonly scoresOf: (position: number) => Scores;
}

export function scoreNodes(
  pod: Pod,
  state: ClusterState,
  feasible: readonly NodeLoad[],
  ownerSelectors: readonly LabelSelector[],
): Scoring {
  const asked = requested(pod.spec);
  const scoredAs = scoredRequest(pod.spec);
  const plugins: Readonly<Record<keyof Scores, readonly number[] | undefined>> = {
    NodeResourcesFit: feasible.map((load) => leastAllocated(load, scoredAs)),
    NodeResourcesBalancedAllocation: isBestEffort(pod.spec)
      ? undefined
      : feasible.map((load) => balanced(load, asked)),
    TaintToleration: state.hasSoftTaints ? taintScores(pod, feasible) : feasible.map(() => 100),
    PodTopologySpread: spreadScores(pod, state, feasible, ownerSelectors),
  };
  const totals: number[] = Array(feasible.length).fill(0);
  for (const name of Object.keys(WEIGHTS) as (keyof Scores)[]) // the keys of a literal of this type
    plugins[name]?.forEach((score, i) => {
      totals[i]! += WEIGHTS[name] * score;
    });
  const scoresOf = (i: number): Scores => ({
    NodeResourcesFit: plugins.NodeResourcesFit?.[i],
    NodeResourcesBalancedAllocation: plugins.NodeResourcesBalancedAllocation?.[i],
    TaintToleration: plugins.TaintToleration?.[i],
    PodTopologySpread: plugins.PodTopologySpread?.[i],
  });
  return { totals, scoresOf };
}

/** The mean of what stays free of CPU and memory, in whole percent. */
function leastAllocated({ node, scoredCpuMillis, scoredMemoryBytes }: NodeLoad, asked: Resources): number {
  const cpu = freePercent(node.allocatable.cpuMillis, scoredCpuMillis + asked.cpuMillis);
  const memory = freePercent(node.allocatable.memoryBytes, scoredMemoryBytes + asked.memoryBytes);
  return Math.floor((cpu + memory) / 2);
}

function freePercent(allocatable: number, used: number): number {
  return used > allocatable || allocatable === 0 ? 0 : Math.floor(((allocatable - used) * 100) / allocatable);
}

/** High where CPU and memory are used to the same degree: half the distance of two fractions is their deviation. */
function balanced({ node, cpuMillis, memoryBytes }: NodeLoad, asked: Resources): number {
  const cpu = usedFraction(cpuMillis + asked.cpuMillis, node.allocatable.cpuMillis);
  const memory = usedFraction(memoryBytes + asked.memoryBytes, node.allocatable.memoryBytes);
  return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
}

function usedFraction(used: number, allocatable: number): number {
  return allocatable === 0 ? 1 : Math.min(1, used / allocatable);
}

/** Fewer PreferNoSchedule taints that the pod does not tolerate score higher. */
function taintScores(pod: Pod, feasible: readonly NodeLoad[]): number[] {
  const { tolerations } = pod.spec;
  const counts = feasible.map(({ node }) => {
    let count = 0;
    for (const taint of node.taints)
      if (taint.effect === 'PreferNoSchedule' && !tolerations.some((one) => tolerates(one, taint))) count++;
    return count;
  });
  const most = Math.max(...counts);
  return counts.map((count) => (most === 0 ? 100 : 100 - Math.floor((100 * count) / most)));
}
