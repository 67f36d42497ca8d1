/** Virtual private gateway: the AWS side of VPN and Direct Connect connections of one VPC. It serves addresses of network
 *  interfaces of its VPC alone, in both directions (explanation codes VGW_* of AWS's Reachability Analyzer), so nothing
 *  passes through the VPC. Of connections with the same block Direct Connect goes before VPN with static routes, and
 *  that before VPN with BGP ("Route tables and VPN route priority", Site-to-Site VPN guide). */
import { type Cidr, contains, formatCidr, inAnyBlock } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { MATCHED, type Outcome, PASSED } from '../trace/outcome.ts';
import { choice, drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { bringUp } from './changes.ts';
import { CONNECTION_FROM_AWS, GATEWAY_FROM_VPC } from './ports.ts';
import { nameOf } from './records.ts';

export interface VpnGateway extends DeviceRecord {
  readonly kind: 'vpn-gateway';
  readonly state: string;
  /** The VPC's segment and blocks. */
  readonly segment: number;
  readonly cidrs: readonly Cidr[];
  /** Index of the VPC router, and the number of the gateway route table there, or NO_TABLE. */
  readonly router: number;
  readonly routerPort: number;
  readonly connections: readonly KnownConnection[];
}

/** A connection, as its gateway knows it. */
export interface KnownConnection {
  readonly device: number;
  readonly up: boolean;
  /** Lower goes first. */
  readonly rank: number;
  /** Static routes, or what the other side advertises while it is up. */
  readonly cidrs: readonly Cidr[];
  /** What the other side would advertise if it were up. */
  readonly withdrawn: readonly Cidr[];
}

export const vpnGateway = behaviour<VpnGateway>({
  kind: 'vpn-gateway',
  label: 'virtual private gateway',
  icon: 'vpn-gateway',
  notModelled: ['AWS VPN CloudHub: from one connection of a gateway to another', 'IPv6'],
  receive(self, packet, walk) {
    if (self.state !== 'attached' && self.state !== 'available') {
      const end = walk.deny(notAttached);
      if (end) return end;
    }
    return walk.port === GATEWAY_FROM_VPC ? leave(self, packet, walk) : enter(self, packet, walk);
  },
});

function leave(self: VpnGateway, packet: Packet, walk: Walk): Outcome {
  if (walk.ownerOf(self.segment, packet.src) < 0) {
    const end = walk.deny(sourceNotInVpc);
    if (end) return end;
  }
  const best = bestOf(self, packet.dst);
  if (best.length === 0) {
    const down = self.connections.findIndex(({ withdrawn }) => inAnyBlock(withdrawn, packet.dst));
    return down < 0
      ? walk.stop(noConnection)
      : walk.forward(self.connections[down]!.device, CONNECTION_FROM_AWS);
  }
  const chosen = best[walk.choose(whichConnection, best.length, undefined)]!;
  walk.step(toConnection, MATCHED, chosen);
  return walk.forward(self.connections[chosen]!.device, CONNECTION_FROM_AWS);
}

function enter(self: VpnGateway, packet: Packet, walk: Walk): Outcome {
  if (walk.ownerOf(self.segment, packet.dst) < 0) {
    if (self.connections.some(({ device, cidrs }) => device !== walk.from && inAnyBlock(cidrs, packet.dst)))
      return walk.undetermined(hubNotModelled);
    return walk.stop(destinationNotInVpc);
  }
  walk.step(toVpc, PASSED);
  return walk.forward(self.router, self.routerPort);
}

/** Places of the connections that serve the address equally well: longest block first, then rank, then those up. */
function bestOf({ connections }: VpnGateway, address: number): readonly number[] {
  let best: number[] = [];
  let value = -1;
  connections.forEach(({ cidrs, rank, up }, place) => {
    for (const block of cidrs) {
      if (!contains(block, address)) continue;
      const own = block.length * 16 + (3 - rank) * 2 + (up ? 1 : 0);
      if (own > value) best = [place];
      else if (own === value && best.at(-1) !== place) best.push(place);
      value = Math.max(value, own);
    }
  });
  return best;
}

const stage = 'virtual private gateway';

const toConnection = step<VpnGateway>('VPN connection chosen', ({ self, a, before, device }) => {
  const { device: connection, cidrs } = self.connections[a]!;
  const block = cidrs.find((one) => contains(one, before.dst))!;
  return {
    stage,
    because: `${formatCidr(block)} is behind ${nameOf(device(connection))}`,
    origin: device(connection).origin,
  };
});

const toVpc = step<VpnGateway>('into the VPC', ({ before }) => ({
  stage,
  because: `${formatIpv4(before.dst)} is an address of a network interface of the VPC`,
}));

const whichConnection = choice<VpnGateway>({
  name: 'vgw/connection',
  nature: 'unknown',
  word: ({ self }) =>
    `which of the connections of vpn-gateway/${self.id} with the same block carries the packet: paths and metrics of BGP decide`,
});

const hubNotModelled = note<VpnGateway>({
  name: 'CloudHub',
  nature: 'limit',
  word: ({ self }) =>
    `from one connection of vpn-gateway/${self.id} to another (AWS VPN CloudHub) is not modelled`,
});

const look = ['aws ec2 describe-vpn-gateways', 'aws ec2 describe-vpn-connections'];

export const notAttached = drop<VpnGateway>({
  code: 'vgw/not-attached',
  means: 'The virtual private gateway is not attached to the VPC.',
  aws: 'BAD_STATE_ATTACHMENT',
  causes: ['it was detached, and routes to it were left'],
  look,
  word: ({ self }) => ({
    stage,
    because: `the attachment of vpn-gateway/${self.id} is ${self.state}`,
    fix: `attach vpn-gateway/${self.id} to the VPC`,
    change: bringUp('vpn-gateway', self.id),
    origin: self.origin,
  }),
});

export const sourceNotInVpc = drop<VpnGateway>({
  code: 'vgw/source-not-in-vpc',
  means:
    'A virtual private gateway takes packets from the VPC only if the source is an address of an interface there.',
  aws: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS',
  causes: [
    'a peer or a router in the VPC was to reach the on-premises network through it: there is no transit',
    'a pod keeps an address that no network interface has (overlay network)',
  ],
  look,
  word: ({ self, before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is no address of an interface in ${self.cidrs.map(formatCidr).join(', ')}`,
    fix: 'translate the source to an address of the VPC, or use a transit gateway',
    origin: self.origin,
  }),
});

export const destinationNotInVpc = drop<VpnGateway>({
  code: 'vgw/destination-not-in-vpc',
  means: 'A virtual private gateway delivers to addresses of network interfaces of its VPC only.',
  aws: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  causes: [
    'a peer of the VPC, a gateway endpoint or the internet was to be reached through it: there is no transit',
    'nothing has this address (any more)',
  ],
  look: ['aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address>'],
  word: ({ self, before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is no address of an interface in ${self.cidrs.map(formatCidr).join(', ')}`,
    fix: self.cidrs.some((block) => contains(block, before.dst))
      ? 'send to an address that an interface has'
      : 'connect that network to the on-premises network itself, or use a transit gateway',
    origin: self.origin,
  }),
});

export const noConnection = drop<VpnGateway>({
  code: 'vgw/no-connection',
  means: 'No connection of the virtual private gateway has the destination behind it.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: [
    'the static route of the VPN connection is missing',
    'the other side does not advertise the block',
  ],
  look,
  word: ({ self, before, device }) => ({
    stage,
    because: `no connection of vpn-gateway/${self.id} has ${formatIpv4(before.dst)} behind it`,
    nearest:
      self.connections
        .map(
          ({ device: one, cidrs }) =>
            `${nameOf(device(one))}: ${cidrs.map(formatCidr).join(', ') || 'nothing'}`,
        )
        .join('; ') || undefined,
    fix: `add a static route to ${formatIpv4(before.dst)}/32 to a connection, or advertise it from the other side`,
    origin: self.origin,
  }),
});
