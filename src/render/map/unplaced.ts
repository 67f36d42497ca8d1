/** Pods that have no address: those no node takes, and those the CNI has no address for. What waits for the same
 *  reason is one entry. */
import type { PodPhase, PodState, World } from '../../world/world.ts';
import { groupBy, order, type WorkloadOf } from './pods.ts';

export interface Unplaced {
  readonly phase: PodPhase;
  readonly pods: readonly string[];
  /** "default/crowd-5 to crowd-11". */
  readonly who: string;
  readonly node: string | undefined;
  readonly reason: string;
}

export function unplacedOf(world: World, workloadOf: WorkloadOf): readonly Unplaced[] {
  const waiting = (world.cluster?.pods ?? [])
    .filter(({ phase }) => phase !== 'Running')
    .sort((a, b) => order(a.id, b.id));
  const groups = groupBy(waiting, (pod) =>
    JSON.stringify([
      pod.phase,
      pod.pod.metadata.namespace,
      workloadOf(pod),
      pod.node ?? '',
      pod.reasons.map(general),
    ]),
  );
  return [...groups.values()].map((pods) => {
    const [first] = pods as [PodState, ...PodState[]];
    const last = pods[pods.length - 1]!;
    return {
      phase: first.phase,
      pods: pods.map(({ id }) => id),
      who: pods.length === 1 ? first.id : `${first.id} to ${last.pod.metadata.name}`,
      node: first.node,
      reason: first.reasons.map(general).join('; '),
    };
  });
}

/** Without the sandbox's own id, which differs from pod to pod. */
function general(reason: string): string {
  return reason.replace(/"[0-9a-f]{64}"/g, '"…"');
}
