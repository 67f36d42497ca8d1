/** Ways to read a trace in a test: the devices it passes, one device's steps, headers as text. */
import { formatHeader, type Header } from '../../src/packet/headers.ts';
import type { Hop, Path, Trace, TraceStep } from '../../src/trace/trace.ts';

/** The ends that controllers generate: of a ReplicaSet's pods, and of load balancers. */
const generated = /(?<=^(?:pod|unplaced-pod)\/.*)-[0-9a-z]{8,10}-[0-9a-z]{5}$|-[0-9a-f]{10}(?=\/|$)/;

/** `kind/id` of a device, without what a controller generated: "pod/production/day-service". */
export function nameOf(hop: Hop): string {
  return plain(`${hop.device.kind}/${hop.device.id}`);
}

export function plain(device: string): string {
  return device.replace(generated, '');
}

/** The devices that the packet really passes, ghosts left out. */
export function devices(hops: readonly Hop[]): string[] {
  return hops.filter((hop) => !hop.ghost).map(nameOf);
}

export function ghosts(hops: readonly Hop[]): string[] {
  return hops.filter((hop) => hop.ghost).map(nameOf);
}

/** The first hop at a device. */
export function at(hops: readonly Hop[], device: string): Hop {
  const hop = hops.find((candidate) => nameOf(candidate) === device);
  if (!hop) throw new Error(`no hop at ${device}: ${hops.map(nameOf).join(' > ')}`);
  return hop;
}

/** The first step of a stage in a hop. */
export function step(hop: Hop, stage: string): TraceStep {
  const found = hop.steps.find((candidate) => candidate.stage === stage);
  if (!found) throw new Error(`no step "${stage}" in: ${hop.steps.map((s) => s.stage).join(', ')}`);
  return found;
}

/** The chains of a table's hook that a packet was in, in order: "nat PREROUTING" gives KUBE-SERVICES, ... */
export function chains(hop: Hop, hook: string): string[] {
  const inside = hop.steps.map(({ stage }) => stage).filter((stage) => stage.startsWith(`${hook} > `));
  return inside
    .map((stage) => stage.slice(hook.length + 3))
    .filter((chain, index, all) => chain !== all[index - 1]);
}

/** Every rule that decided something in a hop. */
export function rules(hop: Hop): string[] {
  return hop.steps.flatMap((s) => (s.rule ? [s.rule] : []));
}

/** "tcp 10.0.1.12:49152 > 10.0.2.34:443"; a port that may be any is "*". */
export function arrow(header: Header): string {
  return `${header.protocol} ${formatHeader(header)}`;
}

/** The header before a device and after it. */
export function change(hop: Hop): [string, string] {
  return [arrow(hop.in), arrow(hop.out)];
}

/** The only path of a trace. */
export function onlyPath(trace: Trace): Path {
  if (trace.paths.length !== 1) throw new Error(`${trace.paths.length} paths`);
  return trace.paths[0]!;
}

/** The path that ends at a pod with this address. */
export function pathTo(trace: Trace, address: string): Path {
  const path = trace.paths.find((candidate) => candidate.hops.at(-1)!.in.dst === address);
  if (!path) throw new Error(`no path to ${address}`);
  return path;
}

/** Shares of the paths, and of what was left unexplored. */
export function wholeShare(trace: Trace): number {
  return trace.paths.reduce((sum, { share }) => sum + share, trace.unexploredShare);
}
