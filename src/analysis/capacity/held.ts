/** The ENIs of one node, counted: what they hold today, and what ipamd adds while its subnets have room. */
import type { IpPoolPlan } from '../../cni/pool-plan.ts';
import { SubnetCounts } from './counts.ts';
import type { FreeAddresses } from './free-addresses.ts';
import type { NodeShape } from './node-shape.ts';
import { PREFIX_SIZE } from './prefix-blocks.ts';
import type { CapacityUse } from './report.ts';
import { codeOf } from './subnet-map.ts';

/** Where a node's primary ENI stands, and where its further ones do. */
export interface NodeSubnets {
  readonly node: string;
  readonly pod: string;
}

export interface Lacking {
  readonly kind: 'subnet-addresses' | 'prefix-blocks';
  /** What ipamd asks for in vain, what would be warm included. */
  readonly addresses: number;
}

/** Changes while a node is counted. */
export interface Held {
  enis: number;
  trunk: boolean;
  /** Addresses or prefixes beside the primary ones. */
  slots: number;
  /** Pods with an address. */
  assigned: number;
  /** Addresses for further pods. */
  warm: number;
  branches: number;
  /** With so many pods of the pool it is at rest as it is, whatever the targets say; undefined while it is not. */
  readonly rest: number | undefined;
  /** Subnet of the ENIs beside the primary one; undefined while there are none. */
  further: string | undefined;
  readonly counts: SubnetCounts;
}

/** One to be changed, with the other as it is. */
export function copyOf(held: Held): Held {
  return { ...held, counts: held.counts.copy() };
}

export function heldToday(pool: IpPoolPlan, pods: number): Held {
  const counts = new SubnetCounts();
  const inPrefix = pool.enis.map(() => 0);
  const single = pool.enis.map(() => 0);
  for (const { eni, address } of pool.assigned) {
    const { prefixes, secondary } = pool.enis[eni]!;
    const kind = prefixes.length > 0 && !secondary.includes(address) ? inPrefix : single;
    kind[eni]!++;
  }
  pool.enis.forEach(({ subnet, role, secondary, prefixes }, place) => {
    counts.add(subnet, role === 'primary' ? 'node' : role === 'trunk' ? 'trunk' : 'interface', 1);
    counts.add(subnet, 'pod', single[place]!);
    counts.add(subnet, 'warm', secondary.length - single[place]!);
    counts.add(subnet, 'prefix-pod', inPrefix[place]!);
    counts.add(subnet, 'prefix-warm', prefixes.length * PREFIX_SIZE - inPrefix[place]!);
  });
  for (const { subnet } of pool.branches) counts.add(subnet, 'branch', 1);
  return {
    enis: pool.enis.length,
    trunk: pool.enis.some(({ role }) => role === 'trunk'),
    slots: pool.enis.reduce((sum, { secondary, prefixes }) => sum + secondary.length + prefixes.length, 0),
    assigned: pool.assigned.length,
    warm: pool.warm.length,
    branches: pool.branches.length,
    rest: pods,
    further: pool.enis.findLast(({ role }) => role === 'secondary')?.subnet,
    counts,
  };
}

/** A new node has its own address, or is not launched. */
export function launched(subnet: string, free: FreeAddresses): Held | undefined {
  if (free.take(1) === 0) return undefined;
  const counts = new SubnetCounts();
  counts.add(subnet, 'node', 1);
  return {
    enis: 1,
    trunk: false,
    slots: 0,
    assigned: 0,
    warm: 0,
    branches: 0,
    rest: undefined,
    further: undefined,
    counts,
  };
}

/** What is missing from the target. */
export function lackingOf(held: Held, { pool, target }: NodeShape, pods: number): Lacking | undefined {
  const blocks = pool.perSlot > 1;
  const wanted = target(pods);
  const slots = Math.max(0, (blocks ? wanted.prefixes : wanted.addresses) - held.slots);
  const addresses = slots * pool.perSlot + Math.max(0, wanted.enis - held.enis);
  return addresses === 0 ? undefined : { kind: blocks ? 'prefix-blocks' : 'subnet-addresses', addresses };
}

/** Adds slots and ENIs up to the target for so many pods. An ENI is created with its addresses or not at all; on one
 *  that is there, some are better than none. */
export function grow(
  held: Held,
  { pool, target }: NodeShape,
  pods: number,
  subnets: NodeSubnets,
  free: ReadonlyMap<string, FreeAddresses>,
): Lacking | undefined {
  const blocks = pool.perSlot > 1;
  const wanted = target(pods);
  let slots = Math.max(0, (blocks ? wanted.prefixes : wanted.addresses) - held.slots);
  let enis = Math.max(0, wanted.enis - held.enis);
  const fill = (subnet: string, count: number): void => {
    held.counts.add(subnet, blocks ? 'prefix-warm' : 'warm', count * pool.perSlot);
    held.slots += count;
    held.warm += count * pool.perSlot;
    slots -= count;
  };
  const further = free.get(subnets.pod)!;
  if (pool.trunk && !held.trunk && enis > 0 && further.take(1) === 1) {
    held.counts.add(subnets.pod, 'trunk', 1);
    held.trunk = true;
    held.enis++;
    enis--;
  }
  const idle = (pool.primaryCarriesPods ? 0 : 1) + (held.trunk ? 1 : 0);
  const room = Math.min(slots, Math.max(0, held.enis - idle) * pool.slots - held.slots);
  if (room > 0) {
    // A lone ENI is the primary one, in the node's subnet; of several it is not told apart which has the free slots.
    const subnet = held.enis - idle === 1 && pool.primaryCarriesPods ? subnets.node : subnets.pod;
    const from = free.get(subnet)!;
    fill(subnet, blocks ? from.takeBlocks(room) : from.take(room));
  }
  for (; enis > 0; enis--) {
    const here = Math.min(slots, pool.slots);
    if (!(blocks ? further.takeBoth(1, here) : further.takeAll(1 + here))) break;
    held.counts.add(subnets.pod, 'interface', 1);
    held.further = subnets.pod;
    held.enis++;
    fill(subnets.pod, here);
  }
  const lacking = slots * pool.perSlot + enis;
  if (lacking === 0) return undefined;
  return {
    kind: blocks && further.addresses > 0 ? 'prefix-blocks' : 'subnet-addresses',
    addresses: lacking,
  };
}

const ASSIGNED: readonly (readonly [CapacityUse, CapacityUse])[] = [
  ['prefix-warm', 'prefix-pod'],
  ['warm', 'pod'],
];

/** Gives warm addresses to pods that have none, or takes back those of pods that have gone; says how many pods go
 *  without. */
export function assign(held: Held, pods: number): number {
  let more = Math.min(pods - held.assigned, held.warm);
  held.assigned += more;
  held.warm -= more;
  for (const counts of held.counts.bySubnet.values())
    for (const [warm, pod] of ASSIGNED) {
      const moved = more > 0 ? Math.min(more, counts[codeOf[warm]]!) : Math.max(more, -counts[codeOf[pod]]!);
      counts[codeOf[warm]]! -= moved;
      counts[codeOf[pod]]! += moved;
      more -= moved;
    }
  return pods - held.assigned;
}

/** Gives pods branch ENIs, each with one address; says how many go without. Those of pods that have gone are deleted. */
export function branch(held: Held, pods: number, subnet: string, free: FreeAddresses): number {
  const wanted = held.trunk ? pods - held.branches : 0;
  const more = wanted > 0 ? free.take(wanted) : wanted;
  if (more !== 0) held.counts.add(subnet, 'branch', more);
  held.branches += more;
  return pods - held.branches;
}
