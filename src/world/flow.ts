/** One flow through a world: from the words of a request to its trace. */

import { cidr, contains } from '../addressing/cidr.ts';
import { formatIpv4, ipv4, parseAddress } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Issue, Parsed } from '../base/issue.ts';
import { type LinuxHost, sideFor } from '../host/linux-record.ts';
import { sourceTowards } from '../host/routing/source-address.ts';
import type { HttpRequest } from '../packet/application.ts';
import {
  ECHO_REQUEST,
  ECHO_REQUEST_6,
  hasPorts,
  ICMP,
  ICMPV6,
  isIcmp,
  parseProtocol,
  protocolName,
  TCP,
} from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { DEFAULT_MAX_BRANCHES, type EngineOptions, type Raw, run } from '../trace/engine.ts';
import { judge } from '../trace/judge.ts';
import type { Verdict } from '../trace/outcome.ts';
import { read } from '../trace/read.ts';
import { Recorder } from '../trace/recorder.ts';
import type { WalkRequest } from '../trace/request.ts';
import type { Trace, TraceRequestText } from '../trace/trace.ts';
import { arrival, hostKinds } from './arrival.ts';
import { type Sender, sender } from './sender.ts';
import { type Target, target } from './target.ts';
import type { World } from './world.ts';

/** The source port of a request that says none: the first of Linux' and IANA's dynamic range. */
export const DEFAULT_SOURCE_PORT = 49152;
const DEFAULT_TTL = 64;
const LOOPBACK = cidr('127.0.0.0/8');
const LOOPBACK_SOURCE = ipv4('127.0.0.1');

/** What to trace. Only `from` and `to` are needed. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** tcp (default), udp, sctp, icmp, or an IANA number. */
  readonly protocol?: string | undefined;
  /** Destination port, where `to` has none. */
  readonly port?: number | undefined;
  /** Default 49152. */
  readonly sourcePort?: number | undefined;
  /** A source address other than the sender's own. */
  readonly sourceIp?: string | undefined;
  /** The packet comes to this machine by this interface, wherever it is from: "NODE" or "NODE:INTERFACE". `from` is then
   *  any address. Its reply is not followed. */
  readonly arrivingAt?: string | undefined;
  /** HTTP method, default GET. */
  readonly method?: string | undefined;
  /** HTTP headers; `Host` replaces the host of the URL. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Name of the load balancer to enter by. */
  readonly via?: string | undefined;
  /** Initial TTL, default 64. */
  readonly ttl?: number | undefined;
  /** Bytes of the IP packets that carry data, both ways. Default: so small that they fit everywhere. */
  readonly size?: number | undefined;
  /** Whether the sender sets DF; default as Linux: it does, and cuts by itself what it knows to be too large (TCP sends
   *  smaller segments). */
  readonly df?: boolean | undefined;
  /** Refuse where nothing declares a listener, default false. */
  readonly strictListen?: boolean | undefined;
  /** The client has been here before: lists of recently seen addresses hold it, so that session affinity applies.
   *  Default false. */
  readonly seenClient?: boolean | undefined;
  /** Numbers of the user and group that the sending process runs as, for rules about the owner of a packet. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** The traffic has no reply, default false. */
  readonly oneWay?: boolean | undefined;
  /** Budget of branches, default 4096. */
  readonly maxBranches?: number | undefined;
}

/** A flow that has been understood: ready to be walked as often as one likes. */
export interface PreparedFlow {
  readonly request: WalkRequest;
  readonly text: TraceRequestText;
  readonly via: readonly string[];
  readonly remarks: readonly string[];
  /** How the engine walks it: with everything recorded, or for the verdict alone. */
  readonly recorded: EngineOptions;
  readonly verdictOnly: EngineOptions;
}

/** For whom a target is looked up when the source is not known, so that mistakes in both are said at once. */
const ANYBODY: Sender = {
  device: 0,
  address: 0,
  label: '',
  namespace: 'default',
  outside: false,
  unplaced: false,
};

/** Understands a flow, or says what is wrong with it. */
export function prepare(world: World, flow: Flow): Parsed<PreparedFlow> {
  const protocolNumber = parseProtocol(flow.protocol ?? 'tcp');
  if (protocolNumber === undefined || protocolNumber < 0)
    return fail(
      'usage/unknown-protocol',
      `"${flow.protocol}" is no protocol`,
      'tcp, udp, sctp, icmp, or a number',
    );
  const from =
    flow.arrivingAt === undefined ? sender(world, flow.from) : arrival(world, flow.from, flow.arrivingAt);
  const to = target(world, flow.to, from.ok ? from.value : ANYBODY, {
    via: flow.via,
    port: flow.port,
    protocol: flow.protocol === undefined ? undefined : protocolNumber,
  });
  if (!from.ok || !to.ok)
    return { ok: false, issues: [from, to].flatMap((end) => (end.ok ? [] : [end.issue])) };
  const six = to.value.addresses.some(({ address }) => isIpv6(address));
  if (six && !isHost(world.devices[from.value.device]!) && from.value.ipv6Address === undefined)
    return fail(
      'usage/ipv6',
      `${flow.from} cannot send to ${flow.to}: it has no address of IPv6`,
      '--arriving-at NODE begins where such a packet comes to a node',
    );
  const asked = flow.protocol === undefined ? (to.value.protocol ?? TCP) : protocolNumber;
  const protocol = isIcmp(asked) ? (six ? ICMPV6 : ICMP) : asked;
  const destinationPort = isIcmp(protocol) ? (six ? ECHO_REQUEST_6 : ECHO_REQUEST) << 8 : to.value.port;
  if (destinationPort === undefined && hasPorts(protocol))
    return fail(
      'usage/no-port',
      `${flow.to}: no destination port`,
      `write it behind the address (${withPort(flow.to)}), or --port, or --protocol icmp`,
    );
  if (to.value.application && protocol !== TCP)
    return fail('usage/protocol', `${flow.to}: HTTP runs over tcp, not ${protocolName(protocol)}`);
  const sourceIp =
    flow.sourceIp === undefined ? sourceFor(world, flow, from.value, to.value) : parseAddress(flow.sourceIp);
  if (sourceIp === undefined) return fail('usage/bad-address', `"${flow.sourceIp}" is not an address`);
  const stray = to.value.addresses.find(({ address }) => isIpv6(address) !== isIpv6(sourceIp));
  if (stray && !from.value.unplaced && to.value.unplaced === undefined)
    return fail(
      'usage/two-families',
      `a packet from ${formatIpv4(sourceIp)} to ${formatIpv4(stray.address)} cannot be: one is IPv4, one IPv6`,
      'IPv6 is modelled on instances (ipv6Address), and on nodes that have an address of it (otherAddresses)',
    );

  // ICMP's identifier; what has neither ports nor an identifier is told apart by addresses alone.
  const sourcePort = hasPorts(protocol) ? (flow.sourcePort ?? DEFAULT_SOURCE_PORT) : isIcmp(protocol) ? 1 : 0;
  const options = {
    strictListen: flow.strictListen ?? false,
    maxBranches: flow.maxBranches ?? DEFAULT_MAX_BRANCHES,
    seenClient: flow.seenClient ?? false,
    uid: flow.uid,
    gid: flow.gid,
  };
  return {
    ok: true,
    warnings: [],
    value: {
      request: {
        source: placeOf(from.value, to.value),
        port: from.value.port,
        sourceAddress: sourceIp,
        sourcePort,
        targets: to.value.addresses.map(({ address, weight }) => ({ address, weight })),
        destinationPort: destinationPort ?? 0,
        protocol,
        ttl: flow.ttl ?? DEFAULT_TTL,
        application: applicationOf(to.value, flow),
        size: flow.size ?? 0,
        df: flow.df,
        expectsReply: flow.oneWay !== true && from.value.port === undefined,
      },
      text: {
        from: from.value.label,
        to:
          to.value.port === undefined ||
          to.value.application ||
          to.value.label.includes(':', to.value.label.indexOf(']') + 1)
            ? to.value.label
            : `${to.value.label}:${to.value.port}`,
        protocol: protocolName(protocol),
        sourcePort: hasPorts(protocol) ? sourcePort : null,
        destinationPort: hasPorts(protocol) ? destinationPort! : null,
        ...(flow.size !== undefined && { size: flow.size }),
        ...(flow.df !== undefined && { df: flow.df }),
      },
      via: to.value.addresses.map(({ label }) => label),
      remarks: to.value.remark === undefined ? [] : [to.value.remark],
      recorded: { recording: true, ...options },
      verdictOnly: { recording: false, ...options },
    },
  };
}

/** An IPv6 address with a port stands in brackets (RFC 3986 section 3.2.2). */
const withPort = (to: string): string =>
  `${parseAddress(to) !== undefined && to.includes(':') ? `[${to}]` : to}:443`;

/** The address that the sending host chooses for itself: its routes decide, unless the flow names the sender by one. */
function sourceFor(world: World, flow: Flow, from: Sender, to: Target): number {
  const targets = to.addresses.map(({ address }) => address);
  if (targets.every((address) => contains(LOOPBACK, address))) return LOOPBACK_SOURCE;
  const host = world.devices[from.device]!;
  const chooses = from.port === undefined && !from.unplaced && parseAddress(flow.from) === undefined;
  if (targets.every(isIpv6) && from.ipv6Address !== undefined) return from.ipv6Address;
  if (!chooses || !isHost(host)) return from.address;
  const chosen = new Set(
    targets.map((address) => {
      const side = sideFor(host, address);
      return side && sourceTowards(side, address);
    }),
  );
  return chosen.size === 1 ? ([...chosen][0] ?? from.address) : from.address;
}

const isHost = (device: DeviceRecord): device is LinuxHost => hostKinds.includes(device.kind);

/** A pod without a place or an address: the trace ends where it should have begun, or where it should have gone. */
function placeOf(from: Sender, to: Target): number {
  return from.unplaced ? from.device : (to.unplaced ?? from.device);
}

function applicationOf(to: Target, flow: Flow): HttpRequest | undefined {
  if (!to.application) return undefined;
  const headers = Object.fromEntries(
    Object.entries(flow.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { host, ...rest } = headers;
  return {
    ...to.application,
    method: flow.method?.toUpperCase() ?? to.application.method,
    headers: { ...to.application.headers, ...rest },
    ...(host ? { host: host.toLowerCase() } : {}),
  };
}

function fail(code: string, message: string, hint?: string): { ok: false; issues: Issue[] } {
  return { ok: false, issues: [{ severity: 'error', code, message, hint }] };
}

/** Walks a prepared flow and keeps what it met; `readFlow` makes the trace of it. */
export function walkFlow(world: World, flow: PreparedFlow, recorder: Recorder): Raw {
  return run(world, flow.request, recorder, flow.recorded);
}

export function readFlow(world: World, flow: PreparedFlow, raw: Raw): Trace {
  return read(raw, {
    request: flow.text,
    locate: world.topology.locate,
    via: flow.via,
    remarks: flow.remarks,
  });
}

/** Traces one flow: every hop, there and back. */
export function trace(world: World, flow: Flow): Parsed<Trace> {
  const prepared = prepare(world, flow);
  if (!prepared.ok) return prepared;
  const value = readFlow(world, prepared.value, walkFlow(world, prepared.value, new Recorder()));
  return { ok: true, value, warnings: [] };
}

const unread = new Recorder();

/** Only the verdict: nothing is recorded, and a denial ends the walk. */
export function verdictOf(world: World, flow: PreparedFlow): Verdict {
  return judge(run(world, flow.request, unread, flow.verdictOnly)).verdict;
}
