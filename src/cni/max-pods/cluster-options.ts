/** What the settings of a cluster's aws-node mean for the number of pods. */
import type { CniEnvironment } from '../environment.ts';
import type { MaxPodsOptions } from './rule-set.ts';

/** `version` is that of the CNI. */
export function clusterOptions(env: CniEnvironment, version: string): MaxPodsOptions {
  return {
    prefixDelegation: env.prefixDelegation,
    customNetworking: env.customNetworking,
    maxEni: env.maxEni > 0 ? env.maxEni : undefined,
    ipv6: env.ipv6,
    securityGroupsForPods: env.podEni,
    cniVersion: version,
  };
}
