/** What a reader would stumble over, found in the layout: boxes on each other or out of their box, text that does not
 *  fit, lines through cards, lines on each other. */
import { absolute, type Block, type Line } from '../../src/render/map/block.ts';
import { widthOf } from '../../src/render/map/fit.ts';

/** A line may go this far along another of its target, where it joins it in a curve. */
const JOIN = 8;

export function layoutFaults(root: Block): string[] {
  return [...boxFaults(root), ...textFaults(root), ...lineFaults(root)];
}

function boxFaults(block: Block): string[] {
  const { children } = block;
  const faults: string[] = [];
  children.forEach((a, i) => {
    const onBorder = a.id.startsWith('gateway/') && a.x < 0;
    if (
      (!onBorder && a.x < 0) ||
      a.y < 0 ||
      a.x + a.width > block.width + 0.5 ||
      a.y + a.height > block.height + 0.5
    )
      faults.push(`${a.id} stands out of ${block.id}`);
    for (const b of children.slice(i + 1)) if (meet(a, b)) faults.push(`${a.id} is on ${b.id}`);
    faults.push(...boxFaults(a));
  });
  return faults;
}

type Area = Pick<Block, 'x' | 'y' | 'width' | 'height'>;

function meet(a: Area, b: Area): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function textFaults(root: Block): string[] {
  return [...absolute(root)].flatMap((block) =>
    block.marks.flatMap((mark) => {
      if (mark.kind !== 'text' || block.id === 'title') return [];
      const width = widthOf(mark.text, mark.look);
      const x = mark.x - (mark.anchor === 'end' ? width : mark.anchor === 'middle' ? width / 2 : 0);
      const own = { x, y: mark.y - 9, width, height: 11 };
      const covers = block.children
        .filter((child) => meet(own, child))
        .map(({ id }) => `${id} is on "${mark.text}"`);
      return x < -0.5 || x + width > block.width + 0.5 || mark.y > block.height
        ? [...covers, `"${mark.text}" stands out of ${block.id}`]
        : covers;
    }),
  );
}

type Segment = {
  readonly id: string;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
};

function lineFaults(root: Block): string[] {
  const blocks = [...absolute(root)];
  const segments = blocks.flatMap((block) => block.lines.flatMap((line) => segmentsOf(block, line)));
  const solid = blocks.filter(({ look }) => /\bcard\b|box-node|box-eni|box-pod/.test(look));
  const faults: string[] = [];
  for (const segment of segments)
    for (const block of solid)
      if (cuts(segment, block)) faults.push(`the line ${segment.id} runs through ${block.id}`);
  segments.forEach((one, i) => {
    for (const other of segments.slice(i + 1))
      if (together(one, other) > JOIN) faults.push(`the lines ${one.id} and ${other.id} lie on each other`);
  });
  return faults;
}

function segmentsOf(block: Block, line: Line): Segment[] {
  const points = line.points.map(([x, y]) => [x + block.x, y + block.y] as const);
  return points.slice(1).map((b, i) => ({ id: line.tip, a: points[i]!, b }));
}

function cuts({ a, b }: Segment, block: Block): boolean {
  return (
    Math.max(a[0], b[0]) > block.x + 0.5 &&
    Math.min(a[0], b[0]) < block.x + block.width - 0.5 &&
    Math.max(a[1], b[1]) > block.y + 0.5 &&
    Math.min(a[1], b[1]) < block.y + block.height - 0.5
  );
}

/** Length that two orthogonal pieces share. */
function together(one: Segment, other: Segment): number {
  for (const axis of [0, 1] as const) {
    const across = axis === 0 ? 1 : 0;
    const flat = [one.a, one.b, other.a, other.b].every((point) => point[across] === one.a[across]);
    if (!flat) continue;
    return (
      Math.min(Math.max(one.a[axis], one.b[axis]), Math.max(other.a[axis], other.b[axis])) -
      Math.max(Math.min(one.a[axis], one.b[axis]), Math.min(other.a[axis], other.b[axis]))
    );
  }
  return 0;
}
