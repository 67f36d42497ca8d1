/** ipamd's datastore: the ENIs of a node, the addresses and prefixes on them, which pod has which address, and which
 *  addresses rest since their pod went (amazon-vpc-cni-k8s pkg/ipamd/datastore). Where the real one goes through its
 *  maps in random order, this one takes the lowest card, device and address first. */
import type { Ipv4 } from '../../addressing/ip.ts';
import { ADDRESSES_PER_PREFIX } from '../pool-shape.ts';
import type { SlotKind } from './ec2.ts';

export interface StoreEni {
  readonly card: number;
  readonly device: number;
  readonly role: 'primary' | 'secondary' | 'trunk';
  readonly subnet: string;
  /** Names; undefined for those of the primary ENI. */
  readonly securityGroups: readonly string[] | undefined;
  readonly primary: Ipv4;
  /** Seconds. */
  readonly createdAt: number;
  /** Its subnet is closed to pods. */
  readonly excluded: boolean;
  /** Single secondary addresses, ascending. */
  readonly singles: Ipv4[];
  /** First addresses of /28 prefixes, ascending, and how many pods each has. */
  readonly prefixes: Ipv4[];
  readonly prefixPods: number[];
  /** Pods on single addresses. */
  singlePods: number;
  /** No single address before this place is free. */
  lowest: number;
}

export interface StorePod {
  readonly address: Ipv4;
  readonly eni: StoreEni;
}

export interface Store {
  /** By card and device; card 0, device 0 is the primary one. */
  readonly enis: StoreEni[];
  readonly pods: Map<string, StorePod>;
  readonly holders: Map<Ipv4, string>;
  /** When the pod of an address went, seconds. */
  readonly released: Map<Ipv4, number>;
  /** Addresses that only the pods that ask for them by number may have. */
  readonly kept: ReadonlySet<Ipv4>;
}

/** Of one network card, in addresses of the mode that ipamd is in. */
export interface PoolStats {
  readonly total: number;
  readonly assigned: number;
  /** Those that rest count as available. */
  readonly available: number;
  readonly prefixes: number;
  /** Prefixes without a pod. */
  readonly freePrefixes: number;
}

export function emptyStore(kept: ReadonlySet<Ipv4> = new Set()): Store {
  return { enis: [], pods: new Map(), holders: new Map(), released: new Map(), kept };
}

type NewEni = Pick<
  StoreEni,
  'card' | 'device' | 'role' | 'subnet' | 'securityGroups' | 'primary' | 'createdAt' | 'excluded'
>;

export function addEni(store: Store, eni: NewEni): StoreEni {
  const added: StoreEni = { ...eni, singles: [], prefixes: [], prefixPods: [], singlePods: 0, lowest: 0 };
  const { enis } = store;
  let place = enis.length;
  while (place > 0 && comesBefore(added, enis[place - 1]!)) place--;
  enis.splice(place, 0, added);
  return added;
}

function comesBefore(a: StoreEni, b: StoreEni): boolean {
  return a.card < b.card || (a.card === b.card && a.device < b.device);
}

export function slotsHeld({ singles, prefixes }: StoreEni): number {
  return singles.length + prefixes.length;
}

/** Pods on an ENI, in either mode. */
export function podsOn({ singlePods, prefixPods }: StoreEni): number {
  let count = singlePods;
  for (const pods of prefixPods) count += pods;
  return count;
}

export function addSlots(eni: StoreEni, kind: SlotKind, slots: readonly Ipv4[]): void {
  for (const slot of slots) {
    const list = kind === 'address' ? eni.singles : eni.prefixes;
    let place = list.length;
    while (place > 0 && list[place - 1]! > slot) place--;
    if (place === list.length) list.push(slot);
    else list.splice(place, 0, slot);
    if (kind === 'prefix') eni.prefixPods.splice(place, 0, 0);
    else eni.lowest = Math.min(eni.lowest, place);
  }
}

/** Takes out up to `most` slots without a pod, the highest first, and says which. */
export function takeUnused(store: Store, eni: StoreEni, kind: SlotKind, most: number): Ipv4[] {
  const taken: Ipv4[] = [];
  const list = kind === 'address' ? eni.singles : eni.prefixes;
  for (let place = list.length - 1; place >= 0 && taken.length < most; place--) {
    const slot = list[place]!;
    if (kind === 'address' ? store.holders.has(slot) : eni.prefixPods[place]! > 0) continue;
    list.splice(place, 1);
    if (kind === 'prefix') eni.prefixPods.splice(place, 1);
    const size = kind === 'prefix' ? ADDRESSES_PER_PREFIX : 1;
    for (let i = 0; i < size; i++) store.released.delete(slot + i);
    taken.push(slot);
  }
  eni.lowest = 0;
  return taken;
}

export function statsOf({ enis }: Store, card: number, kind: SlotKind): PoolStats {
  let slots = 0;
  let assigned = 0;
  let freePrefixes = 0;
  for (const eni of enis) {
    if (eni.card !== card) continue;
    for (const pods of eni.prefixPods) {
      if (pods === 0) freePrefixes++;
      if (kind === 'prefix' && !eni.excluded) assigned += pods;
    }
    if (eni.excluded) continue;
    slots += kind === 'prefix' ? eni.prefixes.length : eni.singles.length;
    if (kind === 'address') assigned += eni.singlePods;
  }
  const total = kind === 'prefix' ? slots * ADDRESSES_PER_PREFIX : slots;
  return { total, assigned, available: total - assigned, prefixes: slots, freePrefixes };
}

/** Gives a pod that very address, or the lowest one that is free and rested; undefined where there is none. */
export function assignPod(
  store: Store,
  pod: string,
  kind: SlotKind,
  rested: (released: number) => boolean,
  wanted?: Ipv4,
): Ipv4 | undefined {
  const isFree = (address: Ipv4): boolean => {
    if (store.holders.has(address)) return false;
    if (wanted === undefined ? store.kept.has(address) : address !== wanted) return false;
    const released = store.released.get(address);
    return released === undefined || rested(released);
  };
  for (const eni of store.enis) {
    if (eni.excluded || eni.role === 'trunk') continue;
    const address = kind === 'address' ? freeSingle(store, eni, isFree) : freeOfPrefix(eni, isFree);
    if (address === undefined) continue;
    store.released.delete(address);
    store.holders.set(address, pod);
    store.pods.set(pod, { address, eni });
    count(eni, address, 1);
    return address;
  }
  return undefined;
}

export function releasePod(store: Store, pod: string, now: number): void {
  const own = store.pods.get(pod);
  if (!own) return;
  store.pods.delete(pod);
  store.holders.delete(own.address);
  store.released.set(own.address, now);
  count(own.eni, own.address, -1);
  own.eni.lowest = 0;
}

function freeSingle(store: Store, eni: StoreEni, isFree: (address: Ipv4) => boolean): Ipv4 | undefined {
  const { singles } = eni;
  if (eni.singlePods === singles.length) return undefined;
  while (eni.lowest < singles.length && store.holders.has(singles[eni.lowest]!)) eni.lowest++;
  for (let place = eni.lowest; place < singles.length; place++) {
    const address = singles[place]!;
    if (isFree(address)) return address;
  }
  return undefined;
}

function freeOfPrefix(eni: StoreEni, isFree: (address: Ipv4) => boolean): Ipv4 | undefined {
  for (let place = 0; place < eni.prefixes.length; place++) {
    if (eni.prefixPods[place]! === ADDRESSES_PER_PREFIX) continue;
    const base = eni.prefixes[place]!;
    for (let i = 0; i < ADDRESSES_PER_PREFIX; i++) if (isFree(base + i)) return base + i;
  }
  return undefined;
}

/** Counts a pod in or out: of a prefix of the ENI where the address is of one. */
function count(eni: StoreEni, address: Ipv4, change: 1 | -1): void {
  const place = eni.prefixes.findIndex((base) => address >= base && address < base + ADDRESSES_PER_PREFIX);
  if (place >= 0) eni.prefixPods[place]! += change;
  else eni.singlePods += change;
}
