/** The sum that all rule sets share: ENIs x (addresses per ENI - 1) + 2. The first address of an ENI is its own;
 *  aws-node and kube-proxy use the host's network and need none. */
import type { InstanceType } from '../instance-types.ts';
import { ADDRESSES_PER_PREFIX } from '../pool-shape.ts';
import type { Limit } from './rule-set.ts';

/** Pods of the host's network that every node runs. */
export const HOST_NETWORK_PODS = 2;

export interface EniSum {
  readonly pods: number;
  readonly formula: string;
  readonly steps: readonly string[];
  readonly limits: readonly Limit[];
}

/** What takes ENIs from the pods, one after the other. */
export interface Reduction {
  /** How many are left. */
  readonly enis: number;
  /** "custom networking keeps pods off the primary ENI". */
  readonly because: string;
}

/** `reductions` in the order in which they are applied. With `prefixes` a slot holds 16 addresses. */
export function eniSum(type: InstanceType, reductions: readonly Reduction[] = [], prefixes = false): EniSum {
  const { ipv4PerEni, maxEnis, name } = type;
  const each = (ipv4PerEni - 1) * (prefixes ? ADDRESSES_PER_PREFIX : 1);
  const enis = reductions.at(-1)?.enis ?? maxEnis;
  const pods = enis * each + HOST_NETWORK_PODS;
  const formula = `${enis} * (${ipv4PerEni} - 1)${prefixes ? ` * ${ADDRESSES_PER_PREFIX}` : ''} + ${HOST_NETWORK_PODS}`;
  const what = prefixes ? 'prefixes' : 'addresses';
  const slots = prefixes
    ? `${plural(ipv4PerEni - 1, 'prefix', 'prefixes')} of ${ADDRESSES_PER_PREFIX} addresses`
    : plural(ipv4PerEni - 1, 'address', 'addresses');
  const whole: Limit = {
    what,
    pods: maxEnis * each + HOST_NETWORK_PODS,
    because: `${plural(maxEnis, 'ENI')} with ${slots} for pods each, and ${HOST_NETWORK_PODS} pods of the host network`,
  };
  const left: Limit = {
    what: 'ENIs',
    pods,
    because: `${plural(enis, 'ENI')} left of ${maxEnis}: ${reductions.map(({ because }) => because).join('; ')}`,
  };
  return {
    pods,
    formula,
    steps: [
      `${name}: ${onDefaultCard(type)} with ${plural(ipv4PerEni, 'IPv4 address', 'IPv4 addresses')} each, the first of them its own`,
      ...reductions.map((reduction) => `${reduction.because}: ${plural(reduction.enis, 'ENI')} left`),
      ...(prefixes ? [`each slot holds a /28 prefix: ${ADDRESSES_PER_PREFIX} addresses`] : []),
      `${formula} = ${pods}`,
    ],
    limits: reductions.length > 0 ? [whole, left] : [whole],
  };
}

/** The number that AWS publishes for a type: no settings, no cap. */
export function standardPods(type: InstanceType): number {
  return type.maxEnis * (type.ipv4PerEni - 1) + HOST_NETWORK_PODS;
}

/** "1 ENI", "3 ENIs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function onDefaultCard({ maxEnis, networkCards, totalEnis }: InstanceType): string {
  const enis = plural(maxEnis, 'ENI');
  return networkCards === 1
    ? enis
    : `${enis} on the default network card (${totalEnis} on all ${networkCards})`;
}
