/** What the small tags on the line say: the header before a stop and after it, only the ends that change. */
import { endpoint, type Header } from '../packet/headers.ts';
import { changedEnds } from './decisive.ts';
import type { Stop } from './scene.ts';
import { formatShare } from './share.ts';

/** The header's change at a stop: `before` once, `after` for each way it may go on. */
export interface Tag {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export function tagOf(stop: Stop): Tag | undefined {
  if (stop.reply) return undefined;
  const both = ['src', 'dst'] as const;
  const changes = stop.lanes.map((lane) => {
    const at = lane.stops.indexOf(stop);
    const stay = lane.stays[at]!;
    // A new leg begins within the stay, or with the next.
    const opening = [...stay, ...(lane.stays[at + 1]?.slice(0, 1) ?? [])].find(
      (hop) => hop.leg !== stay[0]!.leg,
    );
    const [before, after] = [stay[0]!.in, opening?.in ?? stay.at(-1)!.out];
    const changed = opening ? both : changedEnds(before, after);
    return { lane, before, after, changed, opens: opening !== undefined };
  });
  const change = changes.find(({ changed }) => changed.length > 0);
  if (!stop.parent && !change) return { before: [], after: ends(stop.hops[0]!.in, both) };
  if (!change) return undefined;
  const afters = changes.flatMap(({ lane, after, changed }) =>
    ends(after, changed).map((text) => ({ text, share: lane.share })),
  );
  const distinct = [...new Set(afters.map((after) => after.text))];
  const all = changes.reduce((sum, { lane }) => sum + lane.share, 0);
  const shares = distinct.map((text) =>
    afters.reduce((sum, a) => (a.text === text ? sum + a.share : sum), 0),
  );
  // Equal parts are told by the branches; a change that all have in common has no share.
  const parts = new Set(shares.filter((share) => share < all - 1e-9).map(formatShare));
  const after = distinct.map((text, i) => {
    const share = shares[i]!;
    return parts.size > 1 && share < all - 1e-9 ? `${text} · ${formatShare(share)}` : text;
  });
  const before = ends(change.before, stop.parent ? change.changed : both);
  return { before: change.opens ? ['new connection'] : before, after };
}

function ends(header: Header, changed: readonly ('src' | 'dst')[]): readonly string[] {
  return changed.map((end) => `${end} ${endpoint(header, end)}`);
}
