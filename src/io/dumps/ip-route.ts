/** Lines of `ip route show table all` and of `ip route` (ip-route(8)), with the next hops of a route of several on lines
 *  of their own. */
import { type Cidr, everyAddress, parseCidr } from '../../addressing/cidr.ts';
import { parseIpRoute } from '../../host/routing/routing-text.ts';
import type { DumpText } from './dump-text.ts';
import type { Gathered } from './gathered.ts';

const types = 'unicast|local|broadcast|multicast|anycast|throw|unreachable|blackhole|prohibit|nat';
const prefix = '(?:default|\\d{1,3}(?:\\.\\d{1,3}){0,3}(?:/\\d+)?|[\\da-f]*:[\\da-f:.]*(?:/\\d+)?)';
const more = 'via|dev|proto|table|nexthop|nhid|scope|metric|src|tos|encap|mtu|error|onlink|\\\\';
const start = new RegExp(`^(?:(?:${types})\\s+${prefix}(?:\\s|$)|${prefix}\\s+(?:${more})(?:\\s|$))`);

export function isIpRoute(line: string): boolean {
  return start.test(line);
}

/** The table that a heading speaks of: "# ip route show table 2", "$ ip r list table main". */
export function routeTableIn(heading: string): string | undefined {
  const found = /\bip\b.*\br(?:oute?)?\b.*\btable\s+(\S+)/.exec(heading)?.[1];
  return found === 'all' ? undefined : found;
}

/** Neither is where packets for hosts go: broadcasts and multicasts are not modelled. */
const passed = /^(?:broadcast|multicast|anycast)\s/;

/** Said on top of where the route leads: the number of its next hop object, and what the route cache knew. */
const beside = /\snhid \d+(?=.*\s(?:via|dev|nexthop)\s)|\scache(?:\s.*)?$/g;

/** Reads the route on the line `at`; gives the line behind it. `table` holds where the route does not say. */
export function readIpRoute(dump: DumpText, at: number, table: string, into: Gathered): number {
  let end = at + 1;
  // Printed on lines of their own, or with -o behind a backslash.
  while (end < dump.lines.length && /^\s+(?:nexthop|cache)\b/.test(dump.lines[end]!)) end++;
  const whole = dump.lines.slice(at, end).join(' ').replaceAll('\\', ' ').trim().replace(/\s+/g, ' ');
  const text = whole.replace(beside, '');
  into.sawRoutes = true;
  if (/\stable\s/.test(text)) into.sawTables = true;
  for (const [, name] of text.matchAll(/\sdev (\S+)/g)) into.interfaces.add(name!);
  if (passed.test(text) || isIpv6(text)) return end;
  const route = parseIpRoute(text, table, dump.originOf(at));
  if (route) into.ipRoutes.push(route);
  else {
    into.absent.push({ what: `route "${text}"`, to: destinationOf(text) });
    dump.warn(at, {
      code: 'dump/not-modelled',
      message: 'this route says something that is not modelled: paths that would meet it are undetermined',
    });
  }
  return end;
}

/** A default route of IPv6 is told by its gateway, or by the preference that only IPv6 has. */
function isIpv6(text: string): boolean {
  const [to = '', ...more] = text.replace(new RegExp(`^(?:${types})\\s+`), '').split(' ');
  if (to !== 'default') return to.includes(':');
  return / pref (?:low|medium|high)\b/.test(text) || / via [\da-f]*:/.test(` ${more.join(' ')}`);
}

function destinationOf(text: string): Cidr {
  const word = text.replace(new RegExp(`^(?:${types})\\s+`), '').split(' ')[0]!;
  const parsed = parseCidr(word.includes('/') ? word : `${word}/32`);
  return 'fault' in parsed ? everyAddress : parsed;
}
