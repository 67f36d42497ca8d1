/** Addresses by use, subnet by subnet. */
import type { CapacityUse, UseLine } from './report.ts';
import { codeOf, useOrder } from './subnet-map.ts';

/** By the use's code. */
export type Counts = Int32Array;

export function noCounts(): Counts {
  return new Int32Array(useOrder.length);
}

export function countsOf(lines: readonly UseLine[]): Counts {
  const counts = noCounts();
  for (const { use, addresses } of lines) counts[codeOf[use]] = addresses;
  return counts;
}

/** Uses with at least one address (or fewer than none, in a difference), in their order. */
export function linesOf(counts: Counts): UseLine[] {
  return useOrder.flatMap((use, code) => (counts[code] !== 0 ? [{ use, addresses: counts[code]! }] : []));
}

export function addTo(sum: Counts, counts: Counts, times = 1): void {
  for (let code = 0; code < counts.length; code++) sum[code]! += times * counts[code]!;
}

export function difference(after: Counts, before: Counts): Counts {
  const left = Int32Array.from(after);
  addTo(left, before, -1);
  return left;
}

export function totalOf(counts: Counts): number {
  return counts.reduce((sum, addresses) => sum + addresses, 0);
}

export class SubnetCounts {
  readonly bySubnet = new Map<string, Counts>();

  copy(): SubnetCounts {
    const made = new SubnetCounts();
    for (const [subnet, counts] of this.bySubnet) made.bySubnet.set(subnet, Int32Array.from(counts));
    return made;
  }

  add(subnet: string, use: CapacityUse, addresses: number): void {
    this.of(subnet)[codeOf[use]]! += addresses;
  }

  of(subnet: string): Counts {
    let counts = this.bySubnet.get(subnet);
    if (!counts) {
      counts = noCounts();
      this.bySubnet.set(subnet, counts);
    }
    return counts;
  }

  addAll(other: SubnetCounts): void {
    for (const [subnet, counts] of other.bySubnet) addTo(this.of(subnet), counts);
  }
}
