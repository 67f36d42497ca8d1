/** Peaks of rolling updates. A Deployment's next ReplicaSet gets `maxSurge` pods beside the old ones, and `maxUnavailable`
 *  more for old pods that are told to end: those keep their addresses until they have ended, and for the cooldown of the
 *  CNI after that (deployment controller; amazon-vpc-cni-k8s IP_COOLDOWN_PERIOD). */
import type { Workload } from '../../api/objects.ts';
import { rolloutOf } from '../../kube/rollout.ts';
import { type Fleet, placeMore } from './fleet.ts';
import { type CapacityModel, outcomeOf } from './model.ts';
import { newGeneration, workloadName } from './more-pods.ts';
import { peakOf } from './peak.ts';
import type { Peak } from './report.ts';
import { counted } from './stops.ts';

/** So many Deployments have a line of their own, those with the most new pods. */
export const MOST_ROLLOUTS = 3;

export function rolloutPeaks(model: CapacityModel): Peak[] {
  const rollouts = model.cluster.workloads
    .filter(({ kind, replicas }) => kind === 'Deployment' && replicas > 0)
    .map((deployment) => ({ deployment, ...rolloutOf(deployment) }))
    .filter(({ deployment: { strategy } }) => strategy?.type !== 'Recreate')
    .sort((a, b) => b.surge + b.unavailable - a.surge - a.unavailable);
  const single = rollouts
    .slice(0, MOST_ROLLOUTS)
    .map((rollout) => rolloutPeak(model, [rollout], 'rolling-update', workloadName(rollout.deployment)));
  if (rollouts.length < 2) return single;
  const of = `${rollouts.length} Deployments`;
  return [...single, rolloutPeak(model, rollouts, 'rolling-update-of-all', of)];
}

interface Rolling {
  readonly deployment: Workload;
  readonly surge: number;
  readonly unavailable: number;
}

function rolloutPeak(
  model: CapacityModel,
  rollouts: readonly Rolling[],
  kind: 'rolling-update' | 'rolling-update-of-all',
  of: string,
): Peak {
  let fleet: Fleet = model.fleet;
  const pods = rollouts.flatMap(({ deployment, surge, unavailable }) => {
    const next = newGeneration(fleet, deployment, surge + unavailable);
    fleet = next.fleet;
    return next.pods;
  });
  const placed = placeMore(fleet, pods);
  const surge = rollouts.reduce((sum, one) => sum + one.surge, 0);
  const ending = rollouts.reduce((sum, one) => sum + one.unavailable, 0);
  const seconds = model.cluster.env.cooldownSeconds;
  return peakOf(model, {
    kind,
    of,
    outcome: outcomeOf(model, placed.fleet),
    unplaced: placed.unplaced,
    extraPods: pods.length,
    seconds,
    because: [
      `${counted(surge, 'new pod')} beside the old ones (maxSurge), ${ending} more while as many old ones end (maxUnavailable)`,
      ...(ending > 0
        ? [`an old pod has its address until it has ended, and it rests ${seconds} s after that`]
        : []),
    ],
  });
}
