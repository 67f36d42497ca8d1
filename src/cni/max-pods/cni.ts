/** Rule set `cni`: how many pods the VPC CNI has addresses for, with the pods of the host network
 *  (amazon-vpc-cni-k8s pkg/ipamd: getMaxENI, isConfigValid, hasRoomForEni). It sets no maxPods: it reads what the
 *  kubelet says, and stops growing its pool there. */
import { readEnvironment } from '../environment.ts';
import { isAtLeast } from '../features.ts';
import type { InstanceType } from '../instance-types.ts';
import { poolShape, takesPrefixes } from '../pool-shape.ts';
import { recommendedCap } from './cap.ts';
import { eniSum, HOST_NETWORK_PODS, plural, type Reduction } from './eni-sum.ts';
import { limitSteps, maxPodsLimit } from './kubelet-settings.ts';
import { type Limit, lowest, type MaxPods, type MaxPodsOptions, type RuleSet } from './rule-set.ts';

/** Prefixes came with 1.9.0, and to bare metal with 1.11.0. */
const PREFIXES_SINCE = '1.9.0';
const PREFIXES_ON_METAL_SINCE = '1.11.0';

export const cni: RuleSet = {
  name: 'cni',
  title: 'what ipamd has addresses for',
  heeds: new Set([
    'prefixDelegation',
    'customNetworking',
    'maxEni',
    'securityGroupsForPods',
    'ipv6',
    'cniVersion',
    'maxPods',
  ]),
  apply(type, options) {
    const set = options.maxPods === undefined ? [] : [maxPodsLimit(options.maxPods)];
    if (options.ipv6) return withIpv6(type, set);
    const { prefixes, warnings } = prefixMode(type, options);
    const sum = eniSum(type, reductionsOf(type, options), prefixes);
    return lowest([...sum.limits, ...set], {
      formula: sum.formula,
      steps: [...sum.steps, ...limitSteps(set, sum.pods)],
      reservedFor: undefined,
      warnings: [...warnings, ...trunkWarnings(type, options)],
    });
  },
};

/** A /80 prefix holds more addresses than a node has processes: only the caps are left. */
function withIpv6(type: InstanceType, set: readonly Limit[]): MaxPods {
  if (!takesPrefixes(type)) {
    const because = `IPv6 needs prefixes, and they need Nitro or bare metal: ipamd does not start on ${type.name}`;
    return lowest([{ what: 'prefixes', pods: 0, because }], {
      formula: '0',
      steps: [because],
      reservedFor: undefined,
      warnings: [because],
    });
  }
  const cap = recommendedCap(type);
  return lowest([cap, ...set], {
    formula: String(cap.pods),
    steps: [
      'IPv6: the /80 prefix of the primary ENI has addresses for any number of pods',
      `the recommended cap is left: ${cap.because}`,
      ...limitSteps(set, cap.pods),
    ],
    reservedFor: undefined,
  });
}

/** Whether slots hold prefixes, and why not where they should. */
function prefixMode(
  type: InstanceType,
  { prefixDelegation = false, cniVersion }: MaxPodsOptions,
): { readonly prefixes: boolean; readonly warnings: readonly string[] } {
  if (!prefixDelegation) return { prefixes: false, warnings: [] };
  if (!takesPrefixes(type))
    return {
      prefixes: false,
      warnings: [needsNitro(type)],
    };
  const since = type.bareMetal ? PREFIXES_ON_METAL_SINCE : PREFIXES_SINCE;
  if (cniVersion === undefined || isAtLeast(cniVersion, since)) return { prefixes: true, warnings: [] };
  const where = type.bareMetal ? ' on bare metal' : '';
  return {
    prefixes: false,
    warnings: [`prefix delegation${where} came with version ${since} of the CNI: single addresses are used`],
  };
}

/** ipamd warns, and goes on. */
export function needsNitro({ name }: InstanceType): string {
  return `prefix delegation needs Nitro or bare metal: ${name} gets single addresses`;
}

/** The same numbers as the pool's own shape, each with its reason. */
function reductionsOf(type: InstanceType, options: MaxPodsOptions): Reduction[] {
  const shape = poolShape(
    type,
    readEnvironment({
      MAX_ENI: String(options.maxEni ?? 0),
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: String(options.customNetworking ?? false),
      ENABLE_POD_ENI: String(options.securityGroupsForPods ?? false),
    }),
  );
  const reductions: Reduction[] = [];
  let enis = type.maxEnis;
  if (shape.maxEnis < enis) {
    enis = shape.maxEnis;
    reductions.push({ enis, because: `MAX_ENI ${options.maxEni}` });
  }
  if (shape.trunk) {
    enis -= 1;
    reductions.push({ enis, because: 'the trunk of security groups for pods takes one' });
  }
  if (!shape.primaryCarriesPods) {
    enis -= 1;
    reductions.push({ enis, because: 'custom networking keeps pods off the primary one' });
  }
  return reductions;
}

function trunkWarnings(type: InstanceType, { securityGroupsForPods, maxEni }: MaxPodsOptions): string[] {
  if (!securityGroupsForPods) return [];
  if (type.branchEnis === undefined)
    return [`whether ${type.name} takes a trunk is not known: security groups for pods are not counted`];
  if (type.branchEnis === 0)
    return [`${type.name} takes no trunk: security groups for pods do not work on it`];
  if (maxEni === 1) return ['with MAX_ENI 1 no ENI is left for the trunk'];
  return [];
}

/** Pods with branch ENIs, which come on top: the kubelet counts them, so its maxPods must be raised for them. */
export function branchPods(type: InstanceType, options: MaxPodsOptions): number {
  if (!options.securityGroupsForPods || options.maxEni === 1) return 0;
  return type.branchEnis ?? 0;
}

/** Where ipamd cannot find the type in its own table it takes the ENIs of all cards for those of one. */
export function askedOfEc2({
  missingInCni,
  networkCards,
  totalEnis,
  ipv4PerEni,
  name,
}: InstanceType): string[] {
  if (!missingInCni || networkCards === 1) return [];
  return [
    `ipamd has no ${name} in its table and asks EC2, which counts ${plural(totalEnis, 'ENI')} of all network cards: ` +
      `it may take the node for one of ${totalEnis * (ipv4PerEni - 1) + HOST_NETWORK_PODS} pods`,
  ];
}
