/** Policy routing: `ip rule` entries by priority, each with a table in which the longest prefix wins (fib_rules, fib_trie).
 *  The local table, and the kernel's own rules where nobody wrote others, are filled in. */
import { type Cidr, contains, longestLength } from '../../addressing/cidr.ts';
import { nextCandidate } from '../../addressing/classifier.ts';
import type { Ipv4 } from '../../addressing/ip.ts';
import { longestMatch, type PrefixTable, prefixTable } from '../../addressing/prefix-table.ts';
import type { Packet } from '../../packet/packet.ts';
import { alike, sameNumbers } from '../alike.ts';
import type { Interface, LinuxHost } from '../linux-record.ts';
import type { Family, IpRoute, IpRule } from '../rules.ts';
import {
  ANY_INTERFACE,
  type CompiledIpRule,
  compileIpRules,
  GOTO_RULE,
  type IpRuleList,
  inBlocks,
  LOOKUP,
  NO_ROUTE,
  NOP,
  ruleHolds,
  UNDECIDED,
} from './ip-rule.ts';
import { impliedRoutes, isLocalRoute, withKernelRules } from './local-routes.ts';
import { RTN_BLACKHOLE, RTN_PROHIBIT, RTN_THROW, RTN_UNREACHABLE, typeOf } from './route-type.ts';

type Tables = ReadonlyMap<string, PrefixTable<number>>;

export interface Routing {
  /** By priority. */
  readonly rules: readonly IpRule[];
  readonly routes: readonly IpRoute[];
  /** Number of the interface of each route, -1 for none; of a route with several next hops that of the first. */
  readonly ports: Int32Array;
  /** Type of each route, by its RTN_ number. */
  readonly types: Uint8Array;
  /** Gateway of each route, 0 where it is on the link; of a route with several next hops that of the first. */
  readonly gateways: Int32Array;
  /** Numbers of the interfaces of routes with several next hops. */
  readonly hops: ReadonlyMap<number, readonly number[]>;
  readonly compiled: IpRuleList;
  readonly localTable: PrefixTable<number> | undefined;
  /** Tables for packets with a type of service that some route asks for. */
  readonly byTos: ReadonlyMap<number, Tables>;
  /** The local table comes first, and no other has addresses that are local or for all. */
  readonly localFirst: boolean;
  /** No route is a `throw` or for a type of service. */
  readonly simple: boolean;
  /** Some route is a `throw`. */
  readonly throws: boolean;
  /** Somebody wrote rules or routes of the local table (fib4_has_custom_rules, fib_has_custom_local_routes). */
  readonly custom: boolean;
  /** The host's own addresses; 127.0.0.0/8 goes without saying. A list while they are few. */
  readonly local: readonly number[] | ReadonlySet<number>;
  /** Further blocks of the local table (`ip route add local ...`). */
  readonly localBlocks: readonly Cidr[];
}

/** Locally made packets are looked up as if they came in by lo. */
export const LOOPBACK = 0;

/** Compiles what `ip rule` and `ip route show table all` say, for a host with these interfaces; of IPv6 what they say
 *  with -6. All are of one family. */
export function routing(
  interfaces: readonly Interface[],
  rules: readonly IpRule[],
  routes: readonly IpRoute[],
  family: Family = 'IPv4',
): Routing {
  const all: readonly IpRoute[] = [...impliedRoutes(interfaces, routes, family), ...routes];
  const local = all.filter(isLocalRoute).map(({ to }) => to);
  const sorted = withKernelRules(rules);
  const addresses = new Set(interfaces.flatMap((one) => one.addresses));
  const tables = tablesFor(all, 0);
  const numberOf = (name: string): number => interfaces.findIndex((one) => one.name === name);
  const compiled = compileIpRules(sorted, numberOf, tables);
  const services = new Set(all.flatMap(({ tos }) => (tos === undefined ? [] : [tos])));
  return {
    rules: sorted,
    routes: all,
    ports: alike(
      'ports',
      Int32Array.from(all, (route) => (route.dev === '' ? -1 : numberOf(route.dev))),
      sameNumbers,
    ),
    types: alike('types', Uint8Array.from(all, typeOf), sameNumbers),
    gateways: alike(
      'gateways',
      Int32Array.from(all, ({ via = 0 }) => via),
      sameNumbers,
    ),
    hops: all.some(({ nexthops }) => nexthops)
      ? new Map(
          all.flatMap(({ nexthops }, i) => (nexthops ? [[i, nexthops.map(({ dev }) => numberOf(dev))]] : [])),
        )
      : NONE,
    compiled,
    localTable: tables.get('local'),
    byTos: services.size > 0 ? new Map([...services].map((tos) => [tos, tablesFor(all, tos)])) : NONE,
    localFirst:
      compiled.rules[0]!.local &&
      isEverything(sorted[0]!) &&
      all.every(({ table, type = 'unicast' }) => table === 'local' || !forItself.has(type)),
    simple: services.size === 0 && !all.some(({ type }) => type === 'throw'),
    throws: all.some(({ type }) => type === 'throw'),
    custom:
      rules.some(({ priority, table }) => standard.get(priority) !== table) ||
      routes.some((route) => isLocalRoute(route) && !addresses.has(route.to.base)),
    local: ownAddresses(local.filter(isSingle).map(({ base }) => base)),
    localBlocks: local.filter((block) => !isSingle(block) && block.base >>> 24 !== 127),
  };
}

/** Up to here a list is looked through sooner than a set. */
const LONGEST_LIST = 8;

function ownAddresses(addresses: readonly number[]): Routing['local'] {
  const different = new Set(addresses);
  return different.size > LONGEST_LIST ? different : [...different];
}

/** Whether an address is one of the host's own, blocks of the local table left out. */
export function isOwn({ local }: Routing, address: Ipv4): boolean {
  return Array.isArray(local) ? local.includes(address) : (local as ReadonlySet<number>).has(address);
}

const NONE = new Map<number, never>();

const isSingle = (block: Cidr): boolean => block.length === longestLength(block);

const forItself: ReadonlySet<string> = new Set(['local', 'broadcast', 'anycast', 'multicast']);

/** A rule without conditions. */
const isEverything = ({ priority, table, origin, ...conditions }: IpRule): boolean =>
  Object.values(conditions).every((condition) => condition === undefined);

const standard: ReadonlyMap<number, string> = new Map([
  [0, 'local'],
  [32766, 'main'],
  [32767, 'default'],
]);

/** The tables as a packet with this type of service finds them: of equal prefixes routes for it come first, then the
 *  lowest metric (fib_find_alias). */
function tablesFor(routes: readonly IpRoute[], tos: number): Tables {
  const tables = new Map<string, { cidr: Cidr; value: number }[]>();
  routes.forEach((route, value) => {
    const entries = tables.get(route.table) ?? [];
    tables.set(route.table, entries);
    if (route.tos === undefined || route.tos === tos) entries.push({ cidr: route.to, value });
  });
  const order = (a: { value: number }, b: { value: number }): number => {
    const [one, other] = [routes[a.value]!, routes[b.value]!];
    return (other.tos ?? 0) - (one.tos ?? 0) || (one.metric ?? 0) - (other.metric ?? 0) || a.value - b.value;
  };
  return new Map(
    [...tables].map(([name, entries]) => {
      const made = prefixTable(entries.sort(order));
      return [name, name === 'local' ? made : alike(`table ${name}`, made, sameTable)];
    }),
  );
}

function sameTable(one: PrefixTable<number>, other: PrefixTable<number>): boolean {
  return (
    one.six === other.six &&
    sameNumbers(one.cells, other.cells) &&
    one.entries.every(({ value }, i) => value === other.entries[i]!.value)
  );
}

/** The rule whose table gave the last answer of `lookup`. */
export let lastRule = -1;

/** Number of the route for a packet, or NO_ROUTE and its like. Locally made packets have `iif` LOOPBACK. `packet` is
 *  what rules and routes about ports, protocols and types of service look at; `uid` as `ruleHolds` has it. */
export function lookup(
  routing: Routing,
  dst: Ipv4,
  src: Ipv4,
  mark: number,
  iif: number,
  packet?: Packet,
  uid = 0,
): number {
  const { rules, index } = routing.compiled;
  const scan = index.shapes.length === 0;
  for (let i = scan ? 0 : nextCandidate(index, -1, 0, src, dst, 0, 0); i >= 0 && i < rules.length; ) {
    const rule = rules[i]!;
    if (rule.plain) {
      const table = rule.local ? routing.localTable : rule.table;
      if (
        ((src ^ rule.from) & rule.fromMask) === 0 &&
        ((dst ^ rule.to) & rule.toMask) === 0 &&
        ((mark ^ rule.mark) & rule.markMask) === 0 &&
        (rule.iif === ANY_INTERFACE || rule.iif === iif) &&
        table !== undefined &&
        (rule.blocks === undefined || inBlocks(rule.blocks, src, dst))
      ) {
        const found = routing.simple ? longestMatch(table, dst) : inTable(routing, rule, dst, packet);
        if (found !== undefined && found !== NO_ROUTE) {
          lastRule = i;
          return found;
        }
      }
    } else {
      const holds = ruleHolds(rule, dst, src, mark, iif, packet, uid);
      if (holds && rule.action === GOTO_RULE && rule.target > i) {
        i = scan ? rule.target : nextCandidate(index, rule.target - 1, 0, src, dst, 0, 0);
        continue;
      }
      const found = holds === undefined ? UNDECIDED : holds ? act(routing, rule, dst, packet) : NO_ROUTE;
      if (found !== NO_ROUTE) {
        lastRule = i;
        return found;
      }
    }
    i = scan ? i + 1 : nextCandidate(index, i, 0, src, dst, 0, 0);
  }
  lastRule = -1;
  return NO_ROUTE;
}

/** fib4_rule_action and fib4_rule_suppress. */
function act(routing: Routing, compiled: CompiledIpRule, dst: Ipv4, packet: Packet | undefined): number {
  const { action, rule } = compiled;
  if (action === NOP || action === GOTO_RULE) return NO_ROUTE;
  if (action !== LOOKUP) return action;
  const found = inTable(routing, compiled, dst, packet);
  if (found === NO_ROUTE || isRefusal(routing.types[found]!)) return found;
  if (routing.routes[found]!.to.length <= (rule.suppressPrefixLength ?? -1)) return NO_ROUTE;
  return rule.suppressGroup === undefined || routing.ports[found]! < 0 ? found : UNDECIDED;
}

const isRefusal = (type: number): boolean =>
  type === RTN_BLACKHOLE || type === RTN_UNREACHABLE || type === RTN_PROHIBIT;

/** Number of the route that a rule's table has, or NO_ROUTE; a `throw` is none. */
function inTable(routing: Routing, rule: CompiledIpRule, dst: Ipv4, packet: Packet | undefined): number {
  let table = rule.local ? routing.localTable : rule.table;
  if (packet !== undefined && packet.tos !== 0 && routing.byTos.size > 0)
    table = routing.byTos.get(packet.tos & 0xfc)?.get(rule.tableName) ?? table;
  const found = (table && longestMatch(table, dst)) ?? NO_ROUTE;
  return routing.throws && found !== NO_ROUTE && routing.types[found] === RTN_THROW ? NO_ROUTE : found;
}

/** Whether a route leads out of an interface, by one of its next hops (fib_info_nh_uses_dev). */
export function usesInterface({ ports, hops }: Routing, route: number, port: number): boolean {
  return ports[route] === port || (hops.get(route)?.includes(port) ?? false);
}

/** Whether the host takes packets to this address as its own. */
export function isLocalAddress(host: LinuxHost, address: Ipv4): boolean {
  const { localBlocks } = host.routing;
  if (isOwn(host.routing, address) || address >>> 24 === 127) return true;
  for (let i = 0; i < localBlocks.length; i++) if (contains(localBlocks[i]!, address)) return true;
  return false;
}
