/** A world as a map: regions, VPCs, zones, subnets, nodes, pods and gateways as nested boxes, with the routes from
 *  subnets to gateways, as one self-contained SVG. */
import type { World } from '../world/world.ts';
import { drawBlock } from './map/draw.ts';
import { countsOf, MARGIN, sheetOf } from './map/sheet.ts';
import { mapStyleSheet } from './map/style.ts';
import { type Group, newPaper, rect, xmlText } from './svg/paper.ts';

/** The SVG document, the same bytes for the same world. */
export async function renderMap(world: World): Promise<string> {
  const sheet = sheetOf(world);
  const paper = await newPaper();
  const { svg } = paper;
  const width = Math.ceil(sheet.width + 2 * MARGIN);
  const height = Math.ceil(sheet.height + 2 * MARGIN);
  svg
    .attr('class', 'vpcsim')
    .attr('role', 'img')
    .attr('aria-labelledby', 'title desc')
    .attr('width', width)
    .attr('height', height)
    .attr('viewBox', `0 0 ${width} ${height}`);
  svg
    .append('title')
    .attr('id', 'title')
    .text(xmlText(`Topology ${world.topology.name}`));
  svg
    .append('desc')
    .attr('id', 'desc')
    .text(xmlText(`${countsOf(world)}.`));
  svg.append('style').text(mapStyleSheet());
  rect(svg, 0, 0, width, height, 0, 'sheet');
  const body = svg.append('g').attr('transform', `translate(${MARGIN} ${MARGIN})`) as unknown as Group;
  drawBlock(body, sheet, paper);
  return paper.text();
}
