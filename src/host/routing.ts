/** Policy routing: `ip rule` entries by priority, each with a table in which the longest prefix wins (fib_rules, fib_trie).
 *  The local table, and the kernel's own rules where nobody wrote others, are filled in. */
import { type Cidr, contains, longestLength, maskOf } from '../addressing/cidr.ts';
import { type Classifier, classifier, FIELD, nextCandidate, type Test } from '../addressing/classifier.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { compareIpv4, ipv4 } from '../addressing/ip.ts';
import { ipv6, isIpv6 } from '../addressing/ip6.ts';
import { longestMatch, type PrefixTable, prefixTable } from '../addressing/prefix-table.ts';
import { defaulted } from '../base/origin.ts';
import type { Interface, LinuxHost } from './linux-record.ts';
import type { Family, IpRoute, IpRule } from './rules.ts';

/** An `ip rule` with its texts resolved. */
interface CompiledIpRule {
  readonly from: number;
  readonly fromMask: number;
  readonly to: number;
  readonly toMask: number;
  readonly mark: number;
  readonly markMask: number;
  /** Number of the interface, ANY_INTERFACE, or NO_INTERFACE for a name the host does not have. */
  readonly iif: number;
  /** Blocks of IPv6 that the masks cannot say. */
  readonly blocks: readonly [from: Cidr | undefined, to: Cidr | undefined] | undefined;
  /** Values are numbers in `Routing.routes`. Undefined: nobody put a route into it. */
  readonly table: PrefixTable<number> | undefined;
}

export interface Routing {
  /** By priority. */
  readonly rules: readonly IpRule[];
  readonly routes: readonly IpRoute[];
  /** Number of the interface of each route, -1 for none. */
  readonly ports: Int32Array;
  readonly compiled: readonly CompiledIpRule[];
  readonly index: Classifier;
  /** The host's own addresses; 127.0.0.0/8 goes without saying. */
  readonly local: ReadonlySet<number>;
  readonly localTable: PrefixTable<number> | undefined;
  /** Further blocks of the local table (`ip route add local ...`). */
  readonly localBlocks: readonly Cidr[];
}

/** Routes of this type end the packet (RTN_UNREACHABLE, RTN_BLACKHOLE, RTN_PROHIBIT). */
export const NO_ROUTE = -1;
const ANY_INTERFACE = -1;
const NO_INTERFACE = -2;
/** Locally made packets are looked up as if they came in by lo. */
export const LOOPBACK = 0;

const kernel = (what: string) => defaulted('Linux', what);
const loopbackBlock: Cidr = { base: ipv4('127.0.0.0'), length: 8 };

/** Compiles what `ip rule` and `ip route show table all` say, for a host with these interfaces; of IPv6 what they say
 *  with -6. All are of one family. */
export function routing(
  interfaces: readonly Interface[],
  rules: readonly IpRule[],
  routes: readonly IpRoute[],
  family: Family = 'IPv4',
): Routing {
  const written = new Set(routes.filter(isLocalRoute).map(({ to }) => `${to.base}/${to.length}`));
  const implied = localRoutes(interfaces, family).filter(({ to }) => !written.has(`${to.base}/${to.length}`));
  const all: readonly IpRoute[] = [...implied, ...routes];
  const local = all.filter(isLocalRoute).map(({ to }) => to);
  const sorted = withKernelRules(rules);
  const tables = new Map<string, { cidr: Cidr; value: number }[]>();
  all.forEach((route, value) => {
    const entries = tables.get(route.table) ?? [];
    tables.set(route.table, entries);
    entries.push({ cidr: route.to, value });
  });
  const compiledTables = new Map([...tables].map(([name, entries]) => [name, prefixTable(entries)]));
  const numberOf = (name: string): number => interfaces.findIndex((one) => one.name === name);
  const compiled = sorted.map((rule) => ({
    from: rule.from?.base ?? 0,
    fromMask: maskFor(rule.from),
    to: rule.to?.base ?? 0,
    toMask: maskFor(rule.to),
    blocks: isPrefix6(rule.from) || isPrefix6(rule.to) ? ([rule.from, rule.to] as const) : undefined,
    mark: rule.fwmark ?? 0,
    markMask: rule.fwmark === undefined ? 0 : (rule.fwmask ?? -1),
    iif: rule.iif === undefined ? ANY_INTERFACE : numberOf(rule.iif) < 0 ? NO_INTERFACE : numberOf(rule.iif),
    table: compiledTables.get(rule.table),
  }));
  return {
    rules: sorted,
    routes: all,
    ports: Int32Array.from(all, (route) => (route.dev === '' ? -1 : numberOf(route.dev))),
    compiled,
    index: classifier(compiled.map(testsOf)),
    localTable: compiledTables.get('local'),
    local: new Set(local.filter(isSingle).map(({ base }) => base)),
    localBlocks: local.filter((block) => !isSingle(block) && block.base >>> 24 !== 127),
  };
}

const isSingle = (block: Cidr): boolean => block.length === longestLength(block);
const isPrefix6 = (block: Cidr | undefined): boolean =>
  block !== undefined && isIpv6(block.base) && block.length > 0 && block.length < 128;

/** Mask by which an address is compared with the base; 0 where a block of IPv6 is left to be looked at. */
function maskFor(block: Cidr | undefined): number {
  if (block === undefined || isPrefix6(block)) return 0;
  return isIpv6(block.base) ? (block.length === 128 ? -1 : 0) : maskOf(block.length);
}

/** The rule whose table gave the last answer of `lookup`. */
export let lastRule = -1;

/** Number of the route for a packet, or NO_ROUTE. Locally made packets have `iif` LOOPBACK. */
export function lookup(routing: Routing, dst: Ipv4, src: Ipv4, mark: number, iif: number): number {
  const { compiled, index } = routing;
  const scan = index.shapes.length === 0;
  for (let i = scan ? 0 : nextCandidate(index, -1, 0, src, dst, 0, 0); i >= 0 && i < compiled.length; ) {
    const rule = compiled[i]!;
    if (
      ((src ^ rule.from) & rule.fromMask) === 0 &&
      ((dst ^ rule.to) & rule.toMask) === 0 &&
      ((mark ^ rule.mark) & rule.markMask) === 0 &&
      (rule.iif === ANY_INTERFACE || rule.iif === iif) &&
      rule.table !== undefined &&
      (rule.blocks === undefined || inBlocks(rule.blocks, src, dst))
    ) {
      const found = longestMatch(rule.table, dst);
      if (found !== undefined) {
        lastRule = i;
        return found;
      }
    }
    i = scan ? i + 1 : nextCandidate(index, i, 0, src, dst, 0, 0);
  }
  lastRule = -1;
  return NO_ROUTE;
}

/** Whether a route leads out of an interface (fib_info_nh_uses_dev). */
export const usesInterface = ({ ports }: Routing, route: number, port: number): boolean =>
  ports[route] === port;

function inBlocks([from, to]: NonNullable<CompiledIpRule['blocks']>, src: number, dst: number): boolean {
  return (from === undefined || contains(from, src)) && (to === undefined || contains(to, dst));
}

/** Whether the host takes packets to this address as its own; with `port`, whether that interface has the address. */
export function isLocalAddress(host: LinuxHost, address: Ipv4, port = -1): boolean {
  if (port >= 0) {
    const addresses = host.interfaces[port]?.addresses;
    return (addresses?.includes(address) ?? false) || (port === LOOPBACK && address >>> 24 === 127);
  }
  const { local, localBlocks } = host.routing;
  if (local.has(address) || address >>> 24 === 127) return true;
  for (let i = 0; i < localBlocks.length; i++) if (contains(localBlocks[i]!, address)) return true;
  return false;
}

/** The address the host uses as its own on an interface: its primary one, else that of the first interface that has one
 *  (inet_select_addr; addresses of lo have host scope and don't count). */
export function addressOn(host: LinuxHost, port: number): Ipv4 | undefined {
  const own = host.interfaces[port]?.addresses[0];
  if (own !== undefined && port !== LOOPBACK) return own;
  for (let i = 1; i < host.interfaces.length; i++) {
    const address = host.interfaces[i]!.addresses[0];
    if (address !== undefined) return address;
  }
  return undefined;
}

const isLocalRoute = ({ table, type }: IpRoute): boolean => table === 'local' && type === 'local';

/** What the kernel puts into the local table for the addresses of the interfaces. */
function localRoutes(interfaces: readonly Interface[], family: Family): IpRoute[] {
  const loopback = interfaces[LOOPBACK]?.name ?? 'lo';
  const six = family === 'IPv6';
  const loopbackAddress = six ? ipv6('::1') : ipv4('127.0.0.1');
  const own = interfaces.flatMap(({ name, addresses }) =>
    addresses
      .filter((address) => address >>> 24 !== 127 && address !== loopbackAddress)
      .map((address) => ({ to: { base: address, length: six ? 128 : 32 }, src: address, of: name })),
  );
  return [
    { to: six ? { base: loopbackAddress, length: 128 } : loopbackBlock, src: loopbackAddress, of: loopback },
    ...own.sort((a, b) => compareIpv4(a.src, b.src)),
  ].map(({ to, src, of }) => ({
    table: 'local',
    to,
    dev: of,
    scope: 'host',
    src,
    type: 'local',
    origin: kernel(`address of ${of}`),
  }));
}

/** The rules 0, 32766 and 32767 that the kernel starts with, each unless the list already refers to its table. */
function withKernelRules(rules: readonly IpRule[]): IpRule[] {
  const own = (
    [
      [0, 'local'],
      [32766, 'main'],
      [32767, 'default'],
    ] as const
  )
    .filter(
      ([priority, table]) =>
        !rules.some((r) => r.table === table && (r.priority === priority || table === 'local')),
    )
    .map(([priority, table]) => ({ priority, table, origin: kernel('ip rule') }));
  return [...rules, ...own].sort((a, b) => a.priority - b.priority);
}

function testsOf(rule: CompiledIpRule): Test[] {
  return [
    ...(rule.fromMask ? [{ field: FIELD.src, mask: rule.fromMask, value: rule.from }] : []),
    ...(rule.toMask ? [{ field: FIELD.dst, mask: rule.toMask, value: rule.to }] : []),
  ];
}
