/** Settings of the kubelet that lower the number of pods (pkg/kubelet/nodestatus MachineInfo): with podsPerCore the
 *  node takes the lesser of podsPerCore x cores and maxPods. */
import type { InstanceType } from '../instance-types.ts';
import { plural } from './eni-sum.ts';
import type { Limit, MaxPodsOptions } from './rule-set.ts';

/** Empty without the setting, and where the number of vCPUs is not known. */
export function podsPerCoreLimit(type: InstanceType, { podsPerCore = 0 }: MaxPodsOptions): readonly Limit[] {
  if (podsPerCore <= 0 || type.vcpus === undefined) return [];
  return [
    {
      what: 'CPU',
      pods: podsPerCore * type.vcpus,
      because: `podsPerCore ${podsPerCore} x ${plural(type.vcpus, 'vCPU')}`,
    },
  ];
}

export function maxPodsLimit(maxPods: number): Limit {
  return { what: 'kubelet', pods: maxPods, because: `maxPods ${maxPods} in the kubelet's configuration` };
}

/** Steps that tell of limits beside the sum: what lowers it. */
export function limitSteps(limits: readonly Limit[], from: number): string[] {
  let pods = from;
  return limits.flatMap((limit) => {
    if (limit.pods >= pods) return [];
    pods = limit.pods;
    return [`${limit.because}: ${plural(pods, 'pod')}`];
  });
}
