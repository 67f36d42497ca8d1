/** Attachment of a transit gateway: to a VPC, by an interface in one subnet of each zone it serves; to a VPN or Direct
 *  Connect connection; to another transit gateway. Into a VPC the packet goes in the zone it came from, where the
 *  attachment has that zone ("Availability Zones", How AWS Transit Gateway works). In appliance mode a hash of the flow
 *  picks the zone, the same in both directions. */
import type { Cidr } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { replyDestinationPort, replySourcePort } from '../packet/reply-ports.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { clampSegments, tooBig } from '../trace/mtu.ts';
import { MATCHED, type Outcome, PASSED } from '../trace/outcome.ts';
import { choice, drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { bringUp, type NetworkChange } from './changes.ts';
import { APPLIANCE_SESSION } from './flow.ts';
import { TRANSIT_GATEWAY_MTU } from './mtu.ts';
import {
  ATTACHMENT_FROM_GATEWAY,
  CONNECTION_FROM_AWS,
  GATEWAY_FROM_VPC,
  SUBNET_FROM_ATTACHMENT,
} from './ports.ts';
import { nameOf, neighbour } from './records.ts';

export interface TgwAttachment extends DeviceRecord {
  readonly kind: 'tgw-attachment';
  readonly resource: 'vpc' | 'vpn' | 'direct-connect' | 'peering';
  readonly state: string;
  /** Index of its gateway. */
  readonly gateway: number;
  /** Number of the table there that it is associated with, or -1. */
  readonly table: number;
  /** Zones of all attachments of the gateway: a packet's zone is counted from one, zero is none. */
  readonly zones: readonly string[];
  /** Indexes of its subnets, by the number of their zone; of a VPC attachment. */
  readonly feet: ReadonlyMap<number, number>;
  readonly applianceMode: boolean;
  /** Whether rules of security groups may name groups across it. */
  readonly keepsGroups: boolean;
  /** Index of the connection, or of the attachment at the other side of a peering; -1 where the topology has none. */
  readonly next: number;
  /** What lies behind it. */
  readonly cidrs: readonly Cidr[];
  /** Region and account of the gateway. */
  readonly region: string;
}

export const tgwAttachment = behaviour<TgwAttachment>({
  kind: 'tgw-attachment',
  label: 'transit gateway attachment',
  icon: 'attachment',
  notModelled: [
    'that names of zones differ from account to account: us-east-1a is taken to be the same zone in all',
  ],
  receive(self, packet, walk) {
    if (self.state !== 'available') {
      const end = walk.deny(notAvailable);
      if (end) return end;
    }
    if (!self.keepsGroups) walk.loseGroups();
    return walk.port === GATEWAY_FROM_VPC ? enter(self, packet, walk) : leave(self, packet, walk);
  },
});

/** From what is attached, to the gateway. */
function enter(self: TgwAttachment, packet: Packet, walk: Walk): Outcome {
  const fromVpc = self.resource === 'vpc';
  clampSegments(walk, packet, TRANSIT_GATEWAY_MTU);
  if (packet.size > TRANSIT_GATEWAY_MTU) {
    // It tells only who sends by an attachment of a VPC.
    const teller = { address: 0, device: walk.from, port: SUBNET_FROM_ATTACHMENT };
    const end = tooBig(walk, packet, TRANSIT_GATEWAY_MTU, fromVpc ? teller : undefined);
    if (end) return end;
  }
  if (self.table < 0) return walk.stop(noAssociation);
  walk.step(associated, MATCHED);
  const zone = fromVpc ? self.zones.indexOf(neighbour(walk, walk.from).az ?? '') + 1 : 0;
  return walk.forward(self.gateway, zone);
}

/** From the gateway, to what is attached. */
function leave(self: TgwAttachment, packet: Packet, walk: Walk): Outcome {
  switch (self.resource) {
    case 'vpc':
      return intoVpc(self, packet, walk, walk.port - ATTACHMENT_FROM_GATEWAY);
    case 'peering': {
      if (self.next < 0) return walk.stopUnknown(peerUnknown);
      const { region } = neighbour<TgwAttachment>(walk, self.next);
      if (region !== self.region && !walk.reply) walk.remark(regionCrossed, self.next);
      walk.step(toConnection, PASSED);
      return walk.forward(self.next, GATEWAY_FROM_VPC);
    }
    default:
      if (isIpv6(packet.dst)) return walk.undetermined(ipv6NotModelled);
      walk.step(toConnection, PASSED);
      return walk.forward(self.next, CONNECTION_FROM_AWS);
  }
}

function intoVpc(self: TgwAttachment, packet: Packet, walk: Walk, from: number): Outcome {
  const zone = self.applianceMode ? applianceZone(self, packet, walk) : zoneFor(self, walk, from);
  walk.step(entersZone, PASSED, zone, from, self.applianceMode ? 1 : 0);
  return walk.forward(self.feet.get(zone)!, SUBNET_FROM_ATTACHMENT);
}

/** The zone the packet came from. Which other one serves it where that has no subnet AWS does not say. */
function zoneFor(self: TgwAttachment, walk: Walk, from: number): number {
  if (self.feet.has(from)) return from;
  const zones = [...self.feet.keys()];
  return zones[walk.choose(someZone, zones.length, undefined, from)]!;
}

/** Both directions of a flow have the same hash. */
function applianceZone(self: TgwAttachment, packet: Packet, walk: Walk): number {
  const known = walk.findSession(APPLIANCE_SESSION);
  if (known >= 0) return walk.sessions.mark(known >> 1);
  const zones = [...self.feet.keys()];
  const zone = zones[walk.choose(flowHash, zones.length, undefined)]!;
  const { protocol, src, sourcePort, dst, destinationPort } = packet;
  walk.addSession(
    self.index,
    APPLIANCE_SESSION,
    protocol,
    src,
    sourcePort,
    dst,
    destinationPort,
    dst,
    replySourcePort(protocol, sourcePort, destinationPort),
    src,
    replyDestinationPort(protocol, sourcePort, destinationPort),
    zone,
  );
  return zone;
}

const stage = 'attachment';

const associated = step<TgwAttachment>('association', ({ self, device }) => {
  const { tables } = device(self.gateway) as DeviceRecord & { tables: readonly { name: string }[] };
  return {
    stage,
    because: `associated with rtb/${tables[self.table]!.name} of ${nameOf(device(self.gateway))}`,
    origin: self.origin,
  };
});

const toConnection = step<TgwAttachment>('attached', ({ self, device }) => ({
  stage,
  because: `to ${nameOf(device(self.next))}`,
  origin: self.origin,
}));

const entersZone = step<TgwAttachment>('zone of attachment', ({ self, a, b, c }) => ({
  stage,
  because: `into ${self.zones[a - 1]}: ${
    c
      ? 'appliance mode keeps a flow in one zone'
      : a === b
        ? 'the zone the packet comes from'
        : b === 0
          ? 'the packet comes from no zone'
          : `the attachment has no subnet in ${self.zones[b - 1]}, the zone the packet comes from`
  }`,
  origin: self.origin,
}));

const someZone = choice<TgwAttachment>({
  name: 'tgw/zone',
  nature: 'unknown',
  word: ({ self, a }) =>
    `by which zone of ${self.id} the packet enters the VPC: ${
      a === 0 ? 'it comes from none' : `it has no subnet in ${self.zones[a - 1]}`
    }, and AWS does not say`,
});

const flowHash = choice<TgwAttachment>({
  name: 'tgw/flow-hash',
  nature: 'chance',
  word: ({ self, picked, count }) =>
    `appliance mode: a hash of the flow picks ${self.zones[[...self.feet.keys()][picked]! - 1]}, 1 of ${count} zones`,
});

const regionCrossed = note<TgwAttachment>({
  name: 'Region crossed by transit gateways',
  nature: 'remark',
  word: ({ self, a, device }) => {
    const peer = device(a) as TgwAttachment;
    return `crosses Regions: ${self.region} (${nameOf(device(self.gateway))}) to ${peer.region} (${nameOf(device(peer.gateway))})`;
  },
});

const ipv6NotModelled = note<TgwAttachment>({
  name: 'IPv6 over a connection',
  nature: 'limit',
  word: ({ self }) => `IPv6 by ${nameOf(self)}, over VPN or Direct Connect, is not modelled`,
});

const look = [
  'aws ec2 describe-transit-gateway-attachments --query "TransitGatewayAttachments[].[TransitGatewayAttachmentId,State,Association]"',
];

export const notAvailable = drop<TgwAttachment>({
  code: 'tgw/attachment-not-available',
  means: 'The attachment of the transit gateway is not available, so it carries nothing.',
  aws: 'BAD_STATE_ATTACHMENT',
  causes: [
    'the attachment was never accepted by the account of the transit gateway',
    'it is being made or deleted',
  ],
  look,
  word: ({ self }) => ({
    stage,
    because: `tgw-attachment/${self.id} is ${self.state}`,
    fix:
      self.state === 'pendingAcceptance'
        ? `accept tgw-attachment/${self.id} in the account of its transit gateway`
        : `attach ${self.cidrs.length > 0 ? 'the network' : 'it'} again, and route to the new attachment`,
    change: bringUp('tgw-attachment', self.id),
    origin: self.origin,
  }),
});

function associationChange(gateway: string, attachment: string, table: string): NetworkChange {
  return { kind: 'transit-association', gateway, attachment, table };
}

export const noAssociation = drop<TgwAttachment>({
  code: 'tgw/no-association',
  means: 'The attachment by which the packet arrives is associated with no route table, so it is dropped.',
  aws: 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
  causes: [
    'default route table association is off on the transit gateway, and none was made by hand',
    'the route table that it was associated with was deleted',
  ],
  look: [
    ...look,
    'aws ec2 get-transit-gateway-route-table-associations --transit-gateway-route-table-id <table>',
  ],
  word: ({ self, device }) => {
    const { tables } = device(self.gateway) as DeviceRecord & { tables: readonly { name: string }[] };
    return {
      stage,
      because: `tgw-attachment/${self.id} is associated with no route table of ${nameOf(device(self.gateway))}`,
      fix: `associate tgw-attachment/${self.id} with ${tables.map(({ name }) => `rtb/${name}`).join(' or ') || 'a route table'}`,
      change: tables[0] && associationChange(device(self.gateway).id, self.id, tables[0].name),
      origin: self.origin,
    };
  },
});

export const peerUnknown = drop<TgwAttachment>({
  code: 'tgw/peer-unknown',
  means:
    'The transit gateway at the other side of the peering is not in the topology, so nobody can tell what becomes of the packet.',
  aws: 'UNKNOWN_DESTINATION',
  causes: ['the peer belongs to another account or Region, or was left out'],
  look,
  word: ({ self }) => ({
    stage,
    because: `tgw-attachment/${self.id} leads to a transit gateway that is not in the topology`,
    fix: 'add the other transit gateway to the topology',
    origin: self.origin,
  }),
});
