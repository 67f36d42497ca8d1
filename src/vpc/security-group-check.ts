/** The check of an interface's security groups: the union over all of them, stateful. The reply of a flow that was let
 *  through always passes ("Security group connection tracking", Amazon EC2 guide); anything else is judged by the rules
 *  of its direction. A rule that names a group needs to know which groups the sender holds: what is lost on the way
 *  does not match. */
import { isIpv6 } from '../addressing/ip6.ts';
import { FREE_DESTINATION_PORT, FREE_PORT_FIRST, type Packet } from '../packet/packet.ts';
import { hasPorts } from '../packet/protocol.ts';
import type { Leg } from '../trace/branch.ts';
import { MATCHED, type Outcome, PASSED, SKIPPED } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import {
  ATTACHMENT_SESSION,
  isReply,
  NAT_GATEWAY_SESSION,
  NLB_SESSION,
  SECURITY_GROUP_SESSION,
} from './flow.ts';
import { neighbour } from './records.ts';
import {
  admittingAmong,
  admittingRule,
  type Direction,
  namesGroup,
  rulesOf,
  type SecurityGroup,
  untrackedBy,
  withheldRule,
} from './security-group.ts';
import { noEgressRule, noIngressRule } from './security-group-denial.ts';
import {
  freePort,
  type GroupHolder,
  groupsHoldIpv6,
  noGroups,
  replyPasses,
  ruleAdmits,
  undescribedRule,
  unseenGroup,
  untrackedReply,
} from './security-group-words.ts';

/** ICMP errors about a flow that the interface let through pass, in either direction. Not documented. */
const ERRORS_OF_TRACKED_FLOWS_PASS = true;

/** Judges the packet by the interface's groups; an allowed flow is remembered. */
export function checkSecurityGroups(
  self: GroupHolder,
  packet: Packet,
  walk: Walk,
  direction: Direction,
): Outcome | 0 {
  const groups = self.securityGroups;
  const inward = direction === 'ingress' ? 1 : 0;
  if (groups === null) {
    walk.step(noGroups, SKIPPED, inward);
    return 0;
  }
  const known = walk.findSession(SECURITY_GROUP_SESSION);
  if (isReply(known) || (ERRORS_OF_TRACKED_FLOWS_PASS && packet.isError && known >= 0)) {
    tellReply(groups, packet, walk, direction);
    return 0;
  }
  const peer = inward ? packet.src : packet.dst;
  const { protocol, destinationPort } = packet;
  let rule =
    packet.free & FREE_DESTINATION_PORT && hasPorts(protocol)
      ? ruleForFreePort(groups, packet, walk, direction, peer)
      : admittingRule(groups, direction, protocol, peer, destinationPort);
  let holder = -1;
  let lostAt = -1;
  if (inward && (rule < 0 || namesGroup(groups, direction, rule))) {
    const flow = walk.findSession(NLB_SESSION);
    if (flow >= 0) holder = walk.sessions.mark(flow >> 1);
    lostAt = holder >= 0 ? holder : packet.groupsLostAt;
    if (rule >= 0 && lostAt >= 0)
      rule = admittingAmong(false, groups, direction, protocol, peer, destinationPort);
    if (rule < 0 && holder >= 0) rule = ruleForBalancer(groups, packet, walk, holder);
    else holder = -1;
  }
  if (rule < 0 && mayBeAdmitted(groups, packet, direction, peer))
    return walk.undetermined(undescribedRule, inward);
  if (rule < 0) rule = ruleForUnseen(groups, packet, walk, direction, peer);
  if (rule < 0) {
    const owner = lostAt < 0 ? walk.ownerOf(self.segment, peer) : -1;
    const sender = inward && !walk.reply ? senderOf(walk.leg) : peer;
    const end = walk.deny(inward ? noIngressRule : noEgressRule, inward, owner, sender, lostAt);
    if (end) return end;
  } else {
    walk.step(ruleAdmits, MATCHED, inward, rule, holder);
    if (isIpv6(peer) && namesGroup(groups, direction, rule)) walk.remark(groupsHoldIpv6);
  }
  walk.track(SECURITY_GROUP_SESSION);
  return 0;
}

/** The reply of a flow that was let through passes. Of an untracked one the rules of its own direction say so, which then
 *  allow everything: the step tells which it was. */
function tellReply(groups: readonly SecurityGroup[], packet: Packet, walk: Walk, direction: Direction): void {
  if (!walk.recording) return;
  const inward = direction === 'ingress' ? 1 : 0;
  const rule = untrackedBy(groups, direction, packet);
  if (rule >= 0 && !walk.hasSession(ALWAYS_TRACKED)) walk.step(untrackedReply, MATCHED, inward, rule);
  else walk.step(replyPasses, PASSED, inward);
}

/** Flows that are tracked whatever the rules are ("Automatically tracked connections", Amazon EC2 guide). */
const ALWAYS_TRACKED = [NAT_GATEWAY_SESSION, NLB_SESSION, ATTACHMENT_SESSION];

/** A target rule that names the group of a Network Load Balancer matches even where the client's address is preserved
 *  ("Reference security groups for your Network Load Balancer", Elastic Load Balancing guide). */
function ruleForBalancer(
  groups: readonly SecurityGroup[],
  { protocol, destinationPort }: Packet,
  walk: Walk,
  holder: number,
): number {
  const { securityGroups, address } = neighbour<GroupHolder>(walk, holder);
  if (securityGroups === null) return -1;
  return admittingAmong(true, groups, 'ingress', protocol, address, destinationPort);
}

/** Whether a rule that nobody could read in full may admit the packet. */
function mayBeAdmitted(
  groups: readonly SecurityGroup[],
  { protocol, destinationPort }: Packet,
  direction: Direction,
  peer: number,
): boolean {
  if (groups.every((group) => rulesOf(group, direction).known)) return false;
  return withheldRule(groups, direction, protocol, peer, destinationPort, 'undescribed') >= 0;
}

/** Who holds a group in a VPC that the topology does not have, nobody can tell: taken as not held, as Reachability Analyzer
 *  does, and the question is put to the reader. */
function ruleForUnseen(
  groups: readonly SecurityGroup[],
  { protocol, destinationPort }: Packet,
  walk: Walk,
  direction: Direction,
  peer: number,
): number {
  if (!groups.some((group) => rulesOf(group, direction).unseen.length > 0)) return -1;
  const rule = withheldRule(groups, direction, protocol, peer, destinationPort, 'unseen');
  if (rule < 0) return -1;
  return walk.choose(unseenGroup, 2, undefined, direction === 'ingress' ? 1 : 0, rule) === 1 ? rule : -1;
}

/** Who sent the request in the first place, whatever NAT and proxies made of it since. */
function senderOf(leg: Leg): number {
  let first = leg;
  while (first.previous) first = first.previous;
  return first.src;
}

/** The port is one of FREE_PORT_FIRST to FREE_PORT_LAST, nobody knows which: certain where all of them are judged
 *  alike, else the question is put to the reader. */
function ruleForFreePort(
  groups: readonly SecurityGroup[],
  packet: Packet,
  walk: Walk,
  direction: Direction,
  peer: number,
): number {
  let admitted = -1;
  let refused = false;
  const judge = (port: number): void => {
    const rule = admittingRule(groups, direction, packet.protocol, peer, port);
    if (rule < 0) refused = true;
    else if (admitted < 0) admitted = rule;
  };
  judge(FREE_PORT_FIRST);
  for (const group of groups) for (const cut of rulesOf(group, direction).list.cuts) judge(cut);
  if (admitted < 0 || !refused) return admitted;
  return walk.choose(freePort, 2, undefined, direction === 'ingress' ? 1 : 0, admitted) === 0 ? admitted : -1;
}
