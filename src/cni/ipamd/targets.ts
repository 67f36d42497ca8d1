/** Whether a card's pool is too low or too high for its warm targets, and by how much (amazon-vpc-cni-k8s pkg/ipamd:
 *  datastoreTargetState, isDatastorePoolTooLow, isDatastorePoolTooHigh, getPrefixesNeeded, shouldRemoveExtraENIs). */
import type { CniEnvironment } from '../environment.ts';
import { ADDRESSES_PER_PREFIX, FURTHER_CARD_TARGET, type PoolShape } from '../pool-shape.ts';
import type { PoolStats } from './datastore.ts';

/** The targets of one network card. */
export interface Targets {
  /** WARM_IP_TARGET and MINIMUM_IP_TARGET, where either counts. */
  readonly byAddress: { readonly warm: number; readonly minimum: number } | undefined;
  readonly warmEni: number;
  /** Undefined without prefix delegation. */
  readonly warmPrefix: number | undefined;
  readonly perSlot: 1 | 16;
  /** Slots of an ENI. */
  readonly slots: number;
  readonly maxPods: number;
  /** Of cards beyond the first ipamd reckons in addresses even where it holds prefixes. */
  readonly countsPrefixes: boolean;
}

export function targetsOf(env: CniEnvironment, shape: PoolShape, maxPods: number, card: number): Targets {
  const set = env.warmIpTarget > 0 || env.minimumIpTarget > 0;
  const own = set ? { warm: env.warmIpTarget, minimum: env.minimumIpTarget } : undefined;
  const { perSlot, slots } = shape;
  return {
    byAddress: card > 0 ? FURTHER_CARD_TARGET : own,
    warmEni: env.warmEniTarget,
    warmPrefix: perSlot === 1 ? undefined : env.warmPrefixTarget,
    perSlot,
    slots,
    maxPods: env.features.stopsAtMaxPods ? maxPods : Infinity,
    countsPrefixes: perSlot > 1 && card === 0,
  };
}

export function isLow(targets: Targets, stats: PoolStats): boolean {
  if (stats.total >= targets.maxPods) return false;
  if (targets.byAddress) return shortOf(targets, stats) > 0;
  const warm = targets.warmPrefix ?? targets.warmEni;
  const each = targets.warmPrefix === undefined ? targets.slots : targets.perSlot;
  return stats.available < each * warm || (warm === 0 && stats.available === 0);
}

/** How many slots one step of growth may fill. */
export function slotsNeeded(targets: Targets, stats: PoolStats): number {
  if (targets.perSlot === 1) return targets.byAddress ? shortOf(targets, stats) : targets.slots;
  if (targets.byAddress) return Math.max(1, shortOf(targets, stats));
  return Math.max(1, targets.warmPrefix! - stats.freePrefixes);
}

/** How many unused slots there are too many; 0 where the pool is not too high. */
export function slotsOver(targets: Targets, stats: PoolStats): number {
  const { byAddress, warmPrefix } = targets;
  if (!byAddress) return warmPrefix === undefined ? 0 : Math.max(0, stats.freePrefixes - warmPrefix);
  const { warm, minimum } = byAddress;
  if (!targets.countsPrefixes)
    return Math.max(0, Math.min(Math.max(0, stats.available - warm), stats.total - minimum));
  const forPods = inPrefixes(stats.assigned + warm);
  return Math.max(
    0,
    Math.min(stats.freePrefixes, stats.prefixes - forPods, stats.prefixes - inPrefixes(minimum)),
  );
}

/** Whether there may be an ENI too many: full ENIs beyond the target, or any empty one under prefix delegation. */
export function mayFreeEni(targets: Targets, stats: PoolStats, anyEmpty: () => boolean): boolean {
  if (targets.byAddress) return true;
  const warm = targets.warmPrefix ?? targets.warmEni;
  if (stats.available >= (warm + 1) * targets.slots * targets.perSlot) return true;
  return targets.warmPrefix !== undefined && anyEmpty();
}

/** Whether the pool falls below a target without an ENI; `others` are the figures of the card's other ENIs. */
export function isRequired({ byAddress, warmPrefix, perSlot }: Targets, others: PoolStats): boolean {
  const rounded = (addresses: number): number =>
    perSlot === 1 ? addresses : inPrefixes(addresses) * perSlot;
  if (byAddress && byAddress.warm > 0 && others.available < rounded(byAddress.warm)) return true;
  if (byAddress && byAddress.minimum > 0 && others.total < rounded(byAddress.minimum)) return true;
  return warmPrefix !== undefined && warmPrefix > 0 && others.freePrefixes < warmPrefix;
}

/** In slots on the first card; in addresses on others. */
function shortOf({ byAddress, countsPrefixes }: Targets, { available, total }: PoolStats): number {
  const { warm, minimum } = byAddress!;
  const short = Math.max(0, warm - available, minimum - total);
  return countsPrefixes ? inPrefixes(short) : short;
}

function inPrefixes(addresses: number): number {
  return Math.ceil(addresses / ADDRESSES_PER_PREFIX);
}
