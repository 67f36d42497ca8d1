/** The DOM that d3 draws on. Both are loaded only when something is drawn: most commands never do. */
import type { BaseType, Selection } from 'd3';

export type Group = Selection<BaseType, unknown, null, undefined>;

export interface Paper {
  readonly svg: Group;
  /** A path with rounded corners through points. */
  route(points: readonly (readonly [number, number])[], radius: number): string;
  text(): string;
}

export async function newPaper(): Promise<Paper> {
  const [d3, { DOMParser }] = await Promise.all([import('d3'), import('linkedom')]);
  const page = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');
  const svg = d3.select(page.documentElement as unknown as BaseType) as unknown as Group;
  return {
    svg,
    route(points, radius) {
      const path = d3.pathRound(1);
      points.forEach(([x, y], i) => {
        const next = points[i + 1];
        const last = points[i - 1];
        if (!last) path.moveTo(x, y);
        else if (!next) path.lineTo(x, y);
        else
          path.arcTo(
            x,
            y,
            next[0],
            next[1],
            Math.min(radius, distance(last, [x, y]) / 2, distance([x, y], next) / 2),
          );
      });
      return path.toString();
    },
    text: () => `${page.toString()}\n`,
  };
}

function distance([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): number {
  return Math.abs(ax - bx) + Math.abs(ay - by);
}

/** Numbers as attributes: at most one decimal, so that equal drawings are equal bytes. */
export function at(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text without the characters that XML 1.0 does not allow (section 2.2). */
export function xmlText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

/** One line of text, left-aligned at x unless `anchor` says otherwise. SVG collapses runs of spaces: a dot parts. */
export function write(
  group: Group,
  text: string,
  x: number,
  y: number,
  look: string,
  anchor = 'start',
): Group {
  return group
    .append('text')
    .attr('x', at(x))
    .attr('y', at(y))
    .attr('class', look)
    .attr('text-anchor', anchor)
    .text(xmlText(text.replace(/ {2,}/g, ' · '))) as unknown as Group;
}

export function rect(
  group: Group,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  look: string,
): Group {
  return group
    .append('rect')
    .attr('x', at(x))
    .attr('y', at(y))
    .attr('width', at(width))
    .attr('height', at(height))
    .attr('rx', radius)
    .attr('class', look) as unknown as Group;
}
