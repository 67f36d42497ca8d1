/** Route tables of a transit gateway as data. The most specific route decides; of routes with the same block a static one
 *  goes before one of a prefix list, that before what a VPC propagates, then Direct Connect, then VPN ("Route evaluation
 *  order", How AWS Transit Gateway works). */
import { type Cidr, formatCidr } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { allMatches, longestMatchIndex, type PrefixTable, prefixTable } from '../addressing/prefix-table.ts';
import type { Origin } from '../base/origin.ts';

export interface TransitRoute {
  readonly to: Cidr;
  /** The attachment as people name it, or "blackhole". */
  readonly via: string;
  /** Index of the attachment, or -1 for a blackhole. */
  readonly attachment: number;
  readonly rank: RouteRank;
  readonly origin: Origin;
}

/** Best first. */
export const ranks = ['static', 'prefix list', 'VPC', 'Direct Connect', 'VPN'] as const;
export type RouteRank = (typeof ranks)[number];

export interface TransitRouteTable {
  readonly name: string;
  /** Of routes with the same block the one that decides comes first. Undefined: nobody could read them. */
  readonly table: PrefixTable<TransitRoute> | undefined;
  /** By number of the deciding route: it and those with the same block that several VPNs propagate (equal-cost multipath
   *  routing). Undefined where there are none. */
  readonly equals: ReadonlyMap<number, readonly number[]> | undefined;
  readonly origin: Origin;
}

export function compileTransitTable(
  name: string,
  routes: readonly TransitRoute[] | undefined,
  origin: Origin,
): TransitRouteTable {
  if (routes === undefined) return { name, table: undefined, equals: undefined, origin };
  const ranked = [...routes].sort((a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank));
  return {
    name,
    table: prefixTable(ranked.map((value) => ({ cidr: value.to, value }))),
    equals: equalsOf(ranked),
    origin,
  };
}

function equalsOf(ranked: readonly TransitRoute[]): TransitRouteTable['equals'] {
  const first = new Map<string, number>();
  const equals = new Map<number, number[]>();
  ranked.forEach(({ to, rank }, number) => {
    const block = formatCidr(to);
    const winner = first.get(block);
    if (winner === undefined) first.set(block, number);
    else if (rank === 'VPN' && ranked[winner]!.rank === 'VPN')
      equals.set(winner, [...(equals.get(winner) ?? [winner]), number]);
  });
  return equals.size > 0 ? equals : undefined;
}

/** The number of the route that decides, or -1. */
export function decidingTransitRoute(table: PrefixTable<TransitRoute>, address: number): number {
  // A table without routes of IPv6 says nothing of its packets; one with them tells the families apart.
  return isIpv6(address) && !table.six ? -1 : longestMatchIndex(table, address);
}

/** The routes that contain an address, in the order in which they would decide. */
export function transitRoutesTo(table: PrefixTable<TransitRoute>, address: number): readonly TransitRoute[] {
  return allMatches(table, address).map(({ value }) => value);
}

/** "10.1.0.0/16 -> att-a (propagated)". */
export function transitRouteText({ to, via, rank }: TransitRoute): string {
  const how = rank === 'static' ? '' : rank === 'prefix list' ? ' (prefix list)' : ' (propagated)';
  return `${formatCidr(to)} -> ${via}${how}`;
}

/** "longest of 2 matching prefixes (16 > 0)"; where others have the same block, why it goes before them. */
export function whyThisRoute(table: PrefixTable<TransitRoute>, address: number): string {
  const matches = transitRoutesTo(table, address);
  const [winner, next] = matches;
  const lengths = [...new Set(matches.map(({ to }) => to.length))];
  const longest =
    lengths.length === 1
      ? 'the only matching prefix'
      : `longest of ${lengths.length} matching prefixes (${lengths.join(' > ')})`;
  if (!next || next.to.length !== winner!.to.length) return longest;
  return `${longest}; ${rankText(winner!)} goes before ${rankText(next)} (${transitRouteText(next)})`;
}

/** "a static route", "what a VPC propagates". */
function rankText({ rank }: TransitRoute): string {
  if (rank === 'static') return 'a static route';
  return rank === 'prefix list' ? 'a route of a prefix list' : `what a ${rank} attachment propagates`;
}
