/** Egress-only internet gateway: connections of IPv6 from the VPC to the internet, and their answers; nothing that begins
 *  outside gets in. Stateful; nothing is translated ("Enable outbound IPv6 traffic using an egress-only internet
 *  gateway", Amazon VPC guide). */
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { ACK, type Packet } from '../packet/packet.ts';
import { TCP } from '../packet/protocol.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { type Outcome, PASSED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { type BlockPublicAccess, checkPublicAccess } from './block-public-access.ts';
import { EGRESS_ONLY_SESSION, isReply } from './flow.ts';
import { INTERNET_MTU } from './mtu.ts';
import { FROM_INTERNET, INTERNET_FROM_GATEWAY, NO_TABLE } from './ports.ts';

export interface EgressOnlyInternetGateway extends DeviceRecord {
  readonly kind: 'egress-only-internet-gateway';
  /** The VPC's segment. */
  readonly segment: number;
  /** Index of the VPC router, and of the internet. */
  readonly router: number;
  readonly internet: number;
  readonly publicAccess: BlockPublicAccess | undefined;
}

export const egressOnlyInternetGateway = behaviour<EgressOnlyInternetGateway>({
  kind: 'egress-only-internet-gateway',
  label: 'egress-only internet gateway',
  icon: 'internet-gateway',
  notModelled: ['idle timeouts'],
  receive(self, packet, walk) {
    return walk.port === FROM_INTERNET ? enter(self, packet, walk) : leave(self, packet, walk);
  },
});

function leave(self: EgressOnlyInternetGateway, packet: Packet, walk: Walk): Outcome {
  if (packet.size > INTERNET_MTU) {
    const end = tooBig(walk, packet, INTERNET_MTU, { address: 0, device: self.router, port: NO_TABLE });
    if (end) return end;
  }
  if (!isIpv6(packet.dst)) return walk.stop(onlyIpv6);
  if (walk.ownerOf(self.segment, packet.src) < 0) return walk.stop(spoofedSource);
  const known = walk.findSession(EGRESS_ONLY_SESSION) >= 0;
  if (!known && (walk.reply || packet.isError || (packet.protocol === TCP && packet.flags & ACK)))
    return walk.stop(noSession, 1);
  const end = checkPublicAccess(self, packet, walk, packet.src, packet.src, 0);
  if (end) return end;
  if (!known) {
    walk.track(EGRESS_ONLY_SESSION);
    walk.track(EGRESS_ONLY_SESSION, self.internet, self.index);
  }
  walk.step(passes, PASSED);
  return walk.forward(self.internet, INTERNET_FROM_GATEWAY);
}

function enter(self: EgressOnlyInternetGateway, _packet: Packet, walk: Walk): Outcome {
  if (!isReply(walk.findSession(EGRESS_ONLY_SESSION))) return walk.stop(noSession, 0);
  walk.step(passes, PASSED, 1);
  return walk.forward(self.router, NO_TABLE);
}

const stage = 'egress-only internet gateway';

const passes = step<EgressOnlyInternetGateway>('egress-only', ({ a }) => ({
  stage,
  because: a
    ? 'belongs to a flow that left by this gateway'
    : 'a flow from the VPC: its answers may come back',
}));

export const noSession = drop<EgressOnlyInternetGateway>({
  code: 'eigw/no-session',
  means:
    'The packet belongs to no flow that was opened from the VPC: an egress-only internet gateway passes nothing else.',
  causes: [
    'somebody on the internet opens a connection to an address of IPv6 in the VPC',
    'a request came in by the internet gateway, and its reply is routed to the egress-only one',
  ],
  look: ['aws ec2 describe-route-tables: the target of ::/0'],
  word: ({ a, before }) => ({
    stage,
    because: a
      ? `the reply from ${formatIpv4(before.src)} belongs to no flow that left by this gateway`
      : `no flow from the VPC asked for a packet from ${formatIpv4(before.src)}`,
    fix: 'route ::/0 of the subnet to an internet gateway, if it is to be reached from outside',
  }),
});

export const onlyIpv6 = drop<EgressOnlyInternetGateway>({
  code: 'eigw/ipv4',
  means: 'An egress-only internet gateway carries IPv6 only.',
  causes: ['a route of IPv4 leads to it'],
  look: ['aws ec2 describe-route-tables'],
  word: ({ before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is an address of IPv4`,
    fix: 'route IPv4 to a NAT gateway',
  }),
});

export const spoofedSource = drop<EgressOnlyInternetGateway>({
  code: 'eigw/spoofed-source',
  means: 'No network interface of the VPC has the source address: a gateway takes no spoofed packets.',
  aws: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
  causes: ['an instance with the source/destination check off forwards packets of others'],
  look: ['the source address of the packet'],
  word: ({ before }) => ({ stage, because: `no interface of the VPC has ${formatIpv4(before.src)}` }),
});
