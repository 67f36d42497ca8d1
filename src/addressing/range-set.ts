/** Sets of whole numbers (ports, ICMP types, addresses as uint32) as ranges, kept in one canonical form:
 *  sorted, disjoint, neighbours joined ("80-81,82" is "80-82"). */
import { type Cidr, sizeOf } from './cidr.ts';

/** Both ends belong to the range. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Canonical; made by `rangeSet` or `unionOf`. */
export type RangeSet = readonly Range[];

/** The canonical set of any ranges, in any order. */
export function rangeSet(ranges: readonly Range[]): RangeSet {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined;
}

/** "80" or "80-90", decimal without leading zeros, at most `highest`; undefined when it is not that or runs backwards. */
export function parseRange(text: string, highest: number): Range | undefined {
  const [, from, to] = /^(0|[1-9]\d{0,9})(?:-(0|[1-9]\d{0,9}))?$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const range = { first: Number(from), last: Number(to ?? from) };
  return range.first <= range.last && range.last <= highest ? range : undefined;
}

export function formatRange({ first, last }: Range): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The addresses of a block, as uint32. */
export function rangeOf(block: Cidr): Range {
  const first = block.base >>> 0;
  return { first, last: first + sizeOf(block) - 1 };
}

export function unionOf(...sets: readonly RangeSet[]): RangeSet {
  return rangeSet(sets.flat());
}

/** Is `value` in the set? */
export function rangesContain(set: RangeSet, value: number): boolean {
  const range = set[firstReaching(set, value)];
  return range !== undefined && range.first <= value;
}

/** Is any number of `range` in the set? */
export function rangesIntersect(set: RangeSet, range: Range): boolean {
  const found = set[firstReaching(set, range.first)];
  return found !== undefined && found.first <= range.last;
}

/** Is every number of `range` in the set? Ranges are joined where they touch, so one of them must hold all of it. */
export function rangesCover(set: RangeSet, range: Range): boolean {
  const found = set[firstReaching(set, range.first)];
  return found !== undefined && found.first <= range.first && range.last <= found.last;
}

/** Position of the first range that ends at `value` or later. */
function firstReaching(set: RangeSet, value: number): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[middle]!.last < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
