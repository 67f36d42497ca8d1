/** A capacity report as a picture: every subnet a bar by use, with its peaks; below them the growth over time and the
 *  /28 blocks. One self-contained SVG, the same bytes for the same report. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';
import type { Block } from '../map/block.ts';
import { drawBlock } from '../map/draw.ts';
import { type Group, newPaper, rect, xmlText } from '../svg/paper.ts';
import { adviceBlock } from './advice.ts';
import { blockMaps } from './block-map.ts';
import { footnotes } from './footnotes.ts';
import { growthPanel } from './growth.ts';
import { factsOf, headline, titleOf } from './headline.ts';
import { blockLegend, useLegend } from './legend.ts';
import { stackOf } from './stack.ts';
import { capacityStyleSheet, defineHatches } from './style.ts';
import { zonePanels } from './zones.ts';

const MARGIN = 24;
/** The reference sheet is 1280 pixels wide. */
const ROOM = 1280 - 2 * MARGIN;
const GAP = 20;

export async function renderCapacitySvg(report: CapacityReport): Promise<string> {
  const words = {
    title: titleOf(report),
    desc: [factsOf(report), ...report.findings.map(({ message }) => message)].join('. '),
  };
  return drawSheet(words, [
    headline(report, ROOM),
    useLegend(report, ROOM),
    zonePanels(report, ROOM),
    ...charts(report),
    adviceBlock(report, ROOM),
    footnotes(report, ROOM),
  ]);
}

/** The bars and what stands below them, for a page that has the words itself. */
export async function renderCapacityCharts(report: CapacityReport): Promise<string> {
  const words = { title: `Charts of ${report.topology}`, desc: 'The tables below have the same numbers.' };
  return drawSheet(words, [useLegend(report, ROOM), zonePanels(report, ROOM), ...charts(report)], 'group');
}

/** What stands below the bars. */
function charts(report: CapacityReport): readonly (Block | undefined)[] {
  return [
    report.growth ? growthPanel(report.growth, report.subnets, ROOM) : undefined,
    blockMaps(report, ROOM),
    blockLegend(report, ROOM),
  ];
}

async function drawSheet(
  words: { readonly title: string; readonly desc: string },
  parts: readonly (Block | undefined)[],
  role: 'img' | 'group' = 'img',
): Promise<string> {
  const drawn = parts.filter((part) => part !== undefined);
  const sheet = stackOf('sheet', ROOM, drawn, GAP);
  const paper = await newPaper();
  const { svg } = paper;
  const width = ROOM + 2 * MARGIN;
  const height = Math.ceil(sheet.height + 2 * MARGIN);
  svg
    .attr('class', 'vpcsim')
    .attr('role', role)
    .attr('aria-labelledby', 'title desc')
    .attr('width', width)
    .attr('height', height)
    .attr('viewBox', `0 0 ${width} ${height}`);
  svg.append('title').attr('id', 'title').text(xmlText(words.title));
  svg.append('desc').attr('id', 'desc').text(xmlText(words.desc));
  svg.append('style').text(capacityStyleSheet());
  defineHatches(svg);
  rect(svg, 0, 0, width, height, 0, 'sheet');
  const body = svg.append('g').attr('transform', `translate(${MARGIN} ${MARGIN})`) as unknown as Group;
  drawBlock(body, sheet, paper);
  return paper.text();
}
