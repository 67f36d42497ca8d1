/** The pen: draws blocks as they are, each in its own group. */
import { glyphOf } from '../svg/glyphs.ts';
import { at, type Group, type Paper, rect, write, xmlText } from '../svg/paper.ts';
import type { Block, Line, Mark } from './block.ts';

const CORNER = 5;

export function drawBlock(group: Group, block: Block, paper: Paper): void {
  const g = group.append('g') as unknown as Group;
  if (block.x !== 0 || block.y !== 0) g.attr('transform', `translate(${at(block.x)} ${at(block.y)})`);
  if (block.focusable)
    g.attr('class', 'spot')
      .attr('tabindex', 0)
      .attr('role', 'img')
      .attr('aria-label', xmlText(block.tip.replaceAll('\n', '; ')));
  if (block.tip !== '') g.append('title').text(xmlText(block.tip));
  if (block.look !== '') rect(g, 0, 0, block.width, block.height, block.radius, block.look);
  for (const mark of block.marks) drawMark(g, mark);
  for (const child of block.children) drawBlock(g, child, paper);
  for (const line of block.lines) drawLine(g, line, paper);
}

function drawMark(group: Group, mark: Mark): void {
  switch (mark.kind) {
    case 'text':
      write(group, mark.text, mark.x, mark.y, mark.look, mark.anchor);
      return;
    case 'glyph':
      group
        .append('path')
        .attr('d', glyphOf(mark.of))
        .attr('transform', `translate(${at(mark.x)} ${at(mark.y)}) scale(${mark.size / 16})`)
        .attr('class', 'glyph');
      return;
    case 'rect':
      rect(group, mark.x, mark.y, mark.width, mark.height, 1, mark.look);
      return;
    case 'path':
      group.append('path').attr('d', mark.d).attr('class', mark.look);
      return;
    case 'stroke':
      group.append('path').attr('d', `M${mark.x},${mark.y}h18`).attr('class', `route route-${mark.look}`);
  }
}

/** A dot where the route begins, an arrow head where it leads, unless another line leads there for it. */
function drawLine(group: Group, line: Line, paper: Paper): void {
  const points = line.points.filter(
    ([x, y], i) => i === 0 || x !== line.points[i - 1]![0] || y !== line.points[i - 1]![1],
  );
  const [start, end, before] = [points[0]!, points[points.length - 1]!, points[points.length - 2]!];
  const g = group.append('g') as unknown as Group;
  g.append('title').text(xmlText(line.tip));
  g.append('path').attr('d', paper.route(points, CORNER)).attr('class', `route route-${line.look}`);
  g.append('circle')
    .attr('cx', at(start[0]))
    .attr('cy', at(start[1]))
    .attr('r', 2.5)
    .attr('class', `end-${line.look}`);
  if (!line.ends) return;
  const way = Math.sign(end[0] - before[0]);
  g.append('path')
    .attr('d', `M${at(end[0])},${at(end[1])}l${-7 * way},-3.5v7z`)
    .attr('class', `end-${line.look}`);
}
