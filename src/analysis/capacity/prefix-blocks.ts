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

/** The aligned block with the most /28s that are whole or delegated; of equal ones that where the most can become so,
 *  then the smallest, then the lowest. */
function bestReservation({ subnet, uses }: SubnetMap, letters: readonly string[]): PrefixReservation | null {
  const usable = sums(letters.map((letter) => (letter === '.' || letter === 'P' ? 1 : 0)));
  const later = sums(letters.map((_, block) => (isStuck(uses, block) ? 0 : 1)));
  let best: { first: number; blocks: number; usable: number; later: number } | undefined;
  for (let blocks = 1; blocks <= letters.length / LARGEST_SHARE; blocks *= 2)
    for (let first = 0; first < letters.length; first += blocks) {
      const one = { first, blocks, usable: usable(first, blocks), later: later(first, blocks) };
      if (!best || one.usable > best.usable || (one.usable === best.usable && one.later > best.later))
        best = one;
    }
  if (!best || best.later === 0) return null;
  const length = PREFIX_LENGTH - Math.log2(best.blocks);
  return {
    cidr: blockText(subnet.cidr, best.first * PREFIX_SIZE, length),
    blocks: best.blocks,
    usable: best.usable,
    later: best.later,
  };
}

/** Sum of any run of values. */
function sums(values: readonly number[]): (first: number, count: number) => number {
  const upTo = [0];
  for (const value of values) upTo.push(upTo.at(-1)! + value);
  return (first, count) => upTo[first + count]! - upTo[first]!;
}

/** Something has an address of the block that does not go when nodes are replaced. */
function isStuck(uses: Uint8Array, block: number): boolean {
  return STUCK.some((use) =>
    uses.subarray(block * PREFIX_SIZE, (block + 1) * PREFIX_SIZE).includes(codeOf[use]),
  );
}

const STUCK: readonly CapacityUse[] = [
  'aws',
  'control-plane',
  'load-balancer',
  'nat-gateway',
  'endpoint',
  'instance',
  'occupied',
  'explicit-reservation',
];

function blockText(cidr: Cidr, offset: number, length: number): string {
  return formatCidr({ base: addressAt(cidr, offset), length });
}
