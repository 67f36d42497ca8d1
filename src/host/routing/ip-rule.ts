/** One entry of `ip rule` with its texts resolved (fib_rule_match, fib4_rule_match, fib_rules_lookup). */
import { type Cidr, contains, maskOf } from '../../addressing/cidr.ts';
import { type Classifier, classifier, FIELD, type Test } from '../../addressing/classifier.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import type { PrefixTable } from '../../addressing/prefix-table.ts';
import type { Packet } from '../../packet/packet.ts';
import { hasPorts } from '../../packet/protocol.ts';
import { alike } from '../alike.ts';
import type { IpRule } from '../rules.ts';

/** What came of a lookup that found no route; at 0 and above it is the number of the route. */
export const NO_ROUTE = -1;
/** Rules with the actions of these names. */
export const RULE_BLACKHOLE = -2;
export const RULE_UNREACHABLE = -3;
export const RULE_PROHIBIT = -4;
/** A rule asks for what nobody knows: the user that sends, the group of an interface. */
export const UNDECIDED = -5;

export const ANY_INTERFACE = -1;
const NO_INTERFACE = -2;

/** What a rule does; LOOKUP looks into its table. */
export const LOOKUP = 0;
export const NOP = 1;
export const GOTO_RULE = 2;

export interface CompiledIpRule {
  readonly from: number;
  readonly fromMask: number;
  readonly to: number;
  readonly toMask: number;
  readonly mark: number;
  readonly markMask: number;
  /** Number of the interface, ANY_INTERFACE, or one that the host does not have. */
  readonly iif: number;
  /** Blocks of IPv6 that the masks cannot say. */
  readonly blocks: readonly [from: Cidr | undefined, to: Cidr | undefined] | undefined;
  /** Values are numbers in `Routing.routes`. Undefined: nobody put a route into it, or it is the local table. */
  readonly table: PrefixTable<number> | undefined;
  /** Its table is the local one, in which no host is like another: `Routing.localTable`. */
  readonly local: boolean;
  readonly tableName: string;
  /** Nothing but the above: the common case. */
  readonly plain: boolean;
  readonly rule: IpRule;
  /** LOOKUP, NOP, GOTO_RULE, or what comes of the lookup. */
  readonly action: number;
  /** Place of the rule to go on with. */
  readonly target: number;
}

/** All entries of a host, by priority. */
export interface IpRuleList {
  readonly rules: readonly CompiledIpRule[];
  readonly index: Classifier;
  /** Some rule asks for more than addresses, mark and interface. */
  readonly asksPackets: boolean;
}

/** `sorted` is by priority. */
export function compileIpRules(
  sorted: readonly IpRule[],
  numberOf: (name: string) => number,
  tables: ReadonlyMap<string, PrefixTable<number>>,
): IpRuleList {
  const compiled = (rule: IpRule): CompiledIpRule => ({
    from: rule.from?.base ?? 0,
    fromMask: maskFor(rule.from),
    to: rule.to?.base ?? 0,
    toMask: maskFor(rule.to),
    blocks: isPrefix6(rule.from) || isPrefix6(rule.to) ? ([rule.from, rule.to] as const) : undefined,
    mark: rule.fwmark ?? 0,
    markMask: rule.fwmark === undefined ? 0 : (rule.fwmask ?? -1),
    iif: rule.iif === undefined ? ANY_INTERFACE : numberOf(rule.iif) < 0 ? NO_INTERFACE : numberOf(rule.iif),
    table: rule.table === 'local' ? undefined : tables.get(rule.table),
    local: rule.table === 'local',
    tableName: rule.table,
    plain: isPlain(rule),
    rule,
    action: actionOf(rule),
    target: rule.goto === undefined ? -1 : sorted.findIndex(({ priority }) => priority === rule.goto),
  });
  const rules = sorted.map((rule) => alike(`rule ${rule.priority} ${rule.table}`, compiled(rule), sameRule));
  const list: IpRuleList = {
    rules,
    index: classifier(rules.map(testsOf)),
    asksPackets: rules.some(({ plain }) => !plain),
  };
  return alike('rules', list, sameRules);
}

function sameRule(one: CompiledIpRule, other: CompiledIpRule): boolean {
  return (
    one.rule === other.rule &&
    one.table === other.table &&
    one.iif === other.iif &&
    one.target === other.target
  );
}

function sameRules(one: IpRuleList, other: IpRuleList): boolean {
  return one.rules.length === other.rules.length && one.rules.every((rule, i) => rule === other.rules[i]);
}

const isPrefix6 = (block: Cidr | undefined): boolean =>
  block !== undefined && isIpv6(block.base) && block.length > 0 && block.length < 128;

/** Mask by which an address is compared with the base; 0 where a block of IPv6 is left to be looked at. */
function maskFor(block: Cidr | undefined): number {
  if (block === undefined || isPrefix6(block)) return 0;
  return isIpv6(block.base) ? (block.length === 128 ? -1 : 0) : maskOf(block.length);
}

export function inBlocks(
  [from, to]: NonNullable<CompiledIpRule['blocks']>,
  src: number,
  dst: number,
): boolean {
  return (from === undefined || contains(from, src)) && (to === undefined || contains(to, dst));
}

function isPlain(rule: IpRule): boolean {
  return (
    [rule.oif, rule.tos, rule.ipProtocol, rule.sourcePorts, rule.destinationPorts, rule.users].every(
      (one) => one === undefined,
    ) &&
    !rule.not &&
    !rule.l3mdev &&
    rule.action === undefined &&
    rule.suppressPrefixLength === undefined &&
    rule.suppressGroup === undefined
  );
}

const results = {
  nop: NOP,
  goto: GOTO_RULE,
  blackhole: RULE_BLACKHOLE,
  unreachable: RULE_UNREACHABLE,
  prohibit: RULE_PROHIBIT,
};

const actionOf = ({ action }: IpRule): number => (action === undefined ? LOOKUP : results[action]);

/** The tests that the list's index may hash. */
function testsOf(rule: CompiledIpRule): Test[] {
  if (rule.rule.not) return [];
  return [
    ...(rule.fromMask ? [{ field: FIELD.src, mask: rule.fromMask, value: rule.from }] : []),
    ...(rule.toMask ? [{ field: FIELD.dst, mask: rule.toMask, value: rule.to }] : []),
  ];
}

/** Whether all of a rule holds; undefined where nobody knows. `packet` is absent for lookups that are not about one, which
 *  have no protocol; `uid` is -1 where it is not known. No socket of the model is bound to an interface, and no interface
 *  belongs to a VRF. */
export function ruleHolds(
  compiled: CompiledIpRule,
  dst: number,
  src: number,
  mark: number,
  iif: number,
  packet: Packet | undefined,
  uid: number,
): boolean | undefined {
  const { rule } = compiled;
  const others =
    ((src ^ compiled.from) & compiled.fromMask) === 0 &&
    ((dst ^ compiled.to) & compiled.toMask) === 0 &&
    (compiled.blocks === undefined || inBlocks(compiled.blocks, src, dst)) &&
    ((mark ^ compiled.mark) & compiled.markMask) === 0 &&
    (compiled.iif === ANY_INTERFACE || compiled.iif === iif) &&
    rule.oif === undefined &&
    !rule.l3mdev &&
    (rule.tos === undefined || rule.tos === ((packet?.tos ?? 0) & 0xfc)) &&
    (rule.ipProtocol === undefined || rule.ipProtocol === packet?.protocol) &&
    portHolds(rule.sourcePorts, packet, packet?.sourcePort) &&
    portHolds(rule.destinationPorts, packet, packet?.destinationPort);
  if (others && rule.users !== undefined) {
    if (uid < 0) return undefined;
    return (uid >= rule.users[0] && uid <= rule.users[1]) !== (rule.not === true);
  }
  return others !== (rule.not === true);
}

function portHolds(
  range: readonly [number, number] | undefined,
  packet: Packet | undefined,
  port: number | undefined,
): boolean {
  if (range === undefined) return true;
  return packet !== undefined && hasPorts(packet.protocol) && port! >= range[0] && port! <= range[1];
}
