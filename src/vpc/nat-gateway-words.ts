/** Words of NAT gateways, zonal and regional: steps, drop codes, and what is worth knowing of a flow. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { FREE_PORT_FIRST, FREE_PORT_LAST } from '../packet/packet.ts';
import { protocolName } from '../packet/protocol.ts';
import { choice, drop, note, step } from '../trace/vocabulary.ts';
import { bringUp } from './changes.ts';
import { INTERNET_MTU } from './mtu.ts';
import { CONNECTIONS, IDLE_SECONDS, type Nat, podsTo } from './nat.ts';
import { nameOf } from './records.ts';

const stage = 'NAT gateway';

export const translated = step<Nat>('source NAT', ({ a, before, after }) => ({
  stage,
  because: a
    ? `source ${formatIpv4(before.src)} becomes ${formatIpv4(after.src)}, with a port of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}`
    : `source ${formatIpv4(before.src)} becomes ${formatIpv4(after.src)}`,
}));

export const restored = step<Nat>('source NAT undone', ({ after }) => ({
  stage,
  because: `belongs to a flow of ${formatIpv4(after.dst)}: the destination is put back`,
}));

export const noSession = drop<Nat>({
  code: 'nat/no-session',
  means: 'The packet belongs to no flow that was opened from inside: a NAT gateway lets nothing else in.',
  aws: ['NGW_DEST_ADDRESS_PRESERVATION', 'NGW_SOURCE_ADDRESS_REASSIGN'],
  causes: [
    'somebody outside opens a connection to the address of the NAT gateway, or pings it',
    'a reply takes another way back than its request came (asymmetric routing)',
  ],
  look: ['the way the request took: the reply must pass the same NAT gateway, or none'],
  word: ({ self, before }) =>
    self.addresses.includes(before.dst)
      ? {
          stage,
          because: `no flow from inside asked for a packet from ${formatIpv4(before.src)}`,
          fix: 'connect to the public address of a load balancer or of an instance: a NAT gateway takes no connections',
        }
      : {
          stage,
          because: `the packet from ${formatIpv4(before.src)} to ${formatIpv4(before.dst)} opens no connection and belongs to none that passed here`,
          fix: 'route the reply back the way the request came',
          aws: 'NGW_SOURCE_ADDRESS_REASSIGN',
        },
});

export const unsupportedProtocol = drop<Nat>({
  code: 'nat/unsupported-protocol',
  means: 'NAT gateways translate TCP, UDP and ICMP only.',
  aws: 'PROTOCOL_RESTRICTION',
  causes: ['SCTP, GRE, ESP or another protocol takes the default route to a NAT gateway'],
  look: ['the protocol number of the packet'],
  word: ({ before }) => ({
    stage,
    because: `protocol ${protocolName(before.protocol)} is not TCP, UDP or ICMP`,
    fix: 'send it over TCP or UDP, or give the sender a public address and a route to the internet gateway',
  }),
});

export const sourceNotInVpc = drop<Nat>({
  code: 'nat/source-not-in-vpc',
  means: 'A NAT gateway serves sources in its own VPC, and what comes by a transit gateway.',
  aws: 'NGW_REQUIRES_SOURCE_IN_VPC',
  causes: ['packets of a peer VPC, a VPN or an overlay are routed to the NAT gateway'],
  look: ['aws ec2 describe-vpcs --query "Vpcs[].CidrBlockAssociationSet[].CidrBlock"'],
  word: ({ self, before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is in no block of the VPC (${self.cidrs.map(formatCidr).join(', ')})`,
    fix: 'use a NAT gateway in the VPC of the source',
  }),
});

export const notAvailable = drop<Nat>({
  code: 'nat/not-available',
  means: 'The NAT gateway exists, and it is not up.',
  aws: 'BAD_STATE',
  causes: ['it failed to be created: no free address in its subnet', 'it is pending, or being deleted'],
  look: ['aws ec2 describe-nat-gateways --query "NatGateways[].[NatGatewayId,State,FailureMessage]"'],
  word: ({ self }) => ({
    stage,
    because: `its state is ${self.state}`,
    fix: 'create a NAT gateway that becomes available, and route to it',
    change: bringUp('nat-gateway', self.id),
    origin: self.origin,
  }),
});

export const zoneNotServed = drop<Nat>({
  code: 'nat/not-in-zone',
  means: 'The regional NAT gateway is not active in the Availability Zone the packet comes from.',
  aws: 'REGIONAL_NGW_ROUTE_AZ_RESTRICTION',
  causes: ['its zones were chosen by hand, and workloads stand in another one'],
  look: ['aws ec2 describe-nat-gateways --query "NatGateways[].NatGatewayAddresses[].AvailabilityZone"'],
  word: ({ self, a, device }) => ({
    stage,
    because: `the packet comes from ${device(a).az} (${nameOf(device(a))}), and it is active in ${self.zones!.join(', ')} only`,
    fix: `add ${device(a).az} to its zones`,
    origin: self.origin,
  }),
});

export const fragment = drop<Nat>({
  code: 'nat/fragment',
  means: 'NAT gateways pass fragments of UDP, and drop those of TCP and ICMP ("NAT gateway basics").',
  causes: ['packets larger than a link on the way to the NAT gateway, without DF (ping -s 8000 -M dont)'],
  look: ['the size of the packet, and the MTU of the sender'],
  word: ({ before }) => ({
    stage,
    because: `the packet of ${protocolName(before.protocol)} comes in fragments, and only those of UDP pass`,
    fix: `lower the MTU of the sender to ${INTERNET_MTU}`,
  }),
});

export const whichAddress = choice<Nat>({
  name: 'NAT gateway address',
  nature: 'chance',
  word: ({ self, picked, count }) =>
    `AWS picks one of ${count} addresses of the NAT gateway for each connection: ${formatIpv4(self.addresses[picked]!)}`,
});

/** a: destination; b: its port and the protocol. */
export const shared = note<Nat>({
  name: 'NAT gateway shared',
  nature: 'remark',
  word: ({ self, a, b, device }) => {
    const pods = podsTo(self, device(self.router), a);
    const most = CONNECTIONS * self.addresses.length;
    const addresses = self.addresses.length === 1 ? 'one address' : `${self.addresses.length} addresses`;
    const target = `${formatIpv4(a)}:${b & 0xffff}/${protocolName(b >> 16)}`;
    return (
      `${pods} pods share ${addresses} of ${nameOf(self)} towards ${target}: ` +
      `${thousands(most)} connections at once, ${thousands(Math.floor(most / pods))} for each pod`
    );
  },
});

export const idle = note<Nat>({
  name: 'NAT gateway idle timeout',
  nature: 'remark',
  word: ({ self }) =>
    `${nameOf(self)} forgets a connection that is idle for ${IDLE_SECONDS} seconds, and answers what comes later with RST`,
});

/** 55,000. */
function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
