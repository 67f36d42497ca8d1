/** Words of the VPC router: steps, drop codes, and what is worth knowing of a route. */
import { contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { choice, type DropText, drop, note, step } from '../trace/vocabulary.ts';
import { isNonPublic } from './address-space.ts';
import type { NetworkChange } from './changes.ts';
import { NO_TABLE } from './ports.ts';
import { nameOf } from './records.ts';
import { liveTarget, mayReach, routeChange, routeOver, routeToAdd, single } from './route-proposals.ts';
import {
  type CompiledRouteTable,
  isSameBlock,
  partFor,
  type Route,
  routeAt,
  routesTo,
  routeText,
  whyLongest,
  type ZonalTarget,
} from './route-table.ts';
import type { VpcRouter } from './vpc-router.ts';

const stage = 'route table';

export const routed = step<VpcRouter>('route', ({ self, a, b, before }) => {
  const table = partFor(self.tables[a]!, before.dst);
  const route = routeAt(table, b);
  return {
    stage,
    rule: `rtb/${table.name} ${routeText(route)}`,
    because: whyLongest(table, before.dst),
    origin: route.origin,
  };
});

export const noEdgeTable = step<VpcRouter>('local delivery', ({ self, a }) => ({
  stage,
  because: `came by a gateway without a route table of its own: delivered inside ${formatCidr(self.cidrs[a]!)}`,
}));

export const prefixListPick = choice<VpcRouter>({
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

export const zoneCrossed = note<VpcRouter>({
  name: 'zone crossed',
  nature: 'remark',
  word: ({ a, b, device }) =>
    `crosses availability zones: ${device(a).az} (${nameOf(device(a))}) to ${device(b).az} (${nameOf(device(b))})`,
});

export const routedInside = note<VpcRouter>({
  name: 'route inside a subnet',
  nature: 'remark',
  word: ({ self, a, b }) =>
    `the packet stays in its subnet, and ${routeText(routeOf(self.tables[a]!, b))} is taken to apply to it: AWS does not say`,
});

/** Notes have no packet: the complement of a number is one of the routes of IPv6. */
export function routeOf(table: CompiledRouteTable, number: number): Route {
  return number < 0 ? routeAt(table.six!, ~number) : routeAt(table, number);
}

export const ipv6NotModelled = note<VpcRouter>({
  name: 'route target of IPv6',
  nature: 'limit',
  word: ({ self, a, b }) => {
    const { name, six } = self.tables[a]!;
    return `${routeText(routeAt(six!, b))} (rtb/${name}): packets of IPv6 are not modelled there`;
  },
});

export const notKnownToVpc = note<VpcRouter>({
  name: 'IPv6 address of a node',
  nature: 'limit',
  word: ({ a }) => `${formatIpv4(a)} is an address of a cluster node: IPv6 to nodes and pods is not modelled`,
});

export const targetNotModelled = note<VpcRouter>({
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
