/** One step of growth of a card's pool: free slots of an ENI that is there, or else a new ENI (amazon-vpc-cni-k8s
 *  pkg/ipamd increaseDatastorePool, tryAssignIPs, tryAssignPrefixes, tryAllocateENI, hasRoomForEni). */
import type { PoolFailure } from '../pool-plan.ts';
import { addEni, addSlots, type PoolStats, type StoreEni, slotsHeld } from './datastore.ts';
import { type CreatedEni, isFailure, pauses, type SlotRequest } from './ec2.ts';
import { mayChangeEnis, noteFailure, type Pool, slotKind } from './pool.ts';
import { byFreeAddresses } from './subnets.ts';
import { slotsNeeded } from './targets.ts';

/** How long ipamd asks for nothing after a subnet had too little, seconds. */
export const INSUFFICIENT_PAUSE = 120;

/** How long a new ENI takes to be attached and seen, seconds. */
const ATTACH_TIME = 10;

const NO_CONFIG = 'eniconfig: eniconfig is not available';

/** Whether the pool grew. */
export function increase(pool: Pool, card: number, stats: PoolStats): boolean {
  if (!mayChangeEnis(pool) || pool.now - pool.lastInsufficient <= INSUFFICIENT_PAUSE) return false;
  const need = slotsNeeded(pool.targets[card]!, stats);
  const filled = fillSlots(pool, card, need);
  if (filled !== 'none') return filled === 'grew';
  return hasRoom(pool, card) && newEni(pool, card, Math.min(need, pool.shape.slots));
}

/** Fills slots of the first ENI that has some left. Where its subnet has too little, one slot is tried; with subnet
 *  discovery the next ENI, which may stand elsewhere, comes after that. */
function fillSlots(pool: Pool, card: number, need: number): 'grew' | 'refused' | 'none' {
  for (const eni of pool.store.enis) {
    if (eni.card !== card || !takesPods(pool, eni)) continue;
    const room = pool.shape.slots - slotsHeld(eni);
    if (room <= 0) continue;
    const ask = (count: number) => pool.ec2.assign(requestFor(pool, eni.subnet, count));
    let answer = ask(Math.min(room, need));
    if (isFailure(answer)) answer = ask(1);
    if (!isFailure(answer)) {
      addSlots(eni, slotKind(pool), answer);
      return 'grew';
    }
    noteFailure(pool, answer);
    if (pool.settings.env.subnetDiscovery && pauses(answer)) continue;
    pauseAfter(pool, answer);
    return 'refused';
  }
  return 'none';
}

function takesPods({ settings }: Pool, { role, excluded }: StoreEni): boolean {
  if (role === 'trunk' || excluded) return false;
  return !(settings.env.customNetworking && role === 'primary');
}

/** Room for the trunk is kept until it is there; ENIs in closed subnets and those of others have their places. */
function hasRoom({ store, shape, settings }: Pool, card: number): boolean {
  let enis = card === 0 ? (settings.unmanagedEnis ?? 0) : 0;
  let trunk = false;
  for (const eni of store.enis) {
    if (eni.card !== card) continue;
    enis++;
    trunk ||= eni.role === 'trunk';
  }
  const keptForTrunk = card === 0 && shape.trunk && !trunk ? 1 : 0;
  return enis < shape.maxEnis - keptForTrunk;
}

function newEni(pool: Pool, card: number, slots: number): boolean {
  const { subnets, because, securityGroups, closed } = pool.settings.eniSubnets;
  if (subnets.length === 0) {
    pool.obstacle = because ?? NO_CONFIG;
    return false;
  }
  const made = create(pool, slots);
  if (isFailure(made)) {
    pauseAfter(pool, made);
    return false;
  }
  const eni = addEni(pool.store, {
    card,
    device: freeDevice(pool, card),
    role: 'secondary',
    subnet: made.subnet,
    securityGroups,
    primary: made.primary,
    createdAt: pool.now,
    excluded: closed ?? false,
  });
  addSlots(eni, slotKind(pool), made.slots);
  pool.now += ATTACH_TIME;
  return true;
}

/** In the first subnet that takes it, the one with most free addresses first. */
function create(pool: Pool, slots: number): (CreatedEni & { readonly subnet: string }) | PoolFailure {
  let last: PoolFailure | undefined;
  for (const subnet of byFreeAddresses(pool.settings.eniSubnets.subnets, pool.ec2)) {
    const answer = pool.ec2.create(requestFor(pool, subnet, slots));
    if (!isFailure(answer)) return { ...answer, subnet };
    noteFailure(pool, answer);
    last = answer;
  }
  return last!;
}

function requestFor(pool: Pool, subnet: string, count: number): SlotRequest {
  const before = pool.store.enis.reduce((sum, eni) => sum + slotsHeld(eni), 0);
  return { subnet, kind: slotKind(pool), count, before };
}

function pauseAfter(pool: Pool, failure: PoolFailure): void {
  if (!pauses(failure)) return;
  pool.lastInsufficient = pool.now;
  pool.changedSince = false;
}

/** The lowest number of the card that no ENI has; those that ipamd leaves alone come right after the primary one. */
function freeDevice({ store, settings }: Pool, card: number): number {
  const used = new Set(store.enis.filter((eni) => eni.card === card).map(({ device }) => device));
  if (card === 0) for (let i = 1; i <= (settings.unmanagedEnis ?? 0); i++) used.add(i);
  let device = 0;
  while (used.has(device)) device++;
  return device;
}

/** The trunk of security groups for pods, which the VPC resource controller makes as soon as a place is free: the
 *  highest device number, in the subnet and with the groups that new ENIs have under custom networking, else in those
 *  of the primary ENI (amazon-vpc-resource-controller-k8s pkg/provider/branch/trunk). Whether it came. */
export function attachTrunk(pool: Pool): boolean {
  const { store, shape, settings } = pool;
  if (!shape.trunk || settings.trunkElsewhere || store.enis.some(({ role }) => role === 'trunk'))
    return false;
  const taken = (settings.unmanagedEnis ?? 0) + store.enis.filter(({ card }) => card === 0).length;
  if (taken >= shape.maxEnis) return false;
  const { env, node, eniSubnets } = settings;
  const subnet = env.customNetworking ? eniSubnets.subnets[0] : node.subnet;
  if (subnet === undefined) return false;
  const made = pool.ec2.create({ subnet, kind: 'address', count: 0, before: 0 });
  if (isFailure(made)) {
    noteFailure(pool, made);
    return false;
  }
  addEni(store, {
    card: 0,
    device: settings.type.maxEnis - 1,
    role: 'trunk',
    subnet,
    securityGroups: env.customNetworking ? eniSubnets.securityGroups : undefined,
    primary: made.primary,
    createdAt: pool.now,
    excluded: false,
  });
  return true;
}
