/** Networks outside AWS, right of the Regions, and the wires between cards that run in the street before them. */
import { type Block, block, type Line, moved, writing } from './block.ts';
import { BESIDE_TEXT, type CardText, cardBlock } from './card-block.ts';
import { widthOf } from './fit.ts';
import { LANE_STEP } from './lanes.ts';
import type { WireView } from './links.ts';

const LEAST_CARD = 106;
const PAD = 6;
const HEADER = 22;
const EDGE = 10;
const PORT_STEP = 5;

export function onPremisesBlock(networks: readonly CardText[]): Block {
  const widest = Math.max(
    ...networks.flatMap(({ addresses }) => addresses.map((text) => widthOf(text, 'mono'))),
    0,
  );
  const cardWidth = Math.max(LEAST_CARD, BESIDE_TEXT + Math.ceil(widest));
  let y = HEADER;
  const children = networks.map((network) => {
    const placed = moved(cardBlock(network, cardWidth), PAD, y);
    y += placed.height + PAD;
    return placed;
  });
  return block({
    id: 'on-premises',
    look: 'box box-outside',
    width: cardWidth + 2 * PAD,
    height: y,
    marks: [writing('on premises', 8, 15, 'small quiet')],
    children,
  });
}

/** Room for the wires. */
export function streetWidth(wires: readonly WireView[]): number {
  return wires.length === 0 ? 0 : 2 * EDGE + (wires.length - 1) * LANE_STEP;
}

/** `places` are cards on the sheet; the street begins at `street`. */
export function wireLines(
  wires: readonly WireView[],
  places: ReadonlyMap<string, Block>,
  street: number,
): Line[] {
  const ports = new Map<string, number>();
  const portOf = (card: Block): number => {
    const place = ports.get(card.id) ?? 0;
    ports.set(card.id, place + 1);
    const step = Math.ceil(place / 2) * PORT_STEP * (place % 2 === 0 ? 1 : -1);
    return card.y + card.height / 2 + step;
  };
  return wires.flatMap(({ from, to, look, tip }, place): Line[] => {
    const [one, other] = [places.get(from), places.get(to)];
    if (!one || !other) return [];
    const lane = street + EDGE + place * LANE_STEP;
    const [start, end] = [portOf(one), portOf(other)];
    // A network stands right of the street, another card left of it.
    const x = other.x > street ? other.x : other.x + other.width;
    return [
      {
        ends: true,
        look,
        tip,
        points: [
          [one.x + one.width, start],
          [lane, start],
          [lane, end],
          [x, end],
        ],
      },
    ];
  });
}
