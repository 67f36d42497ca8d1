/** What a diagram shows, before anything has a place: stations (devices as they are visited), the lines through them,
 *  and what is said at each. Common beginnings of paths are one line, which splits where the paths do. */
import { endpoint } from '../packet/headers.ts';
import type { Hop, Path, Trace } from '../trace/trace.ts';
import { changedEnds } from './decisive.ts';
import { type Fate, fateOf, nameOf } from './fate.ts';
import { alikePaths } from './fold.ts';
import { formatShare } from './share.ts';
import type { Box, Surroundings } from './surroundings.ts';

/** More paths than this are drawn as bundles of those that end alike. */
const MOST_LANES = 5;

/** One path, or a bundle of paths that end alike, drawn as its first. */
export interface Lane {
  readonly path: Path;
  readonly fate: Fate;
  readonly share: number;
  readonly count: number;
  /** Stops of the request in order, ghosts included. */
  readonly stops: Stop[];
  /** The way back, one run for each leg. */
  readonly replies: ReplyRun[];
}

/** A line's stay at a station: one numbered circle. Paths that have not parted share it. */
export interface Stop {
  readonly id: number;
  readonly station: Station;
  readonly parent: Stop | undefined;
  readonly hop: Hop;
  readonly lanes: Lane[];
  /** Of the way back only: its number is on the thin line. */
  readonly reply: boolean;
  /** Vertical place among the circles of its station. */
  slot: number;
}

export interface ReplyRun {
  readonly stops: readonly { readonly stop: Stop; readonly hop: Hop }[];
}

export interface Station {
  readonly key: string;
  readonly device: string;
  readonly kind: string;
  /** The boxes around it, outermost first, without its own. */
  readonly boxes: readonly Box[];
  readonly own: Box | undefined;
  readonly stops: Stop[];
  column: number;
}

export interface Scene {
  readonly lanes: readonly Lane[];
  readonly stations: readonly Station[];
  /** From, to: neighbours on some line, in the direction of the request. */
  readonly links: readonly (readonly [Station, Station])[];
  /** Paths that no lane stands for. */
  readonly leftOut: number;
}

/** Boxes that hold other things; the rest are drawn as a station. */
const containers: ReadonlySet<string> = new Set(['account', 'region', 'vpc', 'az', 'subnet', 'node']);

export function sceneOf(trace: Trace, surroundings: Surroundings): Scene {
  const stations = new Map<string, Station>();
  const links: (readonly [Station, Station])[] = [];
  const bundles = lanesOf(trace);
  const lanes = bundles.slice(0, MOST_LANES);
  const roots: Stop[] = [];
  let stopCount = 0;

  const reaches = (from: Station, to: Station): boolean => {
    const seen = new Set([from]);
    for (const station of seen) for (const [a, b] of links) if (a === station) seen.add(b);
    return seen.has(to);
  };

  const station = (key: string, hop: Hop): Station => {
    const found = stations.get(key);
    if (found) return found;
    const device = nameOf(hop);
    const boxes = surroundings.boxesOf(device);
    const last = boxes.at(-1);
    const own = last && last.id === device && !containers.has(last.kind) ? last : undefined;
    const made: Station = {
      key,
      device,
      kind: hop.device.kind,
      boxes: own ? boxes.slice(0, -1) : boxes,
      own,
      stops: [],
      column: 0,
    };
    stations.set(key, made);
    return made;
  };

  const stop = (at: Station, parent: Stop | undefined, hop: Hop, lane: Lane, reply: boolean): Stop => {
    const made: Stop = { id: stopCount++, station: at, parent, hop, lanes: [lane], reply, slot: 0 };
    at.stops.push(made);
    return made;
  };

  const link = (a: Station, b: Station): void => {
    if (!links.some(([x, y]) => x === a && y === b)) links.push([a, b]);
  };

  for (const lane of lanes) {
    const visits = new Map<string, number>();
    let parent: Stop | undefined;
    for (const hop of lane.path.hops) {
      const device = nameOf(hop);
      const visit = countUp(visits, `${device}#${hop.leg}`);
      const siblings: readonly Stop[] = parent ? childrenOf(parent, stations) : roots;
      const shared = siblings.find((other) => sameHop(other.hop, hop));
      if (shared) {
        shared.lanes.push(lane);
        parent = shared;
      } else {
        let at = station(visit, hop);
        if (parent && reaches(at, parent.station)) at = station(`${visit}@${lane.path.id}`, hop);
        if (parent) link(parent.station, at);
        const made: Stop = stop(at, parent, hop, lane, false);
        if (!parent) roots.push(made);
        parent = made;
      }
      lane.stops.push(parent);
    }
  }
  for (const lane of lanes) lane.replies.push(...replyRuns(lane, { station, stop, link, reaches }));
  return {
    lanes,
    stations: [...stations.values()],
    links,
    leftOut: bundles.slice(MOST_LANES).reduce((sum, lane) => sum + lane.count, 0),
  };
}

function childrenOf(parent: Stop, stations: ReadonlyMap<string, Station>): readonly Stop[] {
  return [...stations.values()].flatMap((s) => s.stops.filter((child) => child.parent === parent));
}

/** Names a visit: a device that a path passes twice stands in two places. */
function countUp(visits: Map<string, number>, name: string): string {
  const visit = visits.get(name) ?? 0;
  visits.set(name, visit + 1);
  return `${name}.${visit}`;
}

function sameHop(a: Hop, b: Hop): boolean {
  return (
    nameOf(a) === nameOf(b) && a.ghost === b.ghost && a.leg === b.leg && changedEnds(a.in, b.in).length === 0
  );
}

function lanesOf(trace: Trace): readonly Lane[] {
  const groups = alikePaths(trace, trace.paths.length > MOST_LANES);
  return groups.map((paths) => ({
    path: paths[0]!,
    fate: fateOf(paths[0]!),
    share: paths.reduce((sum, path) => sum + path.share, 0),
    count: paths.length,
    stops: [],
    replies: [],
  }));
}

interface Making {
  station(key: string, hop: Hop): Station;
  stop(at: Station, parent: Stop | undefined, hop: Hop, lane: Lane, reply: boolean): Stop;
  link(a: Station, b: Station): void;
  reaches(from: Station, to: Station): boolean;
}

/** The reply passes the request's stops in reverse; devices that the request did not see get stations of their own. */
function replyRuns(lane: Lane, making: Making): readonly ReplyRun[] {
  const runs: ReplyRun[] = [];
  const visits = new Map<string, number>();
  const legs = [...new Set(lane.path.reply.hops.map((hop) => hop.leg))];
  for (const leg of legs) {
    let place = lane.stops.findLastIndex((stop) => stop.hop.leg === leg);
    // A leg begins at the device that opened it, the last of the leg before.
    const begin = Math.max(0, lane.stops.findIndex((stop) => stop.hop.leg === leg) - 1);
    const run: { stop: Stop; hop: Hop }[] = [];
    for (const hop of lane.path.reply.hops.filter((h) => h.leg === leg)) {
      const back = lane.stops.findLastIndex(
        (stop, i) => i >= begin && i <= place && stop.station.device === nameOf(hop),
      );
      if (back >= 0) place = back;
      const before = run.at(-1)?.stop;
      run.push({ stop: back >= 0 ? lane.stops[back]! : own(hop, before), hop });
      const after = run.at(-1)!.stop;
      if (before && (before.reply || after.reply) && !making.reaches(before.station, after.station))
        making.link(after.station, before.station);
    }
    runs.push({ stops: run });
  }
  return runs;

  function own(hop: Hop, before: Stop | undefined): Stop {
    const visit = countUp(visits, `${nameOf(hop)}#reply`);
    let at = making.station(visit, hop);
    if (before && making.reaches(before.station, at)) at = making.station(`${visit}@${lane.path.id}`, hop);
    const shared = at.stops.find((stop) => sameHop(stop.hop, hop));
    shared?.lanes.push(lane);
    return shared ?? making.stop(at, undefined, hop, lane, true);
  }
}

/** The header's change at a stop: `before` once, `after` for each way it may go on. */
export interface Tag {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export function tagOf(stop: Stop): Tag | undefined {
  if (stop.reply) return undefined;
  if (!stop.parent) return { before: [], after: ends(stop.hop, ['src', 'dst'], 'in') };
  const changes = stop.lanes.map((lane) => {
    const next = lane.stops[lane.stops.indexOf(stop) + 1];
    if (next && next.hop.leg !== stop.hop.leg)
      return { lane, hop: next.hop, changed: ['src', 'dst'] as const, opens: true };
    const hop = lane.path.hops[lane.stops.indexOf(stop)]!;
    return { lane, hop, changed: changedEnds(hop.in, hop.out), opens: false };
  });
  const first = changes.find((change) => change.changed.length > 0);
  if (!first) return undefined;
  const afters = changes.flatMap(({ lane, hop, changed, opens }) =>
    ends(hop, changed, opens ? 'in' : 'out').map((text) => ({ text, share: lane.share })),
  );
  const distinct = [...new Set(afters.map((after) => after.text))];
  const after = distinct.map((text) => {
    const share = afters.reduce((sum, a) => (a.text === text ? sum + a.share : sum), 0);
    const all = changes.reduce((sum, { lane }) => sum + lane.share, 0);
    return share < all - 1e-9 ? `${text} · ${formatShare(share)}` : text;
  });
  return { before: first.opens ? ['new connection'] : ends(stop.hop, first.changed, 'in'), after };
}

function ends(hop: Hop, changed: readonly ('src' | 'dst')[], side: 'in' | 'out'): readonly string[] {
  return changed.map((end) => `${end} ${endpoint(hop[side], end)}`);
}
