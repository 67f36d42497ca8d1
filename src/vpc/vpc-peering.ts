/** VPC peering connection: takes a packet to the router of the other VPC, if it goes from a block of the one to a block of
 *  the other. There is no transit through a peer, and no way on to a peer's gateways ("Unsupported VPC peering
 *  configurations", VPC peering guide). Groups keep their meaning inside a Region ("Update your security groups to
 *  reference peer security groups"). */
import { type Cidr, formatCidr, formatSingle, inAnyBlock } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { PASSED } from '../trace/outcome.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { bringUp } from './changes.ts';
import { remarkZones } from './crossing.ts';
import { INTER_REGION_PEERING_MTU } from './mtu.ts';
import { NO_TABLE } from './ports.ts';

export interface VpcPeering extends DeviceRecord {
  readonly kind: 'vpc-peering';
  readonly state: string;
  /** Requester, accepter. */
  readonly sides: readonly [PeeredVpc, PeeredVpc];
}

export interface PeeredVpc {
  /** "vpc/main", or what is known of a VPC that the topology does not have. */
  readonly label: string;
  /** Index of its router, or -1 where the topology does not have it. */
  readonly router: number;
  readonly segment: number;
  readonly cidrs: readonly Cidr[];
  readonly region: string;
  readonly account: string;
}

export const vpcPeering = behaviour<VpcPeering>({
  kind: 'vpc-peering',
  label: 'VPC peering',
  icon: 'peering',
  notModelled: [],
  receive(self, packet, walk) {
    const near = self.sides[0].router === walk.from ? 0 : 1;
    const [here, there] = near === 0 ? self.sides : [self.sides[1], self.sides[0]];
    if (self.state !== 'active') {
      const end = walk.deny(notActive);
      if (end) return end;
    }
    if (!inAnyBlock(there.cidrs, packet.dst))
      return walk.stop(notOfPeer, near, 0, 0, 0, ghostAt(there, packet, walk), NO_TABLE);
    if (!inAnyBlock(here.cidrs, packet.src)) {
      const end = walk.deny(notOfPeer, near, 1);
      if (end) return end;
    }
    if (there.router < 0) return walk.stopUnknown(peerUnknown, near);
    if (here.region !== there.region) {
      if (packet.size > INTER_REGION_PEERING_MTU) {
        const back = { address: 0, device: here.router, port: NO_TABLE };
        const end = tooBig(walk, packet, INTER_REGION_PEERING_MTU, back);
        if (end) return end;
      }
      walk.loseGroups();
      if (!walk.reply) walk.remark(regionCrossed, near);
    } else if (here.account === there.account)
      remarkZones(walk, walk.ownerOf(here.segment, packet.src), walk.ownerOf(there.segment, packet.dst));
    walk.step(crosses, PASSED, near);
    return walk.forward(there.router, NO_TABLE);
  },
});

/** The other VPC's router takes as a ghost only what it could deliver. */
function ghostAt({ router, segment }: PeeredVpc, packet: Packet, walk: Walk): number {
  return router >= 0 && walk.ownerOf(segment, packet.dst) >= 0 ? router : -1;
}

const stage = 'VPC peering';
const blocks = (side: PeeredVpc): string => side.cidrs.map(formatCidr).join(', ');
const farOf = (self: VpcPeering, near: number): PeeredVpc => self.sides[near === 0 ? 1 : 0];

const crosses = step<VpcPeering>('peering', ({ self, a, before }) => ({
  stage,
  because: `${formatIpv4(before.dst)} is in ${farOf(self, a).label} (${blocks(farOf(self, a))})`,
  origin: self.origin,
}));

const regionCrossed = note<VpcPeering>({
  name: 'Region crossed',
  nature: 'remark',
  word: ({ self, a }) =>
    `crosses Regions: ${self.sides[a]!.region} (${self.sides[a]!.label}) to ${farOf(self, a).region} (${farOf(self, a).label})`,
});

const look = [
  'aws ec2 describe-vpc-peering-connections --query "VpcPeeringConnections[].[VpcPeeringConnectionId,Status.Code]"',
];

export const notActive = drop<VpcPeering>({
  code: 'pcx/not-active',
  means: 'The VPC peering connection is not active, so it carries nothing.',
  aws: 'BAD_STATE',
  causes: ['the request was never accepted', 'one side deleted the connection, and its routes were left'],
  look,
  word: ({ self }) => ({
    stage,
    because: `vpc-peering/${self.id} is ${self.state}`,
    fix:
      self.state === 'pending-acceptance'
        ? `accept vpc-peering/${self.id} in ${self.sides[1].label}`
        : `make a new peering of ${self.sides[0].label} and ${self.sides[1].label}, and route to it`,
    change: bringUp('vpc-peering', self.id),
    origin: self.origin,
  }),
});

export const notOfPeer = drop<VpcPeering>({
  code: 'pcx/no-transit',
  means:
    'A peering connection carries only what goes from an address of one VPC to an address of the other: nothing passes through a peer.',
  aws: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
  causes: [
    'a VPC behind the peer was to be reached: peering is not transitive',
    "the peer's internet gateway, NAT gateway, VPN or gateway endpoint was to be used",
    'a block that was added to the peer later is not part of it',
  ],
  look: [
    ...look,
    'aws ec2 describe-route-tables --filters Name=route.vpc-peering-connection-id,Values=<peering>',
  ],
  word: ({ self, a, b, before }) => {
    const here = self.sides[a]!;
    const there = farOf(self, a);
    return {
      stage,
      because: b
        ? `the source ${formatIpv4(before.src)} is in no block of ${here.label} (${blocks(here)}): a peering carries nothing for others`
        : `${formatIpv4(before.dst)} is in no block of ${there.label} (${blocks(there)}): a peer passes nothing on`,
      fix: b
        ? `connect the network of ${formatIpv4(before.src)} with ${there.label} itself (peering, transit gateway)`
        : `route ${formatSingle(before.dst)} to what leads there from ${here.label} itself (peering of its own, transit gateway, NAT gateway)`,
      origin: self.origin,
    };
  },
});

export const peerUnknown = drop<VpcPeering>({
  code: 'pcx/peer-unknown',
  means:
    'The VPC at the other side of the peering is not in the topology, so nobody can tell what becomes of the packet.',
  aws: 'UNKNOWN_DESTINATION',
  causes: ['the peer belongs to another account, or was left out'],
  look,
  word: ({ self, a }) => ({
    stage,
    because: `${farOf(self, a).label} (${blocks(farOf(self, a))}) is not in the topology`,
    fix: `add the VPC of account ${farOf(self, a).account} to the topology`,
    origin: self.origin,
  }),
});
