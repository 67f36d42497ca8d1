/** A trace as a picture: the path through nested boxes, from left to right, as one self-contained SVG. */
import type { Trace } from '../trace/trace.ts';
import { outcome } from './outcome.ts';
import { sceneOf } from './scene.ts';
import type { Detail } from './stays.ts';
import { noSurroundings, type Surroundings } from './surroundings.ts';
import { calloutsOf } from './svg/callouts.ts';
import { drawReplies, drawRequests, drawStops } from './svg/draw-lines.ts';
import { drawBox, drawCard, drawTag } from './svg/draw-places.ts';
import { drawCallouts, drawLegend, drawNotes, drawTitle } from './svg/draw-words.ts';
import { layoutOf } from './svg/layout.ts';
import { at, type Group, newPaper, rect, xmlText } from './svg/paper.ts';
import { styleSheet } from './svg/style.ts';

const MARGIN = 24;
const LEAST_WIDTH = 720;
/** A screen on which the drawing is read at its full size. */
const SHEET = 1280;

export interface SvgOptions {
  readonly surroundings?: Surroundings;
  /** Name of the topology, for the footer. */
  readonly topology?: string;
}

/** The SVG document, the same bytes for the same trace. */
export async function renderSvg(trace: Trace, options: SvgOptions = {}): Promise<string> {
  const surroundings = options.surroundings ?? noSurroundings;
  const { scene, callouts, more, layout } = drawingOf(trace, surroundings);
  const paper = await newPaper();
  const { svg } = paper;
  const { from, to, protocol } = trace.request;
  svg.attr('class', 'vpcsim').attr('role', 'img').attr('aria-labelledby', 'title desc');
  svg
    .append('title')
    .attr('id', 'title')
    .text(xmlText(`${from} to ${to}, ${protocol}: ${trace.verdict}`));
  svg
    .append('desc')
    .attr('id', 'desc')
    .text(xmlText(`${outcome(trace)}. The application sees: ${trace.symptom.text}.`));
  svg.append('style').text(styleSheet());
  const sheet = rect(svg, 0, 0, 0, 0, 0, 'sheet');
  const body = svg.append('g') as unknown as Group;

  const inner = Math.max(LEAST_WIDTH, layout.width, ...callouts.map((callout) => callout.width));
  const titleHeight = drawTitle(body, trace, inner);
  const map = body.append('g').attr('transform', `translate(0 ${titleHeight})`) as unknown as Group;
  for (const box of layout.boxes) drawBox(map, box);
  const { right, bottom } = drawCallouts(map, callouts, layout, layout.height, paper);
  for (const card of layout.cards) drawCard(map, card);
  drawReplies(map, scene, layout, paper);
  drawRequests(map, scene, layout, paper);
  drawStops(map, scene, layout);
  for (const card of layout.cards) drawTag(map, card);

  const width = Math.max(inner, right);
  let y = titleHeight + bottom + 28;
  y += drawLegend(body, scene, y);
  y += drawNotes(body, notesOf(trace, options, surroundings, scene.leftOut, more), y + 10, width);
  const total = { width: Math.ceil(width + 2 * MARGIN), height: Math.ceil(y + 2 * MARGIN) };
  body.attr('transform', `translate(${MARGIN} ${MARGIN})`);
  sheet.attr('width', total.width).attr('height', total.height);
  svg
    .attr('width', at(total.width))
    .attr('height', at(total.height))
    .attr('viewBox', `0 0 ${total.width} ${total.height}`);
  return paper.text();
}

/** Every hop a station of its own where the sheet holds that; else what belongs together is drawn as one. */
function drawingOf(trace: Trace, surroundings: Surroundings) {
  const at = (detail: Detail) => {
    const scene = sceneOf(trace, surroundings, detail);
    const { callouts, more } = calloutsOf(trace, scene);
    const called = callouts.map((callout) => callout.stop);
    return { scene, callouts, more, layout: layoutOf(scene, called, detail > 0) };
  };
  for (const detail of [0, 1] as const) {
    const drawing = at(detail);
    if (drawing.layout.width + 2 * MARGIN <= SHEET) return drawing;
  }
  return at(2);
}

function notesOf(
  trace: Trace,
  options: SvgOptions,
  surroundings: Surroundings,
  leftOut: number,
  moreBlockers: number,
): readonly (readonly [string, string])[] {
  const list = (label: string, texts: readonly string[]): readonly (readonly [string, string])[] =>
    texts.map((text, i) => [i === 0 ? label : '', text] as const);
  return [
    ...list('not drawn', [
      ...(leftOut > 0 ? [`${leftOut} more paths with other ends`] : []),
      ...(moreBlockers > 0 ? [`${moreBlockers} more blockers`] : []),
      ...(surroundings.others?.length
        ? [`what the path does not touch: ${surroundings.others.join(', ')}`]
        : []),
    ]),
    ...list('remark', trace.remarks),
    ...list('assumed', trace.assumptions),
    ...list('not modelled', trace.notModelled),
    ...list('topology', options.topology === undefined ? [] : [options.topology]),
  ];
}
