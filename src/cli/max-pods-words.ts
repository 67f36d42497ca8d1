/** The words of `vpcsim max-pods` as options, and what the real components would refuse of them. */
import { InputError, type Issue } from '../base/issue.ts';
import { scriptRefusal } from '../cni/max-pods/al2-script.ts';
import type { MaxPodsOptions, RuleSetName } from '../cni/max-pods.ts';

export interface MaxPodsSwitches {
  readonly prefixDelegation?: boolean;
  readonly customNetworking?: boolean;
  readonly maxEni?: string;
  readonly securityGroupsForPods?: boolean;
  readonly ipv6?: boolean;
  readonly cniVersion?: string;
  readonly reservedEnis?: string;
  readonly efaOnlyInterfaces?: string;
  readonly podsPerCore?: string;
  readonly maxPods?: string;
  readonly maxPodsExpression?: string;
  readonly showMaxAllowed?: boolean;
  readonly minPods?: string;
  readonly as?: RuleSetName;
}

const MAX_INT32 = 2 ** 31 - 1;

/** The options: switches over those of the cluster. Throws InputError with all that is wrong. */
export function optionsOf(
  switches: MaxPodsSwitches,
  cluster: MaxPodsOptions = {},
): { readonly options: MaxPodsOptions; readonly minPods: number } {
  const issues: Issue[] = [];
  const wrong = (code: string, message: string, hint?: string): void =>
    void issues.push({ severity: 'error', code, message, hint });
  const number = (option: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (/^\d{1,10}$/.test(text) && Number(text) <= MAX_INT32) return Number(text);
    wrong('usage/bad-number', `--${option} "${text}" is no whole number from 0 to ${MAX_INT32}`);
    return undefined;
  };
  const { as } = switches;
  const options: MaxPodsOptions = {
    prefixDelegation: switches.prefixDelegation ?? cluster.prefixDelegation,
    customNetworking: switches.customNetworking ?? cluster.customNetworking,
    maxEni: number('max-eni', switches.maxEni) ?? cluster.maxEni,
    securityGroupsForPods: switches.securityGroupsForPods ?? cluster.securityGroupsForPods,
    ipv6: switches.ipv6 ?? cluster.ipv6,
    cniVersion: switches.cniVersion ?? cluster.cniVersion,
    reservedEnis: number('reserved-enis', switches.reservedEnis),
    efaOnlyInterfaces: number('efa-only-interfaces', switches.efaOnlyInterfaces),
    podsPerCore: number('pods-per-core', switches.podsPerCore),
    maxPods: number('max-pods', switches.maxPods),
    maxPodsExpression: switches.maxPodsExpression || undefined,
    showMaxAllowed: switches.showMaxAllowed,
  };
  const minPods = number('min-pods', switches.minPods) ?? Number.NEGATIVE_INFINITY;
  const refusal = as === 'al2-script' ? scriptRefusal(options.cniVersion) : undefined;
  if (refusal !== undefined)
    wrong(
      'al2-script/refused',
      `max-pods-calculator.sh ends with: ${refusal}`,
      'give --cni-version, such as 1.23.1: the script has no default',
    );
  else if (options.cniVersion !== undefined && !/^v?\d+\.\d+/.test(options.cniVersion))
    wrong('usage/bad-version', `--cni-version "${options.cniVersion}" is no version`, 'write 1.23.1');
  if (options.ipv6 && options.customNetworking)
    wrong(
      'cni/ipv6-custom-networking',
      'aws-node does not start: custom networking is not supported with IPv6',
      'leave out --custom-networking, or --ipv6',
    );
  if (issues.length > 0) throw new InputError(issues);
  const { cniVersion } = options;
  return { options: { ...options, cniVersion: cniVersion?.replace(/^v/, '') }, minPods };
}
