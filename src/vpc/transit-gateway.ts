/** Transit gateway: asks the route table that the arriving attachment is associated with, and hands the packet to the
 *  attachment of the deciding route ("How AWS Transit Gateway works"). It has no security group and no network ACL, and
 *  keeps no state. */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { MATCHED, type Outcome } from '../trace/outcome.ts';
import { choice, type DropText, drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { bringUp, type NetworkChange } from './changes.ts';
import { ATTACHMENT_FROM_GATEWAY } from './ports.ts';
import { nameOf, neighbour } from './records.ts';
import {
  decidingTransitRoute,
  type TransitRoute,
  type TransitRouteTable,
  transitRoutesTo,
  transitRouteText,
  whyThisRoute,
} from './transit-route-table.ts';

export interface TransitGateway extends DeviceRecord {
  readonly kind: 'transit-gateway';
  readonly state: string;
  readonly tables: readonly TransitRouteTable[];
  /** Indexes of its attachments. */
  readonly attachments: readonly number[];
}

/** An attachment, as far as the gateway knows it. */
export interface Attached extends DeviceRecord {
  /** Number of the table it is associated with. */
  readonly table: number;
  /** What lies behind it. */
  readonly cidrs: readonly Cidr[];
}

export const transitGateway = behaviour<TransitGateway>({
  kind: 'transit-gateway',
  label: 'transit gateway',
  icon: 'transit-gateway',
  notModelled: ['Connect attachments, multicast and policy tables'],
  receive(self, packet, walk) {
    if (self.state !== 'available') {
      const end = walk.deny(notAvailable);
      if (end) return end;
    }
    const number = neighbour<Attached>(walk, walk.from).table;
    const { table, equals } = self.tables[number]!;
    if (table === undefined) return walk.stopUnknown(routesUnknown, number);
    let route = decidingTransitRoute(table, packet.dst);
    if (route < 0) return stopAt(self, packet, walk, noRoute, number, -1);
    if (table.entries[route]!.value.attachment < 0)
      return stopAt(self, packet, walk, blackhole, number, route);
    const equal = equals?.get(route);
    if (equal) route = equal[walk.choose(multipath, equal.length, undefined, number, route)]!;
    walk.step(routed, MATCHED, number, route);
    // The zone the packet came from is kept: the port counts it.
    return walk.forward(table.entries[route]!.value.attachment, ATTACHMENT_FROM_GATEWAY + walk.port);
  },
});

/** No way on; the attachment that has the destination behind it may take the packet as a ghost. */
function stopAt(
  self: TransitGateway,
  packet: Packet,
  walk: Walk,
  code: typeof noRoute,
  table: number,
  route: number,
): Outcome {
  const wanted = walk.recording ? attachmentOf(self, packet.dst, walk) : -1;
  return walk.stop(code, table, route, wanted, 0, wanted, ATTACHMENT_FROM_GATEWAY + walk.port);
}

/** The attachment with the smallest block that contains the address, or -1. */
function attachmentOf(self: TransitGateway, address: number, walk: Walk): number {
  let best = -1;
  let length = -1;
  for (const index of self.attachments)
    for (const block of neighbour<Attached>(walk, index).cidrs)
      if (contains(block, address) && block.length > length && index !== walk.from) {
        best = index;
        length = block.length;
      }
  return best;
}

const stage = 'transit gateway routes';
const tableText = (self: TransitGateway, number: number): string => `rtb/${self.tables[number]!.name}`;
const routeAt = (self: TransitGateway, table: number, route: number): TransitRoute =>
  self.tables[table]!.table!.entries[route]!.value;

const routed = step<TransitGateway>('transit route', ({ self, a, b, before }) => {
  const route = routeAt(self, a, b);
  return {
    stage,
    rule: `${tableText(self, a)} ${transitRouteText(route)}`,
    because: whyThisRoute(self.tables[a]!.table!, before.dst),
    origin: route.origin,
  };
});

const multipath = choice<TransitGateway>({
  name: 'tgw/multipath',
  nature: 'chance',
  word: ({ self, a, b, picked, count }) => {
    const route = self.tables[a]!.equals!.get(b)![picked]!;
    return `equal-cost multipath: ${transitRouteText(routeAt(self, a, route))}, 1 of ${count} with the same block`;
  },
});

const look = [
  'aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id <table> --filters Name=type,Values=static,propagated',
];

export const notAvailable = drop<TransitGateway>({
  code: 'tgw/not-available',
  means: 'The transit gateway is not available, so it carries nothing.',
  aws: 'BAD_STATE',
  causes: ['it is being made, changed or deleted'],
  look: ['aws ec2 describe-transit-gateways --query "TransitGateways[].[TransitGatewayId,State]"'],
  word: ({ self }) => ({
    stage,
    because: `transit-gateway/${self.id} is ${self.state}`,
    fix: `wait until transit-gateway/${self.id} is available`,
    change: bringUp('transit-gateway', self.id),
    origin: self.origin,
  }),
});

export const noRoute = drop<TransitGateway>({
  code: 'tgw/no-route',
  means: 'No route of the transit gateway route table contains the destination.',
  aws: ['TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT', 'TGW_RTB_CANNOT_ROUTE'],
  causes: [
    'the attachment of the destination does not propagate to the table that the sender is associated with',
    'a block was added to a VPC, and static routes were left as they were (pods in 100.64.0.0/10)',
    'the VPN connection is down, so that what it had advertised is gone',
  ],
  look,
  word: ({ self, a, c, before, device }): DropText => {
    const { table, origin } = self.tables[a]!;
    const dst = formatIpv4(before.dst);
    const wanted = c < 0 ? undefined : (device(c) as Attached);
    const routes = table!.entries.map(({ value }) => value);
    const aside = routes.filter(({ attachment }) => attachment === c && c >= 0);
    const block = wanted?.cidrs.find((one) => contains(one, before.dst));
    return {
      stage,
      because: `no route of ${tableText(self, a)} contains ${dst}${wanted ? `, which is behind ${nameOf(wanted)}` : ''}`,
      nearest: (aside.length > 0 ? aside : routes).map(transitRouteText).join(', ') || undefined,
      fix: wanted
        ? `add to ${tableText(self, a)}: ${formatCidr(block!)} -> ${wanted.id}, or let ${wanted.id} propagate to it`
        : `add to ${tableText(self, a)}: ${dst}/32 -> the attachment that leads there`,
      change:
        wanted &&
        ({
          kind: 'transit-route',
          gateway: self.id,
          table: self.tables[a]!.name,
          to: block!,
          via: wanted.id,
        } as NetworkChange),
      aws: aside.length > 0 ? 'TGW_RTB_CANNOT_ROUTE' : 'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT',
      origin: aside[0]?.origin ?? origin,
    };
  },
});

export const blackhole = drop<TransitGateway>({
  code: 'tgw/blackhole',
  means:
    'The deciding route of the transit gateway route table is a blackhole. Another route is never tried.',
  aws: ['TGW_RTB_BAD_STATE_ROUTE', 'TGW_RTB_HIGHER_PRIORITY_ROUTE', 'TGW_RTB_MORE_SPECIFIC_ROUTE'],
  causes: [
    'a static blackhole keeps networks apart, and goes before a propagated route to the same block',
    'the attachment of a static route was deleted',
  ],
  look,
  word: ({ self, a, b, before }): DropText => {
    const { table } = self.tables[a]!;
    const route = routeAt(self, a, b);
    const others = transitRoutesTo(table!, before.dst).filter((one) => one !== route && one.attachment >= 0);
    const [live] = others;
    const same = live && live.to.length === route.to.length;
    return {
      stage,
      rule: `${tableText(self, a)} ${transitRouteText(route)}`,
      because: `${whyThisRoute(table!, before.dst)}; it drops, and no other route is tried`,
      nearest:
        others
          .map(
            (one) =>
              `${transitRouteText(one)}: ${one.to.length === route.to.length ? 'comes after it' : 'less specific'}`,
          )
          .join(', ') || undefined,
      fix: live
        ? `remove from ${tableText(self, a)}: ${transitRouteText(route)}`
        : `replace in ${tableText(self, a)}: ${formatCidr(route.to)} -> an attachment that leads there`,
      change:
        live &&
        ({
          kind: 'transit-route-removal',
          gateway: self.id,
          table: self.tables[a]!.name,
          to: route.to,
        } as NetworkChange),
      aws: !live
        ? 'TGW_RTB_BAD_STATE_ROUTE'
        : same
          ? 'TGW_RTB_HIGHER_PRIORITY_ROUTE'
          : 'TGW_RTB_MORE_SPECIFIC_ROUTE',
      origin: route.origin,
    };
  },
});

export const routesUnknown = drop<TransitGateway>({
  code: 'tgw/routes-unknown',
  means:
    'Nobody could read the routes of the transit gateway route table, so where the packet goes is not known.',
  aws: 'TGW_RTB_ROUTES_ARE_UNKNOWN',
  causes: ['the table belongs to another account', 'the dump has no search-transit-gateway-routes for it'],
  look,
  word: ({ self, a }) => ({
    stage,
    because: `the routes of ${tableText(self, a)} are not known`,
    fix: `add the routes of ${tableText(self, a)} to the topology`,
    origin: self.tables[a]!.origin,
  }),
});
