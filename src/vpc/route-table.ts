/** Route tables as data. The most specific route that contains the destination decides, and when its target is gone
 *  the packet is dropped: there is no way back to a less specific one ("Route priority", Amazon VPC guide). */
import type { Cidr } from '../addressing/cidr.ts';
import { formatCidr } from '../addressing/cidr.ts';
import { allMatches, longestMatchIndex, type PrefixTable, prefixTable } from '../addressing/prefix-table.ts';
import type { Origin } from '../base/origin.ts';

export type RouteTarget =
  | { readonly kind: 'local' }
  /** A gateway of the VPC (internet, virtual private, peering, endpoint ...), by its index; it gets the packet by
   *  GATEWAY_FROM_VPC, from this router. */
  | { readonly kind: 'gateway'; readonly device: number }
  /** What has a foot in a subnet of each zone it serves (a transit gateway's attachment): its index, and by zone the
   *  subnet through which a packet from that zone gets there. */
  | { readonly kind: 'zonal'; readonly device: number; readonly subnets: ReadonlyMap<string, number> }
  /** A network interface (of an instance, of a NAT gateway): its index, primary address and subnet. */
  | { readonly kind: 'eni'; readonly device: number; readonly address: number; readonly subnet: number }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'not-modelled'; readonly what: string };

export interface Route {
  readonly to: Cidr;
  /** The target as its owner writes it: "local", "igw", "nat-a". */
  readonly via: string;
  readonly target: RouteTarget;
  readonly origin: Origin;
}

export interface RouteTableInput {
  readonly name: string;
  /** With the local routes. */
  readonly routes: readonly Route[];
}

export interface CompiledRouteTable {
  readonly name: string;
  readonly table: PrefixTable<Route>;
}

/** Compiles a table. A written route with the block of a local route replaces its target ("Replace the target for a
 *  local route"), so it comes first. */
export function compileRouteTable({ name, routes }: RouteTableInput): CompiledRouteTable {
  const written = routes.filter(({ target }) => target.kind !== 'local');
  const local = routes.filter(({ target }) => target.kind === 'local');
  return { name, table: prefixTable([...written, ...local].map((value) => ({ cidr: value.to, value }))) };
}

/** The number of the route that decides, or -1. */
export function decidingRoute({ table }: CompiledRouteTable, address: number): number {
  return longestMatchIndex(table, address);
}

export function routeAt({ table }: CompiledRouteTable, number: number): Route {
  return table.entries[number]!.value;
}

/** "10.1.0.0/16 -> local". */
export function routeText({ to, via }: Route): string {
  return `${formatCidr(to)} -> ${via}`;
}

/** "longest of 3 matching prefixes (16 > 8 > 0)". */
export function whyLongest({ table }: CompiledRouteTable, address: number): string {
  const lengths = allMatches(table, address).map(({ cidr }) => cidr.length);
  return lengths.length === 1
    ? 'the only matching prefix'
    : `longest of ${lengths.length} matching prefixes (${lengths.join(' > ')})`;
}
