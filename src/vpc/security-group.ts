/** Security groups as data: allow rules only, no order. A rule that names a group stands for the private addresses of
 *  the interfaces that hold it, so public addresses never match one ("Security group rules", Amazon VPC guide). */
import type { Cidr } from '../addressing/cidr.ts';
import { contains, formatCidr } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Origin } from '../base/origin.ts';
import { ANY_PROTOCOL, TCP, UDP } from '../packet/protocol.ts';
import type { BlockSet } from './block-set.ts';
import { compileRules, firstMatch, portRange, type RuleList } from './rule-list.ts';
import { serviceText, type Weighed } from './rule-text.ts';

export interface SecurityGroupRule {
  /** IANA number, or ANY_PROTOCOL. */
  readonly protocol: number;
  /** Inclusive; absent for all ports. For ICMP: type and code, -1 for any. */
  readonly ports?: readonly [number, number] | undefined;
  readonly peer: SecurityGroupPeer;
  readonly origin: Origin;
}

export type SecurityGroupPeer =
  | { readonly cidr: Cidr }
  /** `vpc` only where the group is of another VPC. */
  | { readonly group: string; readonly vpc?: string | undefined }
  | { readonly prefixList: string }
  /** Nobody could read what the rule names. */
  | { readonly unknown: true };

/** A peer that stands for several addresses. */
export type NamedPeer = Exclude<SecurityGroupPeer, { readonly cidr: Cidr } | { readonly unknown: true }>;

/** What a named peer stands for. */
export interface Reference {
  readonly addresses: AddressSet;
  readonly withheld?: Withheld | undefined;
}

export type AddressSet = ReadonlySet<number> | BlockSet;

/** Addresses that a rule would stand for, and does not. */
export interface Withheld {
  /** `deleted`: the group, or what joined its VPC, is no more ("stale rule"). `referencing-off`: a transit gateway keeps
   *  no groups. `inbound-only`: it keeps them for inbound rules. `unseen`: nobody here can see who holds the group.
   *  `undescribed`: nobody could read what the rule names. */
  readonly why: 'deleted' | 'referencing-off' | 'inbound-only' | 'unseen' | 'undescribed';
  /** Of the group's members, or of whoever may hold it. */
  readonly addresses: AddressSet;
  /** What withholds them: "transit-gateway/hub". */
  readonly by: string;
}

export interface SecurityGroupInput {
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** One direction of a compiled group. */
export interface GroupRules {
  readonly rules: readonly SecurityGroupRule[];
  /** By rule: what it tests, a named group as the set of its members. */
  readonly weighed: readonly WeighedRule[];
  readonly list: RuleList;
  /** Numbers of the rules that name a group whose members cannot be seen. */
  readonly unseen: readonly number[];
  /** Whether somebody could read all of them. */
  readonly known: boolean;
}

export interface WeighedRule extends Weighed {
  readonly withheld?: Withheld | undefined;
}

export interface SecurityGroup {
  readonly name: string;
  readonly ingress: GroupRules;
  readonly egress: GroupRules;
}

/** Nobody holds it: what a rule that names a deleted group ("stale") stands for. */
const nobody: ReadonlySet<number> = new Set();
/** Whoever a rule may name that nobody could read. */
const anybody: BlockSet = { blocks: [], has: () => true };
const undescribed: Reference = {
  addresses: nobody,
  withheld: { why: 'undescribed', addresses: anybody, by: '' },
};
const deleted: Reference = { addresses: nobody, withheld: { why: 'deleted', addresses: nobody, by: '' } };

/** Compiles a group. `refer` gives what a peer of a rule stands for, the same sets for the same name on every call;
 *  undefined for a group that is no more. */
export function compileSecurityGroup(
  { name, ingress, egress }: SecurityGroupInput,
  refer: (peer: NamedPeer, direction: Direction) => Reference | undefined,
): SecurityGroup {
  const compile = (rules: readonly SecurityGroupRule[], direction: Direction): GroupRules => {
    const weighed = rules.map(({ protocol, ports, peer }): WeighedRule => {
      const tests = { protocol, ports, peerText: peerText(peer) };
      if ('cidr' in peer) return { ...tests, peer: peer.cidr };
      const { addresses, withheld } = 'unknown' in peer ? undescribed : (refer(peer, direction) ?? deleted);
      return { ...tests, peer: addresses, withheld, stale: withheld?.why === 'deleted' };
    });
    const unseen = weighed.flatMap(({ withheld }, number) => (withheld?.why === 'unseen' ? [number] : []));
    const known = weighed.every(({ withheld }) => withheld?.why !== 'undescribed');
    return { rules, weighed, list: compileRules(weighed), unseen, known };
  };
  return { name, ingress: compile(ingress, 'ingress'), egress: compile(egress, 'egress') };
}

/** "10.0.0.0/8", "sg/web", "sg/other-vpc/web", "pl/s3". */
export function peerText(peer: SecurityGroupPeer): string {
  if ('cidr' in peer) return formatCidr(peer.cidr);
  if ('prefixList' in peer) return `pl/${peer.prefixList}`;
  if ('unknown' in peer) return 'unknown';
  return peer.vpc === undefined ? `sg/${peer.group}` : `sg/${peer.vpc}/${peer.group}`;
}

export type Direction = 'ingress' | 'egress';

export function rulesOf(group: SecurityGroup, direction: Direction): GroupRules {
  return direction === 'ingress' ? group.ingress : group.egress;
}

/** The first rule of the groups that admits: group's place * GROUP_STRIDE + rule, or -1. */
export function admittingRule(
  groups: readonly SecurityGroup[],
  direction: Direction,
  protocol: number,
  address: number,
  port: number,
): number {
  for (let i = 0; i < groups.length; i++) {
    const rule = firstMatch(rulesOf(groups[i]!, direction).list, protocol, address, port);
    if (rule >= 0) return i * GROUP_STRIDE + rule;
  }
  return -1;
}

/** As admittingRule, by rules that name a group which holds `address` (`named`), or by all others. */
export function admittingAmong(
  named: boolean,
  groups: readonly SecurityGroup[],
  direction: Direction,
  protocol: number,
  address: number,
  port: number,
): number {
  for (let i = 0; i < groups.length; i++) {
    const { weighed, rules } = rulesOf(groups[i]!, direction);
    for (let rule = 0; rule < weighed.length; rule++) {
      if ('group' in rules[rule]!.peer !== named) continue;
      if (serves(weighed[rule]!, protocol, port) && holds(weighed[rule]!, address))
        return i * GROUP_STRIDE + rule;
    }
  }
  return -1;
}

/** Whether a rule found by `admittingRule` names a group. */
export function namesGroup(groups: readonly SecurityGroup[], direction: Direction, found: number): boolean {
  const { rules } = rulesOf(groups[found >> GROUP_SHIFT]!, direction);
  return 'group' in rules[found & (GROUP_STRIDE - 1)]!.peer;
}

/** The first rule that would admit if `address` held the group it names, which is withheld: as admittingRule. */
export function withheldRule(
  groups: readonly SecurityGroup[],
  direction: Direction,
  protocol: number,
  address: number,
  port: number,
  why?: Withheld['why'],
): number {
  for (let i = 0; i < groups.length; i++) {
    const { weighed } = rulesOf(groups[i]!, direction);
    for (let rule = 0; rule < weighed.length; rule++) {
      const { withheld } = weighed[rule]!;
      if (!withheld || (why !== undefined && withheld.why !== why) || !withheld.addresses.has(address))
        continue;
      if (serves(weighed[rule]!, protocol, port)) return i * GROUP_STRIDE + rule;
    }
  }
  return -1;
}

function holds({ peer }: Weighed, address: number): boolean {
  return 'base' in peer ? contains(peer, address) : peer.has(address);
}

function serves(rule: Weighed, protocol: number, port: number): boolean {
  const [first, last] = portRange(rule);
  return (rule.protocol === protocol || rule.protocol === ANY_PROTOCOL) && port >= first && port <= last;
}

/** The rule of `direction` by which the reply `packet` passes where its flow is not tracked: rules then admit the port of
 *  the request from all addresses, and everything of its protocol to all of them ("Untracked connections", Amazon EC2
 *  guide). -1 where it is tracked. */
export function untrackedBy(
  groups: readonly SecurityGroup[],
  direction: Direction,
  {
    protocol,
    src,
    sourcePort,
  }: { readonly protocol: number; readonly src: number; readonly sourcePort: number },
): number {
  if (protocol !== TCP && protocol !== UDP) return -1;
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  const six = isIpv6(src);
  if (openRule(groups, other, six, protocol, [sourcePort, sourcePort]) < 0) return -1;
  return openRule(groups, direction, six, protocol, [0, LAST_PORT]);
}

/** The first rule for all addresses of a family that admits these ports. */
function openRule(
  groups: readonly SecurityGroup[],
  direction: Direction,
  six: boolean,
  protocol: number,
  [from, to]: readonly [number, number],
): number {
  for (let i = 0; i < groups.length; i++) {
    const { weighed, list } = rulesOf(groups[i]!, direction);
    for (const rule of list.open) {
      const tests = weighed[rule]!;
      if (isIpv6((tests.peer as Cidr).base) !== six) continue;
      if (serves(tests, protocol, from) && serves(tests, protocol, to)) return i * GROUP_STRIDE + rule;
    }
  }
  return -1;
}

const GROUP_SHIFT = 16;
/** More rules than a group can have (1,000 rules an interface: "Amazon VPC quotas"). */
export const GROUP_STRIDE = 1 << GROUP_SHIFT;
const LAST_PORT = 65535;

/** "sg/web: tcp 80-81 from 10.0.0.0/8", in the form people would add it. */
export function groupRuleText(group: string, direction: Direction, rule: Weighed): string {
  return `sg/${group} ${direction}: ${clause(direction, serviceText(rule), rule.peerText)}`;
}

export function clause(direction: Direction, service: string, peer: string): string {
  return `${service} ${direction === 'ingress' ? 'from' : 'to'} ${peer}`;
}
