/** Rule set `al2-script`: max-pods-calculator.sh of the AL2 image (awslabs/amazon-eks-ami, gone with AL2 in 2026), as
 *  its text reads. It takes an instance for Nitro where EC2 says hypervisor "nitro", and EC2 says nothing of bare
 *  metal: there it counts single addresses, though the CNI delegates prefixes. MAX_ENI 0 means no ENI to it. */
import { CNI_VERSION } from '../environment.ts';
import type { InstanceType } from '../instance-types.ts';
import { recommendedCap } from './cap.ts';
import { needsNitro } from './cni.ts';
import { type EniSum, eniSum, type Reduction, standardPods } from './eni-sum.ts';
import { limitSteps } from './kubelet-settings.ts';
import { lowest, type MaxPodsOptions, type RuleSet } from './rule-set.ts';

export const al2Script: RuleSet = {
  name: 'al2-script',
  title: 'max-pods-calculator.sh of AL2',
  heeds: new Set(['prefixDelegation', 'customNetworking', 'maxEni', 'cniVersion', 'showMaxAllowed']),
  apply(type, options) {
    const { sum, warnings } = scriptSum(type, options);
    const caps = options.showMaxAllowed ? [] : [recommendedCap(type)];
    const negative = sum.pods < 0 ? ['the kubelet takes no negative maxPods and does not start'] : [];
    return lowest([...sum.limits, ...caps], {
      formula: sum.formula,
      steps: [...sum.steps, ...limitSteps(caps, sum.pods)],
      // bootstrap.sh reserves memory for what its table says of the type.
      reservedFor: standardPods(type),
      warnings: [...warnings, ...negative],
    });
  },
};

/** The script before its cap; EKS computes the same for managed node groups. */
export function scriptSum(
  type: InstanceType,
  options: MaxPodsOptions,
): { readonly sum: EniSum; readonly warnings: readonly string[] } {
  const { prefixDelegation = false, cniVersion = CNI_VERSION } = options;
  const nitro = type.hypervisor === 'nitro';
  const since = knowsPrefixes(cniVersion);
  const without = since
    ? type.bareMetal
      ? `EC2 names no hypervisor for bare metal: ${type.name} counts as no Nitro, and gets single addresses`
      : needsNitro(type)
    : `prefix delegation came with version 1.9 of the CNI: ${cniVersion} gets single addresses`;
  const warnings = prefixDelegation && !(since && nitro) ? [without] : [];
  const sum = eniSum(type, reductionsOf(type, options), prefixDelegation && since && nitro);
  return { sum, warnings };
}

function reductionsOf({ maxEnis }: InstanceType, { maxEni, customNetworking }: MaxPodsOptions): Reduction[] {
  const reductions: Reduction[] = [];
  const most = maxEni === undefined ? maxEnis : Math.min(maxEni, maxEnis);
  if (most < maxEnis) reductions.push({ enis: most, because: `MAX_ENI ${maxEni}` });
  if (customNetworking)
    reductions.push({ enis: most - 1, because: 'custom networking keeps pods off the primary one' });
  return reductions;
}

/** Version 1.9 or later: the script looks at the first two numbers alone. */
export function knowsPrefixes(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || (major === 1 && minor > 8);
}

/** Why the script ends without a number; undefined where it does not. Under `set -o nounset` bash ends it at a version
 *  without a second number, and takes a letter for the name of a variable. */
export function scriptRefusal(cniVersion: string | undefined): string | undefined {
  if (cniVersion === undefined || cniVersion === '')
    return 'You must specify a CNI Version to use. Example - 1.7.5';
  const [major = '', minor] = cniVersion.split('.');
  const word = [major, minor ?? ''].find((part) => !/^\d+$/.test(part));
  if (word === undefined) return undefined;
  return minor === undefined
    ? 'VERSION_SPLIT[1]: unbound variable'
    : `${/[A-Za-z_]\w*/.exec(word)?.[0] ?? 'CNI_MAJOR_VERSION'}: unbound variable`;
}
