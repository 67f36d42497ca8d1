/** The verdict in one sentence: what arrived, or what stopped it and where. */
import type { Path, Trace } from '../trace/trace.ts';
import { endOf, type Fate, fateOf, nameOf, shareOf } from './fate.ts';
import { formatShare } from './share.ts';

/** What the verdict stands on, worst news first. */
export function outcome(trace: Trace): string {
  const worst = (['blocked', 'reply-lost', 'undetermined'] as const satisfies readonly Fate[])
    .map((fate) => trace.paths.filter((path) => fateOf(path) === fate))
    .find((paths) => paths.length > 0);
  const unexplored =
    trace.unexploredShare > 0
      ? `; ${formatShare(trace.unexploredShare)} of the traffic was not explored`
      : '';
  if (worst) {
    const share = formatShare(shareOf(trace, (path) => worst.includes(path)));
    const paths =
      worst.length === 1 ? `path ${worst[0]!.id}` : `${worst.length} of ${trace.paths.length} paths`;
    const lead = worst.length === trace.paths.length ? '' : `${paths} (${share} of the traffic) `;
    const ends = new Set(worst.map(failure));
    const first = ends.size > 1 ? `; the first ${failure(worst[0]!)}` : failure(worst[0]!);
    return (ends.size > 1 ? `${lead || `${paths} `}${fails(worst[0]!)}${first}` : lead + first) + unexplored;
  }
  const ends = arrivals(trace.paths);
  const count =
    trace.paths.length > 1
      ? `${trace.paths.length === 2 ? 'both' : `all ${trace.paths.length}`} paths: `
      : '';
  return ends.length === 0
    ? `no path was explored${unexplored}`
    : `${count}${ends.join(' or ')}${unexplored}`;
}

function fails(path: Path): string {
  return fateOf(path) === 'undetermined' ? 'are not known to the end' : 'fail';
}

/** "dropped at hop 6 of 9, eni/node-2  sg/no-ingress-rule" */
export function failure(path: Path): string {
  const end = endOf(path);
  const replyFails = fateOf(path) === 'reply-lost' || end?.hops === path.reply.hops;
  const how = replyFails ? path.reply.disposition : path.disposition;
  const code = replyFails ? path.reply.code : path.code;
  if (how === 'undetermined')
    return `not known beyond ${end ? `hop ${end.hop.n}, ${nameOf(end.hop)}` : path.device}`;
  const where = end ? ` at hop ${end.hop.n} of ${end.hops.at(-1)!.n}, ${nameOf(end.hop)}` : '';
  const lead = replyFails
    ? `${path.disposition === 'dropped' ? '' : `${path.disposition}, `}the reply is ${how}`
    : how;
  return `${lead}${where}${code ? `  ${code}` : ''}`;
}

/** How paths arrive, each way once; those that several devices answer alike name them all. */
function arrivals(paths: readonly Path[]): readonly string[] {
  const ends = new Map<string, Set<string>>();
  for (const path of paths) {
    const end = arrival(path);
    const devices = ends.get(end) ?? new Set();
    ends.set(end, devices.add(path.device));
  }
  return [...ends].map(([end, devices]) => end.replace('{}', [...devices].join(' or ')));
}

/** With `{}` where the device's name goes. */
function arrival(path: Path): string {
  const forward = {
    delivered: 'delivered',
    answered: `answered by {}${path.code ? ` (${path.code})` : ''}`,
    exited: 'left the model towards its target',
  }[path.disposition as 'delivered' | 'answered' | 'exited'];
  return path.reply.disposition === 'none'
    ? `${forward}, no reply expected`
    : `${forward}, the reply arrives`;
}
