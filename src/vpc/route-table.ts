/** Route tables as data. The most specific route that contains the destination decides, and when its target is gone
 *  the packet is dropped: there is no way back to a less specific one. Of routes with the same block a static one goes
 *  before one of a prefix list, and that before a propagated one; a propagated route inside a local one never counts
 *  ("How route priority works", Amazon VPC guide; "Route tables and VPN route priority", Site-to-Site VPN guide). */
import { type Cidr, covers, formatCidr, sameBlock } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { allMatches, longestMatchIndex, type PrefixTable, prefixTable } from '../addressing/prefix-table.ts';
import type { Origin } from '../base/origin.ts';

export type RouteTarget =
  | { readonly kind: 'local' }
  /** A gateway of the VPC (internet, virtual private, peering, endpoint ...), by its index; it gets the packet by
   *  GATEWAY_FROM_VPC, from this router. */
  | { readonly kind: 'gateway'; readonly device: number }
  | ZonalTarget
  /** A network interface (of an instance, of a NAT gateway): its index, primary address and subnet. */
  | { readonly kind: 'eni'; readonly device: number; readonly address: number; readonly subnet: number }
  | { readonly kind: 'blackhole' }
  /** Nobody could read what it is. */
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'not-modelled'; readonly what: string };

/** What has a foot in a subnet of each zone it serves (a transit gateway's attachment): its index, and by zone the
 *  subnet through which a packet from that zone gets there. */
export interface ZonalTarget {
  readonly kind: 'zonal';
  readonly device: number;
  readonly subnets: ReadonlyMap<string, number>;
}

export interface Route {
  readonly to: Cidr;
  /** The target as its owner writes it: "local", "igw", "nat-a". */
  readonly via: string;
  readonly target: RouteTarget;
  /** Learnt from a virtual private gateway; written by somebody where absent. */
  readonly propagated?: boolean | undefined;
  /** The prefix list that it stands for, with this block of it. */
  readonly prefixList?: string | undefined;
  readonly origin: Origin;
}

export interface RouteTableInput {
  readonly name: string;
  /** With the local routes. */
  readonly routes: readonly Route[];
}

export interface CompiledRouteTable {
  readonly name: string;
  /** Of routes with the same block the one that decides comes first. */
  readonly table: PrefixTable<Route>;
  /** By number of the deciding route: it and what may count in its place. Of several prefix lists with the same block and
   *  different targets AWS picks one at random and stays with it; of a prefix list inside the local route nobody can say
   *  whether it counts. Undefined where there are none. */
  readonly clashes: ReadonlyMap<number, readonly number[]> | undefined;
  /** Its routes of IPv6, a table of their own; undefined where there are none, and in that table. */
  readonly six: CompiledRouteTable | undefined;
}

/** Compiles a table. A written route with the block of a local route replaces its target ("Replace the target for a
 *  local route"). */
export function compileRouteTable({ name, routes }: RouteTableInput): CompiledRouteTable {
  const six = routes.filter(({ to }) => isIpv6(to.base));
  const four = routes.filter(({ to }) => !isIpv6(to.base));
  return { ...compileFamily(name, four), six: six.length > 0 ? compileFamily(name, six) : undefined };
}

/** The part of a table for packets to this address. Routes of one family say nothing of the other's packets. */
export function partFor(table: CompiledRouteTable, address: number): CompiledRouteTable {
  return isIpv6(address) ? (table.six ?? NO_ROUTES) : table;
}

function compileFamily(name: string, routes: readonly Route[]): CompiledRouteTable {
  const local = routes.filter(({ target }) => target.kind === 'local');
  const ranked = routes
    .filter(({ propagated, to }) => !propagated || !local.some((block) => covers(block.to, to)))
    .sort((a, b) => rankOf(a) - rankOf(b));
  return {
    name,
    table: prefixTable(ranked.map((value) => ({ cidr: value.to, value }))),
    clashes: clashesOf(ranked),
    six: undefined,
  };
}

const NO_ROUTES = compileFamily('', []);

const ranks = ['static', 'local', 'prefix list', 'propagated'] as const;

function rankOf({ target, propagated, prefixList }: Route): number {
  if (propagated) return 3;
  if (prefixList !== undefined) return 2;
  return target.kind === 'local' ? 1 : 0;
}

function clashesOf(ranked: readonly Route[]): CompiledRouteTable['clashes'] {
  const first = new Map<string, number>();
  const clashes = new Map<number, number[]>();
  const clash = (winner: number, rival: number): void => {
    clashes.set(winner, [...(clashes.get(winner) ?? [winner]), rival]);
  };
  ranked.forEach((route, number) => {
    const block = formatCidr(route.to);
    const winner = first.get(block);
    if (winner === undefined) first.set(block, number);
    if (!isOfList(route)) return;
    if (winner === undefined) {
      const local = ranked.findIndex(({ target, to }) => target.kind === 'local' && covers(to, route.to));
      if (local >= 0) clash(number, local);
    } else if (isOfList(ranked[winner]!) && route.via !== ranked[winner]!.via) clash(winner, number);
  });
  return clashes.size > 0 ? clashes : undefined;
}

function isOfList({ prefixList, propagated }: Route): boolean {
  return prefixList !== undefined && !propagated;
}

export function isSameBlock(a: Route, b: Route): boolean {
  return sameBlock(a.to, b.to);
}

/** The number of the route that decides, or -1. */
export function decidingRoute({ table }: CompiledRouteTable, address: number): number {
  return longestMatchIndex(table, address);
}

export function routeAt({ table }: CompiledRouteTable, number: number): Route {
  return table.entries[number]!.value;
}

/** The routes that contain an address, in the order in which they would decide. */
export function routesTo({ table }: CompiledRouteTable, address: number): readonly Route[] {
  return allMatches(table, address).map(({ value }) => value);
}

/** "10.1.0.0/16 -> local", "pl/corp (10.0.0.0/8) -> tgw", "10.0.0.0/8 -> vgw (propagated)". */
export function routeText({ to, via, prefixList, propagated }: Route): string {
  const block = prefixList === undefined ? formatCidr(to) : `pl/${prefixList} (${formatCidr(to)})`;
  return `${block} -> ${via}${propagated ? ' (propagated)' : ''}`;
}

/** "longest of 3 matching prefixes (16 > 8 > 0)"; where others have the same block, why it goes before them. */
export function whyLongest(compiled: CompiledRouteTable, address: number): string {
  const matches = routesTo(compiled, address);
  const [winner, next] = matches;
  const lengths = [...new Set(matches.map(({ to }) => to.length))];
  const longest =
    lengths.length === 1
      ? 'the only matching prefix'
      : `longest of ${lengths.length} matching prefixes (${lengths.join(' > ')})`;
  if (!next || next.to.length !== winner!.to.length) return longest;
  return `${longest}; ${whyBefore(winner!, next)}`;
}

/** Why of two routes with the same block the first decides. */
export function whyBefore(winner: Route, loser: Route): string {
  const [first, second] = [ranks[rankOf(winner)]!, ranks[rankOf(loser)]!];
  if (first === second) return `before ${routeText(loser)}`;
  if (second === 'local') return 'it replaces the local route';
  return `a ${first} route goes before a ${second} one (${routeText(loser)})`;
}
