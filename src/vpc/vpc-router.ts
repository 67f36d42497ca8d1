/** VPC router: the implicit router at the first address of every subnet. It asks the route table of the subnet the
 *  packet comes from (of a gateway: its edge table); no table is asked to deliver into the destination subnet
 *  ("Route table concepts" and "Gateway route tables", Amazon VPC guide). It does not decrement the TTL (unsure). */
import { type Cidr, contains } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour } from '../trace/device.ts';
import { MATCHED, type Outcome } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { askedFromOutside } from './amazon-dns.ts';
import { resolverOf, type VpcBlocks } from './built-in-services.ts';
import { checkMiddlebox } from './middlebox.ts';
import {
  GATEWAY_FROM_VPC,
  NO_TABLE,
  SUBNET_ENTERING,
  SUBNET_HAIRPIN,
  SUBNET_TO_ATTACHMENT,
} from './ports.ts';
import { type InSubnet, neighbour } from './records.ts';
import {
  type CompiledRouteTable,
  decidingRoute,
  partFor,
  type RouteTarget,
  routeAt,
  type ZonalTarget,
} from './route-table.ts';
import { inSubnet, type Subnet } from './subnet.ts';
import {
  blackhole,
  ipv6NotModelled,
  noAttachmentInZone,
  noEdgeTable,
  noRoute,
  noSuchAddress,
  notKnownToVpc,
  prefixListPick,
  routed,
  routedInside,
  targetNotModelled,
  unknownTarget,
  zoneCrossed,
} from './vpc-router-words.ts';

export interface VpcRouter extends VpcBlocks {
  readonly kind: 'vpc-router';
  readonly segment: number;
  /** The primary block first, those of IPv6 last. */
  readonly cidrs: readonly Cidr[];
  /** By number: the port by which a packet comes is the number of the table to ask. */
  readonly tables: readonly CompiledRouteTable[];
  readonly subnets: readonly { readonly cidr: Cidr; readonly index: number }[];
  /** Addresses of IPv6 that cluster nodes have and no interface of the VPC holds. */
  readonly otherAddresses: ReadonlySet<number>;
}

/** Whether a more specific route takes a packet to the sender's own subnet that was sent to the router all the same
 *  (pods on a secondary interface have no connected route). Not documented. */
const ROUTES_APPLY_INSIDE_A_SUBNET = true;

export const vpcRouter = behaviour<VpcRouter>({
  kind: 'vpc-router',
  label: 'VPC router',
  icon: 'router',
  notModelled: [
    'local gateways, carrier gateways, core networks and Gateway Load Balancer endpoints as route targets: such a packet ends undetermined',
    'IPv6 by NAT gateways (NAT64), endpoints, VPN and middleboxes: such a packet ends undetermined',
  ],
  receive(self, packet, walk) {
    if (walk.port === NO_TABLE) return arriveByGateway(self, packet, walk);
    const table = partFor(self.tables[walk.port]!, packet.dst);
    let number = decidingRoute(table, packet.dst);
    if (table.clashes !== undefined) number = pickList(table.clashes, number, walk);
    if (number < 0) return stopAt(self, packet, walk, noRoute, walk.port, -1);
    const { target } = routeAt(table, number);
    if (target.kind === 'blackhole') return stopAt(self, packet, walk, blackhole, walk.port, number);
    if (isIpv6(packet.dst) && !carriesIpv6(target, walk))
      return walk.undetermined(ipv6NotModelled, walk.port, number);
    if (ROUTES_APPLY_INSIDE_A_SUBNET && walk.recording && target.kind !== 'local')
      remarkInside(packet, walk, number);
    walk.step(routed, MATCHED, walk.port, number);
    switch (target.kind) {
      case 'local':
        return deliverLocally(self, packet, walk);
      case 'gateway':
        return walk.forward(target.device, GATEWAY_FROM_VPC);
      case 'zonal':
        return toAttachment(target, walk, number);
      case 'eni': {
        const end = checkMiddlebox(target, walk, number);
        if (end) return end;
        walk.setNextHop(target.address);
        return toSubnet(walk, target.subnet);
      }
      case 'unknown':
        return walk.stopUnknown(unknownTarget, walk.port, number);
      case 'not-modelled':
        return walk.undetermined(targetNotModelled, walk.port, number);
    }
  },
});

/** Nobody can know which of the prefix lists AWS picked. */
function pickList(clashes: NonNullable<CompiledRouteTable['clashes']>, number: number, walk: Walk): number {
  const lists = clashes.get(number);
  return lists === undefined
    ? number
    : lists[walk.choose(prefixListPick, lists.length, undefined, walk.port, number)]!;
}

const carriers: readonly string[] = ['internet-gateway', 'egress-only-internet-gateway', 'vpc-peering'];

/** Whether what a route leads to is modelled for packets of IPv6. */
function carriesIpv6(target: RouteTarget, walk: Walk): boolean {
  if (target.kind === 'gateway') return carriers.includes(neighbour(walk, target.device).kind);
  return target.kind === 'local' || target.kind === 'zonal';
}

function arriveByGateway(self: VpcRouter, packet: Packet, walk: Walk): Outcome {
  for (let i = 0; i < self.cidrs.length; i++)
    if (contains(self.cidrs[i]!, packet.dst)) {
      walk.step(noEdgeTable, MATCHED, i);
      return deliverLocally(self, packet, walk);
    }
  return walk.stop(noRoute, NO_TABLE, -1);
}

function deliverLocally(self: VpcRouter, packet: Packet, walk: Walk): Outcome {
  const owner = walk.ownerOf(self.segment, packet.dst);
  if (owner < 0)
    return isIpv6(packet.dst) && self.otherAddresses.has(packet.dst)
      ? walk.undetermined(notKnownToVpc, packet.dst)
      : walk.stop(packet.dst === resolverOf(self.cidrs) ? askedFromOutside : noSuchAddress, packet.dst);
  walk.setNextHop(packet.dst);
  return toSubnet(walk, neighbour<InSubnet>(walk, owner).subnet);
}

function toSubnet(walk: Walk, subnet: number): Outcome {
  if (subnet === walk.from) return walk.forward(subnet, SUBNET_HAIRPIN);
  if (walk.recording && !walk.reply && walk.from >= 0) {
    const { az } = neighbour(walk, walk.from);
    const other = neighbour(walk, subnet).az;
    if (az !== undefined && other !== undefined && az !== other) walk.remark(zoneCrossed, walk.from, subnet);
  }
  return walk.forward(subnet, SUBNET_ENTERING);
}

/** By the foot in the zone the packet comes from; another zone's foot takes it only as a ghost. */
function toAttachment({ device, subnets }: ZonalTarget, walk: Walk, number: number): Outcome {
  walk.setNextHop(device);
  const foot = subnets.get(neighbour(walk, walk.from).az ?? '');
  if (foot !== undefined) return walk.forward(foot, SUBNET_TO_ATTACHMENT);
  const [other = -1] = subnets.values();
  return walk.stop(noAttachmentInZone, walk.port, number, walk.from, 0, other, SUBNET_TO_ATTACHMENT);
}

/** No way on; whoever owns the destination may take the packet as a ghost. */
function stopAt(
  self: VpcRouter,
  packet: Packet,
  walk: Walk,
  code: typeof noRoute,
  table: number,
  route: number,
): Outcome {
  const owner = walk.ownerOf(self.segment, packet.dst);
  const subnet = owner < 0 ? -1 : neighbour<InSubnet>(walk, owner).subnet;
  const outcome = walk.stop(code, table, route, walk.from, 0, subnet, SUBNET_ENTERING);
  if (subnet >= 0) walk.setNextHop(packet.dst);
  return outcome;
}

function remarkInside(packet: Packet, walk: Walk, number: number): void {
  const from = neighbour(walk, walk.from);
  if (from.kind === 'subnet' && inSubnet(from as Subnet, packet.dst))
    walk.remark(routedInside, walk.port, isIpv6(packet.dst) ? ~number : number);
}
