/** Rule set `karpenter`: what Karpenter gives the nodes it launches (karpenter-provider-aws pkg/providers/instancetype
 *  pods, ENILimitedPods), with AL2023; Bottlerocket has the same without podsPerCore. It knows neither
 *  the cap nor prefixes; for custom networking one sets RESERVED_ENIS 1. */
import type { InstanceType } from '../instance-types.ts';
import { eniSum, plural, type Reduction, standardPods } from './eni-sum.ts';
import { limitSteps, maxPodsLimit, podsPerCoreLimit } from './kubelet-settings.ts';
import { lowest, type MaxPodsOptions, type RuleSet } from './rule-set.ts';

export const karpenter: RuleSet = {
  name: 'karpenter',
  title: "Karpenter's AL2023 nodes",
  heeds: new Set(['maxPods', 'podsPerCore', 'reservedEnis', 'efaOnlyInterfaces']),
  apply(type, options) {
    const perCore = podsPerCoreLimit(type, options);
    const reservedFor = standardPods(type);
    if (options.maxPods !== undefined) {
      const set = maxPodsLimit(options.maxPods);
      return lowest([set, ...perCore], {
        formula: String(set.pods),
        steps: [set.because, ...limitSteps(perCore, set.pods)],
        reservedFor,
      });
    }
    const reductions = reductionsOf(type, options);
    const sum = eniSum(type, reductions);
    if (reductions.at(-1)?.enis === 0) {
      const because = `${reductions.map((each) => each.because).join('; ')}: no ENI is left, and so no pods`;
      return lowest([{ what: 'ENIs', pods: 0, because }], { formula: '0', steps: [because], reservedFor });
    }
    return lowest([...sum.limits, ...perCore], {
      formula: sum.formula,
      steps: [...sum.steps, ...limitSteps(perCore, sum.pods)],
      reservedFor,
    });
  },
};

function reductionsOf(
  { maxEnis }: InstanceType,
  { reservedEnis = 0, efaOnlyInterfaces = 0 }: MaxPodsOptions,
): Reduction[] {
  const reductions: Reduction[] = [];
  const afterReserved = Math.max(0, maxEnis - reservedEnis);
  if (reservedEnis > 0) reductions.push({ enis: afterReserved, because: `RESERVED_ENIS ${reservedEnis}` });
  if (efaOnlyInterfaces > 0)
    reductions.push({
      enis: Math.max(0, afterReserved - efaOnlyInterfaces),
      because: plural(efaOnlyInterfaces, 'EFA-only interface'),
    });
  return reductions;
}
