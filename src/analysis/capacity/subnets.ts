/** What each subnet holds today, line by line. */
import { addressAt, type Cidr, formatCidr, sizeOf } from '../../addressing/cidr.ts';
import { prefixBlocks } from './prefix-blocks.ts';
import type { SubnetCapacity, UseLine } from './report.ts';
import { codeOf, type SubnetMap, useOrder } from './subnet-map.ts';

export function subnetCapacity(map: SubnetMap, vpc: string): SubnetCapacity {
  const { subnet, uses } = map;
  const lines = linesOf(uses);
  return {
    name: subnet.name,
    vpc,
    az: subnet.az,
    cidr: formatCidr(subnet.cidr),
    size: sizeOf(subnet.cidr),
    lines,
    free: lines.find(({ use }) => use === 'free')?.addresses ?? 0,
    largestFreeBlock: largestFreeBlock(subnet.cidr, uses),
    prefixes: prefixBlocks(map),
    occupiedBy: occupiedBy(map),
  };
}

function linesOf(uses: Uint8Array): UseLine[] {
  const counts = new Array<number>(useOrder.length).fill(0);
  for (let offset = 0; offset < uses.length; offset++) counts[uses[offset]!]!++;
  return useOrder.flatMap((use, code) => (counts[code]! > 0 ? [{ use, addresses: counts[code]! }] : []));
}

/** The lowest of the largest blocks, aligned to its size, that nothing touches. */
function largestFreeBlock(cidr: Cidr, uses: Uint8Array): string | null {
  // free[i]: whether the i-th block of the present size is free; blocks are joined two by two.
  let free: Uint8Array = uses.map((code) => (code === codeOf.free ? 1 : 0));
  let found: string | null = null;
  for (let length = 32; length >= cidr.length; length--) {
    const first = free.indexOf(1);
    if (first < 0) return found;
    found = formatCidr({ base: addressAt(cidr, first * 2 ** (32 - length)), length });
    free = joined(free);
  }
  return found;
}

function joined(free: Uint8Array): Uint8Array {
  const pairs = new Uint8Array(free.length >> 1);
  for (let i = 0; i < pairs.length; i++) pairs[i] = free[2 * i]! & free[2 * i + 1]!;
  return pairs;
}

function occupiedBy({ uses, holderAt }: SubnetMap): SubnetCapacity['occupiedBy'] {
  const counts = new Map<string, number>();
  const next = (from: number): number => uses.indexOf(codeOf.occupied, from);
  for (let offset = next(0); offset >= 0; offset = next(offset + 1)) {
    const by = holderAt(offset)!;
    counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  return [...counts].map(([by, addresses]) => ({ by, addresses }));
}
