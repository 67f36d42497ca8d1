/** How large the pools of a node may grow: what the instance type and the settings of aws-node allow, before any
 *  subnet is asked (amazon-vpc-cni-k8s pkg/ipamd: getMaxENI, GetIPv4Limit, hasRoomForEni, isConfigValid). */
import type { CniEnvironment } from './environment.ts';
import type { InstanceType } from './instance-types.ts';

/** What pools need to know of a type. */
export type PoolType = Pick<
  InstanceType,
  'maxEnis' | 'ipv4PerEni' | 'networkCards' | 'hypervisor' | 'bareMetal' | 'branchEnis'
>;

export interface PoolShape {
  /** Most ENIs of one network card, with those that carry no pods. */
  readonly maxEnis: number;
  /** Of an ENI beside its primary address: each takes an address or a prefix. */
  readonly slots: number;
  /** Addresses that a slot gives pods: 16 under prefix delegation. */
  readonly perSlot: 1 | 16;
  /** Custom networking, or a subnet that is closed to pods. */
  readonly primaryCarriesPods: boolean;
  /** One ENI of the default card is the trunk of security groups for pods. */
  readonly trunk: boolean;
  /** Most ENIs of the default card that carry pods. */
  readonly podEnis: number;
  /** Network cards that have a pool. */
  readonly cards: number;
}

/** Under ENABLE_MULTI_NIC the pools of further cards have these targets, whatever is set (pkg/ipamd). */
export const FURTHER_CARD_TARGET = { warm: 1, minimum: 1 } as const;

export const ADDRESSES_PER_PREFIX = 16;

/** `primaryExcluded`: the node's subnet is tagged kubernetes.io/role/cni=0, so that its primary ENI has no pods. */
export function poolShape(type: PoolType, env: CniEnvironment, primaryExcluded = false): PoolShape {
  const maxEnis = env.maxEni >= 1 && env.maxEni < type.maxEnis ? env.maxEni : type.maxEnis;
  const primaryCarriesPods = !env.customNetworking && !primaryExcluded;
  const trunk = env.podEni && (type.branchEnis ?? 0) > 0 && maxEnis > 1;
  const beyondPrimary = maxEnis - 1 - (trunk ? 1 : 0);
  return {
    maxEnis,
    slots: type.ipv4PerEni - 1,
    perSlot: env.prefixDelegation && takesPrefixes(type) ? ADDRESSES_PER_PREFIX : 1,
    primaryCarriesPods,
    trunk,
    podEnis: beyondPrimary + (primaryCarriesPods ? 1 : 0),
    cards: env.multiNic ? type.networkCards : 1,
  };
}

/** Prefixes are delegated on Nitro and on bare metal; elsewhere ipamd warns and goes on with single addresses. */
export function takesPrefixes({
  hypervisor,
  bareMetal,
}: Pick<InstanceType, 'hypervisor' | 'bareMetal'>): boolean {
  return hypervisor === 'nitro' || bareMetal;
}
