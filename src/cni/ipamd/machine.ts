/** ipamd's life on a node: it starts, then looks at its pools every five seconds and does at most one thing a look, while
 *  pods come and go (amazon-vpc-cni-k8s pkg/ipamd nodeInit, StartNodeIPPoolManager, updateIPPoolIfRequired). Pods that
 *  found no address are tried again after each look, as the kubelet does. */
import type { Ipv4 } from '../../addressing/ip.ts';
import { addEni, assignPod, releasePod, statsOf } from './datastore.ts';
import { DECREASE_INTERVAL, decrease, ENI_LIFE_TIME, freeEni, giveBack, isEmpty } from './decrease.ts';
import type { Ec2 } from './ec2.ts';
import { attachTrunk, INSUFFICIENT_PAUSE, increase } from './increase.ts';
import { derive, LOOP_INTERVAL, newPool, type Pool, type PoolSettings, slotKind } from './pool.ts';
import { isLow, mayFreeEni, slotsOver } from './targets.ts';

const EMPTY_POOL = 'Failed to attach any ENIs for custom networking';

/** A node that has just started, with its primary ENI and one step of growth for each card. */
export function startPool(settings: PoolSettings, ec2: Ec2): Pool {
  const pool = newPool(settings, ec2);
  const { node } = settings;
  addEni(pool.store, {
    card: 0,
    device: 0,
    role: 'primary',
    subnet: node.subnet,
    securityGroups: undefined,
    primary: node.address,
    createdAt: pool.now,
    excluded: node.closed ?? false,
  });
  prescale(pool);
  return pool;
}

/** aws-node restarts with other settings: unused slots of the mode it is not in are given back. */
export function restartPool(pool: Pool, settings: PoolSettings): void {
  Object.assign(pool, { settings, ...derive(settings) });
  const other = slotKind(pool) === 'address' ? 'prefix' : 'address';
  for (const eni of pool.store.enis) giveBack(pool, eni, other, Infinity);
  startOver(pool);
  prescale(pool);
}

/** Before a node is ready; under custom networking it stays unready with an empty pool. */
function prescale(pool: Pool): void {
  const { env } = pool.settings;
  pool.notReady = undefined;
  if (env.fixedPool) return;
  for (let card = 0; card < pool.targets.length; card++) {
    const stats = statsOf(pool.store, card, slotKind(pool));
    if (!isLow(pool.targets[card]!, stats)) continue;
    increase(pool, card, stats);
    if (!env.customNetworking || statsOf(pool.store, card, slotKind(pool)).total > 0) continue;
    pool.notReady = EMPTY_POOL;
    return;
  }
}

/** A pod asks for an address, for `wanted` alone where that is given; without one it waits. */
export function addPod(pool: Pool, pod: string, wanted?: Ipv4): Ipv4 | undefined {
  startOver(pool);
  const address = assign(pool, pod, wanted);
  if (address === undefined) pool.waiting.set(pod, wanted);
  return address;
}

export function deletePod(pool: Pool, pod: string): void {
  startOver(pool);
  pool.waiting.delete(pod);
  releasePod(pool.store, pod, pool.now);
}

/** Lets time pass. */
export function advance(pool: Pool, seconds: number): void {
  const until = pool.now + seconds;
  while (pool.nextLook <= until) look(pool, false);
  pool.now = Math.max(pool.now, until);
}

/** Looks until nothing comes of it, without waiting for anything that takes longer. */
export function grow(pool: Pool): void {
  while (look(pool, true)) {}
}

/** Lets time pass until nothing changes any more. A pool that shrinks and grows for ever is left as it is after it grew;
 *  what its subnet refused is not asked for again unless something else changed. */
export function settle(pool: Pool): void {
  grow(pool);
  for (let next = nextMoment(pool); next !== undefined; next = nextMoment(pool)) {
    pool.nextLook = Math.max(pool.nextLook, next + LOOP_INTERVAL);
    grow(pool);
  }
}

/** One look at the pools; whether anything changed. `settling`: pools that come to no rest are passed over. */
function look(pool: Pool, settling: boolean): boolean {
  pool.now = pool.nextLook;
  const { env } = pool.settings;
  let changed = false;
  if (!env.fixedPool) changed = attachTrunk(pool);
  if (!env.fixedPool && pool.notReady === undefined)
    for (let card = 0; card < pool.targets.length; card++)
      if (!(settling && pool.cards[card]!.breathes)) changed = lookAt(pool, card) || changed;
  if (changed) pool.changedSince = true;
  pool.nextLook = pool.now + LOOP_INTERVAL;
  return serveWaiting(pool) || changed;
}

function lookAt(pool: Pool, card: number): boolean {
  const targets = pool.targets[card]!;
  const state = pool.cards[card]!;
  const stats = statsOf(pool.store, card, slotKind(pool));
  let changed = false;
  const over = slotsOver(targets, stats);
  if (isLow(targets, stats)) {
    changed = increase(pool, card, stats);
    if (changed && state.shrank) state.breathes = true;
  } else if (over > 0 && pool.now - pool.lastDecrease > DECREASE_INTERVAL) {
    changed = decrease(pool, card, over);
    state.shrank ||= changed;
  }
  if (mayFreeEni(targets, stats, () => pool.store.enis.some((eni) => eni.card === card && isEmpty(eni))))
    if (freeEni(pool, card)) {
      state.shrank = true;
      changed = true;
    }
  return changed;
}

function serveWaiting(pool: Pool): boolean {
  let served = false;
  for (const [pod, wanted] of pool.waiting) {
    if (assign(pool, pod, wanted) === undefined) {
      if (wanted === undefined) break;
      continue;
    }
    pool.waiting.delete(pod);
    served = true;
  }
  return served;
}

function assign(pool: Pool, pod: string, wanted: Ipv4 | undefined): Ipv4 | undefined {
  if (pool.notReady !== undefined) return undefined;
  const rested = (released: number): boolean => pool.now - released > pool.settings.env.cooldownSeconds;
  return assignPod(pool.store, pod, slotKind(pool), rested, wanted);
}

function startOver(pool: Pool): void {
  pool.changedSince = true;
  for (const card of pool.cards) {
    card.shrank = false;
    card.breathes = false;
  }
}

/** The next time at which something may become possible that was not; undefined where there is none. */
function nextMoment(pool: Pool): number | undefined {
  const { store, now, settings } = pool;
  let next = Infinity;
  const consider = (time: number): void => {
    if (time > now && time < next) next = time;
  };
  consider(pool.lastDecrease + DECREASE_INTERVAL);
  if (pool.changedSince) consider(pool.lastInsufficient + INSUFFICIENT_PAUSE);
  for (const eni of store.enis) if (isEmpty(eni)) consider(eni.createdAt + ENI_LIFE_TIME);
  for (const released of store.released.values()) consider(released + settings.env.cooldownSeconds);
  return next === Infinity ? undefined : next;
}
