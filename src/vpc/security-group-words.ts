/** What the check of security groups says of what it did. */
import { contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { FREE_PORT_FIRST, FREE_PORT_LAST } from '../packet/packet.ts';
import { hasPorts, isIcmp, UDP } from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { choice, note, step } from '../trace/vocabulary.ts';
import { nameOf } from './records.ts';
import {
  type Direction,
  GROUP_STRIDE,
  type GroupRules,
  groupRuleText,
  rulesOf,
  type SecurityGroup,
  type WeighedRule,
} from './security-group.ts';

/** An interface, as far as its groups go. */
export interface GroupHolder extends DeviceRecord {
  readonly segment: number;
  /** Index of its subnet. */
  readonly subnet: number;
  /** Index of the device behind it. */
  readonly host: number;
  /** Primary private address. */
  readonly address: number;
  /** Null where none is possible or none was attached at creation: everything passes. */
  readonly securityGroups: readonly SecurityGroup[] | null;
}

export const stage = (inward: number): string => (inward ? 'security group in' : 'security group out');
export const directionOf = (inward: number): Direction => (inward ? 'ingress' : 'egress');

export const noGroups = step<GroupHolder>('security group none', ({ self, a, device }) => ({
  stage: stage(a),
  because: `the interface of ${nameOf(device(self.host))} has no security group: everything passes`,
}));

export const replyPasses = step<GroupHolder>('security group reply', ({ a, before: { protocol } }) => ({
  stage: stage(a),
  because:
    `belongs to a flow that this interface let ${a ? 'out' : 'in'}: passes whatever the rules say ` +
    `(stateful${forgotten(protocol)})`,
}));

/** "Idle connection tracking timeout" and "Connection tracking", Amazon EC2 guide. TCP keeps for days unless the instance
 *  is of a newest type or says otherwise. */
function forgotten(protocol: number): string {
  if (protocol === UDP) return '; forgotten after 30 s of silence, once both have sent more after 180 s';
  return hasPorts(protocol) || isIcmp(protocol) ? '' : '; by addresses and protocol, for 600 s';
}

/** The rule of this direction by which an untracked flow's reply passes is number `b`. */
export const untrackedReply = step<GroupHolder>('security group untracked reply', ({ self, a, b }) => ({
  stage: stage(a),
  ...ruleOf(self, a, b),
  because:
    'the flow is not tracked, as rules admit all addresses both ways: its reply is judged by the rules, and without ' +
    'this one it would stop at once',
}));

export const ruleAdmits = step<GroupHolder>('security group', ({ self, a, b, c, before, device }) => ({
  stage: stage(a),
  ...ruleOf(self, a, b),
  because:
    c >= 0
      ? `the flow comes through ${nameOf(device(c))}, which holds ${weighedAt(self, a, b).peerText}`
      : whyAdmitted(weighedAt(self, a, b), a ? before.src : before.dst),
}));

function whyAdmitted({ peer, peerText, withheld }: WeighedRule, address: number): string {
  const text = formatIpv4(address);
  if (withheld) return `if ${text} holds ${peerText}`;
  if ('base' in peer) return `${text} is in ${peerText}`;
  if (!('blocks' in peer)) return `${text} is a private address of an interface that holds ${peerText}`;
  const block = peer.blocks.find((one) => contains(one, address))!;
  return `${text} is in ${formatCidr(block)} of ${peerText}`;
}

interface Found {
  readonly group: SecurityGroup;
  readonly rules: GroupRules;
  readonly number: number;
}

/** What a number that `admittingRule` gave stands for. */
export function foundRule(groups: readonly SecurityGroup[], inward: number, found: number): Found {
  const group = groups[Math.floor(found / GROUP_STRIDE)]!;
  return { group, rules: rulesOf(group, directionOf(inward)), number: found % GROUP_STRIDE };
}

function weighedAt({ securityGroups }: GroupHolder, inward: number, found: number): WeighedRule {
  const { rules, number } = foundRule(securityGroups!, inward, found);
  return rules.weighed[number]!;
}

function ruleOf({ securityGroups }: GroupHolder, inward: number, found: number) {
  const { group, rules, number } = foundRule(securityGroups!, inward, found);
  return {
    rule: groupRuleText(group.name, directionOf(inward), rules.weighed[number]!),
    origin: rules.rules[number]!.origin,
  };
}

export const freePort = choice<GroupHolder>({
  name: 'sg/free-port',
  nature: 'unknown',
  word: ({ self, a, b }) =>
    `the destination port is one of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}, and only some of them are allowed: ` +
    ruleOf(self, a, b).rule,
});

/** AWS speaks of the private addresses of who holds a group; that those of IPv6 count is not said as plainly. */
export const groupsHoldIpv6 = note({
  name: 'groups and IPv6',
  nature: 'assumption',
  word: () => 'a rule that names a security group admits the IPv6 addresses of those who hold it too',
});

export const unseenGroup = choice<GroupHolder>({
  name: 'sg/unseen-group',
  nature: 'unknown',
  word: ({ self, a, b }) => {
    const { peerText, withheld } = weighedAt(self, a, b);
    return `who holds ${peerText} cannot be seen: the other side of ${withheld!.by} is not in the topology`;
  },
});

export const undescribedRule = note<GroupHolder>({
  name: 'security group unknown',
  nature: 'limit',
  word: ({ self, a }) => {
    const open = self.securityGroups!.filter((group) => !rulesOf(group, directionOf(a)).known);
    const names = open.map(({ name }) => `sg/${name}`).join(', ');
    return `nobody described what rules of ${names} admit ${a ? 'in' : 'out'}`;
  },
});
