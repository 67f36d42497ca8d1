/** Which address of its own a host uses: for packets that it makes, for masquerading, and for ICMP errors. */
import { contains } from '../../addressing/cidr.ts';
import type { Ipv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { sourceFor6 } from '../../addressing/source6.ts';
import type { LinuxHost } from '../linux-record.ts';
import { isLoopback } from './address-type.ts';
import { LOOPBACK, lookup } from './routing.ts';

/** The address of an interface towards a next hop (inet_select_addr): one whose subnet has the next hop, else the
 *  interface's first, else the first of any interface. Loopback addresses have host scope and don't count. */
export function addressTowards(host: LinuxHost, port: number, nextHop: Ipv4): Ipv4 | undefined {
  if (isIpv6(nextHop)) return addressTowards6(host, port, nextHop);
  const own = host.interfaces[port]?.addresses.filter((address) => !isLoopback(address)) ?? [];
  const near = own.length > 1 ? own.find((address) => isConnected(host, port, address, nextHop)) : undefined;
  if (near !== undefined) return near;
  if (own.length > 0) return own[0];
  for (const { addresses } of host.interfaces) {
    const first = addresses.find((address) => !isLoopback(address));
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Of IPv6 the destination decides, not the next hop. */
function addressTowards6({ interfaces }: LinuxHost, port: number, destination: number): number | undefined {
  const own = interfaces[port]?.addresses ?? [];
  return sourceFor6(own.length > 0 ? own : interfaces.flatMap(({ addresses }) => addresses), destination);
}

/** Whether the subnet of an address, known by the route that the kernel made for it, holds another. */
function isConnected({ routing, interfaces }: LinuxHost, port: number, address: Ipv4, other: Ipv4): boolean {
  const { name } = interfaces[port]!;
  return routing.routes.some(
    ({ to, dev, src, via, type }) =>
      type === undefined && via === undefined && src === address && dev === name && contains(to, other),
  );
}

/** The source address of a packet that the host makes and that leaves by this route (fib_result_prefsrc). */
export function sourceOf(host: LinuxHost, route: number, dst: Ipv4): Ipv4 | undefined {
  const { src, via, type } = host.routing.routes[route]!;
  if (src !== undefined) return src;
  const port = host.routing.ports[route]!;
  if (type === 'local' && port === LOOPBACK) return dst;
  return addressTowards(host, port, isIpv6(dst) ? dst : (via ?? dst));
}

/** The source address of a packet that a process sends without choosing one (ip_route_output_key), or undefined where it
 *  can't be sent. */
export function sourceTowards(host: LinuxHost, dst: Ipv4): Ipv4 | undefined {
  const route = lookup(host.routing, dst, 0, 0, LOOPBACK, undefined, -1);
  return route < 0 ? undefined : sourceOf(host, route, dst);
}
