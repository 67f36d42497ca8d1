/** Internet gateway: a stateless one-to-one map between private addresses of interfaces and their public addresses
 *  ("Internet gateways", Amazon VPC guide). Ports are kept. It drops what has no public address, and private space in
 *  either direction (explanation codes IGW_* of AWS's Reachability Analyzer). */
import { type Cidr, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT, type Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { type Outcome, REWROTE } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isRfc1918, isShared } from './address-space.ts';
import { FROM_INTERNET, INTERNET_FROM_GATEWAY } from './ports.ts';
import { nameOf } from './records.ts';

export interface InternetGateway extends DeviceRecord {
  readonly kind: 'internet-gateway';
  /** The VPC's segment. */
  readonly segment: number;
  /** Index of the VPC router, and the number of the edge table there, or NO_TABLE. */
  readonly router: number;
  readonly routerPort: number;
  /** Index of the internet. */
  readonly internet: number;
  readonly publicOf: ReadonlyMap<number, number>;
  readonly privateOf: ReadonlyMap<number, number>;
  /** Blocks of the VPC. */
  readonly cidrs: readonly Cidr[];
}

export const internetGateway = behaviour<InternetGateway>({
  kind: 'internet-gateway',
  label: 'internet gateway',
  icon: 'internet-gateway',
  notModelled: ['VPC Block Public Access', 'IPv6', 'MTU of 1500 bytes'],
  receive(self, packet, walk) {
    return walk.port === FROM_INTERNET ? enter(self, packet, walk) : leave(self, packet, walk);
  },
});

function leave(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (isRfc1918(packet.dst)) return walk.stop(privateDestination);
  if (isShared(packet.dst)) return walk.stop(sharedDestination);
  const address = self.publicOf.get(packet.src);
  if (address === undefined) return walk.stop(noPublicAddress, walk.ownerOf(self.segment, packet.src));
  walk.step(translated, REWROTE, 0);
  // The source of an error is translated, and so is the address that it quotes as the destination.
  const quoted = packet.isError ? self.publicOf.get(packet.innerDst) : undefined;
  walk.rewriteSource(address, packet.sourcePort, packet.free & FREE_SOURCE_PORT);
  if (quoted !== undefined)
    walk.rewriteInner(packet.innerSrc, packet.innerSourcePort, quoted, packet.innerDestinationPort);
  return walk.forward(self.internet, INTERNET_FROM_GATEWAY);
}

function enter(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (isRfc1918(packet.src) || isShared(packet.src)) {
    const end = walk.deny(isShared(packet.src) ? sharedSource : privateSource);
    if (end) return end;
  }
  const address = self.privateOf.get(packet.dst);
  if (address === undefined) return walk.stop(unknownPublicAddress);
  walk.step(translated, REWROTE, 1);
  const quoted = packet.isError ? self.privateOf.get(packet.innerSrc) : undefined;
  walk.rewriteDestination(address, packet.destinationPort, packet.free & FREE_DESTINATION_PORT);
  if (quoted !== undefined)
    walk.rewriteInner(quoted, packet.innerSourcePort, packet.innerDst, packet.innerDestinationPort);
  return walk.forward(self.router, self.routerPort);
}

const stage = 'internet gateway';

const translated = step<InternetGateway>('one-to-one NAT', ({ a, before, after }) => ({
  stage,
  because: a
    ? `${formatIpv4(before.dst)} is the public address of ${formatIpv4(after.dst)}`
    : `${formatIpv4(before.src)} has the public address ${formatIpv4(after.src)}`,
}));

export const noPublicAddress = drop<InternetGateway>({
  code: 'igw/no-public-address',
  means: 'The source has no public address, so the internet gateway cannot translate it.',
  aws: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  causes: [
    'a pod in a public subnet leaves with its own address (AWS_VPC_K8S_CNI_EXTERNALSNAT=true): the public address of a node belongs to its primary private address only',
    'the subnet does not give public addresses (MapPublicIpOnLaunch) and no Elastic IP is associated',
    'a private NAT gateway is routed to the internet gateway',
  ],
  look: [
    'aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address> --query "NetworkInterfaces[].PrivateIpAddresses[].Association"',
    'kubectl -n kube-system get daemonset aws-node -o yaml | grep -A1 EXTERNALSNAT',
  ],
  word: ({ self, a, before, device }) => {
    const src = formatIpv4(before.src);
    const owner = a < 0 ? undefined : (device(a) as DeviceRecord & { readonly address?: number });
    const secondary =
      owner?.address !== undefined && owner.address !== before.src
        ? self.publicOf.get(owner.address)
        : undefined;
    return {
      stage,
      because: `${src} has no public address`,
      nearest:
        secondary === undefined
          ? undefined
          : `${formatIpv4(secondary)} belongs to ${formatIpv4(owner!.address!)}, the primary address of ${nameOf(owner!)}, not to ${src}`,
      fix:
        secondary === undefined
          ? `associate a public address with ${src}, or route its subnet to a NAT gateway`
          : `let the node translate ${src} to its primary address (AWS_VPC_K8S_CNI_EXTERNALSNAT=false), or route its subnet to a NAT gateway`,
    };
  },
});

export const privateDestination = drop<InternetGateway>({
  code: 'igw/private-destination',
  means: 'The internet gateway does not send packets to private addresses (RFC 1918).',
  aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
  causes: [
    'the default route caught a private destination: the route to the peer network is missing',
    'an address of the Service CIDR left its node untranslated',
  ],
  look: ['aws ec2 describe-route-tables', 'iptables-save -t nat | grep <address>   (on the node)'],
  word: ({ before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is private (RFC 1918): not sent to the internet`,
    fix: `add a route to ${formatIpv4(before.dst)}/32 that does not lead to an internet gateway`,
  }),
});

export const sharedDestination = drop<InternetGateway>({
  code: 'igw/cgnat-destination',
  means: 'The internet gateway does not send packets to shared address space (100.64.0.0/10, RFC 6598).',
  aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
  causes: ['pods of another VPC have addresses in 100.64.0.0/10, and the route to that VPC is missing'],
  look: ['aws ec2 describe-route-tables'],
  word: ({ before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is in 100.64.0.0/10 (RFC 6598): not sent to the internet`,
    fix: `add a route to ${formatIpv4(before.dst)}/32 that does not lead to an internet gateway`,
  }),
});

export const privateSource = drop<InternetGateway>({
  code: 'igw/private-source',
  means: 'The internet gateway takes no packets from private sources (RFC 1918).',
  aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
  causes: ['the outside host was given a private address: its own NAT is missing from the topology'],
  look: ['the source address that the packet has on the internet'],
  word: ({ before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is private (RFC 1918)`,
    fix: 'give the outside host its public address',
  }),
});

export const sharedSource = drop<InternetGateway>({
  code: 'igw/cgnat-source',
  means: 'The internet gateway takes no packets from shared address space (100.64.0.0/10, RFC 6598).',
  aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
  causes: ["the outside host was given its carrier's shared address in place of the public one"],
  look: ['the source address that the packet has on the internet'],
  word: ({ before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is in 100.64.0.0/10 (RFC 6598)`,
    fix: 'give the outside host its public address',
  }),
});

export const unknownPublicAddress = drop<InternetGateway>({
  code: 'igw/unknown-public-address',
  means: 'No network interface of the VPC has this public address.',
  aws: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  causes: ['the Elastic IP was disassociated', 'the instance was stopped and got another public address'],
  look: ['aws ec2 describe-addresses', 'aws ec2 describe-network-interfaces'],
  word: ({ self, before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is the public address of no interface in ${self.cidrs.map(formatCidr).join(', ')}`,
    fix: `associate ${formatIpv4(before.dst)} with a network interface`,
  }),
});
