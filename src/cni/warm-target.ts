/** How many ENIs and addresses ipamd ends up with for a number of pods, in closed form: an empty node, pods that come
 *  one after the other and stay, subnets with room for all (amazon-vpc-cni-k8s docs/eni-and-ip-target.md,
 *  docs/prefix-and-ip-target.md; pkg/ipamd updateIPPoolIfRequired). `ipamd/` is the pool step by step. */
import type { CniEnvironment } from './environment.ts';
import { FURTHER_CARD_TARGET, type PoolShape, type PoolType, poolShape } from './pool-shape.ts';

export interface WarmTarget {
  /** All of the node, with the primary one and the trunk. */
  readonly enis: number;
  /** What pods can get. */
  readonly addresses: number;
  /** Delegated /28 blocks; 0 without prefix delegation. */
  readonly prefixes: number;
  /** Taken from the node's subnet, and from the ENIConfig's under custom networking; without branch ENIs. */
  readonly subnetAddresses: { readonly node: number; readonly pod: number };
  readonly because: string;
}

export interface PoolDemand {
  readonly type: PoolType;
  readonly env: CniEnvironment;
  /** The kubelet's: the pool stops growing once it holds as many addresses. */
  readonly maxPods: number;
  /** Pods that need an address. */
  readonly pods: number;
  /** The node's subnet is closed to pods (tag kubernetes.io/role/cni=0). */
  readonly primaryExcluded?: boolean | undefined;
}

/** What a card's pool holds: ENIs that carry pods, and their used slots. */
interface Held {
  readonly enis: number;
  readonly slots: number;
  readonly because: string;
}

export function warmTarget({ type, env, maxPods: most, pods, primaryExcluded }: PoolDemand): WarmTarget {
  const maxPods = env.features.stopsAtMaxPods ? most : Infinity;
  const shape = poolShape(type, env, primaryExcluded);
  const first = ofDefaultCard(env, shape, maxPods, pods);
  // Under custom networking a node whose pool is empty never becomes ready.
  const ready = first.slots > 0 || !env.customNetworking;
  const further = ready ? ofFurtherCards(shape, maxPods, pods - first.slots * shape.perSlot, env) : [];
  const carrying = [first, ...further];
  const alone = (shape.primaryCarriesPods ? 0 : 1) + (shape.trunk ? 1 : 0);
  const enis = carrying.reduce((sum, card) => sum + card.enis, alone);
  const slots = carrying.reduce((sum, card) => sum + card.slots, 0);
  const addresses = slots * shape.perSlot;
  const fromNode = env.customNetworking ? 1 : enis + addresses;
  return {
    enis,
    addresses,
    prefixes: shape.perSlot === 1 ? 0 : slots,
    subnetAddresses: { node: fromNode, pod: enis + addresses - fromNode },
    because: first.because,
  };
}

function ofDefaultCard(env: CniEnvironment, shape: PoolShape, maxPods: number, pods: number): Held {
  if (env.fixedPool)
    return { enis: least(shape), slots: 0, because: 'the pool is provisioned by others: ipamd adds nothing' };
  if (shape.podEnis <= 0)
    return { enis: 0, slots: 0, because: `at most ${shape.maxEnis} ENIs, and none of them is left for pods` };
  if (env.warmIpTarget > 0 || env.minimumIpTarget > 0) return byAddresses(env, shape, maxPods, pods);
  return shape.perSlot === 1 ? byEnis(env, shape, maxPods, pods) : byPrefixes(env, shape, maxPods, pods);
}

/** WARM_ENI_TARGET: full ENIs for the pods, and so many more; with 0, one more whenever no address is free. */
function byEnis(
  { warmEniTarget: warm }: CniEnvironment,
  shape: PoolShape,
  maxPods: number,
  pods: number,
): Held {
  const { slots, podEnis } = shape;
  const wanted = warm > 0 ? Math.ceil(pods / slots) + warm : Math.floor(pods / slots) + 1;
  const enough = Math.ceil(maxPods / slots);
  const enis = Math.max(1, Math.min(wanted, podEnis, enough));
  const limit =
    enis === wanted ? '' : enis === podEnis ? `, at most ${podEnis}` : `, enough for ${maxPods} pods`;
  return {
    enis,
    slots: enis * slots,
    because: `WARM_ENI_TARGET=${warm}: ${pods} pods at ${slots} addresses an ENI ask for ${wanted} ENIs${limit}`,
  };
}

/** WARM_PREFIX_TARGET: prefixes for the pods, and so many more; with 0, one more whenever no address is free. */
function byPrefixes(
  { warmPrefixTarget: warm }: CniEnvironment,
  shape: PoolShape,
  maxPods: number,
  pods: number,
): Held {
  const { perSlot } = shape;
  const wanted = warm > 0 ? Math.ceil(pods / perSlot) + warm : Math.floor(pods / perSlot) + 1;
  return slotsFor(
    wanted,
    shape,
    maxPods,
    `WARM_PREFIX_TARGET=${warm}: ${pods} pods at ${perSlot} addresses a prefix ask for ${wanted} prefixes`,
  );
}

/** WARM_IP_TARGET free addresses and MINIMUM_IP_TARGET in all; either switches the other warm targets off. The minimum
 *  alone never grows with the pods. */
function byAddresses(env: CniEnvironment, shape: PoolShape, maxPods: number, pods: number): Held {
  const { warmIpTarget: warm, minimumIpTarget: minimum } = env;
  const wanted = warm > 0 ? Math.max(pods + warm, minimum) : minimum;
  const settings = `WARM_IP_TARGET=${warm}, MINIMUM_IP_TARGET=${minimum}`;
  return slotsFor(
    Math.ceil(wanted / shape.perSlot),
    shape,
    maxPods,
    `${settings}: ${pods} pods ask for ${wanted} addresses`,
  );
}

/** Slots are used one by one; the ENIs are as many as that takes, and where the primary one carries pods it is there. */
function slotsFor(wanted: number, shape: PoolShape, maxPods: number, because: string): Held {
  const most = shape.podEnis * shape.slots;
  const enough = Math.ceil(maxPods / shape.perSlot);
  const slots = Math.min(wanted, most, enough);
  const limit =
    slots === wanted
      ? ''
      : slots === most
        ? `, the ENIs take at most ${most * shape.perSlot}`
        : `, ${slots * shape.perSlot} are enough for ${maxPods} pods`;
  return {
    enis: Math.max(least(shape), Math.ceil(slots / shape.slots)),
    slots,
    because: `${because}${limit}`,
  };
}

/** What pods do not find on the default card they get of the next one that has an address. */
function ofFurtherCards(shape: PoolShape, maxPods: number, pods: number, env: CniEnvironment): Held[] {
  const held: Held[] = [];
  let left = pods;
  for (let card = 1; card < shape.cards && !env.fixedPool; card++) {
    const { warm, minimum } = FURTHER_CARD_TARGET;
    const wanted = Math.ceil(Math.max(Math.max(0, left) + warm, minimum) / shape.perSlot);
    const own = slotsFor(
      wanted,
      { ...shape, primaryCarriesPods: false, podEnis: shape.maxEnis },
      maxPods,
      '',
    );
    held.push(own);
    left -= own.slots * shape.perSlot;
  }
  return held;
}

/** The primary ENI is there even with nothing on it. */
function least({ primaryCarriesPods }: PoolShape): number {
  return primaryCarriesPods ? 1 : 0;
}
