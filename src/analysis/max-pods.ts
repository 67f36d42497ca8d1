/** How many pods a node of a type takes: one rule set in full, all of them beside each other, and every limit, with
 *  those that no rule set weighs: the addresses that ipamd really has, and the memory that is kept back. */
import { CNI_VERSION } from '../cni/environment.ts';
import type { InstanceType } from '../cni/instance-types.ts';
import { recommendedCap } from '../cni/max-pods/cap.ts';
import { askedOfEc2, branchPods } from '../cni/max-pods/cni.ts';
import {
  eniMaxPods,
  type Limit,
  type LimitKind,
  type MaxPods,
  type MaxPodsOptions,
  type RuleSet,
  type RuleSetName,
  ruleSets,
} from '../cni/max-pods.ts';
import { type MemoryReserve, memoryReserve } from './memory-reserve.ts';

export interface WeighedLimit extends Limit {
  /** False: advice that nothing on the node holds one to. */
  readonly enforced: boolean;
}

export interface RuleSetPods {
  readonly name: RuleSetName;
  readonly title: string;
  readonly pods: number;
  /** Why the number is what it is, where that needs a word. */
  readonly because: string;
}

export interface MaxPodsReport {
  readonly type: InstanceType;
  /** The rule set that was asked for; undefined: the sum as AWS publishes it, and what EKS makes of it. */
  readonly as: RuleSetName | undefined;
  /** What the rule set gives; without one, the sum of the CNI's settings without a cap. */
  readonly maxPods: number;
  /** The same with the cap that AWS recommends. */
  readonly recommended: number;
  /** How many pods run: the lowest limit that is enforced. Without a rule set, in a managed node group. */
  readonly fits: number;
  /** What that limit is. */
  readonly binding: LimitKind;
  /** The lowest first. */
  readonly limits: readonly WeighedLimit[];
  readonly formula: string;
  readonly steps: readonly string[];
  /** Pods with branch ENIs, on top of those that ipamd has addresses for. */
  readonly branchPods: number;
  /** What the kubelet's maxPods must be for all of them; undefined where there are none. */
  readonly maxPodsWithBranches: number | undefined;
  readonly reserve: MemoryReserve | undefined;
  readonly ruleSets: readonly RuleSetPods[];
  readonly warnings: readonly string[];
}

export function reportMaxPods(
  type: InstanceType,
  options: MaxPodsOptions = {},
  as?: RuleSetName,
): MaxPodsReport {
  const shown = ruleSetNamed(as ?? 'managed-node-group');
  const given = options.cniVersion === undefined ? { ...options, cniVersion: CNI_VERSION } : options;
  const result = shown.apply(type, given);
  const addresses = eniMaxPods(type, { ...given, maxPods: undefined });
  const answer = as === undefined ? eniMaxPods(type, given) : result;
  const branches = branchPods(type, given);
  const reserve = memoryReserve(type, result.reservedFor);
  const limits = allLimits(shown, result, addresses, reserve, type);
  const enforced = limits.filter((limit) => limit.enforced);
  return {
    type,
    as,
    maxPods: answer.pods,
    recommended: Math.min(answer.pods, recommendedCap(type).pods),
    fits: enforced[0]!.pods,
    binding: enforced[0]!.what,
    limits,
    formula: answer.formula,
    steps: result.steps,
    branchPods: branches,
    maxPodsWithBranches: branches === 0 ? undefined : addresses.pods + branches,
    reserve,
    ruleSets: ruleSets.map((each) => comparison(each, each.apply(type, given), given, type)),
    warnings: warningsOf(result, addresses, branches, given, type),
  };
}

function ruleSetNamed(name: RuleSetName): RuleSet {
  return ruleSets.find((each) => each.name === name)!;
}

/** The lowest first; those of equal number in the order of their kinds. */
function allLimits(
  shown: RuleSet,
  result: MaxPods,
  addresses: MaxPods,
  reserve: MemoryReserve | undefined,
  type: InstanceType,
): WeighedLimit[] {
  const counted = result.limits.filter(({ what }) => isAddressLimit(what));
  const others = result.limits.filter(({ what }) => !isAddressLimit(what));
  const computed = Math.min(...counted.map(({ pods }) => pods));
  const own: Limit[] = [...others];
  if (computed < addresses.pods)
    own.push({
      what: 'kubelet',
      pods: computed,
      because: `${shown.name} counts ${counted.find(({ pods }) => pods === computed)!.because}`,
    });
  const enforced = [...addresses.limits, ...own].map((limit) => ({ ...limit, enforced: true }));
  const cap = recommendedCap(type);
  const advice = enforced.some(({ what }) => what === 'cap') ? [] : [{ ...cap, enforced: false }];
  const memory = reserve && {
    what: 'memory reserve' as const,
    pods: reserve.tooMuch ? 0 : reserve.mostPods,
    because: reserve.because,
    enforced: reserve.tooMuch,
  };
  const all: WeighedLimit[] = [...enforced, ...advice, ...(memory ? [memory] : [])];
  return all.sort((a, b) => a.pods - b.pods);
}

function isAddressLimit(what: LimitKind): boolean {
  return what === 'addresses' || what === 'prefixes' || what === 'ENIs';
}

type OptionName = keyof MaxPodsOptions;

/** How people call the options of the CNI and the kubelet, which each rule set should look at. */
const networkWords: Readonly<Partial<Record<OptionName, string>>> = {
  prefixDelegation: 'prefix delegation',
  customNetworking: 'custom networking',
  maxEni: 'MAX_ENI',
  securityGroupsForPods: 'the trunk of security groups for pods',
  ipv6: 'IPv6',
  podsPerCore: 'podsPerCore',
  maxPods: "the kubelet's maxPods",
  maxPodsExpression: 'maxPodsExpression',
};

/** Those that belong to one rule set. */
const ownWords: Readonly<Partial<Record<OptionName, string>>> = {
  reservedEnis: 'RESERVED_ENIS',
  efaOnlyInterfaces: 'EFA-only interfaces',
  showMaxAllowed: '--show-max-allowed',
};

/** Options that are given and that the rule set does not look at, as one says them. */
export function ignoredOptions(as: RuleSetName, options: MaxPodsOptions): readonly string[] {
  return ignoredAmong({ ...networkWords, ...ownWords }, ruleSetNamed(as), options);
}

function ignoredAmong(
  words: Readonly<Partial<Record<OptionName, string>>>,
  { heeds }: RuleSet,
  options: MaxPodsOptions,
): string[] {
  return Object.entries(words).flatMap(([key, word]) => {
    const name = key as OptionName; // the tables have no other keys
    const given = options[name] !== undefined && options[name] !== false;
    return given && !heeds.has(name) ? [word] : [];
  });
}

function comparison(
  ruleSet: RuleSet,
  result: MaxPods,
  options: MaxPodsOptions,
  type: InstanceType,
): RuleSetPods {
  const { name, title } = ruleSet;
  const lowest = result.limits.find(({ pods }) => pods === result.pods)!;
  const ignored = name === 'cni' ? [] : ignoredAmong(networkWords, ruleSet, options);
  const capped = result.limits.some(({ what }) => what === 'cap');
  const parts = [
    ...(isAddressLimit(lowest.what) ? [] : [lowest.because]),
    ...(name !== 'cni' && !capped && result.pods > recommendedCap(type).pods ? ['has no cap'] : []),
    ...(ignored.length > 0 ? [`does not look at ${listed(ignored)}`] : []),
  ];
  return { name, title, pods: result.pods, because: parts.join('; ') };
}

function warningsOf(
  result: MaxPods,
  addresses: MaxPods,
  branches: number,
  { podsPerCore = 0 }: MaxPodsOptions,
  type: InstanceType,
): string[] {
  const told = new Set([...result.warnings, ...addresses.warnings, ...askedOfEc2(type)]);
  if (podsPerCore > 0 && type.vcpus === undefined)
    told.add(`how many vCPUs ${type.name} has is not known: podsPerCore is left out`);
  if (addresses.pods > 0 && result.pods > addresses.pods) {
    const more = branches === 0 ? '' : `, and ${branches} more can have branch ENIs`;
    told.add(
      `the kubelet takes ${result.pods} pods; ipamd has addresses for ${addresses.pods}, with those of the host ` +
        `network${more}: further ones stay in ContainerCreating`,
    );
  }
  return [...told];
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
