/** How a path ended, in the few words that text and diagrams colour by. */
import type { Hop, Path, Trace } from '../trace/trace.ts';

export type Fate = 'arrives' | 'blocked' | 'reply-lost' | 'undetermined';

const blocked: ReadonlySet<string> = new Set(['dropped', 'rejected', 'loop']);

export function fateOf(path: Path): Fate {
  if (path.disposition === 'undetermined') return 'undetermined';
  // A proxy whose client never finishes the handshake: the request ends where its reply is lost.
  const handshakeLost = path.disposition === 'dropped' && blocked.has(path.reply.disposition);
  // A load balancer that answers for want of a rule or a target: the request goes no further.
  const refused = path.disposition === 'answered' && path.code !== null;
  if (refused || (blocked.has(path.disposition) && !handshakeLost)) return 'blocked';
  if (path.reply.disposition === 'undetermined') return 'undetermined';
  return blocked.has(path.reply.disposition) ? 'reply-lost' : 'arrives';
}

export function realHops(hops: readonly Hop[]): readonly Hop[] {
  return hops.filter((hop) => !hop.ghost);
}

/** The hop at which a path stopped, with the list it stands in; undefined when it arrives. */
export function endOf(path: Path): { readonly hop: Hop; readonly hops: readonly Hop[] } | undefined {
  const fate = fateOf(path);
  if (fate === 'arrives') return undefined;
  const hops = path.disposition === 'undetermined' || fate === 'blocked' ? path.hops : path.reply.hops;
  const real = realHops(hops);
  // The replies of several legs stand in one list: the one that is lost need not be the last. A loop goes on from
  // where it is found until the TTL ends.
  const denies = ({ steps }: Hop): boolean => steps.some((step) => step.verdict === 'denied');
  const hop = (hops === path.hops ? real.find(denies) : real.findLast(denies)) ?? real.at(-1);
  return hop && { hop, hops };
}

/** `kind/id`, the name by which people and other programs refer to a device. */
export function nameOf(hop: Hop): string {
  return `${hop.device.kind}/${hop.device.id}`;
}

/** Shares of the paths with each fate. */
export function shareOf(trace: Trace, test: (path: Path) => boolean): number {
  return trace.paths.reduce((sum, path) => (test(path) ? sum + path.share : sum), 0);
}
