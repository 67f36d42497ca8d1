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

function touchedBlock({ subnet, holderAt }: SubnetMap, block: number, free: number): TouchedBlock {
  const first = block * PREFIX_SIZE;
  const by = new Set<string>();
  for (let i = first; i < first + PREFIX_SIZE; i++) {
    const holder = holderAt(i);
    if (holder !== undefined) by.add(holder);
  }
  return { cidr: blockText(subnet.cidr, first, PREFIX_LENGTH), free, by: [...by] };
}

/** Where blocks are whole: the aligned block with the most of them, the smallest of those with equally many. Where none
 *  is, a quarter of the subnet, there where the fewest addresses have to be given up. */
function bestReservation({ subnet, uses }: SubnetMap, letters: readonly string[]): PrefixReservation | null {
  const usable = sums(letters.map((letter) => (letter === '.' || letter === 'P' ? 1 : 0)));
  const possible = sums(letters.map((_, block) => (has(uses, block, NEVER) ? 0 : 1)));
  const taken = sums(letters.map((letter, block) => (letter === 'P' ? 0 : takenIn(uses, block))));
  const noneIsWhole = usable(0, letters.length) === 0;
  const quarter = Math.max(1, letters.length >> 2);
  let best: (PrefixReservation & { readonly first: number }) | undefined;
  for (let blocks = noneIsWhole ? quarter : 1; blocks <= letters.length / LARGEST_SHARE; blocks *= 2) {
    for (let first = 0; first + blocks <= letters.length; first += blocks) {
      const length = PREFIX_LENGTH - Math.log2(blocks);
      const one = {
        first,
        cidr: blockText(subnet.cidr, first * PREFIX_SIZE, length),
        blocks,
        usable: usable(first, blocks),
        later: possible(first, blocks),
        taken: taken(first, blocks),
      };
      if (one.later > 0 && (!best || isBetter(one, best))) best = one;
    }
    if (noneIsWhole) break;
  }
  if (!best) return null;
  const { first: _, ...reservation } = best;
  return reservation;
}

function isBetter(a: PrefixReservation, b: PrefixReservation): boolean {
  if (a.usable !== b.usable) return a.usable > b.usable;
  if (a.blocks !== b.blocks) return false;
  return a.later !== b.later ? a.later > b.later : a.taken < b.taken;
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

function blockText(cidr: Cidr, offset: number, length: number): string {
  return formatCidr({ base: addressAt(cidr, offset), length });
}
