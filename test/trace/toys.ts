/** A line of toy devices for tests of the walk itself: each hands on to the next, and back on the way back. */

import type { Packet } from '../../src/packet/packet.ts';
import { TCP } from '../../src/packet/protocol.ts';
import type { DeviceRecord, Network } from '../../src/trace/device.ts';
import { DEFAULT_MAX_BRANCHES, run } from '../../src/trace/engine.ts';
import { LOCAL, type Outcome } from '../../src/trace/outcome.ts';
import { read } from '../../src/trace/read.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { WalkRequest } from '../../src/trace/request.ts';
import type { Trace } from '../../src/trace/trace.ts';
import type { Walk } from '../../src/trace/walk.ts';

export type Receive = (self: DeviceRecord, packet: Packet, walk: Walk) => Outcome;

/** Passes packets on: forward to the right, replies to the left; the ends deliver. */
export const wire: Receive = (self, _packet, walk) =>
  walk.reply ? walk.forward(self.index - 1, 1) : walk.forward(self.index + 1, 0);

export const end: Receive = (self, packet, walk) =>
  walk.port === LOCAL ? wire(self, packet, walk) : walk.deliver();

export function network(devices: Readonly<Record<string, Receive>>): Network {
  const records = Object.keys(devices).map(
    (id, index): DeviceRecord => ({
      index,
      kind: 'toy',
      id,
      name: id,
      origin: { from: 'defaulted', by: 'test', what: id },
    }),
  );
  return { devices: records, receivers: Object.values(devices), owners: [] };
}

export const request: WalkRequest = {
  source: 0,
  sourceAddress: 1,
  sourcePort: 49152,
  targets: [{ address: 2, weight: 1 }],
  destinationPort: 80,
  protocol: TCP,
  ttl: 64,
  application: undefined,
  expectsReply: true,
};

export function trace(
  net: Network,
  changes: Partial<WalkRequest> = {},
  maxBranches = DEFAULT_MAX_BRANCHES,
): Trace {
  const asked = { ...request, ...changes };
  const raw = run(net, asked, new Recorder(), { recording: true, strictListen: false, maxBranches });
  const quick = run(net, asked, new Recorder(), { recording: false, strictListen: false, maxBranches });
  const options = {
    request: { from: 'a', to: 'b', protocol: 'tcp', sourcePort: 49152, destinationPort: 80 },
    locate: () => undefined,
    via: asked.targets.map((target) => (asked.targets.length > 1 ? `address ${target.address}` : '')),
    remarks: [],
  };
  const told = read(raw, options);
  if (read(quick, options).verdict !== told.verdict) throw new Error('the verdict-only walk disagrees');
  return told;
}

export const devicesOf = (hops: Trace['paths'][number]['hops']): string =>
  hops.map((hop) => hop.device.id + (hop.ghost ? '*' : '')).join(' ');
