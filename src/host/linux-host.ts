/** A Linux network namespace that treats packets as the kernel does: hooks, routing, forwarding, delivery.
 *  Nodes, pods and instances are all this; they differ in their wiring and rules. */

import { cidr, contains } from '../addressing/cidr.ts';
import { ipv6, isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import {
  ADMIN_PROHIBITED,
  HOST_UNREACHABLE,
  NET_UNREACHABLE,
  TIME_EXCEEDED,
  UNREACHABLE,
} from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { LOCAL, MATCHED, type Outcome, PASSED, REWROTE, SKIPPED } from '../trace/outcome.ts';
import type { Drop } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { attach, confirm } from './conntrack.ts';
import type { Flow } from './flow.ts';
import { forwarded, input, output, outputAfterNat, postrouting, prerouting } from './hooks.ts';
import {
  absentInterface,
  absentPart,
  arrived,
  beyondIpv6,
  looped,
  martian,
  noIpv6,
  noNeighbour,
  noRoute,
  noSecurityGroup,
  notForwarding,
  reversePath,
  routed,
  ttlExceeded,
} from './host-words.ts';
import { type Interface, type LinuxHost, sideFor } from './linux-record.ts';
import { flow } from './netfilter.ts';
import { rejectSource } from './reject-source.ts';
import { isLocalAddress, LOOPBACK, lastRule, lookup, NO_ROUTE, routing } from './routing.ts';
import type { RuleSet } from './rule-set.ts';
import type { Absent, IpRoute, IpRule } from './rules.ts';

/** What a host is made of; the rest has the kernel's defaults. */
export interface LinuxHostSpec extends DeviceRecord {
  /** The first is lo. */
  readonly interfaces: readonly Interface[];
  /** `ip rule`; the kernel's own three are added where they are missing. */
  readonly rules?: readonly IpRule[];
  /** `ip route` of all tables but local. */
  readonly routes: readonly IpRoute[];
  /** Null: no rule was ever loaded. */
  readonly netfilter: RuleSet | null;
  /** net.ipv4.ip_forward. Default: false. */
  readonly forwarding?: boolean;
  readonly listening: readonly ListeningPort[];
  /** Read: net.ipv4.conf.{all,NAME}.rp_filter and .route_localnet. Default: none set, the kernel's zeros. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly absent?: readonly Absent[];
  /** Absent: the host has no IPv6. */
  readonly ipv6?: Ipv6Spec | undefined;
}

/** What a host has of IPv6; sysctl net.ipv6.conf.all.forwarding says whether it forwards. */
export interface Ipv6Spec {
  /** By interface; ::1 of lo goes without saying. */
  readonly addresses: readonly (readonly number[])[];
  /** `ip -6 rule`. */
  readonly rules?: readonly IpRule[];
  /** `ip -6 route` of all tables but local. */
  readonly routes: readonly IpRoute[];
  readonly netfilter: RuleSet | null;
}

export function linuxHost(spec: LinuxHostSpec): LinuxHost {
  const { rules = [], routes, interfaces, sysctls = {}, forwarding = false, ipv6: six, ...rest } = spec;
  const absent = six ? inBothFamilies(spec.absent ?? []) : (spec.absent ?? []);
  const setting = (name: string, key: string): number =>
    Number(sysctls[`net.ipv4.conf.${name}.${key}`] ?? sysctls[`net/ipv4/conf/${name}/${key}`] ?? 0);
  const highest = (name: string, key: string): number => Math.max(setting('all', key), setting(name, key));
  const host: LinuxHost = {
    ...rest,
    interfaces,
    forwarding,
    absent,
    sysctls,
    routing: routing(interfaces, rules, routes),
    reversePathFilter: interfaces.map(({ name }) => Math.min(2, highest(name, 'rp_filter')) as 0 | 1 | 2),
    routeLocalnet: interfaces.map(({ name }) => highest(name, 'route_localnet') > 0),
    ipv6: undefined,
  };
  return six ? { ...host, ipv6: sixOf(host, six) } : host;
}

/** IPv6 has no rp_filter of its own, and no route_localnet. */
function sixOf(host: LinuxHost, { addresses, rules = [], routes, netfilter }: Ipv6Spec): LinuxHost {
  const interfaces = host.interfaces.map((one, i) => ({ ...one, addresses: addresses[i] ?? [] }));
  const { 'net.ipv6.conf.all.forwarding': dotted, 'net/ipv6/conf/all/forwarding': slashed } = host.sysctls;
  return {
    ...host,
    interfaces,
    netfilter,
    forwarding: Number(dotted ?? slashed ?? 0) > 0,
    routing: routing(interfaces, rules, routes, 'IPv6'),
    reversePathFilter: interfaces.map(() => 0 as const),
    routeLocalnet: interfaces.map(() => false),
  };
}

/** What is not modelled may decide about packets of IPv6 too: nothing says that it does not. */
function inBothFamilies(absent: readonly Absent[]): readonly Absent[] {
  return [...absent, ...absent.map((part) => ({ ...part, to: cidr('::/0') }))];
}

/** The behaviour of every Linux host. */
export function receiveLinux(self: LinuxHost, packet: Packet, walk: Walk): Outcome {
  const host = sideFor(self, packet.dst);
  if (host === undefined) return walk.undetermined(noIpv6);
  flow.begin(host, packet, walk);
  for (let i = 0; i < self.absent.length; i++) {
    const { to, ports } = self.absent[i]!;
    if (contains(to, packet.dst) && (!ports || ports.has(packet.destinationPort)))
      return walk.undetermined(absentPart, i);
  }
  if (walk.port === LOCAL) return send(flow);
  if (walk.from < 0) walk.step(arrived, PASSED, walk.port);
  return take(flow);
}

/** ip_rcv, ip_rcv_finish, ip_route_input. */
function take(flow: Flow): Outcome {
  const { host, packet, walk, inPort } = flow;
  let end = (isIpv6(packet.dst) && checkLoopback6(flow)) || prerouting(flow);
  if (end) return end;
  if (inPort === LOOPBACK) return deliver(flow);

  end = checkAddresses(flow);
  if (end) return end;
  const route = lookup(host.routing, packet.dst, packet.src, packet.mark, inPort);
  if (route === NO_ROUTE) {
    if (host.forwarding) return unroutable(flow, route);
    return walk.stop(notForwarding);
  }
  const type = host.routing.routes[route]!.type ?? 'unicast';
  if (type === 'local') {
    walk.step(routed, MATCHED, lastRule, route);
    if (host.interfaces[inPort]!.kind === 'veth') walk.step(noSecurityGroup, SKIPPED);
    return deliver(flow);
  }
  if (!host.forwarding) return walk.stop(notForwarding);
  if (type !== 'unicast') return unroutable(flow, route);
  return forward(flow, route);
}

/** ip6_rcv_core: ::1 never comes in by a wire (RFC 4291 section 2.5.3). */
function checkLoopback6({ packet, walk, inPort }: Flow): Outcome | 0 {
  const loopback = ipv6('::1');
  if (inPort === LOOPBACK || (packet.src !== loopback && packet.dst !== loopback)) return 0;
  return walk.deny(martian, packet.src === loopback ? 0 : 1, inPort);
}

/** __mkroute_input and fib_validate_source: addresses that cannot be, and rp_filter. IPv6 checks neither. */
function checkAddresses({ host, packet, walk, inPort }: Flow): Outcome | 0 {
  if (isIpv6(packet.dst)) return 0;
  const localnet = host.routeLocalnet[inPort]!;
  if (packet.dst >>> 24 === 127 && !localnet) return walk.deny(martian, 1, inPort);
  const loopbackSource = packet.src >>> 24 === 127;
  if (loopbackSource ? !localnet : isLocalAddress(host, packet.src)) return walk.deny(martian, 0, inPort);
  const filter = host.reversePathFilter[inPort]!;
  if (filter === 0 || loopbackSource) return 0;
  // The mark does not count on the way back (src_valid_mark is off).
  const back = lookup(host.routing, packet.src, packet.dst, 0, LOOPBACK);
  const port = back === NO_ROUTE ? -1 : host.routing.ports[back]!;
  return port >= 0 && (filter === 2 || port === inPort) ? 0 : walk.deny(reversePath, inPort, filter);
}

/** INPUT, then the socket. */
function deliver(flow: Flow): Outcome {
  return input(flow) || deliverTo(flow.walk, flow.packet, flow.host.listening);
}

/** ip_forward. */
function forward(flow: Flow, route: number): Outcome {
  const { host, packet, walk } = flow;
  if (packet.ttl <= 1) {
    walk.step(routed, MATCHED, lastRule, route);
    return error(flow, ttlExceeded, TIME_EXCEEDED << 8, route);
  }
  walk.step(routed, REWROTE, lastRule, route);
  walk.decrementTtl();
  flow.outPort = host.routing.ports[route]!;
  return forwarded(flow) || leave(flow, route);
}

/** POSTROUTING, then the wire. */
function leave(flow: Flow, route: number): Outcome {
  const { host, packet, walk, outPort, inPort } = flow;
  const end = postrouting(flow);
  if (end) return end;
  if (isIpv6(packet.dst)) return walk.undetermined(beyondIpv6, outPort);
  const out = host.interfaces[outPort];
  if (out === undefined && host.routing.routes[route]!.origin.from === 'dump')
    return walk.undetermined(absentInterface, route);
  if (out === undefined || out.peer < 0) return walk.stop(noNeighbour, outPort);
  if (out.kind === 'veth' && (inPort < 0 || host.interfaces[inPort]!.kind === 'veth'))
    walk.step(noSecurityGroup, SKIPPED);
  walk.setNextHop(host.routing.routes[route]!.via ?? packet.dst);
  walk.clearMark();
  return walk.forward(out.peer, out.peerPort);
}

/** What the host itself sends: ip_local_out, with a new routing decision where OUTPUT changed what it stands on. */
function send(flow: Flow): Outcome {
  const { host, walk } = flow;
  if (walk.reply) attach(flow);
  let end = reroute(flow);
  if (end) return end;
  // The chains of OUTPUT see the interface of the first decision to the end (nf_hook_state), a new route or not.
  flow.outPort = portOf(flow);
  end = output(flow, reroute);
  if (end) return end;
  walk.step(routed, MATCHED, flow.ipRule, flow.route);
  end = outputAfterNat(flow, reroute);
  if (end) return end;
  flow.outPort = portOf(flow);
  if (host.routing.routes[flow.route]!.type !== 'local') return leave(flow, flow.route);

  end = postrouting(flow);
  if (end) return end;
  walk.step(looped, PASSED);
  flow.inPort = LOOPBACK;
  flow.outPort = -1;
  return take(flow);
}

/** The route of a packet of the host's own, as it is now. */
function reroute(flow: Flow): Outcome | 0 {
  const { host, packet } = flow;
  const route = lookup(host.routing, packet.dst, packet.src, packet.mark, LOOPBACK);
  if (!sendable(flow, route)) return unroutable(flow, route);
  flow.route = route;
  flow.ipRule = lastRule;
  return 0;
}

/** The interface of the flow's route: what is for the host itself goes out by lo, whichever interface has the address
 *  (ip_route_output_key_hash_rcu). */
function portOf({ host, route }: Flow): number {
  const { routes, ports } = host.routing;
  return routes[route]!.type === 'local' ? LOOPBACK : ports[route]!;
}

function sendable({ host }: Flow, route: number): boolean {
  const type = route === NO_ROUTE ? undefined : (host.routing.routes[route]!.type ?? 'unicast');
  return type === 'unicast' || type === 'local';
}

/** ip_error: what the route's type tells the sender; a blackhole tells nothing. */
function unroutable(flow: Flow, route: number): Outcome {
  const type = route === NO_ROUTE ? undefined : flow.host.routing.routes[route]!.type;
  if (type === 'blackhole') return flow.walk.stop(noRoute, 0, route);
  const code =
    type === 'prohibit' ? ADMIN_PROHIBITED : type === 'unreachable' ? HOST_UNREACHABLE : NET_UNREACHABLE;
  return error(flow, noRoute, (UNREACHABLE << 8) | code, route);
}

/** Ends the packet with an ICMP error; never about an ICMP error. */
function error(flow: Flow, code: Drop, answer: number, route: number): Outcome {
  const { packet, walk } = flow;
  if (packet.isError) return walk.stop(code, 0, route);
  confirm(flow);
  return walk.stopWithIcmp(code, answer, rejectSource(flow), 0, route);
}
