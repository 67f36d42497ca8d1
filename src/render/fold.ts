/** Paths that differ only in details and end alike: one stands for all. Which pod, node or zone is a detail; by which
 *  gateway or load balancer, what was rewritten, and how it ended are not. */
import type { Hop, Path, Trace } from '../trace/trace.ts';
import { changedEnds } from './decisive.ts';
import { nameOf } from './fate.ts';

/** Kinds that every path through a VPC passes: their presence is a detail. */
const everywhere: ReadonlySet<string> = new Set([
  'pod',
  'node',
  'eni',
  'subnet',
  'vpc-router',
  'host',
  'instance',
]);

/** Groups of alike paths in the order of the trace, each led by its longest path, which shows the most; `fold: false`
 *  gives every path a group of its own. */
export function alikePaths(trace: Trace, fold: boolean): readonly (readonly Path[])[] {
  const groups = new Map<string, Path[]>();
  for (const path of trace.paths) {
    const key = fold ? likeness(trace, path) : String(path.id);
    const group = groups.get(key);
    if (group) group.push(path);
    else groups.set(key, [path]);
  }
  return [...groups.values()].map((group) => {
    const longest = group.reduce((best, path) => (path.hops.length > best.hops.length ? path : best));
    return [longest, ...group.filter((path) => path !== longest)];
  });
}

function likeness(trace: Trace, path: Path): string {
  const { reply } = path;
  const real = path.hops.filter((hop) => !hop.ghost);
  const gateways = real.filter((hop) => !everywhere.has(hop.device.kind)).map((hop) => hop.device.kind);
  const rewritten = real.flatMap((hop) => changedEnds(hop.in, hop.out));
  const codes = trace.blockers.filter((b) => b.path === path.id).map((b) => `${b.direction} ${b.code}`);
  return JSON.stringify([
    [path.disposition, path.code, path.symptom.kind],
    [reply.disposition, reply.code, reply.asymmetric],
    [path.legs.length, gateways, rewritten, codes],
    path.notModelled,
  ]);
}

/** How many leading hops two paths share: same devices, same headers. */
export function commonHops(a: Path, b: Path): number {
  let count = 0;
  while (count < a.hops.length && count < b.hops.length) {
    const x = a.hops[count]!;
    const y = b.hops[count]!;
    if (nameOf(x) !== nameOf(y) || x.ghost !== y.ghost || x.leg !== y.leg) break;
    if (changedEnds(x.in, y.in).length > 0 || changedEnds(x.out, y.out).length > 0) break;
    count++;
  }
  return count;
}

/** Where a path goes round: from which hop on, and how many hops a round has. */
export function roundOf(
  hops: readonly Hop[],
): { readonly start: number; readonly period: number } | undefined {
  const same = (a: Hop, b: Hop): boolean => nameOf(a) === nameOf(b) && changedEnds(a.in, b.in).length === 0;
  for (let period = 1; period <= hops.length / 2; period++) {
    let start = hops.length - period;
    while (start > 0 && same(hops[start - 1]!, hops[start - 1 + period]!)) start--;
    if (start + 2 * period <= hops.length) return { start, period };
  }
  return undefined;
}
