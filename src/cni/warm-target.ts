/** How many ENIs and addresses ipamd ends up with for a number of pods, in closed form: an empty node, no churn, one
 *  address a slot (amazon-vpc-cni-k8s docs/eni-and-ip-target.md; pkg/ipamd updateIPPoolIfRequired). */
import type { CniEnvironment } from './environment.ts';
import type { InstanceType } from './instance-types.ts';

export interface WarmTarget {
  readonly enis: number;
  /** Secondary addresses over all ENIs: what pods can get. */
  readonly addresses: number;
  readonly because: string;
}

export interface PoolDemand {
  readonly type: Pick<InstanceType, 'maxEnis' | 'ipv4PerEni'>;
  readonly env: CniEnvironment;
  /** The kubelet's: the pool stops growing once it holds as many addresses. */
  readonly maxPods: number;
  /** Pods that need an address. */
  readonly pods: number;
}

export function warmTarget({ type, env, maxPods, pods }: PoolDemand): WarmTarget {
  const most = env.maxEni >= 1 && env.maxEni < type.maxEnis ? env.maxEni : type.maxEnis;
  const slots = type.ipv4PerEni - 1;
  if (env.warmIpTarget > 0 || env.minimumIpTarget > 0) return byAddresses(env, most, slots, pods);
  return byEnis(env.warmEniTarget, most, slots, maxPods, pods);
}

/** WARM_ENI_TARGET: full ENIs for the pods, and so many more; with 0, one more whenever no address is free. */
function byEnis(warm: number, most: number, slots: number, maxPods: number, pods: number): WarmTarget {
  const wanted = warm > 0 ? Math.ceil(pods / slots) + warm : Math.floor(pods / slots) + 1;
  const enough = Math.ceil(maxPods / slots);
  const enis = Math.max(1, Math.min(wanted, most, enough));
  const limit = enis === wanted ? '' : enis === most ? `, at most ${most}` : `, enough for ${maxPods} pods`;
  return {
    enis,
    addresses: enis * slots,
    because: `WARM_ENI_TARGET=${warm}: ${pods} pods at ${slots} addresses an ENI ask for ${wanted} ENIs${limit}`,
  };
}

/** WARM_IP_TARGET free addresses and MINIMUM_IP_TARGET in all; either switches WARM_ENI_TARGET off. The minimum alone
 *  never grows with the pods. */
function byAddresses(env: CniEnvironment, most: number, slots: number, pods: number): WarmTarget {
  const { warmIpTarget: warm, minimumIpTarget: minimum } = env;
  const wanted = warm > 0 ? Math.max(pods + warm, minimum) : minimum;
  const addresses = Math.min(most * slots, wanted);
  return {
    enis: Math.max(1, Math.ceil(addresses / slots)),
    addresses,
    because: `WARM_IP_TARGET=${warm}, MINIMUM_IP_TARGET=${minimum}: ${pods} pods ask for ${wanted} addresses`,
  };
}
