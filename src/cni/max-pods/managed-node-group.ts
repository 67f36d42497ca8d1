/** Rule set `managed-node-group`: what EKS writes into the user data of a managed node group without a custom AMI. It
 *  computes what max-pods-calculator.sh does, from the settings that aws-node has as the group is made, and caps it; no
 *  other setting of maxPods wins over it (EKS user guide, "How maxPods is determined" and "Increase the available IP
 *  addresses for your Amazon EKS node"). A CNI before 1.9 gets the number of the type, capped. */
import { CNI_VERSION } from '../environment.ts';
import { knowsPrefixes, scriptSum } from './al2-script.ts';
import { recommendedCap } from './cap.ts';
import { eniSum, standardPods } from './eni-sum.ts';
import { limitSteps, podsPerCoreLimit } from './kubelet-settings.ts';
import { lowest, type RuleSet } from './rule-set.ts';

export const managedNodeGroup: RuleSet = {
  name: 'managed-node-group',
  title: 'EKS, without a custom AMI',
  heeds: new Set(['prefixDelegation', 'customNetworking', 'maxEni', 'ipv6', 'cniVersion', 'podsPerCore']),
  apply(type, options) {
    const { cniVersion = CNI_VERSION, ipv6 = false, prefixDelegation = false } = options;
    const { sum, warnings } = knowsPrefixes(cniVersion)
      ? scriptSum(type, {
          ...options,
          maxEni: options.maxEni || undefined,
          prefixDelegation: prefixDelegation || ipv6,
        })
      : {
          sum: eniSum(type),
          warnings: [`EKS looks at the CNI's settings from version 1.9 on: ${cniVersion}`],
        };
    const cap = recommendedCap(type);
    const lowering = [cap, ...podsPerCoreLimit(type, options)];
    return lowest([...sum.limits, ...lowering], {
      formula: sum.formula,
      steps: [...sum.steps, ...limitSteps(lowering, sum.pods)],
      // nodeadm computes it, and knows nothing of what EKS has computed.
      reservedFor: standardPods(type),
      warnings,
    });
  },
};
