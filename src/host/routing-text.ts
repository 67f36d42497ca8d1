/** `ip rule` and `ip route` lines, printed and read as iproute2 writes them. */
import { type Cidr, formatCidr, longestLength, maskOf, parseCidr } from '../addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';
import type { IpRoute, IpRule } from './rules.ts';
import { hex, parseMasked } from './words.ts';

const prefix = (block: Cidr): string =>
  block.length === longestLength(block) ? formatIpv4(block.base) : formatCidr(block);

/** "1536:\tfrom 10.0.1.5 lookup 2" without the tab. */
export function printIpRule(rule: IpRule): string {
  const mask = rule.fwmask === undefined || rule.fwmask === -1 ? '' : `/${hex(rule.fwmask)}`;
  return [
    `${rule.priority}: from ${rule.from ? prefix(rule.from) : 'all'}`,
    ...(rule.to ? [`to ${prefix(rule.to)}`] : []),
    ...(rule.fwmark === undefined ? [] : [`fwmark ${hex(rule.fwmark)}${mask}`]),
    ...(rule.iif === undefined ? [] : [`iif ${rule.iif}`]),
    `lookup ${rule.table}`,
  ].join(' ');
}

/** "default via 10.0.0.1 dev eth0". */
export function printIpRoute(route: IpRoute): string {
  return [
    ...(route.type === undefined || route.type === 'unicast' ? [] : [route.type]),
    route.to.length === 0 ? 'default' : prefix(route.to),
    ...(route.via === undefined ? [] : [`via ${formatIpv4(route.via)}`]),
    ...(route.dev === '' ? [] : [`dev ${route.dev}`]),
    ...(route.scope === undefined || route.scope === 'global' ? [] : [`scope ${route.scope}`]),
    ...(route.src === undefined ? [] : [`src ${formatIpv4(route.src)}`]),
  ].join(' ');
}

function parsePrefix(text: string | undefined): Cidr | undefined {
  if (text === 'default' || text === 'all' || text === '0/0') return { base: 0, length: 0 };
  const parsed = parseCidr(text?.includes('/') ? text : `${text}/32`);
  return 'fault' in parsed ? undefined : parsed;
}

/** One line of `ip rule`; undefined when it says something that is not modelled. */
export function parseIpRule(line: string, origin: Origin): IpRule | undefined {
  const parts = /^(\d+):\s+(.*)$/.exec(line.trim());
  if (!parts) return undefined;
  const words = parts[2]!.split(/\s+/);
  const rule: { -readonly [K in keyof IpRule]: IpRule[K] } = {
    priority: Number(parts[1]),
    table: '',
    origin,
  };
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1];
    switch (words[i]) {
      case 'from':
      case 'to': {
        const block = parsePrefix(value);
        if (block === undefined) return undefined;
        if (block.length > 0) rule[words[i] as 'from' | 'to'] = block;
        break;
      }
      case 'fwmark': {
        const masked = parseMasked(value);
        if (!masked) return undefined;
        rule.fwmark = masked.value;
        if (masked.mask !== -1) rule.fwmask = masked.mask;
        break;
      }
      case 'iif':
        rule.iif = value;
        break;
      case 'lookup':
      case 'table':
        rule.table = value ?? '';
        break;
      default:
        return undefined;
    }
  }
  return rule.table === '' ? undefined : rule;
}

const types = ['unicast', 'local', 'unreachable', 'blackhole', 'prohibit'] as const;
const scopes = ['link', 'host', 'global'] as const;
/** Words that take a value and do not bear on where a packet goes. */
const passed = new Set(['proto', 'metric', 'mtu', 'advmss', 'pref', 'tos']);

/** One line of `ip route`; undefined when it says something that is not modelled. `table` is the one it was listed for. */
export function parseIpRoute(line: string, table: string, origin: Origin): IpRoute | undefined {
  const words = line.trim().split(/\s+/);
  const type = types.find((name) => name === words[0]);
  let i = type === undefined ? 0 : 1;
  const to = parsePrefix(words[i++]);
  if (to === undefined || (to.base & maskOf(to.length)) !== to.base) return undefined;
  const route: { -readonly [K in keyof IpRoute]: IpRoute[K] } = { table, to, dev: '', origin };
  if (type !== undefined && type !== 'unicast') route.type = type;
  while (i < words.length) {
    const word = words[i++]!;
    const value = words[i++];
    if (word === 'onlink' || word === 'linkdown') i--;
    else if (word === 'dev') route.dev = value ?? '';
    else if (word === 'table') route.table = value ?? '';
    else if (word === 'via' || word === 'src') {
      const address = parseIpv4(value ?? '');
      if (address === undefined) return undefined;
      route[word] = address;
    } else if (word === 'scope') {
      const scope = scopes.find((name) => name === value);
      if (scope === undefined) return undefined;
      if (scope !== 'global') route.scope = scope;
    } else if (!passed.has(word)) return undefined;
  }
  return route;
}
