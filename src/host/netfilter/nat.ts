/** Network address translation as nf_nat does it: the first packet of a connection gets bindings, which are applied to
 *  every later packet of both directions, and to the headers that ICMP errors quote. */

import { formatIpv4 } from '../../addressing/ip.ts';
import {
  FREE_DESTINATION_PORT,
  FREE_PORT_FIRST,
  FREE_PORT_LAST,
  FREE_SOURCE_PORT,
} from '../../packet/packet.ts';
import { hasPorts, isIcmp } from '../../packet/protocol.ts';
import { MATCHED, REWROTE } from '../../trace/outcome.ts';
import { REPLY } from '../../trace/session.ts';
import { choice, step } from '../../trace/vocabulary.ts';
import type { Flow } from '../flow.ts';

/** Session kind of connections, of those whose source port was free before a binding gave it another, of those
 *  that a reset has ended, and of those whose first packet this host answers itself. */
export const CONNECTION = 2;
export const FREE_SOURCE = 18;
export const FORGOTTEN = 34;
export const UNCONFIRMED = 50;

/** Connections of different zones (target CT) know nothing of each other. */
export const connectionKind = (zone: number): number => CONNECTION | (zone << 8);

const undone = step('nat-known-flow', ({ before, after }) => ({
  stage: 'nat',
  because:
    before.src !== after.src || before.sourcePort !== after.sourcePort
      ? `conntrack knows this connection: source ${formatIpv4(before.src)} becomes ${formatIpv4(after.src)} again`
      : `conntrack knows this connection: destination ${formatIpv4(before.dst)} becomes ${formatIpv4(after.dst)} again`,
}));

/** Low port of a range that says nothing about ports. */
export const ANY = -1;

const randomPort = choice({
  name: 'random-port',
  nature: 'chance',
  word: ({ self, a, picked }) => `port ${a + picked} taken at random on ${self.kind}/${self.id}`,
});

/** The DNAT binding of a new connection (nf_nat_l4proto_unique_tuple): a port is kept where it lies from `low` to `high`,
 *  else it becomes `low`, or any with `random`; with `base` ports are shifted by as much as they are above it. */
export function bindDestination(
  flow: Flow,
  address: number,
  low: number,
  high: number,
  random = false,
  base = ANY,
): void {
  const { packet, walk } = flow;
  let target = packet.destinationPort;
  if (low !== ANY && hasPorts(packet.protocol)) {
    const size = high - low + 1;
    if (base !== ANY) target = low + (((target - base) & 0xffff) % size);
    else if (random && size > 1) target = low + walk.choose(randomPort, size, undefined, low);
    else if (random || target < low || target > high) target = low;
  }
  const free = target === packet.destinationPort ? packet.free & FREE_DESTINATION_PORT : 0;
  const same = address === packet.dst && target === packet.destinationPort;
  flow.record(same ? MATCHED : REWROTE);
  flow.replySrc = address;
  if (!isIcmp(packet.protocol)) flow.replySourcePort = target;
  flow.destinationSettled = true;
  if (!same) walk.rewriteDestination(address, target, free);
}

/** The SNAT binding of a new connection: `low` to `high` are the ports allowed, `random` asks for any of them.
 *  A port is kept where it may be (nf_nat_l4proto_unique_tuple); a random one is a representative of 1024-65535, and
 *  not the port that was: an answer to it is one to the sender only once it is translated back. So is the port of a
 *  connection whose answers would look like those of one that the host has already. */
export function bindSource(
  flow: Flow,
  address: number,
  low: number,
  high: number,
  random = false,
  base = ANY,
): void {
  const { packet, walk } = flow;
  flow.sourceSettled = true;
  if (flow.direction === REPLY) {
    // The reset of a REJECT: the binding is for the other direction (nf_nat_packet).
    flow.record(MATCHED);
    return;
  }
  let port = packet.sourcePort;
  let free = packet.free & FREE_SOURCE_PORT;
  if (hasPorts(packet.protocol)) {
    if (low !== ANY && base !== ANY) port = low + (((port - base) & 0xffff) % (high - low + 1));
    else if (low !== ANY && (random || port < low || port > high || isTaken(flow, address, port))) {
      port = port === low && low < high ? low + 1 : low;
      free = low < high ? FREE_SOURCE_PORT : 0;
    } else if (low === ANY && port >= FREE_PORT_FIRST && (random || isTaken(flow, address, port))) {
      port = port < FREE_PORT_LAST ? port + 1 : FREE_PORT_FIRST;
      free = FREE_SOURCE_PORT;
    }
  }
  const same =
    address === packet.src && port === packet.sourcePort && free === (packet.free & FREE_SOURCE_PORT);
  flow.record(same ? MATCHED : REWROTE);
  flow.replyDst = address;
  if (!isIcmp(packet.protocol)) flow.replyDestinationPort = port;
  flow.sourceSettled = true;
  if (!same) walk.rewriteSource(address, port, free);
}

/** The binding of a new connection that no rule translates (nf_nat_alloc_null_binding): it keeps its source port unless
 *  its answers would look like those of another connection. So it does where a packet comes through the host a second
 *  time with another destination, as on the way between two pods with strict security groups on one node. */
export function keepAnswersApart(flow: Flow): void {
  const { packet, walk, replyDst: address } = flow;
  const echo = isIcmp(packet.protocol);
  const port = packet.sourcePort;
  if (!echo && (!hasPorts(packet.protocol) || port < FREE_PORT_FIRST)) return;
  if (!isTaken(flow, address, echo ? flow.replyDestinationPort : port)) return;
  // With one chain for NAT in any hook the kernel has all of its own there (nf_nat_register_fn).
  if (!flow.host.netfilter!.hooks.some(({ nat }) => nat.length > 0)) return;
  const other = echo ? (port + 1) & 0xffff : port < FREE_PORT_LAST ? port + 1 : FREE_PORT_FIRST;
  walk.step(keptApart, REWROTE);
  if (echo) flow.replySourcePort = other;
  else flow.replyDestinationPort = other;
  walk.rewriteSource(packet.src, other, echo ? 0 : FREE_SOURCE_PORT);
}

const keptApart = step('nat-kept-apart', ({ before }) => ({
  stage: 'nat',
  because:
    `${isIcmp(before.protocol) ? 'the identifier' : `source port ${before.sourcePort}`} becomes a free one: the answers ` +
    'would look like those of another connection that conntrack knows',
}));

/** Whether the answers to a connection from here would be taken for those of another (nf_nat_used_tuple). */
function isTaken(
  { walk, protocol, replySrc, replySourcePort, zone }: Flow,
  address: number,
  port: number,
): boolean {
  const kind = connectionKind(zone);
  const { sessions, sessionHead, device } = walk;
  return sessions.find(sessionHead, device, kind, protocol, replySrc, replySourcePort, address, port) >= 0;
}

/** PREROUTING and OUTPUT change the destination: applies what is bound to a packet of a known connection. */
export function translateDestination(flow: Flow): void {
  const reply = flow.direction === REPLY;
  const address = reply ? flow.src : flow.replySrc;
  const { packet, walk } = flow;
  if (packet.innerProtocol !== 0) {
    const quotedPort = reply ? flow.sourcePort : flow.replySourcePort;
    const port = isIcmp(packet.innerProtocol) ? packet.innerSourcePort : quotedPort;
    if (address === packet.innerSrc && port === packet.innerSourcePort) return;
    walk.step(undone, REWROTE);
    walk.rewriteInner(address, port, packet.innerDst, packet.innerDestinationPort);
    walk.rewriteDestination(address, packet.destinationPort);
    return;
  }
  // The identifier of an echo, which stands in its answer too.
  if (reply && isIcmp(packet.protocol) && packet.sourcePort !== flow.sourcePort)
    walk.rewriteSource(packet.src, flow.sourcePort);
  const bound = reply ? flow.sourcePort : flow.replySourcePort;
  const port = isIcmp(packet.protocol) ? packet.destinationPort : bound;
  const kept = port === packet.destinationPort;
  // The free port may have been free before the binding, too, or a declared one: the binding remembers.
  const free =
    reply && flow.sourceTranslated
      ? walk.findSession(FREE_SOURCE) >= 0
        ? FREE_DESTINATION_PORT
        : 0
      : kept
        ? packet.free & FREE_DESTINATION_PORT
        : 0;
  if (address === packet.dst && kept && free === (packet.free & FREE_DESTINATION_PORT)) return;
  walk.step(undone, REWROTE);
  walk.rewriteDestination(address, port, free);
}

/** POSTROUTING and INPUT change the source. */
export function translateSource(flow: Flow): void {
  const reply = flow.direction === REPLY;
  const address = reply ? flow.dst : flow.replyDst;
  const { packet, walk } = flow;
  if (packet.innerProtocol !== 0) {
    const quotedPort = reply ? flow.destinationPort : flow.replyDestinationPort;
    const port = isIcmp(packet.innerProtocol) ? packet.innerDestinationPort : quotedPort;
    if (address === packet.innerDst && port === packet.innerDestinationPort) return;
    walk.step(undone, REWROTE);
    walk.rewriteInner(packet.innerSrc, packet.innerSourcePort, address, port);
    // Change outer to look like the reply to an incoming packet (nf_nat_icmp_reply_translation).
    walk.rewriteSource(address, packet.sourcePort);
    return;
  }
  const bound = reply ? flow.destinationPort : flow.replyDestinationPort;
  const port = isIcmp(packet.protocol) ? packet.sourcePort : bound;
  if (address === packet.src && port === packet.sourcePort) return;
  walk.step(undone, REWROTE);
  walk.rewriteSource(address, port, port === packet.sourcePort ? packet.free & FREE_SOURCE_PORT : 0);
}
