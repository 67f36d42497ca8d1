/** What ipamd gives back: unused addresses and prefixes above the targets, and ENIs that nobody needs (amazon-vpc-cni-k8s
 *  pkg/ipamd tryUnassignCidrsFromAll, tryFreeENI; pkg/ipamd/datastore getDeletableENI). The real one goes through the
 *  ENIs in random order; here the last one gives first. */
import { podsOn, type Store, type StoreEni, statsOf, takeUnused } from './datastore.ts';
import type { SlotKind } from './ec2.ts';
import { mayChangeEnis, type Pool, slotKind } from './pool.ts';
import { isRequired } from './targets.ts';

/** At most one release of addresses in that time, seconds. */
export const DECREASE_INTERVAL = 30;

/** No ENI is freed before it is that old, seconds. */
export const ENI_LIFE_TIME = 60;

/** Gives back up to `over` unused slots; whether there were any. */
export function decrease(pool: Pool, card: number, over: number): boolean {
  let left = over;
  const { store } = pool;
  for (let place = store.enis.length - 1; place >= 0 && left > 0; place--) {
    const eni = store.enis[place]!;
    if (eni.card === card) left -= giveBack(pool, eni, slotKind(pool), left);
  }
  if (left === over) return false;
  pool.lastDecrease = pool.now;
  return true;
}

/** Slots of one kind without a pod, at most that many; how many went. */
export function giveBack(pool: Pool, eni: StoreEni, kind: SlotKind, most: number): number {
  const slots = takeUnused(pool.store, eni, kind, most);
  if (slots.length > 0) pool.ec2.unassign(eni.subnet, kind, slots);
  return slots.length;
}

/** Frees one ENI of the card that nobody needs; whether there was one. */
export function freeEni(pool: Pool, card: number): boolean {
  if (!mayChangeEnis(pool)) return false;
  const { store } = pool;
  for (let place = store.enis.length - 1; place >= 0; place--) {
    const eni = store.enis[place]!;
    if (eni.card !== card || !isDeletable(pool, eni)) continue;
    store.enis.splice(place, 1);
    for (const kind of ['address', 'prefix'] as const) giveBack(pool, eni, kind, Infinity);
    pool.ec2.release(eni.subnet, eni.primary);
    return true;
  }
  return false;
}

/** An empty ENI that is neither the primary one nor a trunk. */
export function isEmpty(eni: StoreEni): boolean {
  return eni.role === 'secondary' && podsOn(eni) === 0;
}

function isDeletable(pool: Pool, eni: StoreEni): boolean {
  if (!isEmpty(eni) || pool.now - eni.createdAt < ENI_LIFE_TIME || rests(pool, eni)) return false;
  const others: Store = { ...pool.store, enis: pool.store.enis.filter((other) => other !== eni) };
  return !isRequired(pool.targets[eni.card]!, statsOf(others, eni.card, slotKind(pool)));
}

/** Does an address of the ENI still rest? */
function rests({ store, settings, now }: Pool, { singles, prefixes }: StoreEni): boolean {
  for (const [address, released] of store.released) {
    if (now - released > settings.env.cooldownSeconds) continue;
    if (singles.includes(address) || prefixes.includes((address & ~15) >>> 0)) return true;
  }
  return false;
}
