/** Environment variables of the aws-node container, read as the CNI does: what cannot be parsed or is negative counts
 *  as the default (aws/amazon-vpc-cni-k8s README, pkg/ipamd getWarmENITarget and others). */
import { type Cidr, parseCidr } from '../addressing/cidr.ts';
import { type CniFeatures, cniFeatures } from './features.ts';

export type Variables = Readonly<Record<string, string>>;

export interface CniEnvironment {
  readonly warmEniTarget: number;
  /** 0: not set. */
  readonly warmIpTarget: number;
  /** 0: not set. */
  readonly minimumIpTarget: number;
  /** Whole /28 blocks held ready under prefix delegation; 1 where it is not set, as in the manifest that AWS ships. */
  readonly warmPrefixTarget: number;
  /** 0: as many as the instance type takes. */
  readonly maxEni: number;
  /** Slots of ENIs hold /28 blocks in place of single addresses. */
  readonly prefixDelegation: boolean;
  /** Pods have addresses of IPv6. */
  readonly ipv6: boolean;
  /** Pods get addresses of the subnet that an ENIConfig names, and none of the primary ENI. */
  readonly customNetworking: boolean;
  /** Which annotation and which label of a node names its ENIConfig. */
  readonly eniConfig: { readonly annotation: string; readonly label: string };
  /** New ENIs may stand in other subnets of the zone that are tagged for it. */
  readonly subnetDiscovery: boolean;
  /** Restricts tagged subnets to the clusters they name (CLUSTER_NAME). */
  readonly clusterName: string | undefined;
  /** Security groups for pods: branch ENIs over a trunk. */
  readonly podEni: boolean;
  readonly enforcingMode: 'strict' | 'standard';
  /** How long an address rests between two pods, seconds. */
  readonly cooldownSeconds: number;
  /** ENIs and addresses change on nodes that are cordoned too. */
  readonly managesUnschedulable: boolean;
  /** A pool of addresses for each network card. */
  readonly multiNic: boolean;
  /** ENIs and addresses stay as they are (DISABLE_NETWORK_RESOURCE_PROVISIONING, ENABLE_IMDS_ONLY_MODE). */
  readonly fixedPool: boolean;
  readonly externalSnat: boolean;
  readonly excludeSnatCidrs: readonly Cidr[];
  readonly externalServiceCidrs: readonly Cidr[];
  readonly randomizeSnat: 'prng' | 'hashrandom' | 'none';
  readonly nodePortSupport: boolean;
  readonly vethPrefix: string;
  /** MTU of ENIs, and of pods' interfaces: bytes. */
  readonly eniMtu: number;
  readonly podMtu: number;
  /** Mark of connections that must leave by the primary ENI; uint32. */
  readonly connmark: number;
  /** Sysctl net.ipv4.tcp_early_demux is switched off. */
  readonly disableTcpEarlyDemux: boolean;
  readonly features: CniFeatures;
  /** Set variables whose effect the model does not have. */
  readonly notModelled: readonly string[];
}

const ENI_CONFIG_KEY = 'k8s.amazonaws.com/eniConfig';

/** The version that this program knows best. */
export const CNI_VERSION = '1.23.1';

export function readEnvironment(variables: Variables, version: string = CNI_VERSION): CniEnvironment {
  const features = cniFeatures(version);
  const random = variables.AWS_VPC_K8S_CNI_RANDOMIZESNAT;
  const prefix = variables.AWS_VPC_K8S_CNI_VETHPREFIX ?? '';
  return {
    warmEniTarget: natural(variables.WARM_ENI_TARGET, 1),
    warmIpTarget: natural(variables.WARM_IP_TARGET, 0),
    minimumIpTarget: natural(variables.MINIMUM_IP_TARGET, 0),
    warmPrefixTarget: natural(variables.WARM_PREFIX_TARGET ?? '1', 0),
    maxEni: natural(variables.MAX_ENI, 0),
    prefixDelegation: features.prefixes && flag(variables.ENABLE_PREFIX_DELEGATION, false),
    ipv6: flag(variables.ENABLE_IPv6, false),
    customNetworking: flag(variables.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, false),
    eniConfig: {
      annotation: variables.ENI_CONFIG_ANNOTATION_DEF || ENI_CONFIG_KEY,
      label: variables.ENI_CONFIG_LABEL_DEF || ENI_CONFIG_KEY,
    },
    subnetDiscovery: features.subnetDiscovery && flag(variables.ENABLE_SUBNET_DISCOVERY, true),
    clusterName: variables.CLUSTER_NAME || undefined,
    podEni: flag(variables.ENABLE_POD_ENI, false),
    enforcingMode: variables.POD_SECURITY_GROUP_ENFORCING_MODE === 'standard' ? 'standard' : 'strict',
    cooldownSeconds: natural(variables.IP_COOLDOWN_PERIOD, 30),
    managesUnschedulable: flag(variables.AWS_MANAGE_ENIS_NON_SCHEDULABLE, false),
    multiNic: features.multiNic && flag(variables.ENABLE_MULTI_NIC, false),
    fixedPool:
      flag(variables.DISABLE_NETWORK_RESOURCE_PROVISIONING, false) ||
      flag(variables.ENABLE_IMDS_ONLY_MODE, false),
    externalSnat: flag(variables.AWS_VPC_K8S_CNI_EXTERNALSNAT, false),
    excludeSnatCidrs: cidrs(variables.AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS),
    externalServiceCidrs: features.externalServices ? cidrs(variables.AWS_EXTERNAL_SERVICE_CIDRS) : [],
    randomizeSnat: random === 'hashrandom' || random === 'none' ? random : 'prng',
    nodePortSupport: flag(variables.AWS_VPC_CNI_NODE_PORT_SUPPORT, true),
    eniMtu: mtu(variables.AWS_VPC_ENI_MTU, LARGEST_MTU),
    podMtu: mtu(variables.POD_MTU, mtu(variables.AWS_VPC_ENI_MTU, LARGEST_MTU)),
    vethPrefix: isVethPrefix(prefix) ? prefix : 'eni',
    connmark: connmark(variables.AWS_VPC_K8S_CNI_CONNMARK) ?? 0x80,
    disableTcpEarlyDemux: flag(variables.DISABLE_TCP_EARLY_DEMUX, false),
    features,
    notModelled: Object.entries(NOT_MODELLED)
      .filter(([name]) => flag(variables[name], false))
      .map(([name, feature]) => `${feature} (${name})`),
  };
}

const LARGEST_MTU = 9001;

/** GetEthernetMTU, GetPodMTU: 576 to 9001. Any other value keeps aws-node from starting, which is an error of the
 *  topology. */
function mtu(text: string | undefined, otherwise: number): number {
  const value = natural(text, otherwise);
  return value >= 576 && value <= LARGEST_MTU ? value : otherwise;
}

/** Features of the CNI that change the datapath or the pool and are not modelled. */
const NOT_MODELLED = {
  DISABLE_NETWORK_RESOURCE_PROVISIONING: 'a pool that others provision',
  ENABLE_IMDS_ONLY_MODE: 'a pool that others provision',
  ENABLE_IPv6: 'IPv6 pods',
} as const;

/** A positive number of 32 bits in the spellings of strconv.ParseInt with base 0. */
export function connmark(text: string | undefined): number | undefined {
  const digits = /^\+?(0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9]\d*)$/.exec(text ?? '')?.[1];
  if (digits === undefined) return undefined;
  const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
  const mark = octal === undefined ? Number(digits) : Number.parseInt(octal, 8);
  return mark > 0 && mark <= 0xffffffff ? mark : undefined;
}

function natural(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : otherwise;
}

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Whether strconv.ParseBool takes it. */
export function isFlag(text: string): boolean {
  return TRUE.includes(text) || FALSE.includes(text);
}

function flag(text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined || !isFlag(text)) return otherwise;
  return TRUE.includes(text);
}

/** Separated by commas; malformed ones are passed over, host bits are cleared. */
function cidrs(text: string | undefined): Cidr[] {
  return (text ?? '').split(',').flatMap((part) => {
    const parsed = parseCidr(part.trim());
    if (!('fault' in parsed)) return [parsed];
    return parsed.canonical ? [parsed.canonical] : [];
  });
}

/** At most 4 characters, and no name that other interfaces have. */
export function isVethPrefix(prefix: string): boolean {
  return prefix.length > 0 && prefix.length <= 4 && !['eth', 'vlan', 'lo'].includes(prefix);
}
