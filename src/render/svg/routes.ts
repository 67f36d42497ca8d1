/** Ways of the lines between stations: level to the gap between two columns, up or down there, level on. Each line
 *  has its own place in a gap; the branches of a fork share one, so that they leave as a tree. */
import type { Scene, Station, Stop } from '../scene.ts';
import type { Passage } from './nesting.ts';

export type Point = readonly [x: number, y: number];

/** Distance of two upright lines in one gap. */
export const LANE_STEP = 16;
const CHANNEL = 18;
const SHARE_LABEL = 36;

/** A connection to draw, from left to right. `kind` says which line it is. */
export interface Link {
  readonly from: Stop;
  readonly to: Stop;
  readonly kind: 'request' | 'reply';
  readonly passage: Passage | undefined;
}

/** Every connection that needs a way of its own: the request's, and those of replies that leave the request's way. */
export function linksOf(scene: Scene): {
  readonly links: readonly Link[];
  readonly passages: readonly Passage[];
} {
  const passages: Passage[] = [];
  const passageFor = (from: Station, to: Station): Passage | undefined => {
    if (to.column - from.column < 2) return undefined;
    const known = passages.find((p) => p.from === from && p.to === to);
    if (known) return known;
    const made = { from, to };
    passages.push(made);
    return made;
  };
  const links: Link[] = [];
  for (const stop of stopsOf(scene))
    if (stop.parent)
      links.push({
        from: stop.parent,
        to: stop,
        kind: 'request',
        passage: passageFor(stop.parent.station, stop.station),
      });
  for (const [a, b] of replySteps(scene)) {
    if (a.parent === b || b.parent === a || a === b) continue;
    const [left, right] = a.station.column <= b.station.column ? [a, b] : [b, a];
    if (links.some((link) => link.kind === 'reply' && link.from === left && link.to === right)) continue;
    links.push({ from: left, to: right, kind: 'reply', passage: passageFor(left.station, right.station) });
  }
  return { links, passages };
}

export function stopsOf(scene: Scene): readonly Stop[] {
  return scene.stations.flatMap((station) => station.stops).sort((a, b) => a.id - b.id);
}

export function replySteps(scene: Scene): readonly (readonly [Stop, Stop])[] {
  return scene.lanes.flatMap((lane) =>
    lane.replies.flatMap((run) =>
      run.stops.slice(1).map(({ stop }, i) => [run.stops[i]!.stop, stop] as const),
    ),
  );
}

/** A turn in a gap: which gap (the column after it), from which height to which. */
interface Turn {
  readonly key: string;
  readonly gap: number;
  readonly from: number;
  readonly to: number;
}

export interface Gaps {
  /** Room each gap needs for its turns and labels, by the column after it. */
  readonly widths: readonly number[];
  /** Offset of a turn from the start of its gap's channel. */
  offset(key: string, gap: number): number;
}

/** Allots places in the gaps. Lines going down turn in the order of the lowest first, lines going up in the order of
 *  the highest first: then they do not cross each other without need. */
export function allot(
  links: readonly Link[],
  columns: number,
  heightOf: (at: Stop | Passage) => number,
  extra: readonly { key: string; gap: number }[],
): Gaps {
  const turns = new Map<string, Turn[]>();
  for (const turn of links.flatMap((link) => turnsOf(link, heightOf))) {
    const name = `${turn.gap} ${turn.key}`;
    turns.set(name, [...(turns.get(name) ?? []), turn]);
  }
  const groups = [...turns.values()];
  const offsets = new Map<string, number>();
  const widths: number[] = [];
  for (let gap = 0; gap <= columns; gap++) {
    const here = groups.filter((group) => group[0]!.gap === gap).sort(byTurn);
    const leaders = extra.filter((one) => one.gap === gap);
    here.forEach((group, i) => {
      offsets.set(`${gap} ${group[0]!.key}`, CHANNEL / 2 + i * LANE_STEP);
    });
    leaders.forEach((one, i) => {
      offsets.set(`${gap} ${one.key}`, CHANNEL / 2 + (here.length + i) * LANE_STEP);
    });
    const forked = links.some(
      (link) => link.kind === 'request' && link.to.station.column === gap && forks(link.from),
    );
    const room = Math.max(0, here.length + leaders.length - 1) * LANE_STEP;
    const outer = gap === 0 || gap === columns;
    widths.push((outer && leaders.length === 0 ? 0 : CHANNEL + room) + (forked ? SHARE_LABEL : 0));
  }
  return { widths, offset: (key, gap) => offsets.get(`${gap} ${key}`) ?? CHANNEL / 2 };
}

/** Whether the line splits after this stop. */
export function forks(stop: Stop): boolean {
  return new Set(stop.lanes.map((lane) => lane.stops[lane.stops.indexOf(stop) + 1])).size > 1;
}

function turnsOf(link: Link, heightOf: (at: Stop | Passage) => number): readonly Turn[] {
  const turn = (end: 'from' | 'to', gap: number, from: number, to: number): readonly Turn[] =>
    from === to && !(end === 'from' && forks(link.from)) ? [] : [{ key: turnKey(link, end), gap, from, to }];
  const start = heightOf(link.from);
  const end = heightOf(link.to);
  const first = link.from.station.column + 1;
  if (!link.passage) return turn('from', first, start, end);
  const between = heightOf(link.passage);
  return [...turn('from', first, start, between), ...turn('to', link.to.station.column, between, end)];
}

export function turnKey(link: Link, end: 'from' | 'to'): string {
  return link.kind === 'request' && end === 'from'
    ? `stop ${link.from.id}`
    : `${link.kind} ${end} ${link.from.id} ${link.to.id}`;
}

function byTurn(a: readonly Turn[], b: readonly Turn[]): number {
  const goesUp = (group: readonly Turn[]): boolean => group.every((turn) => turn.to <= turn.from);
  const start = (group: readonly Turn[]): number => group[0]!.from;
  if (goesUp(a) !== goesUp(b)) return goesUp(a) ? -1 : 1;
  return goesUp(a) ? start(a) - start(b) : start(b) - start(a);
}
