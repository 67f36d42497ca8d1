/** NAT gateway: source NAT to its private address for TCP, UDP and ICMP, with a port of 1024-65535, for sources in its
 *  own VPC; nothing gets in that no inside flow asked for ("NAT gateways", Amazon VPC guide). A public one gets its
 *  public address at the internet gateway; its interface has no security group and no source/destination check. */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import {
  ACK,
  FREE_DESTINATION_PORT,
  FREE_PORT_FIRST,
  FREE_PORT_LAST,
  FREE_SOURCE_PORT,
  type Packet,
} from '../packet/packet.ts';
import { ICMP, protocolName, TCP, UDP } from '../packet/protocol.ts';
import { replyDestinationPort, replySourcePort } from '../packet/reply-ports.ts';
import { behaviour } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { LOCAL, type Outcome, REWROTE } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isReply, NAT_GATEWAY_SESSION } from './flow.ts';
import { INTERNET_MTU } from './mtu.ts';
import { type BehindInterface, send } from './own-interface.ts';

export interface NatGateway extends BehindInterface {
  readonly kind: 'nat-gateway';
  readonly connectivity: 'public' | 'private';
  /** Blocks of its VPC. */
  readonly cidrs: readonly Cidr[];
}

export const natGateway = behaviour<NatGateway>({
  kind: 'nat-gateway',
  label: 'NAT gateway',
  icon: 'nat-gateway',
  notModelled: [
    'exhaustion: 55,000 connections to one destination for each address',
    'the idle timeout of 350 seconds',
    'regional NAT gateways, and several addresses on one',
  ],
  receive(self, packet, walk) {
    // An ICMP error of its own.
    if (walk.port === LOCAL) return send(self, walk, packet.dst);
    if (packet.whole !== 0 && packet.protocol !== UDP) {
      const end = walk.deny(fragment);
      if (end) return end;
    }
    const flow = walk.findSession(NAT_GATEWAY_SESSION);
    if (flow >= 0)
      return isReply(flow) ? giveBack(self, packet, walk, flow >> 1) : again(self, packet, walk, flow >> 1);
    if (packet.dst === self.address || packet.isError || (packet.protocol === TCP && packet.flags & ACK))
      return walk.stop(noSession);
    return translate(self, packet, walk);
  },
});

/** Towards the outside. The NAT gateway tells the sender itself. */
function checkSize({ index, address }: NatGateway, packet: Packet, walk: Walk): Outcome | 0 {
  if (packet.size <= INTERNET_MTU) return 0;
  return tooBig(walk, packet, INTERNET_MTU, { address, device: index, port: LOCAL });
}

/** The first packet of a flow from inside. */
function translate(self: NatGateway, packet: Packet, walk: Walk): Outcome {
  const lost = checkSize(self, packet, walk);
  if (lost) return lost;
  if (packet.protocol !== TCP && packet.protocol !== UDP && packet.protocol !== ICMP) {
    const end = walk.deny(unsupportedProtocol);
    if (end) return end;
  }
  if (!inBlocks(self.cidrs, packet.src)) {
    const end = walk.deny(sourceNotInVpc);
    if (end) return end;
  }
  const echo = packet.protocol === ICMP;
  const port = echo ? packet.sourcePort : FREE_PORT_FIRST;
  walk.addSession(
    self.index,
    NAT_GATEWAY_SESSION,
    packet.protocol,
    packet.src,
    packet.sourcePort,
    packet.dst,
    packet.destinationPort,
    packet.dst,
    replySourcePort(packet.protocol, packet.sourcePort, packet.destinationPort),
    self.address,
    echo ? replyDestinationPort(packet.protocol, packet.sourcePort, packet.destinationPort) : port,
    packet.free & FREE_SOURCE_PORT,
  );
  walk.step(translated, REWROTE, echo ? 0 : 1);
  walk.rewriteSource(self.address, port, echo ? 0 : FREE_SOURCE_PORT);
  return send(self, walk, packet.dst);
}

/** What comes back: the destination becomes the inside source again. */
function giveBack(self: NatGateway, packet: Packet, walk: Walk, session: number): Outcome {
  const { sessions } = walk;
  const address = sessions.src(session);
  const port = sessions.sport(session);
  walk.step(restored, REWROTE);
  if (packet.isError) {
    walk.rewriteDestination(address, packet.destinationPort);
    walk.rewriteInner(address, port, packet.innerDst, packet.innerDestinationPort);
  } else if (packet.protocol === ICMP) walk.rewriteDestination(address, packet.destinationPort);
  else walk.rewriteDestination(address, port, sessions.mark(session) ? FREE_DESTINATION_PORT : 0);
  return send(self, walk, address);
}

/** A later packet of a known flow from inside, or an error about what came back. */
function again(self: NatGateway, packet: Packet, walk: Walk, session: number): Outcome {
  const lost = checkSize(self, packet, walk);
  if (lost) return lost;
  const { sessions } = walk;
  walk.step(translated, REWROTE, packet.protocol === ICMP ? 0 : 1);
  if (packet.isError) {
    walk.rewriteSource(self.address, packet.sourcePort);
    walk.rewriteInner(packet.innerSrc, packet.innerSourcePort, self.address, sessions.replyDport(session));
  } else if (packet.protocol === ICMP) walk.rewriteSource(self.address, packet.sourcePort);
  else walk.rewriteSource(self.address, sessions.replyDport(session), FREE_SOURCE_PORT);
  return send(self, walk, packet.dst);
}

function inBlocks(cidrs: readonly Cidr[], address: number): boolean {
  for (let i = 0; i < cidrs.length; i++) if (contains(cidrs[i]!, address)) return true;
  return false;
}

const stage = 'NAT gateway';

const translated = step<NatGateway>('source NAT', ({ self, a, before }) => ({
  stage,
  because: a
    ? `source ${formatIpv4(before.src)} becomes ${formatIpv4(self.address)}, with a port of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}`
    : `source ${formatIpv4(before.src)} becomes ${formatIpv4(self.address)}`,
}));

const restored = step<NatGateway>('source NAT undone', ({ after }) => ({
  stage,
  because: `belongs to a flow of ${formatIpv4(after.dst)}: the destination is put back`,
}));

export const noSession = drop<NatGateway>({
  code: 'nat/no-session',
  means: 'The packet belongs to no flow that was opened from inside: a NAT gateway lets nothing else in.',
  aws: 'NGW_DEST_ADDRESS_PRESERVATION',
  causes: [
    'somebody outside opens a connection to the address of the NAT gateway, or pings it',
    'a reply takes another way back than its request came (asymmetric routing)',
  ],
  look: ['the way the request took: the reply must pass the same NAT gateway, or none'],
  word: ({ self, before }) => ({
    stage,
    because:
      before.dst === self.address
        ? `no flow from inside asked for a packet from ${formatIpv4(before.src)}`
        : `the packet from ${formatIpv4(before.src)} to ${formatIpv4(before.dst)} opens no connection and belongs to none that passed here`,
    fix:
      before.dst === self.address
        ? 'connect to the public address of a load balancer or of an instance: a NAT gateway takes no connections'
        : 'route the reply back the way the request came',
  }),
});

export const fragment = drop<NatGateway>({
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

export const unsupportedProtocol = drop<NatGateway>({
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

export const sourceNotInVpc = drop<NatGateway>({
  code: 'nat/source-not-in-vpc',
  means: 'A NAT gateway serves sources in its own VPC only.',
  aws: 'NGW_REQUIRES_SOURCE_IN_VPC',
  causes: ['packets of a peer VPC, a VPN or an overlay are routed to the NAT gateway'],
  look: ['aws ec2 describe-vpcs --query "Vpcs[].CidrBlockAssociationSet[].CidrBlock"'],
  word: ({ self, before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is in no block of the VPC (${self.cidrs.map(formatCidr).join(', ')})`,
    fix: 'use a NAT gateway in the VPC of the source',
  }),
});
