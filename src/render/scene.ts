/** What a diagram shows, before anything has a place: stations (devices as they are visited), the lines through them,
 *  and what is said at each. Common beginnings of paths are one line, which splits where the paths do. */
import type { Hop, Path, Trace } from '../trace/trace.ts';
import { changedEnds } from './decisive.ts';
import { type Fate, fateOf, nameOf } from './fate.ts';
import { alikePaths } from './fold.ts';
import { type Detail, deniers, drawnHops, mainHop, partings, type Stay, staysOf } from './stays.ts';
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
  /** The lane's own hops at each stop. */
  readonly stays: readonly Stay[];
  /** For a path that circles: the number of the hop at which the round begins anew. */
  readonly again: number | undefined;
  /** The way back, one run for each leg. */
  readonly replies: ReplyRun[];
}

/** A line's stay at a station: one numbered circle. Paths that have not parted share it. */
export interface Stop {
  readonly id: number;
  readonly station: Station;
  readonly parent: Stop | undefined;
  /** Those of its first lane; others differ in their header only. */
  readonly hops: Stay;
  /** The one that names the station. */
  readonly hop: Hop;
  readonly lanes: Lane[];
  /** Of the way back only: its number is on the thin line. */
  readonly reply: boolean;
  /** Vertical place among the circles of its station. */
  slot: number;
}

export interface ReplyRun {
  readonly stops: readonly { readonly stop: Stop; readonly hops: Stay }[];
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
const containers: ReadonlySet<string> = new Set([
  'account',
  'region',
  'vpc',
  'az',
  'subnet',
  'node',
  'premises',
]);

export function sceneOf(trace: Trace, surroundings: Surroundings, detail: Detail = 0): Scene {
  const stations = new Map<string, Station>();
  const links: (readonly [Station, Station])[] = [];
  const bundles = lanesOf(trace, detail);
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

  const stop = (at: Station, parent: Stop | undefined, hops: Stay, lane: Lane, reply: boolean): Stop => {
    const made: Stop = {
      id: stopCount++,
      station: at,
      parent,
      hops,
      hop: mainHop(hops),
      lanes: [lane],
      reply,
      slot: 0,
    };
    at.stops.push(made);
    return made;
  };

  const link = (a: Station, b: Station): void => {
    if (!links.some(([x, y]) => x === a && y === b)) links.push([a, b]);
  };

  for (const lane of lanes) {
    const visits = new Map<string, number>();
    let parent: Stop | undefined;
    for (const hops of lane.stays) {
      const hop = mainHop(hops);
      const device = nameOf(hop);
      const visit = countUp(visits, `${device}#${hop.leg}`);
      const siblings: readonly Stop[] = parent ? childrenOf(parent, stations) : roots;
      const shared = siblings.find((other) => sameStay(other.hops, hops));
      if (shared) {
        shared.lanes.push(lane);
        parent = shared;
      } else {
        let at = station(visit, hop);
        if (parent && reaches(at, parent.station)) at = station(`${visit}@${lane.path.id}`, hop);
        if (parent) link(parent.station, at);
        const made: Stop = stop(at, parent, hops, lane, false);
        if (!parent) roots.push(made);
        parent = made;
      }
      lane.stops.push(parent);
    }
  }
  for (const lane of lanes) lane.replies.push(...replyRuns(lane, detail, { station, stop, link, reaches }));
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

function sameStay(a: Stay, b: Stay): boolean {
  return (
    a.length === b.length &&
    a[0]!.ghost === b[0]!.ghost &&
    a.every((hop, i) => nameOf(hop) === nameOf(b[i]!) && hop.leg === b[i]!.leg) &&
    changedEnds(a[0]!.in, b[0]!.in).length === 0
  );
}

function lanesOf(trace: Trace, detail: Detail): readonly Lane[] {
  const groups = alikePaths(trace, trace.paths.length > MOST_LANES);
  const alone = deniers(groups.map((paths) => paths[0]!));
  const drawn = groups.map((paths) => drawnHops(paths[0]!));
  return groups.map((paths, i) => {
    const { hops, again } = drawn[i]!;
    const others = drawn.filter((_, j) => j !== i).map((other) => other.hops);
    return {
      path: paths[0]!,
      fate: fateOf(paths[0]!),
      share: paths.reduce((sum, path) => sum + path.share, 0),
      count: paths.length,
      stops: [],
      stays: staysOf(hops, { detail, parts: partings(hops, others), alone }),
      again,
      replies: [],
    };
  });
}

interface Making {
  station(key: string, hop: Hop): Station;
  stop(at: Station, parent: Stop | undefined, hops: Stay, lane: Lane, reply: boolean): Stop;
  link(a: Station, b: Station): void;
  reaches(from: Station, to: Station): boolean;
}

/** The reply passes the request's stops in reverse; devices that the request did not see get stations of their own. */
function replyRuns(lane: Lane, detail: Detail, making: Making): readonly ReplyRun[] {
  const runs: ReplyRun[] = [];
  const denying = deniers([lane.path]);
  const visits = new Map<string, number>();
  const legs = [...new Set(lane.path.reply.hops.map((hop) => hop.leg))];
  const ofLeg = (stop: Stop, leg: number): boolean => stop.hops.some((hop) => hop.leg === leg);
  for (const leg of legs) {
    let place = lane.stops.findLastIndex((stop) => ofLeg(stop, leg));
    // A leg begins at the device that opened it, the last of the leg before.
    const first = lane.stops.findIndex((stop) => ofLeg(stop, leg));
    const opened = first >= 0 && ofLeg(lane.stops[first]!, leg - 1);
    const begin = Math.max(0, opened ? first : first - 1);
    const known = (hop: Hop): number =>
      lane.stops.findLastIndex(
        (stop, i) => i >= begin && i <= place && stop.hops.some((other) => nameOf(other) === nameOf(hop)),
      );
    const run: { stop: Stop; hops: Stay }[] = [];
    let alone: Hop[] = [];
    const leave = (): void => {
      for (const stay of staysOf(alone, { detail, alone: denying })) visit(own(stay, run.at(-1)?.stop), stay);
      alone = [];
    };
    const visit = (stop: Stop, hops: Stay): void => {
      const before = run.at(-1);
      if (before?.stop === stop) {
        run[run.length - 1] = { stop, hops: [...before.hops, ...hops] };
        return;
      }
      run.push({ stop, hops });
      if (before && (before.stop.reply || stop.reply) && !making.reaches(before.stop.station, stop.station))
        making.link(stop.station, before.stop.station);
    };
    for (const hop of lane.path.reply.hops.filter((h) => h.leg === leg)) {
      const back = known(hop);
      if (back < 0) {
        alone.push(hop);
        continue;
      }
      leave();
      place = back;
      visit(lane.stops[back]!, [hop]);
    }
    leave();
    runs.push({ stops: run });
  }
  return runs;

  function own(stay: Stay, before: Stop | undefined): Stop {
    const hop = mainHop(stay);
    const visit = countUp(visits, `${nameOf(hop)}#reply`);
    let at = making.station(visit, hop);
    if (before && making.reaches(before.station, at)) at = making.station(`${visit}@${lane.path.id}`, hop);
    const shared = at.stops.find((stop) => sameStay(stop.hops, stay));
    shared?.lanes.push(lane);
    return shared ?? making.stop(at, undefined, stay, lane, true);
  }
}
