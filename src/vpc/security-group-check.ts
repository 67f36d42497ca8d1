/** The check of an interface's security groups: the union over all of them, stateful. The reply of a flow that was let
 *  through always passes ("Security group connection tracking", Amazon EC2 guide); anything else is judged by the rules
 *  of its direction. Of an untracked flow the reply passes too: the other direction then allows everything. */
import { contains, formatCidr, formatSingle } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { FREE_DESTINATION_PORT, FREE_PORT_FIRST, FREE_PORT_LAST, type Packet } from '../packet/packet.ts';
import { hasPorts } from '../packet/protocol.ts';
import type { Leg } from '../trace/branch.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { MATCHED, type Outcome, PASSED, SKIPPED } from '../trace/outcome.ts';
import {
  choice,
  type DropText,
  drop,
  note,
  type PacketView,
  step,
  type Wording,
} from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isReply, NLB_SESSION, SECURITY_GROUP_SESSION } from './flow.ts';
import { nameOf, neighbour } from './records.ts';
import { nearestRule, serviceOf, serviceText } from './rule-text.ts';
import {
  admittingReference,
  admittingRule,
  clause,
  type Direction,
  GROUP_STRIDE,
  groupRuleText,
  rulesOf,
  type SecurityGroup,
} from './security-group.ts';

/** An interface, as far as its groups go. */
export interface GroupHolder extends DeviceRecord {
  readonly segment: number;
  /** Index of the device behind it. */
  readonly host: number;
  /** Primary private address. */
  readonly address: number;
  /** Null where none is possible or none was attached at creation: everything passes. */
  readonly securityGroups: readonly SecurityGroup[] | null;
}

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
  const flow = walk.findSession(SECURITY_GROUP_SESSION);
  if (isReply(flow) || (ERRORS_OF_TRACKED_FLOWS_PASS && packet.isError && flow >= 0)) {
    walk.step(replyPasses, PASSED, inward);
    return 0;
  }
  const peer = inward ? packet.src : packet.dst;
  let rule =
    packet.free & FREE_DESTINATION_PORT && hasPorts(packet.protocol)
      ? ruleForFreePort(groups, packet, walk, direction, peer)
      : admittingRule(groups, direction, packet.protocol, peer, packet.destinationPort);
  let holder = -1;
  if (rule < 0 && inward) {
    // A target rule that names the group of a Network Load Balancer matches even where the client's address is
    // preserved ("Reference security groups for your Network Load Balancer", Elastic Load Balancing guide).
    const flow = walk.findSession(NLB_SESSION);
    if (flow >= 0) {
      holder = walk.sessions.mark(flow >> 1);
      const balancer = neighbour<GroupHolder>(walk, holder);
      if (balancer.securityGroups !== null)
        rule = admittingReference(
          groups,
          direction,
          packet.protocol,
          balancer.address,
          packet.destinationPort,
        );
    }
  }
  if (rule < 0) {
    const owner = walk.ownerOf(self.segment, peer);
    const sender = inward && !walk.reply ? senderOf(walk.leg) : peer;
    const end = walk.deny(inward ? noIngressRule : noEgressRule, inward, owner, sender);
    if (end) return end;
  } else {
    walk.step(ruleAdmits, MATCHED, inward, rule, rule >= 0 && holder >= 0 ? holder : -1);
    if (isIpv6(peer)) remarkGroup(groups, direction, rule, walk);
  }
  walk.track(SECURITY_GROUP_SESSION);
  return 0;
}

/** AWS speaks of the private addresses of who holds a group; that those of IPv6 count is not said as plainly. */
function remarkGroup(groups: readonly SecurityGroup[], direction: Direction, rule: number, walk: Walk): void {
  const { rules } = rulesOf(groups[Math.floor(rule / GROUP_STRIDE)]!, direction);
  if ('group' in rules[rule % GROUP_STRIDE]!.peer) walk.remark(groupsHoldIpv6);
}

const groupsHoldIpv6 = note({
  name: 'groups and IPv6',
  nature: 'assumption',
  word: () => 'a rule that names a security group admits the IPv6 addresses of those who hold it too',
});

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

const stage = (inward: number): string => (inward ? 'security group in' : 'security group out');
const directionOf = (inward: number): Direction => (inward ? 'ingress' : 'egress');

const noGroups = step<GroupHolder>('security group none', ({ self, a, device }) => ({
  stage: stage(a),
  because: `the interface of ${nameOf(device(self.host))} has no security group: everything passes`,
}));

const replyPasses = step<GroupHolder>('security group reply', ({ a }) => ({
  stage: stage(a),
  because: `belongs to a flow that this interface let ${a ? 'out' : 'in'}: passes whatever the rules say (stateful)`,
}));

const ruleAdmits = step<GroupHolder>('security group', ({ self, a, b, c, before, device }) => {
  const group = self.securityGroups![Math.floor(b / GROUP_STRIDE)]!;
  const number = b % GROUP_STRIDE;
  const rule = rulesOf(group, directionOf(a)).weighed[number]!;
  const peer = a ? before.src : before.dst;
  const address = formatIpv4(peer);
  return {
    stage: stage(a),
    rule: groupRuleText(group.name, directionOf(a), rule),
    because:
      c >= 0
        ? `the flow comes through ${nameOf(device(c))}, which holds ${rule.peerText}`
        : 'base' in rule.peer
          ? `${address} is in ${rule.peerText}`
          : 'blocks' in rule.peer
            ? `${address} is in ${formatCidr(rule.peer.blocks.find((block) => contains(block, peer))!)} of ${rule.peerText}`
            : `${address} is a private address of an interface that holds ${rule.peerText}`,
    origin: rulesOf(group, directionOf(a)).rules[number]!.origin,
  };
});

const freePort = choice<GroupHolder>({
  name: 'sg/free-port',
  nature: 'unknown',
  word: ({ self, a, b }) => {
    const group = self.securityGroups![Math.floor(b / GROUP_STRIDE)]!;
    const rule = rulesOf(group, directionOf(a)).weighed[b % GROUP_STRIDE]!;
    return (
      `the destination port is one of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}, and only some of them are allowed: ` +
      groupRuleText(group.name, directionOf(a), rule)
    );
  },
});

export const noIngressRule = drop<GroupHolder>({
  code: 'sg/no-ingress-rule',
  means: 'No inbound rule of any security group of the network interface admits the packet.',
  aws: 'ENI_SG_RULES_MISMATCH',
  causes: [
    'the rule has another port: it must name the port after DNAT (targetPort, nodePort), not the port of the Service',
    'the rule names a group, and NAT or a proxy on the way replaced the source address',
    'node groups with different security groups and no rule between them: works on some nodes only',
  ],
  look: [
    'aws ec2 describe-security-group-rules --filters Name=group-id,Values=<group>',
    'source address as the interface sees it: the header that enters it',
  ],
  word: (wording) => denial(wording),
});

export const noEgressRule = drop<GroupHolder>({
  code: 'sg/no-egress-rule',
  means: 'No outbound rule of any security group of the network interface admits the packet.',
  aws: 'ENI_SG_RULES_MISMATCH',
  causes: ['the default outbound rule (all to 0.0.0.0/0) was removed or narrowed'],
  look: ['aws ec2 describe-security-group-rules --filters Name=group-id,Values=<group>'],
  word: (wording) => denial(wording),
});

function denial({ self, a, b, c, before, device }: Wording<GroupHolder>): DropText {
  const direction = directionOf(a);
  const groups = self.securityGroups!;
  const peer = a ? before.src : before.dst;
  const rules = groups.flatMap((group) =>
    rulesOf(group, direction).weighed.map((rule, number) => ({ ...rule, group, number })),
  );
  const names = groups.map(({ name }) => `sg/${name}`).join(', ');
  const lost = lostToNat(groups, direction, before, peer, c);
  const near = nearestRule(rules, before, peer);
  const nearest = lost
    ? rules.find(({ group, number }) => group === lost.group && number === lost.rule)!
    : near && rules[near.index]!;
  const lacks = lost ? lost.because : near?.lacks.join(', ');
  const packet = clause(direction, serviceText(serviceOf(before)), formatIpv4(peer));
  return {
    stage: stage(a),
    because:
      rules.length === 0
        ? `${names} ${groups.length === 1 ? 'has' : 'have'} no ${direction} rules, so nothing new passes: ${packet}`
        : `no ${direction} rule of ${names} admits ${packet}`,
    nearest: nearest && `${groupRuleText(nearest.group.name, direction, nearest)}: ${lacks}`,
    fix: `add to sg/${(nearest?.group ?? groups[0])?.name ?? '<group>'} ${direction}: ${clause(
      direction,
      serviceText(serviceOf(before)),
      peerToAdd(b >= 0 ? (device(b) as GroupHolder) : undefined, nearest?.peerText, formatSingle(peer)),
    )}`,
    origin: nearest && rulesOf(nearest.group, direction).rules[nearest.number]!.origin,
  };
}

/** The rule that would have admitted the sender, had its address not been replaced on the way. */
function lostToNat(
  groups: readonly SecurityGroup[],
  direction: Direction,
  packet: PacketView,
  peer: number,
  sender: number,
): { group: SecurityGroup; rule: number; because: string } | undefined {
  if (sender === peer) return undefined;
  const found = admittingRule(groups, direction, packet.protocol, sender, packet.destinationPort);
  if (found < 0) return undefined;
  return {
    group: groups[Math.floor(found / GROUP_STRIDE)]!,
    rule: found % GROUP_STRIDE,
    because: `it would admit the sender ${formatIpv4(sender)}, but NAT or a proxy on the way made the source ${formatIpv4(peer)}`,
  };
}

/** The peer a new rule should name: the group the peer's interface holds, else its address. */
function peerToAdd(owner: GroupHolder | undefined, named: string | undefined, address: string): string {
  const held = owner?.securityGroups?.map(({ name }) => `sg/${name}`) ?? [];
  return held.find((group) => group === named) ?? held[0] ?? address;
}
