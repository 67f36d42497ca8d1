/** A node of a Network Load Balancer: its network interface in one zone. It passes flows on at layer 4: the
 *  destination becomes a target, and the source becomes the node unless the target group keeps the client's address.
 *  Without cross-zone load balancing (the default) it uses targets of its own zone only ("How Network Load Balancers
 *  work" and "Client IP preservation", Elastic Load Balancing guide). */
import { FREE_DESTINATION_PORT, FREE_PORT_FIRST, FREE_SOURCE_PORT, type Packet } from '../packet/packet.ts';
import { TCP, UDP } from '../packet/protocol.ts';
import { behaviour } from '../trace/device.ts';
import { type Outcome, REWROTE } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { remarkLimits } from './balancer-limits.ts';
import { isReply, NLB_SESSION } from './flow.ts';
import type { NlbListener } from './load-balancer.ts';
import {
  fragments,
  hairpin,
  type Nlb,
  noListener,
  noTargetRegistered,
  noTargetsInZone,
  restored,
  rewritten,
  targetChoice,
} from './nlb-words.ts';
import { send } from './own-interface.ts';
import { neighbour } from './records.ts';
import type { GroupHolder } from './security-group-words.ts';
import { NO_TARGETS_IN_ZONE, pickTarget, type Target, targetsUnknown, zoneLimit } from './target-group.ts';

export const nlb = behaviour<Nlb>({
  kind: 'nlb',
  label: 'Network Load Balancer',
  icon: 'nlb',
  notModelled: [
    'TLS listeners: certificates; the flow is passed on as TCP',
    'idle timeouts, draining of targets, proxy protocol, PrivateLink',
    'exhaustion: 55,000 connections to one target where the client address is not kept',
  ],
  receive(self, packet, walk) {
    if (packet.whole !== 0) return walk.undetermined(fragments);
    const flow = walk.findSession(NLB_SESSION);
    if (isReply(flow)) return giveBack(self, packet, walk, flow >> 1);
    if (packet.isError && flow >= 0) return errorToTarget(self, packet, walk, flow >> 1);
    if (flow >= 0) return again(self, packet, walk, flow >> 1);
    const number = packet.dst === self.address ? listenerFor(self, packet) : -1;
    if (number < 0) return walk.stop(noListener);
    remarkLimits(self, walk);
    const { targetGroup } = self.balancer.listeners[number]!;
    if (targetGroup.unknown) return walk.undetermined(targetsUnknown);
    const zone = zoneLimit(targetGroup, self.balancer.crossZone, self.az);
    const picked = pickTarget(targetGroup, zone, walk, targetChoice, number, 0);
    if (picked < 0)
      return walk.stop(picked === NO_TARGETS_IN_ZONE ? noTargetsInZone : noTargetRegistered, number);
    const target = targetGroup.targets[picked]!;
    return targetGroup.preserveClientIp
      ? passOn(self, packet, walk, number, picked, target)
      : proxy(self, packet, walk, number, picked, target);
  },
});

function listenerFor(self: Nlb, packet: Packet): number {
  const { listeners } = self.balancer;
  for (let i = 0; i < listeners.length; i++)
    if (listeners[i]!.port === packet.destinationPort && takes(listeners[i]!, packet.protocol)) return i;
  return -1;
}

function takes({ protocol }: NlbListener, packet: number): boolean {
  if (packet === TCP) return protocol !== 'UDP';
  return packet === UDP && (protocol === 'UDP' || protocol === 'TCP_UDP');
}

/** The client's address is kept. The target's answer goes to the client, so its interface is told of the flow. */
function passOn(
  self: Nlb,
  packet: Packet,
  walk: Walk,
  listener: number,
  picked: number,
  target: Target,
): Outcome {
  if (packet.src === target.address) {
    const end = walk.deny(hairpin, listener, picked);
    if (end) return end;
  }
  const { protocol, src, sourcePort } = packet;
  const { address, port } = target;
  remember(self, packet, walk, target, src, sourcePort);
  const owner = walk.ownerOf(neighbour<GroupHolder>(walk, self.eni).segment, address);
  if (owner >= 0)
    // biome-ignore format: two tuples
    walk.addSession(
      owner, NLB_SESSION, protocol,
      src, sourcePort, address, port,
      address, port, src, sourcePort,
      self.eni,
    );
  walk.step(rewritten, REWROTE, listener, picked);
  walk.rewriteDestination(address, port);
  return send(self, walk, address);
}

/** The node takes the client's place towards the target, with a port that nobody can know. */
function proxy(
  self: Nlb,
  packet: Packet,
  walk: Walk,
  listener: number,
  picked: number,
  target: Target,
): Outcome {
  remember(self, packet, walk, target, self.address, FREE_PORT_FIRST);
  walk.step(rewritten, REWROTE, listener, picked);
  walk.rewriteDestination(target.address, target.port);
  walk.rewriteSource(self.address, FREE_PORT_FIRST, FREE_SOURCE_PORT);
  return send(self, walk, target.address);
}

/** The mark says whether the client's own port is a representative. */
function remember(
  self: Nlb,
  packet: Packet,
  walk: Walk,
  target: Target,
  replyDst: number,
  replyDport: number,
): void {
  walk.addSession(
    self.index,
    NLB_SESSION,
    packet.protocol,
    packet.src,
    packet.sourcePort,
    packet.dst,
    packet.destinationPort,
    target.address,
    target.port,
    replyDst,
    replyDport,
    packet.free & FREE_SOURCE_PORT,
  );
}

/** A later packet of a flow: it keeps its target. */
function again(self: Nlb, packet: Packet, walk: Walk, session: number): Outcome {
  const { sessions } = walk;
  const client = sessions.replyDst(session);
  walk.step(restored, REWROTE, 1);
  walk.rewriteDestination(sessions.replySrc(session), sessions.replySport(session));
  if (client === self.address) walk.rewriteSource(client, sessions.replyDport(session), FREE_SOURCE_PORT);
  return send(self, walk, packet.dst);
}

/** From the target to the client: the node's own address and the listener's port are put back. */
function giveBack(self: Nlb, packet: Packet, walk: Walk, session: number): Outcome {
  const { sessions } = walk;
  const client = sessions.src(session);
  const port = sessions.sport(session);
  walk.step(restored, REWROTE);
  if (packet.isError) {
    if (packet.src === sessions.replySrc(session)) walk.rewriteSource(self.address, packet.sourcePort);
    walk.rewriteDestination(client, packet.destinationPort);
    walk.rewriteInner(client, port, self.address, sessions.dport(session));
  } else {
    walk.rewriteSource(self.address, sessions.dport(session));
    walk.rewriteDestination(client, port, sessions.mark(session) ? FREE_DESTINATION_PORT : 0);
  }
  return send(self, walk, client);
}

/** An ICMP error of the client about what the target sent. */
function errorToTarget(self: Nlb, packet: Packet, walk: Walk, session: number): Outcome {
  const { sessions } = walk;
  const target = sessions.replySrc(session);
  const client = sessions.replyDst(session);
  walk.step(restored, REWROTE);
  if (client === self.address) walk.rewriteSource(client, packet.sourcePort);
  walk.rewriteDestination(target, packet.destinationPort);
  walk.rewriteInner(target, sessions.replySport(session), client, sessions.replyDport(session));
  return send(self, walk, target);
}
