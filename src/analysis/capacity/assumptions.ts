/** What the figures suppose and leave out. */
import { rolloutOf } from '../../kube/rollout.ts';
import { MOST_SCHEDULED } from './fleet.ts';
import type { CapacityModel } from './model.ts';
import { MOST_ROLLOUTS } from './rollouts.ts';
import { counted } from './stops.ts';

export function assumptionsOf(model: CapacityModel | undefined): string[] {
  if (!model) return [];
  const { cluster } = model;
  const rolling = cluster.workloads.filter(
    (one) => one.kind === 'Deployment' && one.replicas > 0 && one.strategy?.type !== 'Recreate',
  );
  const unlisted = rolling.length - MOST_ROLLOUTS;
  const smallest = Math.min(...rolling.map((one) => rolloutOf(one).surge));
  return [
    'pools are at rest: what ipamd holds after churn may be more until it gives ENIs and addresses back',
    'AWS promises no order of addresses: single ones are taken to fill blocks that are touched already',
    ...(cluster.pods.length > MOST_SCHEDULED
      ? [
          `more than ${MOST_SCHEDULED} pods at once are spread evenly over the nodes that let them in, without the scheduler's scores`,
        ]
      : []),
    'the cluster autoscaler adds nodes to the groups of the topology; Karpenter is not modelled',
    ...(unlisted > 0
      ? [
          `smaller rolling updates have no line of their own: ${counted(unlisted, 'Deployment')}, the smallest with ${counted(smallest, 'new pod')}`,
        ]
      : []),
    ...(cluster.env.notModelled.length > 0 ? [`not counted: ${cluster.env.notModelled.join(', ')}`] : []),
  ];
}
