/** What a rule set of max-pods takes and gives. */
import type { InstanceType } from '../instance-types.ts';

export type RuleSetName = 'managed-node-group' | 'nodeadm' | 'karpenter' | 'al2-script' | 'cni';

/** Settings of the CNI, of the kubelet and of Karpenter. Each rule set looks at some of them. */
export interface MaxPodsOptions {
  /** ENABLE_PREFIX_DELEGATION: a /28 block in the place of each secondary address. */
  readonly prefixDelegation?: boolean | undefined;
  /** AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: the primary ENI carries no pods. */
  readonly customNetworking?: boolean | undefined;
  /** MAX_ENI: at most that many ENIs. Absent for what the type takes; so is 0, but for the script of AL2. */
  readonly maxEni?: number | undefined;
  /** ENABLE_POD_ENI: one ENI is the trunk of branch ENIs. */
  readonly securityGroupsForPods?: boolean | undefined;
  /** ENABLE_IPv6. */
  readonly ipv6?: boolean | undefined;
  /** Of the VPC CNI; absent for the newest that is known. */
  readonly cniVersion?: string | undefined;
  /** Karpenter's RESERVED_ENIS. */
  readonly reservedEnis?: number | undefined;
  /** EFA-only interfaces on the default network card (Karpenter's EC2NodeClass). */
  readonly efaOnlyInterfaces?: number | undefined;
  /** The kubelet's podsPerCore; 0 for none. */
  readonly podsPerCore?: number | undefined;
  /** The kubelet's maxPods, set by hand. */
  readonly maxPods?: number | undefined;
  /** nodeadm's kubelet.maxPodsExpression, in CEL. */
  readonly maxPodsExpression?: string | undefined;
  /** --show-max-allowed of the script of AL2: without the cap. */
  readonly showMaxAllowed?: boolean | undefined;
}

/** `kubelet`: a setting of the kubelet, or what somebody computed into it. */
export type LimitKind = 'ENIs' | 'addresses' | 'prefixes' | 'cap' | 'CPU' | 'memory reserve' | 'kubelet';

/** One thing that stops pods. */
export interface Limit {
  readonly what: LimitKind;
  readonly pods: number;
  readonly because: string;
}

export interface MaxPods {
  /** The lowest of `limits`. */
  readonly pods: number;
  /** The sum that the rule set begins with: "3 * (10 - 1) + 2". */
  readonly formula: string;
  /** How the number came about, one sentence each. */
  readonly steps: readonly string[];
  /** All that the rule set weighs, in its order. */
  readonly limits: readonly Limit[];
  /** How many pods the node's memory reserve is computed for; undefined where the rule set sets none. */
  readonly reservedFor: number | undefined;
  /** What it warns of, in its own words where it has some. */
  readonly warnings: readonly string[];
}

export interface RuleSet {
  readonly name: RuleSetName;
  /** Who this is, a few words. */
  readonly title: string;
  /** The options that it looks at. */
  readonly heeds: ReadonlySet<keyof MaxPodsOptions>;
  apply(type: InstanceType, options: MaxPodsOptions): MaxPods;
}

/** The result of limits whose sum is told already. */
export function lowest(
  limits: readonly Limit[],
  rest: Pick<MaxPods, 'formula' | 'steps' | 'reservedFor'> & { readonly warnings?: readonly string[] },
): MaxPods {
  return { pods: Math.min(...limits.map(({ pods }) => pods)), limits, warnings: [], ...rest };
}
