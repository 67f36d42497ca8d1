/** Network ACLs: ordered by rule number, first match wins, allow or deny, and the rule `*` at the end denies ("Control
 *  subnet traffic with network access control lists", Amazon VPC guide). Stateless: a reply is judged anew. */
import { type Cidr, formatCidr, formatSingle, longestLength } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';
import { FREE_DESTINATION_PORT, FREE_PORT_FIRST, FREE_PORT_LAST, type Packet } from '../packet/packet.ts';
import { hasPorts } from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { MATCHED, type Outcome } from '../trace/outcome.ts';
import { choice, type DropText, drop, note, type StepText, step, type Wording } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import type { NetworkChange } from './changes.ts';
import { compileRules, firstMatch, type RuleList } from './rule-list.ts';
import { nearestRule, serviceOf, serviceText } from './rule-text.ts';

export interface NetworkAclRule {
  /** 1 to 32766. */
  readonly rule: number;
  readonly protocol: number;
  /** Inclusive; absent for all ports. For ICMP: type and code, -1 for any. */
  readonly ports?: readonly [number, number] | undefined;
  readonly cidr: Cidr;
  /** `unknown`: nobody could read what the ACL says. */
  readonly action: 'allow' | 'deny' | 'unknown';
  readonly origin: Origin;
}

export interface NetworkAclInput {
  readonly name: string;
  /** Without the final deny. */
  readonly ingress: readonly NetworkAclRule[];
  readonly egress: readonly NetworkAclRule[];
}

/** One direction of a compiled ACL. */
export interface AclRules {
  /** Ascending by number. */
  readonly rules: readonly NetworkAclRule[];
  readonly list: RuleList;
}

export interface NetworkAcl {
  readonly name: string;
  readonly ingress: AclRules;
  readonly egress: AclRules;
}

export function compileAcl({ name, ingress, egress }: NetworkAclInput): NetworkAcl {
  const compile = (written: readonly NetworkAclRule[]): AclRules => {
    const rules = [...written].sort((a, b) => a.rule - b.rule);
    return {
      rules,
      list: compileRules(rules.map(({ protocol, ports, cidr }) => ({ protocol, ports, peer: cidr }))),
    };
  };
  return { name, ingress: compile(ingress), egress: compile(egress) };
}

/** Whatever has an ACL: a subnet. */
export interface AclHolder extends DeviceRecord {
  /** Index of the VPC's router, whose id is the VPC's name. */
  readonly router: number;
  readonly acl: NetworkAcl;
}

/** The place of the rule that decides on the packet, or -1 for the final deny. */
export function decidingRule(rules: AclRules, protocol: number, address: number, port: number): number {
  return firstMatch(rules.list, protocol, address, port);
}

/** Judges a packet that leaves (egress) or enters (ingress) the subnet. */
export function checkAcl(
  self: AclHolder,
  packet: Packet,
  walk: Walk,
  direction: 'ingress' | 'egress',
): Outcome | 0 {
  const inward = direction === 'ingress' ? 1 : 0;
  const rules = inward ? self.acl.ingress : self.acl.egress;
  const address = inward ? packet.src : packet.dst;
  const rule =
    packet.free & FREE_DESTINATION_PORT && hasPorts(packet.protocol) && rules.list.cuts.length > 0
      ? ruleForFreePort(rules, packet, walk, inward, address)
      : decidingRule(rules, packet.protocol, address, packet.destinationPort);
  if (rule >= 0 && rules.rules[rule]!.action === 'allow') {
    walk.step(allowed, MATCHED, inward, rule);
    return 0;
  }
  if (rule >= 0 && rules.rules[rule]!.action === 'unknown') return walk.undetermined(unknownRules, inward);
  return walk.deny(inward ? deniedIn : deniedOut, inward, rule, walk.reply ? 1 : 0);
}

/** The port is one of FREE_PORT_FIRST to FREE_PORT_LAST, nobody knows which: certain where the ACL treats all of them
 *  alike, else the question is put to the reader. */
function ruleForFreePort(
  { list, rules }: AclRules,
  packet: Packet,
  walk: Walk,
  inward: number,
  address: number,
): number {
  const first = firstMatch(list, packet.protocol, address, FREE_PORT_FIRST);
  let allowing = first >= 0 && rules[first]!.action === 'allow' ? first : NONE;
  let denying = allowing === NONE ? first : NONE;
  for (let i = 0; i < list.cuts.length; i++) {
    const rule = firstMatch(list, packet.protocol, address, list.cuts[i]!);
    const allows = rule >= 0 && rules[rule]!.action === 'allow';
    if (allows && allowing === NONE) allowing = rule;
    else if (!allows && denying === NONE) denying = rule;
  }
  if (allowing === NONE) return denying;
  if (denying === NONE) return allowing;
  return walk.choose(freePort, 2, undefined, inward, allowing) === 0 ? allowing : denying;
}

/** No rule of this kind was met; -1 is the final deny. */
const NONE = -2;

const stage = (inward: number): string => (inward ? 'network ACL in' : 'network ACL out');
const directionOf = (inward: number): 'ingress' | 'egress' => (inward ? 'ingress' : 'egress');

function aclRuleText(rule: NetworkAclRule, inward: number): string {
  return `${rule.rule}: ${rule.action} ${serviceText(rule)} ${inward ? 'from' : 'to'} ${formatCidr(rule.cidr)}`;
}

function deciding({ self, a, b, before }: Wording<AclHolder>): StepText {
  const { name, [directionOf(a)]: list } = self.acl;
  const address = formatIpv4(a ? before.src : before.dst);
  const rule = list.rules[b];
  if (!rule)
    return {
      stage: stage(a),
      rule: `nacl/${name} ${directionOf(a)} *: deny`,
      because: `none of the ${list.rules.length} ${directionOf(a)} rules matches ${serviceText(serviceOf(before))} ${a ? 'from' : 'to'} ${address}: the final rule denies`,
    };
  return {
    stage: stage(a),
    rule: `nacl/${name} ${directionOf(a)} ${aclRuleText(rule, a)}`,
    because: `the first rule that matches ${serviceText(serviceOf(before))} ${a ? 'from' : 'to'} ${address}`,
    origin: rule.origin,
  };
}

const allowed = step<AclHolder>('network ACL', deciding);

const freePort = choice<AclHolder>({
  name: 'nacl/free-port',
  nature: 'unknown',
  word: ({ self, a, b }) =>
    `the destination port is one of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}, and nacl/${self.acl.name} allows only some ` +
    `of them: ${directionOf(a)} ${aclRuleText(self.acl[directionOf(a)].rules[b]!, a)}`,
});

const causes = [
  "a reply needs a rule of its own: its destination port is the client's ephemeral port",
  'ephemeral ports: 32768-60999 for Linux, 1024-65535 behind a NAT gateway, a load balancer or SNAT on a node',
  'a deny with a lower number comes before the allow',
];
const look = ['aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=<subnet>'];

const unknownRules = note<AclHolder>({
  name: 'network ACL unknown',
  nature: 'limit',
  word: ({ self, a }) => `nobody described what nacl/${self.acl.name} says of packets ${a ? 'in' : 'out'}`,
});

export const deniedIn = drop<AclHolder>({
  code: 'nacl/denied-in',
  means:
    "The network ACL of the subnet denies the packet on its way in: by a rule, or by the final rule '*'.",
  aws: ['SUBNET_ACL_RESTRICTION', 'REMAP_EPHEMERAL_PORT'],
  causes,
  look,
  word: (wording) => denial(wording),
});

export const deniedOut = drop<AclHolder>({
  code: 'nacl/denied-out',
  means:
    "The network ACL of the subnet denies the packet on its way out: by a rule, or by the final rule '*'.",
  aws: ['SUBNET_ACL_RESTRICTION', 'REMAP_EPHEMERAL_PORT'],
  causes,
  look,
  word: (wording) => denial(wording),
});

function denial(wording: Wording<AclHolder>): DropText {
  const { self, a, b, c, before, device } = wording;
  const { name, [directionOf(a)]: list } = self.acl;
  const address = a ? before.src : before.dst;
  const allows = list.rules.filter(({ action }) => action === 'allow');
  const near = nearestRule(
    allows.map(({ protocol, ports, cidr }) => ({ protocol, ports, peer: cidr, peerText: formatCidr(cidr) })),
    before,
    address,
  );
  // A reply goes to a port that the client picked, so that one number would admit this flow only.
  const service = serviceOf(
    c && hasPorts(before.protocol) ? { ...before, free: before.free | FREE_DESTINATION_PORT } : before,
  );
  const cidr: Cidr = { base: address, length: longestLength({ base: address, length: 0 }) };
  const rule = freeNumber(list.rules, b);
  const change: NetworkChange = {
    kind: 'network-acl-rule',
    vpc: device(self.router).id,
    acl: name,
    direction: directionOf(a),
    ...service,
    rule,
    cidr,
  };
  return {
    ...deciding(wording),
    nearest: near && `${aclRuleText(allows[near.index]!, a)}: ${near.lacks.join(', ')}`,
    fix: `add to nacl/${name} ${directionOf(a)}: rule ${rule} allow ${serviceText(service)} ${a ? 'from' : 'to'} ${formatSingle(address)}`,
    change,
    // The port is one that a NAT gateway, a load balancer or SNAT picked.
    aws: before.free & FREE_DESTINATION_PORT ? 'REMAP_EPHEMERAL_PORT' : 'SUBNET_ACL_RESTRICTION',
  };
}

/** A number for an allow rule: unused, and before the rule that denies. */
function freeNumber(rules: readonly NetworkAclRule[], denying: number): number {
  const used = new Set(rules.map(({ rule }) => rule));
  const end = rules[denying]?.rule;
  if (end === undefined) {
    const last = rules.at(-1)?.rule ?? 0;
    if (last + 10 <= LAST_RULE) return Math.floor(last / 10) * 10 + 10;
  }
  let number = (end ?? LAST_RULE + 1) - 1;
  while (used.has(number)) number--;
  return number;
}

/** "Network ACL rules", Amazon VPC guide: highest number a rule may have. */
const LAST_RULE = 32766;
