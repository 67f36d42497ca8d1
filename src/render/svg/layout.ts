/** Places everything: columns by hop order, rows by the boxes, lines through the gaps. Nothing is measured by eye and
 *  nothing by a browser, so equal scenes are equal drawings. */
import type { Lane, Scene, Station, Stop } from '../scene.ts';
import type { Box } from '../surroundings.ts';
import { type Card, cardOf, PITCH, REPLY_OFFSET, slotCount } from './card.ts';
import { assignColumns } from './layers.ts';
import { SMALL, textWidth } from './metrics.ts';
import { boxItems, type Item, inset, nest, type Passage } from './nesting.ts';
import { allot, forks, type Link, linksOf, type Point, turnKey } from './routes.ts';

/** A branch's share is written this far behind the turn, clear of the reply beside it. */
export const SHARE_AHEAD = 12;

export interface PlacedCard {
  readonly card: Card;
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox {
  readonly box: Box;
  /** Boxes that are written in its label, outermost first. */
  readonly outer: readonly Box[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly link: Link;
  readonly points: readonly Point[];
  /** Where to write the share, if the line is a branch of a fork. */
  readonly share: Point | undefined;
}

export interface Leader {
  readonly stop: Stop;
  readonly x: number;
  readonly start: Point;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly Line[];
  readonly leaders: readonly Leader[];
  centre(stop: Stop): Point;
}

/** `called` are the stops that a callout below the drawing speaks of; `tight` leaves out boxes that only hold another. */
export function layoutOf(scene: Scene, called: readonly Stop[], tight = false): Layout {
  const columns = assignColumns(scene);
  const { links, passages } = linksOf(scene);
  orderLanes(scene, scene.lanes);
  const first = nestScene(scene, passages, tight);
  // Lines in the order of their ends' heights cross less.
  const byEnd = [...scene.lanes].sort((a, b) => endHeight(a, first.heights) - endHeight(b, first.heights));
  orderLanes(scene, byEnd);
  const { cards, nesting, heights } = nestScene(scene, passages, tight);

  const heightOf = (at: Stop | Passage): number =>
    'slot' in at ? stopHeight(at, heights) : nesting.items.get(at)!.y;
  const widths = columnWidths(cards, nesting.root, columns);
  const extra = called.map((stop) => ({ key: `call ${stop.id}`, gap: stop.station.column + 1 }));
  const gaps = allot(links, columns, heightOf, extra);
  const boxed = boxItems(nesting.root);
  const before = Array.from({ length: columns }, (_, c) => widest(boxed, 'first', c, widths));
  const after = Array.from({ length: columns }, (_, c) => widest(boxed, 'last', c, widths));

  const lefts: number[] = [];
  const channels: number[] = [];
  let x = 0;
  for (let c = 0; c < columns; c++) {
    channels.push(x);
    x += gaps.widths[c]! + before[c]!;
    lefts.push(x);
    x += widths[c]! + after[c]!;
  }
  channels.push(x);
  const width = x + gaps.widths[columns]!;

  const middle = (station: Station): number => lefts[station.column]! + widths[station.column]! / 2;
  const centre = (stop: Stop): Point => [middle(stop.station), heightOf(stop)];
  const turnX = (key: string, gap: number): number => channels[gap]! + gaps.offset(key, gap);
  return {
    width,
    height: nesting.root.above + nesting.root.below,
    cards: cards.map((card) => ({ card, x: middle(card.station), y: heights.get(card.station)! })),
    boxes: boxed.map((item) => placeBox(item, lefts, widths)),
    lines: links.map((link) => lineOf(link, centre, heightOf, turnX)),
    leaders: called.map((stop) => {
      const card = cards.find((one) => one.station === stop.station)!;
      const [cx] = centre(stop);
      const y = heights.get(stop.station)! + card.below - 12;
      return { stop, x: turnX(`call ${stop.id}`, stop.station.column + 1), start: [cx + card.width / 2, y] };
    }),
    centre,
  };
}

/** Circles of a station from top to bottom in the order of the lanes. */
function orderLanes(scene: Scene, lanes: readonly Lane[]): void {
  for (const station of scene.stations) {
    const rank = (stop: Stop): number => Math.min(...stop.lanes.map((lane) => lanes.indexOf(lane)));
    const order = [...station.stops].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
    order.forEach((stop, i) => {
      stop.slot = i;
    });
  }
}

function nestScene(scene: Scene, passages: readonly Passage[], tight: boolean) {
  const cards = scene.stations.map((station) => cardOf(station, tight));
  const nesting = nest(cards, passages, tight);
  const heights = new Map(scene.stations.map((station) => [station, nesting.items.get(station)!.y]));
  return { cards, nesting, heights };
}

function stopHeight(stop: Stop, heights: ReadonlyMap<Station, number>): number {
  return heights.get(stop.station)! + (stop.slot - (slotCount(stop.station) - 1) / 2) * PITCH;
}

function endHeight(lane: Lane, heights: ReadonlyMap<Station, number>): number {
  const last = lane.stops.at(-1);
  return last ? stopHeight(last, heights) : 0;
}

function columnWidths(cards: readonly Card[], root: Item, columns: number): readonly number[] {
  const widths = new Array<number>(columns).fill(0);
  for (const card of cards) {
    const column = card.station.column;
    widths[column] = Math.max(widths[column]!, card.width, card.tagWidth);
  }
  // A box over one column must have room for its name.
  for (const { box, first, last } of boxItems(root))
    if (box && first === last) widths[first] = Math.max(widths[first]!, textWidth(box.label, SMALL) + 8);
  return widths;
}

function widest(
  boxed: readonly Item[],
  side: 'first' | 'last',
  column: number,
  widths: readonly number[],
): number {
  return boxed
    .filter((item) => item[side] === column)
    .reduce((most, item) => Math.max(most, inset(item, side, widths)), 0);
}

function placeBox(item: Item, lefts: readonly number[], widths: readonly number[]): PlacedBox {
  const x = lefts[item.first]! - inset(item, 'first', widths);
  const right = lefts[item.last]! + widths[item.last]! + inset(item, 'last', widths);
  const y = item.y - item.above;
  return { box: item.box!, outer: item.outer, x, y, width: right - x, height: item.above + item.below };
}

function lineOf(
  link: Link,
  centre: (stop: Stop) => Point,
  heightOf: (at: Stop | Passage) => number,
  turnX: (key: string, gap: number) => number,
): Line {
  const lower = link.kind === 'reply' ? REPLY_OFFSET : 0;
  const [x1, y1] = centre(link.from);
  const [x2, y2] = centre(link.to);
  const first = turnX(turnKey(link, 'from'), link.from.station.column + 1);
  const second = turnX(turnKey(link, 'to'), link.to.station.column);
  const between = link.passage ? heightOf(link.passage) : y2;
  const raw: Point[] = [
    [x1, y1],
    [first, y1],
    [first, between],
  ];
  if (link.passage) raw.push([second, between], [second, y2]);
  raw.push([x2, y2]);
  const points = raw
    .map(([x, y]) => [x, y + lower] as const)
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1]![0] || y !== all[i - 1]![1]);
  const share =
    link.kind === 'request' && forks(link.from) ? ([first + SHARE_AHEAD, between - 5] as const) : undefined;
  return { link, points, share };
}

/** The same way a little lower, as the reply takes it. */
export function beside(points: readonly Point[]): readonly Point[] {
  return points.map(([x, y], i) => {
    const up = points.some(([ux, uy], j) => ux === x && Math.abs(i - j) === 1 && (i < j ? uy < y : uy > y));
    const upright = points.some(([ux, uy], j) => ux === x && uy !== y && Math.abs(i - j) === 1);
    return [upright ? x + (up ? REPLY_OFFSET / 2 : -REPLY_OFFSET / 2) : x, y + REPLY_OFFSET];
  });
}
