/** Sends one packet through a wired network and reads the trace, for tests. */
import { ipv4 } from '../../src/addressing/ip.ts';
import type { HttpRequest } from '../../src/packet/application.ts';
import { formatHeader } from '../../src/packet/headers.ts';
import { ECHO_REQUEST, hasPorts, TCP } from '../../src/packet/protocol.ts';
import type { Hop, Trace } from '../../src/trace/trace.ts';
import { walked } from '../support/walked.ts';
import { type Plan, wire } from './network.ts';

export interface Ask {
  /** `kind/id` of the sender. */
  readonly from: string;
  /** Source address, where it is not the sender's own. */
  readonly as?: string;
  /** `address:port`, or `address` for an echo. */
  readonly to: string;
  readonly protocol?: number;
  readonly http?: string;
  readonly sourcePort?: number;
  readonly strictListen?: boolean;
}

/** The trace of a packet; the walk that does not record must come to the same verdict. */
export function trace(plan: Plan, ask: Ask): Trace {
  const network = wire(plan);
  const source = network.indexOf(ask.from);
  const [address, port] = ask.to.split(':') as [string, string | undefined];
  const protocol = ask.protocol ?? TCP;
  const request = {
    source,
    sourceAddress: ask.as
      ? ipv4(ask.as)
      : (network.devices[source] as unknown as { address: number }).address,
    sourcePort: ask.sourcePort ?? 49152,
    targets: [{ address: ipv4(address), weight: 1 }],
    destinationPort: hasPorts(protocol) ? Number(port) : ECHO_REQUEST << 8,
    protocol,
    ttl: 64,
    application: ask.http ? httpRequest(ask.http) : undefined,
    expectsReply: true,
  };
  return walked(network, request, ask);
}

function httpRequest(text: string): HttpRequest {
  const url = new URL(text);
  return {
    kind: 'http',
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    method: 'GET',
    host: url.host,
    path: url.pathname,
    query: url.search.slice(1),
    headers: {},
  };
}

/** Devices by `kind/id`, ghosts in brackets. */
export function via(hops: readonly Hop[]): string {
  return hops
    .map(({ device, ghost }) => (ghost ? `(${device.kind}/${device.id})` : `${device.kind}/${device.id}`))
    .join(' > ');
}

/** "device stage verdict" of every step. */
export function stages(hops: readonly Hop[]): string[] {
  return hops.flatMap(({ device, steps }) =>
    steps.map(({ stage, verdict }) => `${device.kind}/${device.id} ${stage} ${verdict}`),
  );
}

/** The header that enters a device. */
export function enters(hops: readonly Hop[], device: string): string {
  const hop = hops.find(({ device: { kind, id } }) => `${kind}/${id}` === device);
  return hop ? formatHeader(hop.in) : 'never';
}

/** "direction code device" of every blocker. */
export function blockers(told: Trace): string[] {
  return told.blockers.map(({ direction, code, device }) => `${direction} ${code} ${device}`);
}
