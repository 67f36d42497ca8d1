/** Rules of security groups and network ACLs, compiled to columns of numbers; those that may match IPv6 are few and
 *  apart. Both test protocol, the peer's address and the destination port (for ICMP: type and code) and nothing else;
 *  what a match means is the caller's business. */
import { type Cidr, contains, maskOf } from '../addressing/cidr.ts';
import { type Classifier, classifier, FIELD, nextCandidate, type Test } from '../addressing/classifier.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { FREE_PORT_FIRST, FREE_PORT_LAST } from '../packet/packet.ts';
import { ANY_PROTOCOL, hasPorts, isIcmp } from '../packet/protocol.ts';
import type { BlockSet } from './block-set.ts';

/** What a rule tests. */
export interface RuleTests {
  /** IANA number, or ANY_PROTOCOL. */
  readonly protocol: number;
  /** Inclusive; absent for all ports. For ICMP: type and code, -1 for any. */
  readonly ports?: readonly [number, number] | undefined;
  readonly peer: RulePeer;
}

/** A block, the addresses a security group stands for, or the blocks of a prefix list. */
export type RulePeer = Cidr | ReadonlySet<number> | BlockSet;

export interface RuleList {
  readonly count: number;
  readonly protocols: Int32Array;
  readonly bases: Int32Array;
  readonly masks: Int32Array;
  /** Set where the rule names a security group or a prefix list. */
  readonly members: readonly (ReadonlySet<number> | BlockSet | undefined)[];
  readonly firsts: Int32Array;
  readonly lasts: Int32Array;
  /** Rules that may match a packet of IPv6: blocks of it, and groups; those with a block of it match no other packet. */
  readonly six: readonly { readonly rule: number; readonly block: Cidr | undefined }[];
  /** Rules for all addresses of a family. */
  readonly open: readonly number[];
  /** Absent for a list so short that a scan is as quick. */
  readonly classifier: Classifier | undefined;
  /** Ports above FREE_PORT_FIRST at which some rule begins or ceases to match: between two of them nothing changes. */
  readonly cuts: Int32Array;
}

const SHORTEST_CLASSIFIED = 16;
const LAST_PORT = 65535;

export function compileRules(rules: readonly RuleTests[]): RuleList {
  const ranges = rules.map(portRange);
  const blocks = rules.map(({ peer }) => ('base' in peer ? peer : undefined));
  const six = blocks.flatMap((block, rule) => (block && !isIpv6(block.base) ? [] : [{ rule, block }]));
  const cuts = new Set<number>();
  for (const [first, last] of ranges)
    for (const cut of [first, last + 1]) if (cut > FREE_PORT_FIRST && cut <= FREE_PORT_LAST) cuts.add(cut);
  return {
    count: rules.length,
    protocols: Int32Array.from(rules, ({ protocol }) => protocol),
    bases: Int32Array.from(blocks, (block) => block?.base ?? 0),
    masks: Int32Array.from(blocks, (block) => (block ? maskFor(block) : 0)),
    members: rules.map(({ peer }) => ('base' in peer ? undefined : peer)),
    firsts: Int32Array.from(ranges, ([first]) => first),
    lasts: Int32Array.from(ranges, ([, last]) => last),
    classifier: rules.length < SHORTEST_CLASSIFIED ? undefined : classifier(rules.map(testsOf)),
    six,
    open: blocks.flatMap((block, rule) => (block?.length === 0 ? [rule] : [])),
    cuts: Int32Array.from(cuts).sort(),
  };
}

/** No packet of IPv4 carries the number of an IPv6 address, so that a block of IPv6 never matches one. */
function maskFor({ base, length }: Cidr): number {
  return isIpv6(base) ? -1 : maskOf(length);
}

/** The first and last number of the destination port field that a rule admits; ICMP has type * 256 + code there. */
export function portRange({ protocol, ports }: Pick<RuleTests, 'protocol' | 'ports'>): [number, number] {
  if (!ports) return [0, LAST_PORT];
  if (isIcmp(protocol)) {
    const [type, code] = ports;
    if (type < 0) return [0, LAST_PORT];
    return code < 0 ? [type << 8, (type << 8) | 255] : [(type << 8) | code, (type << 8) | code];
  }
  return hasPorts(protocol) ? [ports[0], ports[1]] : [0, LAST_PORT];
}

function matchesRule6(
  list: RuleList,
  { rule, block }: RuleList['six'][number],
  protocol: number,
  address: number,
  port: number,
): boolean {
  const wanted = list.protocols[rule]!;
  if (wanted !== protocol && wanted !== ANY_PROTOCOL) return false;
  if (port < list.firsts[rule]! || port > list.lasts[rule]!) return false;
  if (block) return contains(block, address);
  const members = list.members[rule]!;
  return 'blocks' in members ? members.blocks.some((each) => contains(each, address)) : members.has(address);
}

function matchesRule4(
  list: RuleList,
  rule: number,
  protocol: number,
  address: number,
  port: number,
): boolean {
  const wanted = list.protocols[rule]!;
  if (wanted !== protocol && wanted !== ANY_PROTOCOL) return false;
  if (port < list.firsts[rule]! || port > list.lasts[rule]!) return false;
  const members = list.members[rule];
  return members ? members.has(address) : ((address ^ list.bases[rule]!) & list.masks[rule]!) === 0;
}

/** The first rule that matches, or -1. */
export function firstMatch(list: RuleList, protocol: number, address: number, port: number): number {
  if (isIpv6(address)) {
    for (const own of list.six) if (matchesRule6(list, own, protocol, address, port)) return own.rule;
    return -1;
  }
  const index = list.classifier;
  if (index === undefined) {
    for (let rule = 0; rule < list.count; rule++)
      if (matchesRule4(list, rule, protocol, address, port)) return rule;
    return -1;
  }
  let rule = nextCandidate(index, -1, protocol, address, 0, 0, port);
  while (rule >= 0 && !matchesRule4(list, rule, protocol, address, port))
    rule = nextCandidate(index, rule, protocol, address, 0, 0, port);
  return rule;
}

/** The equality tests among what a rule tests. The peer's address takes the place of the source. */
function testsOf(rule: RuleTests): Test[] {
  const tests: Test[] = [];
  const { protocol, peer } = rule;
  if (protocol !== ANY_PROTOCOL) tests.push({ field: FIELD.protocol, mask: -1, value: protocol });
  if ('base' in peer && (peer.length > 0 || isIpv6(peer.base)))
    tests.push({ field: FIELD.src, mask: maskFor(peer), value: peer.base });
  const [first, last] = portRange(rule);
  if (first === last) tests.push({ field: FIELD.destinationPort, mask: -1, value: first });
  return tests;
}
