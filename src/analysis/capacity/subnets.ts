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
  for (const code of uses) counts[code]!++;
  return useOrder.flatMap((use, code) => (counts[code]! > 0 ? [{ use, addresses: counts[code]! }] : []));
}

/** The lowest of the largest blocks, aligned to its size, that nothing touches. */
function largestFreeBlock(cidr: Cidr, uses: Uint8Array): string | null {
  // free[i]: whether the i-th block of the present size is free; blocks are joined two by two.
  let free = [...uses].map((code) => code === codeOf.free);
  let found: string | null = null;
  for (let length = 32; length >= cidr.length; length--) {
    const first = free.indexOf(true);
    if (first < 0) return found;
    found = formatCidr({ base: addressAt(cidr, first * 2 ** (32 - length)), length });
    free = Array.from({ length: free.length >> 1 }, (_, i) => free[2 * i]! && free[2 * i + 1]!);
  }
  return found;
}

function occupiedBy({ uses, holderAt }: SubnetMap): SubnetCapacity['occupiedBy'] {
  const counts = new Map<string, number>();
  uses.forEach((code, offset) => {
    if (code !== codeOf.occupied) return;
    const by = holderAt(offset)!;
    counts.set(by, (counts.get(by) ?? 0) + 1);
  });
  return [...counts].map(([by, addresses]) => ({ by, addresses }));
}
