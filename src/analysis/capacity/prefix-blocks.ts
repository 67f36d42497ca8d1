/** The /28 blocks of a subnet as prefix delegation meets them: which are whole, what touches the others, and the
 *  reservation that keeps them whole. EC2 delegates only blocks of sixteen contiguous aligned free addresses, from a
 *  reservation of type prefix where the subnet has one (EKS best practices guide, "Prefix Mode for Linux"; "Subnet CIDR
 *  reservations"). */
import { addressAt, type Cidr, formatCidr, sizeOf } from '../../addressing/cidr.ts';
import type { blockLetters, CapacityUse, PrefixBlocks, PrefixReservation, TouchedBlock } from './report.ts';
import { codeOf, type SubnetMap } from './subnet-map.ts';

export const PREFIX_LENGTH = 28;
export const PREFIX_SIZE = 16;

/** No reservation is larger than half of its subnet: nodes and load balancers need single addresses. */
const LARGEST_SHARE = 2;

export function prefixBlocks(map: SubnetMap): PrefixBlocks {
  const { cidr, reservations } = map.subnet;
  const total = Math.floor(sizeOf(cidr) / PREFIX_SIZE);
  const letters: string[] = [];
  const touched: TouchedBlock[] = [];
  for (let block = 0; block < total; block++) {
    const counts = countsOf(map.uses, block);
    letters.push(letterOf(counts));
    if (letters[block] === '+') touched.push(touchedBlock(map, block, counts[codeOf.free]!));
  }
  const count = (letter: string): number => letters.filter((one) => one === letter).length;
  const isReserved = reservations.some(({ type }) => type === 'prefix');
  return {
    total,
    free: count('.') + count('r'),
    delegated: count('P'),
    stranded: touched.reduce((sum, { free }) => sum + free, 0),
    map: letters.join(''),
    touched,
    reservation: isReserved ? null : bestReservation(map, letters),
  };
}

/** How many addresses of a block each use has, by its code. */
function countsOf(uses: Uint8Array, block: number): Uint8Array {
  const counts = new Uint8Array(codeOf.free + 1);
  for (let i = block * PREFIX_SIZE; i < (block + 1) * PREFIX_SIZE; i++) counts[uses[i]!]!++;
  return counts;
}

function letterOf(counts: Uint8Array): keyof typeof blockLetters {
  if (counts[codeOf.free] === PREFIX_SIZE) return '.';
  if (counts[codeOf['prefix-reservation']] === PREFIX_SIZE) return 'r';
  if (counts[codeOf['explicit-reservation']] === PREFIX_SIZE) return '-';
  if (counts[codeOf['prefix-pod']]! + counts[codeOf['prefix-warm']]! > 0) return 'P';
  return counts[codeOf.free]! > 0 ? '+' : '#';
}

function touchedBlock(map: SubnetMap, block: number, free: number): TouchedBlock {
  const first = block * PREFIX_SIZE;
  return { cidr: blockText(map.subnet.cidr, first, PREFIX_LENGTH), free, by: holdersIn(map, block) };
}

function holdersIn({ holderAt }: SubnetMap, block: number): string[] {
  const by = new Set<string>();
  for (let i = block * PREFIX_SIZE; i < (block + 1) * PREFIX_SIZE; i++) {
    const holder = holderAt(i);
    if (holder !== undefined) by.add(holder);
  }
  return [...by];
}

/** Where blocks are whole: the aligned block with the most of them, the smallest of those with equally many. */
function bestReservation(map: SubnetMap, letters: readonly string[]): PrefixReservation | null {
  const isUsable = letters.map((letter) => (letter === '.' || letter === 'P' ? 1 : 0));
  const usable = sums(isUsable);
  if (usable(0, letters.length) === 0) return clearable(map, letters.length);
  let best: { readonly first: number; readonly blocks: number } | undefined;
  for (let blocks = 1; blocks <= letters.length / LARGEST_SHARE; blocks *= 2)
    for (let first = 0; first + blocks <= letters.length; first += blocks)
      if (usable(first, blocks) > (best ? usable(best.first, best.blocks) : 0)) best = { first, blocks };
  return best ? reservationOf(map, best.first, best.blocks, usable(best.first, best.blocks)) : null;
}

/** Where no block is whole: up to a quarter of the subnet, as large as can be where only nodes and AWS's own services
 *  have addresses, which they get elsewhere as nodes are replaced; else a quarter where the fewest are taken. */
function clearable(map: SubnetMap, total: number): PrefixReservation | null {
  const { uses } = map;
  const cost = sums(Array.from({ length: total }, (_, block) => takenIn(uses, block)));
  const fixed = sums(Array.from({ length: total }, (_, block) => (has(uses, block, FIXED) ? 1 : 0)));
  const never = sums(Array.from({ length: total }, (_, block) => (has(uses, block, NEVER) ? 1 : 0)));
  const quarter = Math.max(1, total >> 2);
  const cheapest = (blocks: number, isOpen: (first: number) => boolean): number | undefined => {
    let best: number | undefined;
    for (let first = 0; first + blocks <= total; first += blocks)
      if (isOpen(first) && (best === undefined || cost(first, blocks) < cost(best, blocks))) best = first;
    return best;
  };
  for (let blocks = quarter; blocks >= 1; blocks >>= 1) {
    const first = cheapest(blocks, (at) => never(at, blocks) === 0 && fixed(at, blocks) === 0);
    if (first !== undefined) return reservationOf(map, first, blocks, 0);
  }
  const first = cheapest(quarter, (at) => never(at, quarter) < quarter);
  return first === undefined ? null : reservationOf(map, first, quarter, 0);
}

function reservationOf(map: SubnetMap, first: number, blocks: number, usable: number): PrefixReservation {
  const { subnet, uses } = map;
  const all = Array.from({ length: blocks }, (_, i) => first + i);
  // What prefixes have may stay.
  const others = all.filter((block) => !has(uses, block, ['prefix-pod', 'prefix-warm']));
  return {
    cidr: blockText(subnet.cidr, first * PREFIX_SIZE, PREFIX_LENGTH - Math.log2(blocks)),
    blocks,
    usable,
    later: all.filter((block) => !has(uses, block, NEVER)).length,
    taken: others.reduce((sum, block) => sum + takenIn(uses, block), 0),
    by: [...new Set(others.flatMap((block) => holdersIn(map, block)))],
  };
}

/** Sum of any run of values. */
function sums(values: readonly number[]): (first: number, count: number) => number {
  const upTo = [0];
  for (const value of values) upTo.push(upTo.at(-1)! + value);
  return (first, count) => upTo[first + count]! - upTo[first]!;
}

function has(uses: Uint8Array, block: number, some: readonly CapacityUse[]): boolean {
  const own = uses.subarray(block * PREFIX_SIZE, (block + 1) * PREFIX_SIZE);
  return some.some((use) => own.includes(codeOf[use]));
}

/** Addresses of a block that something holds. */
function takenIn(uses: Uint8Array, block: number): number {
  const own = uses.subarray(block * PREFIX_SIZE, (block + 1) * PREFIX_SIZE);
  return own.reduce((sum, code) => sum + (code === codeOf.free ? 0 : 1), 0);
}

/** What can never be given up. */
const NEVER: readonly CapacityUse[] = ['aws', 'explicit-reservation'];

/** What does not go as nodes are replaced. */
const FIXED: readonly CapacityUse[] = ['occupied', 'instance'];

function blockText(cidr: Cidr, offset: number, length: number): string {
  return formatCidr({ base: addressAt(cidr, offset), length });
}
