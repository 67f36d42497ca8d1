/** `ip rule` and `ip route` lines, printed and read as iproute2 writes them. */
import { type Cidr, formatCidr, longestLength, maskOf, parseCidr } from '../../addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../../addressing/ip.ts';
import type { Origin } from '../../base/origin.ts';
import { parseRuleProtocol, printProtocol } from '../netfilter/header-match.ts';
import { hex, parseMasked, parseNumber } from '../netfilter/rule-quoting.ts';
import type { IpRoute, IpRule, NextHop } from '../rules.ts';

const prefix = (block: Cidr): string =>
  block.length === longestLength(block) ? formatIpv4(block.base) : formatCidr(block);

const range = ([first, last]: readonly [number, number]): string =>
  first === last ? `${first}` : `${first}-${last}`;

const word = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${name} ${value}`];

/** "1536:\tfrom 10.0.1.5 lookup 2" without the tab. */
export function printIpRule(rule: IpRule): string {
  const mask = rule.fwmask === undefined || rule.fwmask === -1 ? '' : `/${hex(rule.fwmask)}`;
  return [
    `${rule.priority}:${rule.not ? ' not' : ''} from ${rule.from ? prefix(rule.from) : 'all'}`,
    ...word('to', rule.to && prefix(rule.to)),
    ...word('tos', rule.tos === undefined ? undefined : tosText(rule.tos)),
    ...word('fwmark', rule.fwmark === undefined ? undefined : `${hex(rule.fwmark)}${mask}`),
    ...word('iif', rule.iif),
    ...word('oif', rule.oif),
    ...word('uidrange', rule.users && `${rule.users[0]}-${rule.users[1]}`),
    ...word('ipproto', rule.ipProtocol === undefined ? undefined : printProtocol(rule.ipProtocol)),
    ...word('sport', rule.sourcePorts && range(rule.sourcePorts)),
    ...word('dport', rule.destinationPorts && range(rule.destinationPorts)),
    actionOf(rule),
    ...word('suppress_prefixlength', rule.suppressPrefixLength),
    ...word('suppress_ifgroup', rule.suppressGroup),
  ].join(' ');
}

function actionOf({ action, goto, l3mdev, table }: IpRule): string {
  if (action === 'goto') return `goto ${goto}`;
  if (action !== undefined) return action;
  return l3mdev ? 'lookup [l3mdev-table]' : `lookup ${table}`;
}

/** iproute2 calls the values that rt_dsfield names by their names; in the model they are numbers. */
const tosText = (tos: number): string => (tos === 0 ? '0' : `0x${tos.toString(16).padStart(2, '0')}`);

/** Routes as printed so far: a trace tells the same ones again and again. */
const printed = new WeakMap<IpRoute, string>();

/** "default via 10.0.0.1 dev eth0". */
export function printIpRoute(route: IpRoute): string {
  let text = printed.get(route);
  if (text === undefined) {
    text = routeText(route);
    printed.set(route, text);
  }
  return text;
}

function routeText(route: IpRoute): string {
  return [
    ...(route.type === undefined || route.type === 'unicast' ? [] : [route.type]),
    route.to.length === 0 ? 'default' : prefix(route.to),
    ...word('tos', route.tos === undefined ? undefined : tosText(route.tos)),
    ...(route.nexthops ? [] : wayOf(route)),
    ...(route.scope === undefined || route.scope === 'global' ? [] : [`scope ${route.scope}`]),
    ...word('src', route.src === undefined ? undefined : formatIpv4(route.src)),
    ...word('metric', route.metric),
    ...(route.onlink ? ['onlink'] : []),
    ...word('mtu', route.mtu),
    ...(route.nexthops ?? []).flatMap((hop) => ['nexthop', ...wayOf(hop), `weight ${hop.weight}`]),
  ].join(' ');
}

const wayOf = ({ via, dev }: Pick<NextHop, 'via' | 'dev'>): string[] => [
  ...word('via', via === undefined ? undefined : formatIpv4(via)),
  ...(dev === '' ? [] : [`dev ${dev}`]),
];

function parsePrefix(text: string | undefined): Cidr | undefined {
  if (text === 'default' || text === 'all' || text === '0/0') return { base: 0, length: 0 };
  const parsed = parseCidr(text?.includes('/') ? text : `${text}/32`);
  return 'fault' in parsed ? undefined : parsed;
}

/** "80" or "100-200". */
function parseRange(text: string | undefined, highest: number): readonly [number, number] | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text ?? '') ?? [];
  const [low, high] = [Number(first), Number(last)];
  return low <= high && high <= highest ? [low, high] : undefined;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the value of a word into a rule; false where it can't. */
const ruleWords: Readonly<Record<string, (rule: Draft<IpRule>, value: string | undefined) => boolean>> = {
  from: (rule, value) => readBlock(rule, 'from', value),
  to: (rule, value) => readBlock(rule, 'to', value),
  fwmark(rule, value) {
    const masked = parseMasked(value);
    if (!masked) return false;
    rule.fwmark = masked.value;
    if (masked.mask !== -1) rule.fwmask = masked.mask;
    return true;
  },
  iif(rule, value) {
    rule.iif = value;
    return value !== undefined;
  },
  oif(rule, value) {
    rule.oif = value;
    return value !== undefined;
  },
  tos(rule, value) {
    rule.tos = parseNumber(value);
    return rule.tos !== undefined;
  },
  ipproto(rule, value) {
    rule.ipProtocol = parseRuleProtocol(value ?? '');
    return rule.ipProtocol !== undefined;
  },
  sport(rule, value) {
    rule.sourcePorts = parseRange(value, 65535);
    return rule.sourcePorts !== undefined;
  },
  dport(rule, value) {
    rule.destinationPorts = parseRange(value, 65535);
    return rule.destinationPorts !== undefined;
  },
  uidrange(rule, value) {
    rule.users = parseRange(value, 0xffffffff);
    return rule.users !== undefined;
  },
  lookup(rule, value) {
    if (value === '[l3mdev-table]') rule.l3mdev = true;
    else rule.table = value ?? '';
    return value !== undefined;
  },
  suppress_prefixlength(rule, value) {
    rule.suppressPrefixLength = parseNumber(value);
    return rule.suppressPrefixLength !== undefined;
  },
  suppress_ifgroup(rule, value) {
    rule.suppressGroup = value;
    return value !== undefined;
  },
  goto(rule, value) {
    rule.action = 'goto';
    rule.goto = parseNumber(value);
    return rule.goto !== undefined;
  },
  // Who wrote it, and what only counts.
  proto: () => true,
  protocol: () => true,
  realms: () => true,
};

function readBlock(rule: Draft<IpRule>, end: 'from' | 'to', value: string | undefined): boolean {
  const block = parsePrefix(value);
  if (block !== undefined && block.length > 0) rule[end] = block;
  return block !== undefined;
}

const actions = ['nop', 'blackhole', 'unreachable', 'prohibit'] as const;
const synonyms: Readonly<Record<string, string>> = { table: 'lookup', dsfield: 'tos' };

/** One line of `ip rule`; undefined when it says something that is not modelled. */
export function parseIpRule(line: string, origin: Origin): IpRule | undefined {
  const parts = /^(\d+):\s+(.*)$/.exec(line.trim());
  if (!parts) return undefined;
  const words = parts[2]!.split(/\s+/).filter((one) => one !== '[unresolved]' && one !== '[detached]');
  const rule: Draft<IpRule> = { priority: Number(parts[1]), table: '', origin };
  for (let i = 0; i < words.length; i++) {
    const name = synonyms[words[i]!] ?? words[i]!;
    const action = actions.find((one) => one === name);
    if (name === 'not') rule.not = true;
    else if (action !== undefined) rule.action = action;
    else if (!Object.hasOwn(ruleWords, name) || !ruleWords[name]!(rule, words[++i])) return undefined;
  }
  return rule.table === '' && rule.action === undefined && !rule.l3mdev ? undefined : rule;
}

const types = [
  ...['unicast', 'local', 'broadcast', 'anycast', 'multicast'],
  ...['unreachable', 'blackhole', 'prohibit', 'throw'],
] as readonly NonNullable<IpRoute['type']>[];
const scopes = ['link', 'host', 'global'] as const;
/** Words that take a value and do not bear on where a packet goes. */
const passed = new Set([
  ...['proto', 'protocol', 'advmss', 'pref', 'window', 'rtt', 'rttvar', 'rto_min', 'initcwnd', 'initrwnd'],
  ...['cwnd', 'ssthresh', 'reordering', 'hoplimit', 'quickack', 'congctl', 'features', 'expires', 'error'],
]);
const flags = new Set(['linkdown', 'offload', 'trap', 'lock', 'pervasive', 'rt_offload', 'rt_trap']);

/** One line of `ip route`, next hops of their own lines joined to it; undefined when it says something that is not
 *  modelled. `table` is the one it was listed for. */
export function parseIpRoute(line: string, table: string, origin: Origin): IpRoute | undefined {
  const [head = '', ...hops] = line
    .trim()
    .replace(/\bmtu lock /, 'mtu ')
    .split(/\s+nexthop\s+/);
  const words = head.split(/\s+/);
  const type = types.find((name) => name === words[0]);
  let i = type === undefined ? 0 : 1;
  const to = parsePrefix(words[i++]);
  if (to === undefined || (to.base & maskOf(to.length)) !== to.base) return undefined;
  const route: Draft<IpRoute> = { table, to, dev: '', origin };
  if (type !== undefined && type !== 'unicast') route.type = type;
  while (i < words.length) {
    const name = words[i++]!;
    if (name === 'onlink') route.onlink = true;
    else if (name === 'dead') return undefined;
    else if (!flags.has(name) && !readRouteWord(route, name, words[i++])) return undefined;
  }
  if (hops.length === 0) return route;
  const nexthops = hops.map(parseNextHop);
  if (nexthops.includes(undefined)) return undefined;
  const { via, dev } = nexthops[0]!;
  return { ...route, ...(via === undefined ? {} : { via }), dev, nexthops: nexthops as NextHop[] };
}

function readRouteWord(route: Draft<IpRoute>, name: string, value: string | undefined): boolean {
  switch (name) {
    case 'dev':
    case 'table':
      route[name] = value ?? '';
      return true;
    case 'via':
    case 'src':
      route[name] = parseIpv4(value ?? '');
      return route[name] !== undefined;
    case 'tos':
    case 'dsfield':
      route.tos = parseNumber(value) || undefined;
      return parseNumber(value) !== undefined;
    case 'metric':
    case 'priority':
      route.metric = value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
      return route.metric !== undefined;
    case 'mtu':
      route.mtu = parseNumber(value);
      return route.mtu !== undefined;
    case 'scope': {
      const scope = scopes.find((one) => one === value);
      if (scope !== undefined && scope !== 'global') route.scope = scope;
      return scope !== undefined;
    }
    default:
      return passed.has(name);
  }
}

/** "via 10.0.0.1 dev eth0 weight 2". */
function parseNextHop(text: string): NextHop | undefined {
  const words = text.split(/\s+/).filter((one) => !flags.has(one) && one !== 'onlink');
  const value = (name: string): string | undefined =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  const [via, dev, weight] = [value('via'), value('dev'), Number(value('weight') ?? 1)];
  const address = via === undefined ? undefined : parseIpv4(via);
  if (dev === undefined || words.length % 2 !== 0 || (via !== undefined && address === undefined))
    return undefined;
  if (!(weight >= 1)) return undefined;
  return { ...(address === undefined ? {} : { via: address }), dev, weight };
}
