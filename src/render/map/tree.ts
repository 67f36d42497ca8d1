/** Lines to one target as a tree: each stops where it meets one that is drawn already. Lines that lie on each other
 *  would fill each other's dashes. */
import type { Line } from './block.ts';

type Point = readonly [number, number];

/** How far a line goes on where it runs into the rounded corner of another. */
const ONWARD = 7;

/** Lines must be orthogonal; those that come first keep their whole way. */
export function treeOf(lines: readonly Line[]): readonly Line[] {
  const drawn: (readonly [Point, Point])[] = [];
  return lines.map((line) => {
    const joined = until(line.points, drawn);
    joined.points.slice(1).forEach((point, i) => {
      drawn.push([joined.points[i]!, point]);
    });
    return { ...line, points: joined.points, ends: !joined.met };
  });
}

function until(
  points: readonly Point[],
  drawn: readonly (readonly [Point, Point])[],
): { readonly points: readonly Point[]; readonly met: boolean } {
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    const meetings = drawn.flatMap(([a, b]) => meeting(from, to, a, b));
    if (meetings.length === 0) continue;
    const met = along(from, to, Math.min(...meetings));
    return { points: [...points.slice(0, i), ...onward([met, ...points.slice(i)])], met: true };
  }
  return { points, met: false };
}

/** The first part of a way, as far as a line goes on where it has met another. */
function onward(points: readonly Point[]): Point[] {
  const way = [points[0]!];
  let left = ONWARD;
  for (let i = 1; i < points.length && left > 0; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    way.push(along(from, to, Math.min(left, length(from, to))));
    left -= length(from, to);
  }
  return way;
}

/** Distances from `from` at which the way to `to` first touches the piece a-b; none where it does not. */
function meeting(from: Point, to: Point, a: Point, b: Point): number[] {
  const axis = from[1] === to[1] ? 0 : 1;
  const across = 1 - axis;
  const line = from[across]!;
  const [low, high] = [Math.min(a[across]!, b[across]!), Math.max(a[across]!, b[across]!)];
  if (line < low || line > high) return [];
  const way = Math.sign(to[axis]! - from[axis]!);
  const start = Math.min((a[axis]! - from[axis]!) * way, (b[axis]! - from[axis]!) * way);
  const end = Math.max((a[axis]! - from[axis]!) * way, (b[axis]! - from[axis]!) * way);
  if (end < 0 || start > length(from, to)) return [];
  return [Math.max(0, start)];
}

function length(from: Point, to: Point): number {
  return Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]);
}

function along(from: Point, to: Point, distance: number): Point {
  return [from[0] + Math.sign(to[0] - from[0]) * distance, from[1] + Math.sign(to[1] - from[1]) * distance];
}
