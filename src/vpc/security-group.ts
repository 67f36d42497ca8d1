/** Security groups as data: allow rules only, no order. A rule that names a group stands for the private addresses of
 *  the interfaces that hold it, so public addresses never match one ("Security group rules", Amazon VPC guide). */
import type { Cidr } from '../addressing/cidr.ts';
import { formatCidr } from '../addressing/cidr.ts';
import type { Origin } from '../base/origin.ts';
import type { BlockSet } from './block-set.ts';
import { compileRules, firstMatch, matchesRule, type RuleList } from './rule-list.ts';
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
  | { readonly prefixList: string };

/** A peer that stands for several addresses. */
export type NamedPeer = Exclude<SecurityGroupPeer, { readonly cidr: Cidr }>;

export interface SecurityGroupInput {
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** One direction of a compiled group. */
export interface GroupRules {
  readonly rules: readonly SecurityGroupRule[];
  /** By rule: what it tests, a named group as the set of its members. */
  readonly weighed: readonly Weighed[];
  readonly list: RuleList;
}

export interface SecurityGroup {
  readonly name: string;
  readonly ingress: GroupRules;
  readonly egress: GroupRules;
}

/** Nobody holds it: what a rule that names a deleted group ("stale") stands for. */
const nobody: ReadonlySet<number> = new Set();

/** Compiles a group. `addressesOf` gives the private addresses of the interfaces that hold a group, or the blocks of a
 *  prefix list, the same set for the same name on every call; undefined for a group that is no more. */
export function compileSecurityGroup(
  { name, ingress, egress }: SecurityGroupInput,
  addressesOf: (peer: NamedPeer) => ReadonlySet<number> | BlockSet | undefined,
): SecurityGroup {
  const compile = (rules: readonly SecurityGroupRule[]): GroupRules => {
    const weighed = rules.map(({ protocol, ports, peer }) => ({
      protocol,
      ports,
      peer: 'cidr' in peer ? peer.cidr : (addressesOf(peer) ?? nobody),
      peerText: peerText(peer),
    }));
    return { rules, weighed, list: compileRules(weighed) };
  };
  return { name, ingress: compile(ingress), egress: compile(egress) };
}

/** "10.0.0.0/8", "sg/web", "sg/other-vpc/web", "pl/s3". */
export function peerText(peer: SecurityGroupPeer): string {
  if ('cidr' in peer) return formatCidr(peer.cidr);
  if ('prefixList' in peer) return `pl/${peer.prefixList}`;
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

/** As admittingRule, by rules that name a group which holds `address`. */
export function admittingReference(
  groups: readonly SecurityGroup[],
  direction: Direction,
  protocol: number,
  address: number,
  port: number,
): number {
  for (let i = 0; i < groups.length; i++) {
    const { list, rules } = rulesOf(groups[i]!, direction);
    for (let rule = 0; rule < list.count; rule++)
      if ('group' in rules[rule]!.peer && matchesRule(list, rule, protocol, address, port))
        return i * GROUP_STRIDE + rule;
  }
  return -1;
}

/** More rules than a group can have (1,000 rules an interface: "Amazon VPC quotas"). */
export const GROUP_STRIDE = 1 << 16;

/** "sg/web: tcp 80-81 from 10.0.0.0/8", in the form people would add it. */
export function groupRuleText(group: string, direction: Direction, rule: Weighed): string {
  return `sg/${group} ${direction}: ${clause(direction, serviceText(rule), rule.peerText)}`;
}

export function clause(direction: Direction, service: string, peer: string): string {
  return `${service} ${direction === 'ingress' ? 'from' : 'to'} ${peer}`;
}
