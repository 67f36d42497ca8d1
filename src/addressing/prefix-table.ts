/** Longest-prefix match (RFC 4632 section 5.1): the most specific block that contains the address wins. Most VPC route
 *  tables have a few entries, so a scan is quickest; larger tables are flattened into disjoint intervals. A table holds
 *  blocks of one family; those of IPv6 are scanned. */
import { type Cidr, contains, maskOf, sizeOf } from './cidr.ts';
import type { Ipv4 } from './ip.ts';
import { isIpv6 } from './ip6.ts';

export interface PrefixEntry<T> {
  readonly cidr: Cidr;
  readonly value: T;
}

/** Plain data, made once by `prefixTable`. */
export interface PrefixTable<T> {
  /** As given: the numbers of `longestMatchIndex` point here. */
  readonly entries: readonly PrefixEntry<T>[];
  /** Base, mask and number of each entry, longest block first; equal lengths keep the given order. */
  readonly cells: Int32Array;
  /** The values by number of the entry, where all are int32: closer by than the entries. */
  readonly values: Int32Array | undefined;
  /** Only for large tables. */
  readonly intervals: Intervals | undefined;
  /** A table of IPv6: bases and masks say nothing. */
  readonly six: boolean;
}

/** Interval `i` runs from `starts[i]` to the next start; `winners[i]` is its entry's number, or -1. */
interface Intervals {
  readonly starts: Uint32Array;
  readonly winners: Int32Array;
}

/** Measured: up to here the scan is no slower than the binary search. */
const LONGEST_SCAN = 16;

/** Of two entries with the same block the first one given wins. */
export function prefixTable<T>(entries: readonly PrefixEntry<T>[]): PrefixTable<T> {
  const order = [...entries.keys()].sort(
    (a, b) => entries[b]!.cidr.length - entries[a]!.cidr.length || a - b,
  );
  const six = entries.some(({ cidr }) => isIpv6(cidr.base));
  return {
    entries,
    cells: Int32Array.from(
      order.flatMap((number) => [entries[number]!.cidr.base, maskOf(entries[number]!.cidr.length), number]),
    ),
    values: entries.every(({ value }) => isInt32(value))
      ? Int32Array.from(entries, ({ value }) => Number(value))
      : undefined,
    intervals: entries.length > LONGEST_SCAN && !six ? flatten(entries) : undefined,
    six,
  };
}

/** The value of the most specific entry that contains the address. */
export function longestMatch<T>(table: PrefixTable<T>, address: Ipv4): T | undefined {
  const number = longestMatchIndex(table, address);
  if (number < 0) return undefined;
  // What is in `values` are the entries' values.
  return table.values === undefined ? table.entries[number]!.value : (table.values[number] as T);
}

const isInt32 = (value: unknown): boolean => typeof value === 'number' && value === (value | 0);

/** The number of that entry in `table.entries`, or -1. */
export function longestMatchIndex<T>(table: PrefixTable<T>, address: Ipv4): number {
  if (table.intervals !== undefined) return winnerAt(table.intervals, address >>> 0);
  if (table.six) return longestMatchOfSix(table, address);
  const { cells } = table;
  for (let i = 0; i < cells.length; i += 3)
    if (((address ^ cells[i]!) & cells[i + 1]!) === 0) return cells[i + 2]!;
  return -1;
}

function longestMatchOfSix({ entries, cells }: PrefixTable<unknown>, address: number): number {
  for (let i = 2; i < cells.length; i += 3) if (contains(entries[cells[i]!]!.cidr, address)) return cells[i]!;
  return -1;
}

/** Every entry that contains the address, the winner first: evidence for the reader, not for the hot path. */
export function allMatches<T>(table: PrefixTable<T>, address: Ipv4): readonly PrefixEntry<T>[] {
  const matches: PrefixEntry<T>[] = [];
  for (let i = 2; i < table.cells.length; i += 3) {
    const entry = table.entries[table.cells[i]!]!;
    if (contains(entry.cidr, address)) matches.push(entry);
  }
  return matches;
}

function winnerAt({ starts, winners }: Intervals, address: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= address) low = middle;
    else high = middle - 1;
  }
  return winners[low]!;
}

/** Blocks nest or are disjoint, so a sweep over their starts needs only the stack of the blocks now open. */
function flatten(entries: readonly PrefixEntry<unknown>[]): Intervals {
  const starts: number[] = [0];
  const winners: number[] = [-1];
  const begin = (start: number, winner: number) => {
    if (starts.at(-1) === start) winners[winners.length - 1] = winner;
    else if (winners.at(-1) !== winner) {
      starts.push(start);
      winners.push(winner);
    }
  };
  const open: { readonly number: number; readonly end: number }[] = [];
  const closeUntil = (address: number) => {
    while (open.length > 0 && open.at(-1)!.end <= address) {
      const { end } = open.pop()!;
      begin(end, open.at(-1)?.number ?? -1);
    }
  };
  for (const number of outerFirst(entries)) {
    const { cidr } = entries[number]!;
    const start = cidr.base >>> 0;
    closeUntil(start);
    begin(start, number);
    open.push({ number, end: start + sizeOf(cidr) });
  }
  // An end at 2^32 is past the last address and would wrap to interval 0.
  closeUntil(2 ** 32 - 1);
  return { starts: Uint32Array.from(starts), winners: Int32Array.from(winners) };
}

/** By start, a containing block before what it contains; of equal blocks the first given comes last, so that it is on top. */
function outerFirst(entries: readonly PrefixEntry<unknown>[]): Int32Array {
  return Int32Array.from(entries.keys()).sort((a, b) => {
    const [one, other] = [entries[a]!.cidr, entries[b]!.cidr];
    return (one.base >>> 0) - (other.base >>> 0) || one.length - other.length || b - a;
  });
}
