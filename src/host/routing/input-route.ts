/** Where a packet that came in goes (ip_route_input_slow): addresses that cannot be, the routing decision, and whether its
 *  source may come by this interface (fib_validate_source). */
import { ipv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { Packet } from '../../packet/packet.ts';
import { hasPorts } from '../../packet/protocol.ts';
import type { Outcome } from '../../trace/outcome.ts';
import type { Flow } from '../flow.ts';
import { manyReceivers, martian, notForwarding, reversePath, unknownForwarding } from '../host-words.ts';
import { addressType, isLoopback, isMulticast, LIMITED_BROADCAST } from './address-type.ts';
import { NO_ROUTE, UNDECIDED } from './ip-rule.ts';
import { chooseWay } from './next-hop.ts';
import {
  RTN_ANYCAST,
  RTN_BLACKHOLE,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_PROHIBIT,
  RTN_UNICAST,
  RTN_UNREACHABLE,
} from './route-type.ts';
import { isOwn, LOOPBACK, lastRule, lookup, usesInterface } from './routing.ts';
import { undecided, unroutable } from './unroutable.ts';

const SOURCE = 0;
const DESTINATION = 1;

/** Finds `flow.route` and, for what goes on, `flow.way`. 0: go on. NO_ROUTE stands for the limited broadcast, which needs
 *  no route. IPv6 checks no sources. */
export function routeInput(flow: Flow): Outcome | 0 {
  const { host, packet, walk, inPort } = flow;
  const six = isIpv6(packet.dst);
  if (isMulticast(packet.dst)) return walk.undetermined(manyReceivers);
  const end = six ? 0 : checkAddresses(flow);
  if (end) return end;
  flow.route = NO_ROUTE;
  if (packet.dst === LIMITED_BROADCAST) return packet.src === 0 ? 0 : validateSource(flow, -1);

  const route = lookup(host.routing, packet.dst, packet.src, packet.mark, inPort, packet);
  if (route === UNDECIDED) return undecided(flow);
  flow.route = route;
  flow.ipRule = lastRule;
  const type = route < 0 ? undefined : host.routing.types[route]!;
  if (type === RTN_LOCAL || type === RTN_BROADCAST) return six ? 0 : validateSource(flow, -1);
  if (!host.settings[inPort]!.forwards)
    return host.forwarding === 'unknown' ? walk.undetermined(unknownForwarding) : walk.stop(notForwarding);
  if (type === RTN_ANYCAST || type === RTN_MULTICAST) return walk.undetermined(manyReceivers);
  if (type !== RTN_UNICAST) return unroutable(flow, route);
  chooseWay(flow, route);
  return six ? 0 : validateSource(flow, flow.way);
}

/** What no table is asked about. */
function checkAddresses({ host, packet, walk, inPort }: Flow): Outcome | 0 {
  const { src, dst } = packet;
  if (isMulticast(src) || src === LIMITED_BROADCAST) return walk.deny(martian, SOURCE, inPort);
  if (dst === LIMITED_BROADCAST) return 0;
  if (src === 0) return walk.deny(martian, SOURCE, inPort);
  if (dst === 0) return walk.deny(martian, DESTINATION, inPort);
  if (host.settings[inPort]!.routeLocalnet) return 0;
  if (isLoopback(dst)) return walk.deny(martian, DESTINATION, inPort);
  return isLoopback(src) ? walk.deny(martian, SOURCE, inPort) : 0;
}

const LOOPBACK_ADDRESS = ipv4('127.0.0.1');

/** fib_validate_source. `out` is the interface the packet is to leave by, -1 for one to the host itself. */
function validateSource(flow: Flow, out: number): Outcome | 0 {
  const { host, packet, walk, inPort } = flow;
  const { routing } = host;
  const { src } = packet;
  const settings = host.settings[inPort]!;
  if (settings.reversePathFilter === 0 && (out !== inPort || !settings.sendRedirects)) {
    if (settings.acceptLocal) return 0;
    if (!routing.custom)
      return isOwn(routing, src) || src === LOOPBACK_ADDRESS ? walk.deny(martian, SOURCE, inPort) : 0;
    if (routing.localFirst)
      return addressType(routing, src, -1) === RTN_UNICAST ? 0 : walk.deny(martian, SOURCE, inPort);
  }
  return checkFully(flow, out);
}

/** __fib_validate_source: the packet's way back, as if it left by the interface that this one goes out of. */
function checkFully(flow: Flow, out: number): Outcome | 0 {
  const { host, packet, walk, inPort } = flow;
  const { routing } = host;
  const { reversePathFilter: filter, sourceMark, acceptLocal } = host.settings[inPort]!;
  const mark = sourceMark ? packet.mark : 0;
  const reversed = routing.compiled.asksPackets ? turnedRound(packet) : undefined;
  const back = lookup(routing, packet.src, packet.dst, mark, out < 0 ? LOOPBACK : out, reversed);
  if (back === UNDECIDED) return undecided(flow);
  const type = back < 0 ? undefined : routing.types[back]!;
  if (type === undefined || refusals.has(type))
    return filter === 0 ? 0 : walk.deny(reversePath, inPort, filter);
  if (type !== RTN_UNICAST && (type !== RTN_LOCAL || !acceptLocal)) return walk.deny(martian, SOURCE, inPort);
  if (usesInterface(routing, back, inPort)) return 0;
  // An interface without an address asks for the strict way even where the filter is loose.
  const strict = filter === 1 || (filter === 2 && host.interfaces[inPort]!.addresses.length === 0);
  return strict ? walk.deny(reversePath, inPort, filter) : 0;
}

const refusals: ReadonlySet<number> = new Set([RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT]);

const turned = new Packet();

/** With its ports swapped, for rules about ports. */
function turnedRound(packet: Packet): Packet {
  turned.copyFrom(packet);
  if (hasPorts(packet.protocol)) {
    turned.sourcePort = packet.destinationPort;
    turned.destinationPort = packet.sourcePort;
  }
  return turned;
}
