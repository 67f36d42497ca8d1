/** Advice on how much ipamd holds ready. */
import type { Variables } from '../../../cni/environment.ts';
import { needing } from '../fleet.ts';
import type { CapacityModel } from '../model.ts';
import type { Advice } from '../report.ts';
import { type Candidate, effectOf, numbersOf } from './candidate.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { variantOf } from './variant.ts';

/** Free addresses beside those in use: few, so that ipamd keeps up with pods that come one by one. */
const WARM_IPS = 2;

export function warmTargetAdvice(model: CapacityModel, before: Metrics): Candidate[] {
  const { env } = model.cluster;
  const found: Candidate[] = [];
  const tries = (kind: Advice['kind'], variables: Variables, title: string, costs: string[]): void => {
    const after = metricsOf(variantOf(model, { env: variables }));
    if (after.withoutAddress > before.withoutAddress) return;
    if (after.held >= before.held && after.withoutAddress === before.withoutAddress) return;
    found.push({
      kind,
      title,
      changes: changesOf(model, variables),
      numbers: numbersOf(before, after),
      costs,
      effect: effectOf(before, after),
    });
  };
  const usual = usualPods(model);
  tries(
    'warm-ip-target',
    { WARM_IP_TARGET: String(WARM_IPS), MINIMUM_IP_TARGET: String(usual) },
    `set WARM_IP_TARGET=${WARM_IPS} and MINIMUM_IP_TARGET=${usual} on aws-node: hold what pods use, and not whole ${env.prefixDelegation ? 'prefixes' : 'ENIs'} beside it`,
    [
      'ipamd calls EC2 more often: once for about every pod beyond the minimum, and may be throttled in large clusters',
      `more than ${WARM_IPS} pods at once on a node wait for ipamd`,
    ],
  );
  const byAddress = env.warmIpTarget > 0 || env.minimumIpTarget > 0;
  if (!byAddress && !env.prefixDelegation && env.warmEniTarget > 0) {
    const to = env.warmEniTarget > 1 ? '1' : '0';
    tries(
      'warm-eni-target',
      { WARM_ENI_TARGET: to },
      `set WARM_ENI_TARGET=${to} on aws-node: ${to === '0' ? 'no whole ENI is held ready' : 'one whole ENI is held ready'}`,
      ['a pod that needs a further ENI waits about 10 s until it is attached'],
    );
  }
  return found;
}

/** What most nodes have: half of them have fewer pods. */
function usualPods({ fleet }: CapacityModel): number {
  const counts = [...fleet.members.values()].map(({ pods }) => needing(pods)).sort((a, b) => a - b);
  return Math.max(1, counts[counts.length >> 1] ?? 1);
}

/** Variables of aws-node as changes of a topology. */
export function changesOf({ cluster }: CapacityModel, variables: Variables): Advice['changes'] {
  return Object.entries(variables)
    .map(([name, to]) => ({
      where: `cluster.cni.env.${name}`,
      from: cluster.spec.cni.env[name] ?? null,
      to,
    }))
    .filter(({ from, to }) => from !== to);
}
