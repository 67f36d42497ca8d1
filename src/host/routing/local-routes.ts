/** What the kernel puts into the local table for the addresses of interfaces, and the rules it starts with
 *  (fib_add_ifaddr, fib_default_rules_init). */
import { addressAt, type Cidr, contains } from '../../addressing/cidr.ts';
import { compareIpv4, ipv4 } from '../../addressing/ip.ts';
import { ipv6 } from '../../addressing/ip6.ts';
import { defaulted } from '../../base/origin.ts';
import type { Interface } from '../linux-record.ts';
import type { Family, IpRoute, IpRule } from '../rules.ts';

const kernel = (what: string) => defaulted('Linux', what);
const loopbackBlock: Cidr = { base: ipv4('127.0.0.0'), length: 8 };

export const isLocalRoute = ({ table, type }: IpRoute): boolean => table === 'local' && type === 'local';

const keyOf = ({ to: { base, length } }: IpRoute): string => `${base}/${length}`;

/** The routes of the local table that nobody wrote. */
export function impliedRoutes(
  interfaces: readonly Interface[],
  routes: readonly IpRoute[],
  family: Family,
): IpRoute[] {
  const written = new Set(routes.filter(({ table }) => table === 'local').map(keyOf));
  const subnets = connectedSubnets(interfaces, routes);
  const implied =
    family === 'IPv6'
      ? localRoutes6(interfaces)
      : [...localRoutes(interfaces, subnets), ...broadcastRoutes(interfaces, subnets)];
  return implied.filter((route) => !written.has(keyOf(route)));
}

interface Subnet {
  readonly to: Cidr;
  readonly dev: string;
  /** The primary address in it. */
  readonly src: number;
}

/** Known by the routes that the kernel made for them: to a link, with an address of the interface in it as source. */
function connectedSubnets(interfaces: readonly Interface[], routes: readonly IpRoute[]): Subnet[] {
  return routes.flatMap(({ to, dev, via, src, type = 'unicast' }) =>
    type === 'unicast' &&
    via === undefined &&
    src !== undefined &&
    to.length > 0 &&
    contains(to, src) &&
    interfaces.some(({ name, addresses }) => name === dev && addresses.includes(src))
      ? [{ to, dev, src }]
      : [],
  );
}

/** Of a secondary address the source is the primary one of its subnet. */
function localRoutes(interfaces: readonly Interface[], subnets: readonly Subnet[]): IpRoute[] {
  const own = interfaces.flatMap(({ name, addresses }) =>
    addresses
      .filter((address) => address >>> 24 !== 127)
      .map((address) => ({
        to: { base: address, length: 32 },
        src: subnets.find(({ to, dev }) => dev === name && contains(to, address))?.src ?? address,
        dev: name,
      })),
  );
  return [
    { to: loopbackBlock, src: ipv4('127.0.0.1'), dev: interfaces[0]?.name ?? 'lo' },
    ...own.sort((a, b) => compareIpv4(a.to.base, b.to.base)),
  ].map(localRoute);
}

function localRoutes6(interfaces: readonly Interface[]): IpRoute[] {
  const loopback = ipv6('::1');
  const own = interfaces.flatMap(({ name, addresses }) =>
    addresses
      .filter((address) => address !== loopback)
      .map((address) => ({ to: { base: address, length: 128 }, src: address, dev: name })),
  );
  return [
    { to: { base: loopback, length: 128 }, src: loopback, dev: interfaces[0]?.name ?? 'lo' },
    ...own.sort((a, b) => compareIpv4(a.src, b.src)),
  ].map(localRoute);
}

const localRoute = ({ to, src, dev }: Subnet): IpRoute => ({
  table: 'local',
  to,
  dev,
  scope: 'host',
  src,
  type: 'local',
  origin: kernel(`address of ${dev}`),
});

/** The last address of every connected subnet of four addresses or more, and of 127.0.0.0/8. */
function broadcastRoutes(interfaces: readonly Interface[], subnets: readonly Subnet[]): IpRoute[] {
  const loopback = { to: loopbackBlock, dev: interfaces[0]?.name ?? 'lo', src: ipv4('127.0.0.1') };
  return [loopback, ...subnets.filter(({ to }) => to.length < 31)].map(({ to, dev, src }) => ({
    table: 'local',
    to: { base: addressAt(to, -1), length: 32 },
    dev,
    scope: 'link',
    src,
    type: 'broadcast',
    origin: kernel(`subnet of ${dev}`),
  }));
}

/** With the rules 0, 32766 and 32767 that the kernel starts with, each unless the list already refers to its table. */
export function withKernelRules(rules: readonly IpRule[]): IpRule[] {
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
