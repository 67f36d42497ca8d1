/** The links of a Region as a column of cards right of its VPCs. Each link has a lane of its own, down which the lines of
 *  its VPCs come to its card. */
import { type Block, type Line, moved } from './block.ts';
import { BESIDE_TEXT, cardBlock } from './card-block.ts';
import { widthOf } from './fit.ts';
import { LANE_STEP } from './lanes.ts';
import type { LinkView } from './links.ts';
import { treeOf } from './tree.ts';

const GAP = 12;
const FIRST_PORT = 34;
const PORT_STEP = 9;
const LEAST_CARD = 96;
const MOST_CARD = 190;

/** Room that the column takes, lanes included. */
export function linkRoom(links: readonly LinkView[]): number {
  return 2 * GAP + links.length * LANE_STEP + cardWidth(links);
}

function cardWidth(links: readonly LinkView[]): number {
  const widest = Math.max(...links.map(({ card }) => widthOf(card.titles[0]!, 'small strong')));
  return Math.min(MOST_CARD, Math.max(LEAST_CARD, BESIDE_TEXT + Math.ceil(widest)));
}

export interface LinkColumn {
  readonly cards: readonly Block[];
  readonly lines: readonly Line[];
  readonly right: number;
  readonly bottom: number;
}

/** `vpcs` are placed, one below the other. */
export function linkColumn(links: readonly LinkView[], vpcs: readonly Block[], top: number): LinkColumn {
  const edge = Math.max(...vpcs.map(({ x, width }) => x + width));
  const left = edge + GAP + links.length * LANE_STEP + GAP;
  const width = cardWidth(links);
  const cards: Block[] = [];
  const lines: Line[] = [];
  let y = top;
  links.forEach((link, place) => {
    const ports = link.vpcs.flatMap(({ name, tip }) => {
      const vpc = vpcs.find(({ id }) => id === `vpc/${name}`);
      return vpc ? [{ x: vpc.x + vpc.width, y: vpc.y + FIRST_PORT + place * PORT_STEP, tip }] : [];
    });
    const card = cardBlock(link.card, width);
    const middle = ports.reduce((sum, port) => sum + port.y, 0) / Math.max(1, ports.length);
    y = Math.max(y, Math.round(middle - card.height / 2));
    cards.push(moved(card, left, y));
    // The first links have the outermost lanes: their cards stand above those of the others.
    const lane = edge + GAP + place * LANE_STEP;
    const at = y + card.height / 2;
    y += card.height + GAP;
    lines.push(
      ...treeOf(
        ports.map((port) => ({
          ends: true,
          look: 'link',
          tip: port.tip,
          points: [
            [port.x, port.y],
            [lane, port.y],
            [lane, at],
            [left, at],
          ],
        })),
      ),
    );
  });
  return { cards, lines, right: left + width, bottom: y - GAP };
}
