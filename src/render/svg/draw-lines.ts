/** Draws what moves: the request's line, the reply beside it, numbers on it, and how each ends. */
import { endOf, type Fate } from '../fate.ts';
import type { Lane, ReplyRun, Scene, Stop } from '../scene.ts';
import { formatShare } from '../share.ts';
import { numberOf } from '../stays.ts';
import { againText, RADIUS, REPLY_OFFSET, reachOf } from './card.ts';
import { beside, type Layout, type Line, SHARE_AHEAD } from './layout.ts';
import { SMALL, textWidth } from './metrics.ts';
import { at, type Group, type Paper, rect, write } from './paper.ts';
import type { Point } from './routes.ts';

const CORNER = 7;
/** Where the bar of a lost reply stands, right of the circle: the reply comes from there. */
const BAR = 5;

export function drawRequests(group: Group, scene: Scene, layout: Layout, paper: Paper): void {
  // Ghosts first, so that what happened lies above what would.
  const lines = layout.lines.filter((line) => line.link.kind === 'request');
  for (const line of [...lines].sort((a, b) => Number(b.link.to.hop.ghost) - Number(a.link.to.hop.ghost))) {
    const { to } = line.link;
    const bundled = to.lanes.some((lane) => lane.count > 1) ? ' bundle' : '';
    group
      .append('path')
      .attr('d', paper.route(line.points, CORNER))
      .attr('class', `request line-${tone(to)}${to.hop.ghost ? ' ghost' : bundled}`);
    if (line.share) write(group, shareText(to), line.share[0], line.share[1], 'small');
  }
  for (const line of lines) {
    const { from, to } = line.link;
    const [start, turn] = line.points;
    // Before it splits, a line has the colour of all its branches.
    if (line.share && turn && tone(from) !== tone(to) && !from.hop.ghost)
      group
        .append('path')
        .attr('d', paper.route([start!, [Math.min(turn[0], line.share[0] - SHARE_AHEAD), turn[1]]], CORNER))
        .attr('class', `request line-${tone(from)}`);
  }
  for (const lane of scene.lanes) drawEnd(group, lane, layout);
}

function shareText(stop: Stop): string {
  const share = stop.lanes.reduce((sum, lane) => sum + lane.share, 0);
  const count = stop.lanes.reduce((sum, lane) => sum + lane.count, 0);
  return count > stop.lanes.length ? `${formatShare(share)} ×${count}` : formatShare(share);
}

const tones: Readonly<Record<Fate, string>> = {
  arrives: 'delivered',
  blocked: 'blocked',
  'reply-lost': 'delivered',
  undetermined: 'undetermined',
};

function tone(stop: Stop): string {
  const all = new Set(stop.lanes.map((lane) => tones[lane.fate]));
  return all.size === 1 ? [...all][0]! : 'mixed';
}

/** Arrow, bar or question mark where the request ends; arrows also where a leg does. */
function drawEnd(group: Group, lane: Lane, layout: Layout): void {
  const real = lane.stops.filter((stop) => !stop.hop.ghost);
  const last = real.at(-1);
  if (!last) return;
  lane.stops.forEach((stop, i) => {
    const next = lane.stops[i + 1];
    if (next && next.hops[0]!.leg !== stop.hops[0]!.leg) drawBreak(group, stop, layout);
  });
  const [x, y] = layout.centre(last);
  const reach = reachOf(last.hops);
  if (lane.fate === 'blocked') {
    bar(group, [x + reach + 7, y], 12, 'line-blocked');
    const again = againText(last);
    if (again) write(group, again, x + reach + 14, y + 4, 'small strong fill-blocked');
  } else if (lane.fate === 'undetermined' && lane.path.disposition === 'undetermined')
    write(group, '?', x + reach + 8, y + 6, 'title fill-undetermined', 'middle');
  else if (lane.path.disposition === 'exited') {
    group
      .append('path')
      .attr('d', `M${at(x)},${at(y)}h${reach + 14}`)
      .attr('class', `request line-${tone(last)}`);
    arrow(group, [x + reach + 20, y], 1, `fill-${tone(last)}`);
  } else arrow(group, [x - reach, y], 1, `fill-${tone(last)}`);
}

function drawBreak(group: Group, stop: Stop, layout: Layout): void {
  const [x, y] = layout.centre(stop);
  const reach = reachOf(stop.hops);
  arrow(group, [x - reach, y], 1, `fill-${tone(stop)}`);
  for (const side of [-1, 1]) {
    const edge = x + side * (reach + 11);
    group
      .append('path')
      .attr('d', `M${at(edge)},${at(y - 7)}v14`)
      .attr('class', 'break glyph');
  }
  write(group, `leg ${stop.hops[0]!.leg + 1}`, x - reach - 14, y - 9, 'small quiet', 'end');
  write(group, `leg ${stop.hops[0]!.leg + 2}`, x + reach + 14, y - 9, 'small quiet');
}

/** The way back: beside the request where it takes the same way, dashed where it is lost. */
export function drawReplies(group: Group, scene: Scene, layout: Layout, paper: Paper): void {
  const drawn = new Set<string>();
  for (const lane of scene.lanes)
    for (const run of lane.replies) {
      const real = run.stops.filter(({ hops }) => !hops[0]!.ghost);
      if (real.length === 0) continue;
      const lost =
        lane.fate === 'reply-lost' && real.at(-1)!.hops.includes(endOf(lane.path)?.hop ?? lane.path.hops[0]!);
      const last = real.length - 2;
      real.slice(1).forEach(({ stop }, i) => {
        const before = real[i]!.stop;
        const points = replyPoints(before, stop, layout.lines);
        const key = `${before.id} ${stop.id} ${lost}`;
        if (!points || drawn.has(key)) return;
        drawn.add(key);
        const shown =
          lost && i === last ? upToBar(points, layout.centre(stop), reachOf(stop.hops) + BAR) : points;
        group
          .append('path')
          .attr('d', paper.route(shown, CORNER))
          .attr('class', `reply line-${lost ? 'blocked lost' : 'reply'}`);
      });
      drawReplyEnd(group, run, lost, layout);
    }
}

function drawReplyEnd(group: Group, run: ReplyRun, lost: boolean, layout: Layout): void {
  const real = run.stops.filter(({ hops }) => !hops[0]!.ghost);
  const end = real.at(-1)!;
  const [x, y] = layout.centre(end.stop);
  if (lost) {
    const edge = x + reachOf(end.stop.hops) + BAR;
    bar(group, [edge, y + REPLY_OFFSET], 7, 'line-blocked');
    numbered(
      group,
      [edge + reachOf(end.hops) + 5, y + REPLY_OFFSET],
      numberOf(end.hops),
      RADIUS - 1,
      'fill-blocked',
    );
    return;
  }
  const from = real.at(-2);
  const leftwards = from === undefined || layout.centre(from.stop)[0] >= x;
  arrow(group, [x, y + REPLY_OFFSET], leftwards ? -1 : 1, 'fill-reply');
}

/** A lost reply ends at the bar before the station's circle. */
function upToBar(points: readonly Point[], [x]: Point, bar: number): readonly Point[] {
  return points.map(([px, py]) => [px === x ? px + bar : px, py]);
}

/** Points from one stop of the reply to the next: beside the request's line, or a line of its own. */
function replyPoints(from: Stop, to: Stop, lines: readonly Line[]): readonly Point[] | undefined {
  const own = lines.find(
    ({ link }) =>
      link.kind === 'reply' &&
      ((link.from === from && link.to === to) || (link.from === to && link.to === from)),
  );
  if (own) return own.points;
  const request = lines.find(
    ({ link }) =>
      link.kind === 'request' &&
      ((link.from === to && link.to === from) || (link.from === from && link.to === to)),
  );
  return request && beside(request.points);
}

/** Numbered circles: the same numbers as in the text. */
export function drawStops(group: Group, scene: Scene, layout: Layout): void {
  for (const stop of scene.stations.flatMap((station) => station.stops)) {
    const [x, y] = layout.centre(stop);
    const look = stop.reply ? 'reply' : tone(stop);
    const place: Point = [x, y + (stop.reply ? REPLY_OFFSET : 0)];
    if (stop.hop.ghost) numbered(group, place, numberOf(stop.hops), RADIUS, `hollow line-${look}`);
    else numbered(group, place, numberOf(stop.hops), RADIUS, `fill-${look}`);
  }
}

/** A circle, which a range of numbers makes longer. */
function numbered(group: Group, [x, y]: Point, n: string, radius: number, look: string): void {
  const half = Math.max(radius, textWidth(n, SMALL, true) / 2 + 4);
  rect(group, x - half, y - radius, 2 * half, 2 * radius, radius, look);
  write(group, n, x, y + 4, look.startsWith('hollow') ? 'small quiet' : 'small strong number', 'middle');
}

function bar(group: Group, [x, y]: Point, half: number, look: string): void {
  group
    .append('path')
    .attr('d', `M${at(x)},${at(y - half)}v${2 * half}`)
    .attr('class', `bar ${look}`);
}

/** A filled triangle with its tip at the point. */
function arrow(group: Group, [x, y]: Point, direction: 1 | -1, look: string): void {
  const back = -8 * direction;
  group
    .append('path')
    .attr('d', `M${at(x)},${at(y)}l${back},-5v10z`)
    .attr('class', look);
}
