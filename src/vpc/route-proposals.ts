/** Routes that would help a packet for which a table has none, or a dead one. */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { isNonPublic } from './address-space.ts';
import type { NetworkChange } from './changes.ts';
import type { Eni } from './eni.ts';
import { isSameBlock, type Route, type RouteTarget } from './route-table.ts';
import type { VpcPeering } from './vpc-peering.ts';
import type { VpcRouter } from './vpc-router.ts';

/** Whether what a route leads to would know a way to `dst`, were the packet handed to it: gateways to the internet for
 *  public addresses, a peering for those of the other VPC. */
export function mayReach(
  self: VpcRouter,
  target: RouteTarget,
  dst: number,
  device: (index: number) => DeviceRecord,
): boolean {
  if (target.kind !== 'gateway' && target.kind !== 'eni') return false;
  const record = device(target.device);
  // Records are what the world wires under their kinds.
  const taker = target.kind === 'eni' ? device((record as Eni).host) : record;
  switch (taker.kind) {
    case 'internet-gateway':
    case 'nat-gateway':
    case 'regional-nat-gateway':
      return !isNonPublic(dst);
    case 'vpc-peering':
      return (taker as VpcPeering).sides.some(
        ({ router, cidrs }) => router !== self.index && cidrs.some((block) => contains(block, dst)),
      );
    default:
      return false;
  }
}

/** A route that is missing; without `via` where nobody can tell what leads there. */
export interface MissingRoute {
  readonly text: string;
  readonly to: Cidr;
  readonly via: string | undefined;
}

export function routeOver(to: Cidr, via: string): MissingRoute {
  return { text: `${formatCidr(to)} -> ${via}`, to, via };
}

export function single(address: number): Cidr {
  return { base: address, length: isIpv6(address) ? 128 : 32 };
}

/** A route that leads to the destination: a public one gets the default route that other tables of the VPC have. */
export function routeToAdd(self: VpcRouter, dst: number): MissingRoute {
  const to = single(dst);
  const unknown = (text: string): MissingRoute => ({ text, to, via: undefined });
  if (isIpv6(dst)) return unknown('::/0 -> an internet gateway or an egress-only internet gateway');
  if (isNonPublic(dst)) return unknown(`${formatIpv4(dst)}/32 -> what connects that network to the VPC`);
  const known = self.tables
    .flatMap(({ table }) => table.entries.map(({ value }) => value))
    .filter(
      (route) => route.to.length === 0 && (route.target.kind === 'eni' || route.target.kind === 'gateway'),
    )
    .sort((x, y) => Number(y.target.kind === 'eni') - Number(x.target.kind === 'eni'))[0];
  return known
    ? routeOver(known.to, known.via)
    : unknown('0.0.0.0/0 -> a NAT gateway or an internet gateway');
}

export function routeChange(self: VpcRouter, table: string, to: Cidr, via: string): NetworkChange {
  return { kind: 'route', vpc: self.id, table, to, via };
}

/** Where other tables of the VPC lead the same block: best to an interface (a NAT gateway, an instance). */
export function liveTarget(self: VpcRouter, other: Route): string | undefined {
  const live = self.tables
    .flatMap(({ table }) => table.entries.map(({ value }) => value))
    .filter((route) => isSameBlock(route, other) && route.target.kind !== 'blackhole');
  return (live.find(({ target }) => target.kind === 'eni') ?? live[0])?.via;
}
