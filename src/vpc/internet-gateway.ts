/** Internet gateway: a stateless one-to-one map between private addresses of interfaces and their public addresses
 *  ("Internet gateways", Amazon VPC guide). Ports are kept. It drops what has no public address, and private space in
 *  either direction (explanation codes IGW_* of AWS's Reachability Analyzer). */
import type { Cidr } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT, type Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { MATCHED, type Outcome, PASSED, REWROTE } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { isRfc1918, isShared } from './address-space.ts';
import { type BlockPublicAccess, checkPublicAccess } from './block-public-access.ts';
import {
  edgeTable6,
  noPublicAddress,
  notAttached,
  ofNatGateway,
  privateDestination,
  privateSource,
  sharedDestination,
  sharedSource,
  spoofedSource,
  translated,
  unknownPublicAddress,
  untranslated,
} from './internet-gateway-words.ts';
import { checkRedirection } from './middlebox.ts';
import { INTERNET_MTU } from './mtu.ts';
import { FROM_INTERNET, INTERNET_FROM_GATEWAY, NO_TABLE } from './ports.ts';

export interface InternetGateway extends DeviceRecord {
  readonly kind: 'internet-gateway';
  /** The VPC's segment. */
  readonly segment: number;
  /** Of its attachment to the VPC: undefined while it is up, or what AWS says instead. */
  readonly state: string | undefined;
  /** Index of the VPC router, and the number of the edge table there, or NO_TABLE. */
  readonly router: number;
  readonly routerPort: number;
  /** Index of the internet. */
  readonly internet: number;
  readonly publicOf: ReadonlyMap<number, number>;
  readonly privateOf: ReadonlyMap<number, number>;
  /** Public addresses of regional NAT gateways, which have no private ones -> index of the NAT gateway. */
  readonly regionalNat: ReadonlyMap<number, number> | undefined;
  /** Where it is on in the VPC's account and Region. */
  readonly publicAccess: BlockPublicAccess | undefined;
  readonly cidrs: readonly Cidr[];
}

export const internetGateway = behaviour<InternetGateway>({
  kind: 'internet-gateway',
  label: 'internet gateway',
  icon: 'internet-gateway',
  notModelled: ['middleboxes for packets of IPv6'],
  receive(self, packet, walk) {
    if (self.state !== undefined) {
      const end = walk.deny(notAttached);
      if (end) return end;
    }
    return walk.port === FROM_INTERNET ? enter(self, packet, walk) : leave(self, packet, walk);
  },
});

function leave(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (packet.size > INTERNET_MTU) {
    const end = tooBig(walk, packet, INTERNET_MTU, {
      address: 0,
      device: self.router,
      port: self.routerPort,
    });
    if (end) return end;
  }
  if (isIpv6(packet.dst)) return leave6(self, packet, walk);
  if (isRfc1918(packet.dst)) return walk.stop(privateDestination);
  if (isShared(packet.dst)) return walk.stop(sharedDestination);
  if (self.regionalNat?.has(packet.src)) return leaveTranslated(self, packet, walk);
  const address = self.publicOf.get(packet.src);
  if (address === undefined) {
    const owner = walk.ownerOf(self.segment, packet.src);
    return owner < 0 ? walk.stop(spoofedSource) : walk.stop(noPublicAddress, owner);
  }
  const end =
    checkPublicAccess(self, packet, walk, packet.src, address, 0) || checkRedirection(self, packet, walk);
  if (end) return end;
  walk.step(translated, REWROTE, 0);
  // The source of an error is translated, and so is the address that it quotes as the destination.
  const quoted = packet.isError ? self.publicOf.get(packet.innerDst) : undefined;
  walk.rewriteSource(address, packet.sourcePort, packet.free & FREE_SOURCE_PORT);
  if (quoted !== undefined)
    walk.rewriteInner(packet.innerSrc, packet.innerSourcePort, quoted, packet.innerDestinationPort);
  return walk.forward(self.internet, INTERNET_FROM_GATEWAY);
}

/** A regional NAT gateway has put its public address in. */
function leaveTranslated(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  const end = checkPublicAccess(self, packet, walk, packet.src, packet.src, 0);
  if (end) return end;
  walk.step(ofNatGateway, MATCHED, 0);
  return walk.forward(self.internet, INTERNET_FROM_GATEWAY);
}

function enter(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (isIpv6(packet.dst)) return enter6(self, packet, walk);
  if (isRfc1918(packet.src) || isShared(packet.src)) {
    const end = walk.deny(isShared(packet.src) ? sharedSource : privateSource);
    if (end) return end;
  }
  const nat = self.regionalNat?.get(packet.dst);
  const address = nat === undefined ? self.privateOf.get(packet.dst) : packet.dst;
  if (address === undefined) return walk.stop(unknownPublicAddress);
  const end = checkPublicAccess(self, packet, walk, address, packet.dst, 1);
  if (end) return end;
  if (nat !== undefined) {
    walk.step(ofNatGateway, MATCHED, 1);
    return walk.forward(nat, FROM_INTERNET);
  }
  walk.step(translated, REWROTE, 1);
  const quoted = packet.isError ? self.privateOf.get(packet.innerSrc) : undefined;
  walk.rewriteDestination(address, packet.destinationPort, packet.free & FREE_DESTINATION_PORT);
  if (quoted !== undefined)
    walk.rewriteInner(quoted, packet.innerSourcePort, packet.innerDst, packet.innerDestinationPort);
  return walk.forward(self.router, self.routerPort);
}

/** Addresses of IPv6 are public: nothing is translated ("Enable internet access for a VPC using internet gateways"). */
function leave6(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (walk.ownerOf(self.segment, packet.src) < 0) return walk.stop(spoofedSource);
  if (self.routerPort !== NO_TABLE) return walk.undetermined(edgeTable6);
  const end = checkPublicAccess(self, packet, walk, packet.src, packet.src, 0);
  if (end) return end;
  walk.step(untranslated, PASSED);
  return walk.forward(self.internet, INTERNET_FROM_GATEWAY);
}

function enter6(self: InternetGateway, packet: Packet, walk: Walk): Outcome {
  if (self.routerPort !== NO_TABLE) return walk.undetermined(edgeTable6);
  const end = checkPublicAccess(self, packet, walk, packet.dst, packet.dst, 1);
  if (end) return end;
  walk.step(untranslated, PASSED, 1);
  return walk.forward(self.router, self.routerPort);
}
