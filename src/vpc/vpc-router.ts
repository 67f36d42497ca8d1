/** VPC router: the implicit router at the first address of every subnet. It asks the route table of the subnet the
 *  packet comes from (of a gateway: its edge table); no table is asked to deliver into the destination subnet
 *  ("Route table concepts" and "Gateway route tables", Amazon VPC guide). It does not decrement the TTL (unsure). */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { MATCHED, type Outcome } from '../trace/outcome.ts';
import { choice, type DropText, drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isNonPublic } from './address-space.ts';
import { askedFromOutside } from './amazon-dns.ts';
import { resolverOf, type VpcBlocks } from './built-in-services.ts';
import type { NetworkChange } from './changes.ts';
import type { Eni } from './eni.ts';
import { checkMiddlebox } from './middlebox.ts';
import {
  GATEWAY_FROM_VPC,
  NO_TABLE,
  SUBNET_ENTERING,
  SUBNET_HAIRPIN,
  SUBNET_TO_ATTACHMENT,
} from './ports.ts';
import { type InSubnet, nameOf, neighbour } from './records.ts';
import {
  type CompiledRouteTable,
  decidingRoute,
  isSameBlock,
  partFor,
  type Route,
  type RouteTarget,
  routeAt,
  routesTo,
  routeText,
  whyLongest,
  type ZonalTarget,
} from './route-table.ts';
import { inSubnet, type Subnet } from './subnet.ts';
import type { VpcPeering } from './vpc-peering.ts';

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

const stage = 'route table';

const routed = step<VpcRouter>('route', ({ self, a, b, before }) => {
  const table = partFor(self.tables[a]!, before.dst);
  const route = routeAt(table, b);
  return {
    stage,
    rule: `rtb/${table.name} ${routeText(route)}`,
    because: whyLongest(table, before.dst),
    origin: route.origin,
  };
});

const noEdgeTable = step<VpcRouter>('local delivery', ({ self, a }) => ({
  stage,
  because: `came by a gateway without a route table of its own: delivered inside ${formatCidr(self.cidrs[a]!)}`,
}));

const prefixListPick = choice<VpcRouter>({
  name: 'prefix list',
  nature: 'unknown',
  word: ({ self, a, b }) => {
    const table = self.tables[a]!;
    const clash = table.clashes!.get(b)!.map((number) => routeAt(table, number));
    const routes = clash.map(routeText);
    const why = clash.some(({ target }) => target.kind === 'local')
      ? 'AWS does not say whether a block of a prefix list may be more specific than the local route'
      : 'AWS picks one of several prefix lists at random';
    return `which of ${routes.join(' and ')} counts in rtb/${table.name}: ${why}`;
  },
});

const zoneCrossed = note<VpcRouter>({
  name: 'zone crossed',
  nature: 'remark',
  word: ({ a, b, device }) =>
    `crosses availability zones: ${device(a).az} (${nameOf(device(a))}) to ${device(b).az} (${nameOf(device(b))})`,
});

const routedInside = note<VpcRouter>({
  name: 'route inside a subnet',
  nature: 'remark',
  word: ({ self, a, b }) =>
    `the packet stays in its subnet, and ${routeText(routeOf(self.tables[a]!, b))} is taken to apply to it: AWS does not say`,
});

/** Notes have no packet: the complement of a number is one of the routes of IPv6. */
function routeOf(table: CompiledRouteTable, number: number): Route {
  return number < 0 ? routeAt(table.six!, ~number) : routeAt(table, number);
}

const ipv6NotModelled = note<VpcRouter>({
  name: 'route target of IPv6',
  nature: 'limit',
  word: ({ self, a, b }) => {
    const { name, six } = self.tables[a]!;
    return `${routeText(routeAt(six!, b))} (rtb/${name}): packets of IPv6 are not modelled there`;
  },
});

const notKnownToVpc = note<VpcRouter>({
  name: 'IPv6 address of a node',
  nature: 'limit',
  word: ({ a }) => `${formatIpv4(a)} is an address of a cluster node: IPv6 to nodes and pods is not modelled`,
});

const targetNotModelled = note<VpcRouter>({
  name: 'route target',
  nature: 'limit',
  word: ({ self, a, b }) => {
    const route = routeAt(self.tables[a]!, b);
    const what = route.target.kind === 'not-modelled' ? route.target.what : route.via;
    return `${routeText(route)} (rtb/${self.tables[a]!.name}): ${what} is not modelled`;
  },
});

export const unknownTarget = drop<VpcRouter>({
  code: 'rt/unknown-target',
  means: 'The route leads to something that nobody described, so nobody can tell what becomes of the packet.',
  aws: 'UNKNOWN_RESOURCE',
  causes: [
    'the file that describes the target is not among the dumps',
    'the target belongs to another account, or the one who collected may not describe it',
  ],
  look: ['aws ec2 describe-route-tables --query "RouteTables[].Routes"'],
  word: ({ self, a, b }) => {
    const table = self.tables[a]!;
    const route = routeAt(table, b);
    const what = route.target.kind === 'unknown' ? route.target.what : route.via;
    return {
      stage,
      rule: `rtb/${table.name} ${routeText(route)}`,
      because: `nobody described ${what}`,
      fix: `describe ${what}: add its dump, or a route to what it is`,
      origin: route.origin,
    };
  },
});

export const noRoute = drop<VpcRouter>({
  code: 'rt/no-route',
  means: 'No route of the table contains the destination.',
  aws: ['NO_ROUTE_TO_DESTINATION', 'CANNOT_ROUTE', 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION'],
  causes: [
    'a private subnet without a default route to a NAT gateway',
    'the subnet has no table of its own, and the main table has local routes only',
    'the address belongs to a network that is not connected (another VPC, a Service CIDR that left its node)',
  ],
  look: ['aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>'],
  word: ({ self, a, before, device }) => {
    const dst = formatIpv4(before.dst);
    if (a === NO_TABLE)
      return {
        stage,
        because: `${dst} came by a gateway and is in no block of the VPC (${blocks(self)})`,
        fix: isNonPublic(before.dst) ? `add a block that contains ${dst} to the VPC` : undefined,
        aws: 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION',
      };
    const { name } = self.tables[a]!;
    const entries = partFor(self.tables[a]!, before.dst).table.entries.map(({ value }) => value);
    const leading = entries.find(({ target }) => mayReach(self, target, before.dst, device));
    const missing = leading ? routeOver(single(before.dst), leading.via) : routeToAdd(self, before.dst);
    return {
      stage,
      because: `no route of rtb/${name} contains ${dst}`,
      nearest: leading
        ? `${routeText(leading)}: it leads there, and ${formatCidr(leading.to)} does not contain ${dst}`
        : entries.map(routeText).join(', ') || undefined,
      fix: `add to rtb/${name}: ${missing.text}`,
      change: missing.via === undefined ? undefined : routeChange(self, name, missing.to, missing.via),
      origin: (leading ?? entries[0])?.origin,
      aws: leading && 'CANNOT_ROUTE',
    };
  },
});

export const blackhole = drop<VpcRouter>({
  code: 'rt/blackhole',
  means: 'The most specific route leads to a target that is gone. A less specific route is never tried.',
  aws: ['BAD_STATE_ROUTE', 'MORE_SPECIFIC_ROUTE', 'HIGHER_PRIORITY_ROUTE'],
  causes: [
    'the NAT gateway, instance, interface or connection was deleted or detached and its route was left',
  ],
  look: ['aws ec2 describe-route-tables --query "RouteTables[].Routes[?State==\'blackhole\']"'],
  word: ({ self, a, b, before }): DropText => {
    const table = partFor(self.tables[a]!, before.dst);
    const route = routeAt(table, b);
    const others = routesTo(table, before.dst).filter((other) => other !== route);
    const live = others.find(({ target }) => target.kind !== 'blackhole' && target.kind !== 'local');
    const elsewhere = liveTarget(self, route);
    return {
      stage,
      rule: `rtb/${table.name} ${routeText(route)}`,
      because: `${whyLongest(table, before.dst)}; its target is gone, and no other route is tried`,
      nearest:
        others
          .map(
            (other) =>
              `${routeText(other)}: ${isSameBlock(other, route) ? 'lower priority' : 'less specific'}`,
          )
          .join(', ') || undefined,
      fix: live
        ? `remove from rtb/${table.name}: ${routeText(route)}`
        : `replace in rtb/${table.name}: ${formatCidr(route.to)} -> ${elsewhere ?? 'a target that exists'}`,
      change: blackholeChange(self, table.name, route, live, elsewhere),
      origin: route.origin,
      aws: live && (isSameBlock(live, route) ? 'HIGHER_PRIORITY_ROUTE' : 'MORE_SPECIFIC_ROUTE'),
    };
  },
});

/** Without the blackhole another route leads on; else it needs a target. */
function blackholeChange(
  self: VpcRouter,
  table: string,
  { to }: Route,
  live: Route | undefined,
  elsewhere: string | undefined,
): NetworkChange | undefined {
  if (live) return { kind: 'route-removal', vpc: self.id, table, to };
  return elsewhere === undefined ? undefined : routeChange(self, table, to, elsewhere);
}

export const noAttachmentInZone = drop<VpcRouter>({
  code: 'tgw/no-attachment-in-zone',
  means:
    'The route leads to a transit gateway whose attachment has no subnet in the Availability Zone the packet comes from.',
  aws: 'TGW_ROUTE_AZ_RESTRICTION',
  causes: [
    'a zone was added to the VPC, and the attachment was left as it was',
    'nodes were started in a zone that the attachment does not serve',
  ],
  look: [
    'aws ec2 describe-transit-gateway-vpc-attachments --query "TransitGatewayVpcAttachments[].SubnetIds"',
  ],
  word: ({ self, a, b, c, device }) => {
    const table = self.tables[a]!;
    const route = routeAt(table, b);
    const from = device(c);
    const target = route.target as ZonalTarget;
    const attachment = `${nameOf(device(target.device))} of ${route.via}`;
    const zones = [...target.subnets.keys()].sort();
    return {
      stage,
      rule: `rtb/${table.name} ${routeText(route)}`,
      because: `the packet comes from ${from.az} (${nameOf(from)}), and ${attachment} has subnets in ${zones.join(', ') || 'no zone'} only`,
      fix: `add a subnet of ${from.az} to ${attachment}`,
      change: {
        kind: 'transit-subnet',
        attachment: device(target.device).id,
        subnet: from.id,
      } satisfies NetworkChange,
      origin: route.origin,
    };
  },
});

export const noSuchAddress = drop<VpcRouter>({
  code: 'vpc/no-such-address',
  means: 'The destination is inside the VPC, and no network interface holds the address.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: [
    'the pod, node or instance is gone and its address was released',
    'the address is one of the five that AWS reserves in each subnet',
  ],
  look: ['aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address>'],
  word: ({ self, a, device }) => {
    const subnet = self.subnets.find(({ cidr }) => contains(cidr, a));
    return {
      stage: 'local delivery',
      because: subnet
        ? `${formatIpv4(a)} is in ${nameOf(device(subnet.index))} (${formatCidr(subnet.cidr)}), and no network interface holds it`
        : `${formatIpv4(a)} is in the VPC (${blocks(self)}) and in none of its subnets`,
    };
  },
});

function blocks({ cidrs }: VpcRouter): string {
  return cidrs.map(formatCidr).join(', ');
}

/** Whether what a route leads to would know a way to `dst`, were the packet handed to it: gateways to the internet for
 *  public addresses, a peering for those of the other VPC. */
function mayReach(
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
interface MissingRoute {
  readonly text: string;
  readonly to: Cidr;
  readonly via: string | undefined;
}

function routeOver(to: Cidr, via: string): MissingRoute {
  return { text: `${formatCidr(to)} -> ${via}`, to, via };
}

function single(address: number): Cidr {
  return { base: address, length: isIpv6(address) ? 128 : 32 };
}

/** A route that leads to the destination: a public one gets the default route that other tables of the VPC have. */
function routeToAdd(self: VpcRouter, dst: number): MissingRoute {
  const to = single(dst);
  const unknown = (text: string): MissingRoute => ({ text, to, via: undefined });
  if (isIpv6(dst)) return unknown('::/0 -> an internet gateway or an egress-only internet gateway');
  if (isNonPublic(dst)) return unknown(`${formatIpv4(dst)}/32 -> what connects that network to the VPC`);
  const known = self.tables
    .flatMap(({ table }) => table.entries.map(({ value }) => value))
    .filter(
      (route) => route.to.length === 0 && (route.target.kind === 'eni' || route.target.kind === 'gateway'),
    )
    .sort((x, y) => (x.target.kind === y.target.kind ? 0 : x.target.kind === 'eni' ? -1 : 1))[0];
  return known
    ? routeOver(known.to, known.via)
    : unknown('0.0.0.0/0 -> a NAT gateway or an internet gateway');
}

function routeChange(self: VpcRouter, table: string, to: Cidr, via: string): NetworkChange {
  return { kind: 'route', vpc: self.id, table, to, via };
}

/** Where other tables of the VPC lead the same block. */
function liveTarget(self: VpcRouter, { to }: Route): string | undefined {
  return self.tables
    .flatMap(({ table }) => table.entries.map(({ value }) => value))
    .find(
      (route) =>
        route.to.base === to.base && route.to.length === to.length && route.target.kind !== 'blackhole',
    )?.via;
}
