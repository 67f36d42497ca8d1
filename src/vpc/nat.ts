/** What NAT gateways have in common, zonal and regional: source NAT for TCP, UDP and ICMP, with a port of 1024-65535, for
 *  sources in the VPC and what comes by a transit gateway; nothing gets in that no inside flow asked for ("NAT gateways",
 *  Amazon VPC guide; "Centralized outbound routing to the internet", Transit Gateway guide). */
import { type Cidr, inAnyBlock } from '../addressing/cidr.ts';
import {
  ACK,
  FREE_DESTINATION_PORT,
  FREE_PORT_FIRST,
  FREE_SOURCE_PORT,
  type Packet,
} from '../packet/packet.ts';
import { hasPorts, ICMP, TCP, UDP } from '../packet/protocol.ts';
import { replyDestinationPort, replySourcePort } from '../packet/reply-ports.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { LOCAL, type Outcome, REWROTE } from '../trace/outcome.ts';
import { ORIGINAL } from '../trace/session.ts';
import type { Walk } from '../trace/walk.ts';
import { ATTACHMENT_SESSION, isReply, NAT_GATEWAY_SESSION } from './flow.ts';
import { INTERNET_MTU } from './mtu.ts';
import {
  fragment,
  idle,
  noSession,
  notAvailable,
  restored,
  shared,
  sourceNotInVpc,
  translated,
  unsupportedProtocol,
  whichAddress,
  zoneNotServed,
} from './nat-gateway-words.ts';
import { neighbour } from './records.ts';
import { decidingRoute, routeAt } from './route-table.ts';
import type { VpcRouter } from './vpc-router.ts';

/** Simultaneous connections to one destination and port for each address ("NAT gateway basics"). */
export const CONNECTIONS = 55_000;
export const IDLE_SECONDS = 350;

export interface Nat extends DeviceRecord {
  /** Undefined while it is available, or what AWS says instead. */
  readonly state: string | undefined;
  /** Addresses it puts in place of sources: private ones, the primary one first; of a regional one the public ones. */
  readonly addresses: readonly number[];
  /** Blocks of its VPC, and the VPC's segment and router. */
  readonly cidrs: readonly Cidr[];
  readonly segment: number;
  readonly router: number;
  /** The only zones it serves, where somebody chose them. */
  readonly zones: readonly string[] | undefined;
  /** What routes name it by: its interface, or itself where it has none. */
  readonly target: number;
  /** How many pods of the VPC send by each route table of the router. */
  readonly pods: ReadonlyMap<number, number>;
}

/** How a NAT gateway sends a packet for `dst` on. */
export type Onward<N extends Nat> = (self: N, walk: Walk, dst: number) => Outcome;

export function translate<N extends Nat>(self: N, packet: Packet, walk: Walk, onward: Onward<N>): Outcome {
  // An ICMP error of its own.
  if (walk.port === LOCAL) return onward(self, walk, packet.dst);
  if (self.state !== undefined) {
    const end = walk.deny(notAvailable);
    if (end) return end;
  }
  if (packet.whole !== 0 && packet.protocol !== UDP) {
    const end = walk.deny(fragment);
    if (end) return end;
  }
  const flow = walk.findSession(NAT_GATEWAY_SESSION);
  if (flow >= 0)
    return isReply(flow)
      ? giveBack(self, packet, walk, flow >> 1, onward)
      : again(self, packet, walk, flow >> 1, onward);
  if (
    self.addresses.includes(packet.dst) ||
    packet.isError ||
    (packet.protocol === TCP && packet.flags & ACK)
  )
    return walk.stop(noSession);
  return open(self, packet, walk, onward);
}

/** The first packet of a flow from inside. */
function open<N extends Nat>(self: N, packet: Packet, walk: Walk, onward: Onward<N>): Outcome {
  const end = checkSize(self, packet, walk) || refuse(self, packet, walk);
  if (end) return end;
  if (walk.recording && !walk.reply) remark(self, packet, walk);
  const address = self.addresses[walk.choose(whichAddress, self.addresses.length, undefined)]!;
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
    address,
    echo ? replyDestinationPort(packet.protocol, packet.sourcePort, packet.destinationPort) : port,
    packet.free & FREE_SOURCE_PORT,
  );
  walk.step(translated, REWROTE, echo ? 0 : 1);
  walk.rewriteSource(address, port, echo ? 0 : FREE_SOURCE_PORT);
  return onward(self, walk, packet.dst);
}

/** Towards the outside. The NAT gateway tells the sender itself. */
function checkSize({ index, addresses }: Nat, packet: Packet, walk: Walk): Outcome | 0 {
  if (packet.size <= INTERNET_MTU) return 0;
  return tooBig(walk, packet, INTERNET_MTU, { address: addresses[0]!, device: index, port: LOCAL });
}

/** Whom a NAT gateway does not serve. */
function refuse(self: Nat, { protocol, src }: Packet, walk: Walk): Outcome | 0 {
  if (protocol !== TCP && protocol !== UDP && protocol !== ICMP) {
    const end = walk.deny(unsupportedProtocol);
    if (end) return end;
  }
  if (cameByAttachment(self, walk)) return 0;
  if (!inAnyBlock(self.cidrs, src)) {
    const end = walk.deny(sourceNotInVpc);
    if (end) return end;
  }
  if (self.zones !== undefined) {
    const sender = walk.ownerOf(self.segment, src);
    if (sender >= 0 && !self.zones.includes(neighbour(walk, sender).az ?? ''))
      return walk.deny(zoneNotServed, sender);
  }
  return 0;
}

function cameByAttachment({ router }: Nat, { sessions, sessionHead, packet }: Walk): boolean {
  const { protocol, src, sourcePort, dst, destinationPort } = packet;
  const flow = sessions.find(
    sessionHead,
    router,
    ATTACHMENT_SESSION,
    protocol,
    src,
    sourcePort,
    dst,
    destinationPort,
  );
  return flow >= 0 && (flow & 1) === ORIGINAL;
}

function remark(self: Nat, { protocol, dst, destinationPort }: Packet, walk: Walk): void {
  if (protocol === TCP) walk.remark(idle);
  if (hasPorts(protocol) && podsTo(self, neighbour(walk, self.router), dst) > 1)
    walk.remark(shared, dst, (protocol << 16) | destinationPort);
}

/** How many pods reach `dst` through this NAT gateway. */
export function podsTo({ pods, target }: Nat, router: DeviceRecord, dst: number): number {
  // What the world wires as the router of a VPC is one.
  const { tables } = router as VpcRouter;
  let sum = 0;
  for (const [number, count] of pods) {
    const route = decidingRoute(tables[number]!, dst);
    const led = route < 0 ? undefined : routeAt(tables[number]!, route).target;
    if ((led?.kind === 'eni' || led?.kind === 'gateway') && led.device === target) sum += count;
  }
  return sum;
}

/** What comes back: the destination becomes the inside source again. */
function giveBack<N extends Nat>(
  self: N,
  packet: Packet,
  walk: Walk,
  session: number,
  onward: Onward<N>,
): Outcome {
  const { sessions } = walk;
  const address = sessions.src(session);
  const port = sessions.sport(session);
  walk.step(restored, REWROTE);
  if (packet.isError) {
    walk.rewriteDestination(address, packet.destinationPort);
    walk.rewriteInner(address, port, packet.innerDst, packet.innerDestinationPort);
  } else if (packet.protocol === ICMP) walk.rewriteDestination(address, packet.destinationPort);
  else walk.rewriteDestination(address, port, sessions.mark(session) ? FREE_DESTINATION_PORT : 0);
  return onward(self, walk, address);
}

/** A later packet of a known flow from inside, or an error about what came back. */
function again<N extends Nat>(
  self: N,
  packet: Packet,
  walk: Walk,
  session: number,
  onward: Onward<N>,
): Outcome {
  const end = checkSize(self, packet, walk);
  if (end) return end;
  const { sessions } = walk;
  const address = sessions.replyDst(session);
  walk.step(translated, REWROTE, packet.protocol === ICMP ? 0 : 1);
  if (packet.isError) {
    walk.rewriteSource(address, packet.sourcePort);
    walk.rewriteInner(packet.innerSrc, packet.innerSourcePort, address, sessions.replyDport(session));
  } else if (packet.protocol === ICMP) walk.rewriteSource(address, packet.sourcePort);
  else walk.rewriteSource(address, sessions.replyDport(session), FREE_SOURCE_PORT);
  return onward(self, walk, packet.dst);
}
