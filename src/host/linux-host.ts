/** A Linux network namespace that treats packets as the kernel does: hooks, routing, forwarding, delivery.
 *  Nodes, pods and instances are all this; they differ in their wiring and rules. */

import { cidr, contains } from '../addressing/cidr.ts';
import { ipv6, isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { TCP, TIME_EXCEEDED, UDP } from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { LOCAL, MATCHED, type Outcome, PASSED, REWROTE, SKIPPED } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { alike } from './alike.ts';
import { checkEarlyDemux } from './early-demux.ts';
import type { Flow } from './flow.ts';
import {
  absentInterface,
  absentPart,
  arrived,
  beyondIpv6,
  broadcastIgnored,
  dumpedRules,
  looped,
  manyReceivers,
  martian,
  noIpv6,
  noNeighbour,
  noRoute,
  noSecurityGroup,
  routed,
  ttlExceeded,
  writtenRules,
} from './host-words.ts';
import { interfaceSettings, settingsForIpv6 } from './interface-settings.ts';
import { type Interface, type LinuxHost, sideFor } from './linux-record.ts';
import { checkForwarded, checkIncoming, fit } from './mtu.ts';
import { attach } from './netfilter/conntrack.ts';
import { forwarded, input, output, outputAfterNat, postrouting, prerouting } from './netfilter/hooks.ts';
import { flow } from './netfilter/interpreter.ts';
import type { RuleSet } from './netfilter/rule-set.ts';
import { isLoopback, isMulticast, LIMITED_BROADCAST } from './routing/address-type.ts';
import { routeInput } from './routing/input-route.ts';
import { UNDECIDED } from './routing/ip-rule.ts';
import { chooseWay } from './routing/next-hop.ts';
import { RTN_ANYCAST, RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RTN_UNICAST } from './routing/route-type.ts';
import { LOOPBACK, lastRule, lookup, routing } from './routing/routing.ts';
import { icmpError, undecided, unroutable } from './routing/unroutable.ts';
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
  readonly forwarding?: LinuxHost['forwarding'];
  readonly listening: readonly ListeningPort[];
  /** Read: net.ipv4.conf.{all,NAME}. with rp_filter, route_localnet, accept_local, src_valid_mark, send_redirects and
   *  forwarding. Default: none set, the kernel's zeros. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly absent?: readonly Absent[];
  readonly heldRules?: LinuxHost['heldRules'];
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
  /** What it sends is followed beyond the host. Default: false. */
  readonly beyond?: boolean;
}

export function linuxHost(spec: LinuxHostSpec): LinuxHost {
  const { rules = [], routes, interfaces, sysctls = {}, forwarding = false, ipv6: six } = spec;
  // All in one order, so that every host has the same shape: the walk reads them by the million.
  const host: LinuxHost = {
    index: spec.index,
    kind: spec.kind,
    id: spec.id,
    name: spec.name,
    az: spec.az,
    origin: spec.origin,
    interfaces,
    netfilter: spec.netfilter,
    forwarding,
    listening: alike('listening', spec.listening, samePorts),
    absent: six ? inBothFamilies(spec.absent ?? []) : (spec.absent ?? []),
    heldRules: spec.heldRules,
    sysctls,
    routing: routing(interfaces, rules, routes),
    settings: interfaceSettings(
      interfaces.map(({ name }) => name),
      sysctls,
      forwarding === true,
    ),
    ipv6: undefined,
    beyond: false,
  };
  return six ? { ...host, ipv6: sixOf(host, six) } : host;
}

function sixOf(
  host: LinuxHost,
  { addresses, rules = [], routes, netfilter, beyond = false }: Ipv6Spec,
): LinuxHost {
  const interfaces = host.interfaces.map((one, i) => ({ ...one, addresses: addresses[i] ?? [] }));
  const { 'net.ipv6.conf.all.forwarding': dotted, 'net/ipv6/conf/all/forwarding': slashed } = host.sysctls;
  const forwarding = Number(dotted ?? slashed ?? 0) > 0;
  return {
    ...host,
    interfaces,
    netfilter,
    forwarding: host.forwarding === 'unknown' && !forwarding ? 'unknown' : forwarding,
    beyond,
    settings: settingsForIpv6(host.settings, forwarding),
    routing: routing(interfaces, rules, routes, 'IPv6'),
  };
}

function samePorts(one: readonly ListeningPort[], other: readonly ListeningPort[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ protocol, port, by }, i) => {
      const like = other[i]!;
      return protocol === like.protocol && port === like.port && by === like.by;
    })
  );
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
  if (self.heldRules !== undefined && walk.recording)
    walk.remark(self.heldRules === 'dump' ? dumpedRules : writtenRules);
  if (walk.port === LOCAL) return send(flow);
  if (walk.from < 0) walk.step(arrived, PASSED, walk.port);
  return take(flow);
}

/** ip_rcv, ip_rcv_finish. */
function take(flow: Flow): Outcome {
  const { host, packet, walk, inPort } = flow;
  if (packet.size !== 0) {
    const lost = checkIncoming(flow);
    if (lost) return lost;
  }
  const end = (isIpv6(packet.dst) && checkLoopback6(flow)) || prerouting(flow);
  if (end) return end;
  // What came by lo keeps the routing decision it was sent with.
  if (inPort === LOOPBACK) return deliver(flow);
  const refused = routeInput(flow);
  if (refused) return refused;
  const type = flow.route < 0 ? RTN_BROADCAST : host.routing.types[flow.route]!;
  if (type === RTN_UNICAST) return forward(flow);
  if (flow.route >= 0) tellRoute(flow, MATCHED);
  if (type === RTN_BROADCAST) return deliverToAll(flow);
  if (walk.recording && host.interfaces[inPort]!.kind === 'veth') walk.step(noSecurityGroup, SKIPPED);
  return deliver(flow);
}

/** ip6_rcv_core: ::1 never comes in by a wire (RFC 4291 section 2.5.3). */
function checkLoopback6({ packet, walk, inPort }: Flow): Outcome | 0 {
  const loopback = ipv6('::1');
  if (inPort === LOOPBACK || (packet.src !== loopback && packet.dst !== loopback)) return 0;
  return walk.deny(martian, packet.src === loopback ? 0 : 1, inPort);
}

/** INPUT, then the socket. */
function deliver(flow: Flow): Outcome {
  return input(flow) || deliverTo(flow.walk, flow.packet, flow.host.listening);
}

/** Only UDP takes what is sent to all; echo requests to broadcasts are not answered (icmp_echo_ignore_broadcasts). */
function deliverToAll(flow: Flow): Outcome {
  const end = input(flow);
  if (end) return end;
  const { walk, packet, host } = flow;
  return packet.protocol === UDP ? deliverTo(walk, packet, host.listening) : walk.stop(broadcastIgnored);
}

/** ip_forward. */
function forward(flow: Flow): Outcome {
  const { packet, walk, route } = flow;
  const end = checkEarlyDemux(flow);
  if (end) return end;
  if (packet.ttl <= 1) {
    tellRoute(flow, MATCHED);
    const code = walk.expires === -1 ? ttlExceeded : walk.expires;
    return icmpError(flow, code, TIME_EXCEEDED << 8, 0, route);
  }
  if (packet.size !== 0) {
    const lost = checkForwarded(flow);
    if (lost) return lost;
  }
  tellRoute(flow, REWROTE);
  walk.decrementTtl();
  flow.outPort = flow.way;
  return unknownWay(flow, route) || forwarded(flow) || leave(flow);
}

/** A route of a dump by an interface that the model does not have: what rules would say of it, and what is behind it,
 *  nobody knows. */
function unknownWay({ host, walk, way }: Flow, route: number): Outcome | 0 {
  if (way >= 0) return 0;
  const { origin, type } = host.routing.routes[route]!;
  if (origin.from !== 'dump' || type === 'local') return 0;
  return walk.undetermined(absentInterface, route);
}

function tellRoute({ walk, packet, ipRule, route }: Flow, verdict: typeof MATCHED | typeof REWROTE): void {
  walk.step(routed, verdict, ipRule, route, isIpv6(packet.dst) ? 1 : 0);
}

/** POSTROUTING, then the wire. */
function leave(flow: Flow): Outcome {
  const { host, packet, walk, outPort, inPort } = flow;
  const end = postrouting(flow);
  if (end) return end;
  if (isIpv6(packet.dst) && !host.beyond) return walk.undetermined(beyondIpv6, outPort);
  const out = host.interfaces[outPort];
  if (out === undefined || out.peer < 0) return walk.stop(noNeighbour, outPort);
  if (walk.recording && out.kind === 'veth' && (inPort < 0 || host.interfaces[inPort]!.kind === 'veth'))
    walk.step(noSecurityGroup, SKIPPED);
  if (walk.transfer !== undefined) {
    const refused = fit(flow);
    if (refused) return refused;
  }
  walk.setNextHop(flow.gateway);
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
  flow.outPort = flow.way;
  end = output(flow, rerouteMidway);
  if (end) return end;
  tellRoute(flow, MATCHED);
  end = outputAfterNat(flow, rerouteMidway);
  if (end) return end;
  flow.outPort = flow.way;
  if (host.routing.types[flow.route] !== RTN_LOCAL) return leave(flow);

  end = postrouting(flow);
  if (end) return end;
  walk.step(looped, PASSED);
  flow.inPort = LOOPBACK;
  flow.outPort = -1;
  return take(flow);
}

/** Inside OUTPUT: a TCP socket does not hear that the packet was lost for want of a route, others do (NF_DROP_ERR). */
function rerouteMidway(flow: Flow): Outcome | 0 {
  return reroute(flow, (lost, route) =>
    lost.packet.protocol === TCP ? lost.walk.stop(noRoute, lost.ipRule, route) : unroutable(lost, route),
  );
}

/** The route of a packet of the host's own, as it is now (ip_route_output_key, ip_route_me_harder). */
function reroute(flow: Flow, refuse = unroutable): Outcome | 0 {
  const { host, packet, walk } = flow;
  if (isMulticast(packet.dst) || packet.dst === LIMITED_BROADCAST) return walk.undetermined(manyReceivers);
  const uid = walk.reply || walk.leg.index > 0 ? -1 : walk.uid;
  const route = lookup(host.routing, packet.dst, packet.src, packet.mark, LOOPBACK, packet, uid);
  if (route === UNDECIDED) return undecided(flow);
  flow.route = route;
  flow.ipRule = lastRule;
  const type = route < 0 ? undefined : host.routing.types[route]!;
  if (type === RTN_BROADCAST || type === RTN_ANYCAST || type === RTN_MULTICAST)
    return walk.undetermined(manyReceivers);
  if (type !== RTN_UNICAST && type !== RTN_LOCAL) return refuse(flow, route);
  chooseWay(flow, route);
  // A loopback address stays on lo (__mkroute_output).
  if (isLoopback(packet.src) && type !== RTN_LOCAL && !host.settings[flow.way]?.routeLocalnet)
    return walk.deny(martian, 0, flow.way);
  return unknownWay(flow, route);
}
