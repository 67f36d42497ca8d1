/** Boxes within boxes. What stands in columns that do not overlap shares a row; the rest is stacked. Boxes never
 *  overlap, because a box takes its columns and rows for itself. */
import type { Station } from '../scene.ts';
import type { Box } from '../surroundings.ts';
import type { Card } from './card.ts';

export const HEADER = 22;
const PAD = 10;
const ROW_GAP = 14;
const TAG_GAP = 6;

/** A station's card, a stretch of a line that passes columns without a stop, or a box around others. */
export interface Item {
  readonly card: Card | undefined;
  readonly box: Box | undefined;
  /** Boxes that hold nothing but this one: written in its label, outermost first. */
  readonly outer: readonly Box[];
  readonly children: Item[];
  first: number;
  last: number;
  above: number;
  below: number;
  /** Middle of its first row; set when placed. */
  y: number;
  rows: readonly Row[];
}

interface Row {
  readonly items: readonly Item[];
  readonly above: number;
  readonly below: number;
}

/** A line between columns that are not neighbours: it needs a row of its own. */
export interface Passage {
  readonly from: Station;
  readonly to: Station;
}

export interface Nesting {
  readonly root: Item;
  readonly items: ReadonlyMap<Station | Passage, Item>;
}

/** Kinds that stand on the border of a box: packets pass it there. */
const onBorder: Readonly<Record<string, string>> = {
  eni: 'node',
  subnet: 'subnet',
  'internet-gateway': 'vpc',
  'vpn-gateway': 'vpc',
};

/** Boxes that only say where something is. */
const places: ReadonlySet<string> = new Set(['account', 'region', 'az']);

export function nest(cards: readonly Card[], passages: readonly Passage[], tight = false): Nesting {
  const root = newItem(undefined, undefined);
  const items = new Map<Station | Passage, Item>();
  for (const card of cards) {
    const item = newItem(card, undefined);
    item.first = item.last = card.station.column;
    item.above = card.above + (card.tag ? card.tagHeight + TAG_GAP : 0);
    item.below = card.below;
    items.set(card.station, item);
    parentOf(root, card.station.boxes).children.push(item);
  }
  for (const passage of passages) {
    const item = newItem(undefined, undefined);
    item.first = passage.from.column + 1;
    item.last = passage.to.column - 1;
    item.above = item.below = 12;
    items.set(passage, item);
    parentOf(root, shared(passage.from.boxes, passage.to.boxes)).children.push(item);
  }
  if (tight) root.children.splice(0, root.children.length, ...root.children.map(withoutShells));
  measure(root);
  root.y = root.above;
  place(root);
  return { root, items };
}

function newItem(card: Card | undefined, box: Box | undefined): Item {
  return { card, box, outer: [], children: [], first: 0, last: 0, above: 0, below: 0, y: 0, rows: [] };
}

/** A place that holds one box and nothing else is a word in that one's label. */
function withoutShells(item: Item): Item {
  const children = item.children.map(withoutShells);
  const [only] = children;
  if (item.box && places.has(item.box.kind) && only?.box && children.length === 1)
    return { ...only, outer: [item.box, ...only.outer] };
  item.children.splice(0, item.children.length, ...children);
  return item;
}

function parentOf(root: Item, boxes: readonly Box[]): Item {
  let at = root;
  for (const box of boxes) {
    let next = at.children.find((child) => child.box?.id === box.id);
    if (!next) {
      next = newItem(undefined, box);
      at.children.push(next);
    }
    at = next;
  }
  return at;
}

function shared(a: readonly Box[], b: readonly Box[]): readonly Box[] {
  let count = 0;
  while (count < a.length && a[count]!.id === b[count]?.id) count++;
  return a.slice(0, count);
}

function measure(item: Item): void {
  if (item.children.length === 0) return;
  for (const child of item.children) measure(child);
  item.first = Math.min(...item.children.map((child) => child.first));
  item.last = Math.max(...item.children.map((child) => child.last));
  const order = [...item.children].sort((a, b) => a.first - b.first || b.last - a.last);
  const rows: Item[][] = [];
  for (const child of order) {
    const free = rows.find((row) =>
      row.every((other) => other.last < child.first || child.last < other.first),
    );
    if (free) free.push(child);
    else rows.push([child]);
  }
  item.rows = rows.map((row) => ({
    items: row,
    above: Math.max(...row.map((child) => child.above)),
    below: Math.max(...row.map((child) => child.below)),
  }));
  const [top, ...more] = item.rows;
  item.above = top!.above + (item.box ? HEADER : 0);
  item.below =
    more.reduce((sum, row) => sum + ROW_GAP + row.above + row.below, top!.below) + (item.box ? PAD : 0);
}

function place(item: Item): void {
  let y = item.y;
  item.rows.forEach((row, i) => {
    if (i > 0) y += row.above;
    for (const child of row.items) {
      child.y = y;
      place(child);
    }
    y += row.below + ROW_GAP;
  });
}

/** How far a box reaches beyond the outer edge of its first (or last) column; negative where it runs through the
 *  middle of a station that stands on its border. */
export function inset(item: Item, side: 'first' | 'last', widths: readonly number[]): number {
  const column = item[side];
  const at = leaves(item).filter((leaf) => leaf[side] === column);
  const border = at.every((leaf) => leaf.card && onBorder[leaf.card.station.kind] === item.box?.kind);
  if (border && item.box && item.first !== item.last) return -widths[column]! / 2;
  const inner = item.children.filter((child) => child.box && child[side] === column);
  return PAD + Math.max(0, ...inner.map((child) => inset(child, side, widths)));
}

function leaves(item: Item): readonly Item[] {
  return item.children.length === 0 ? [item] : item.children.flatMap(leaves);
}

export function boxItems(item: Item): readonly Item[] {
  return item.children.flatMap((child) => (child.box ? [child, ...boxItems(child)] : []));
}
