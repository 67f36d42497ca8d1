/** A card: one device with a glyph, a name and its addresses. */
import { type Block, block, type Mark, writing } from './block.ts';
import { fit } from './fit.ts';

const LEFT = 28;
const RIGHT = 6;
/** What a card needs beside its text. */
export const BESIDE_TEXT = LEFT + RIGHT;

export interface CardText {
  readonly id: string;
  readonly kind: string;
  readonly titles: readonly string[];
  readonly addresses: readonly string[];
  readonly tip: string;
}

/** Kind to colour of the edge. */
const edges: Readonly<Record<string, string>> = {
  'nat-gateway': 'gateway',
  alb: 'balancer',
  nlb: 'balancer',
  'eks-control-plane': 'eni',
  'aws-managed': 'eni',
  instance: 'node',
  internet: 'outside',
  host: 'outside',
  'eks-api-endpoint': 'outside',
  'vpc-peering': 'vpc',
  'transit-gateway': 'vpc',
  'vpn-gateway': 'vpc',
  'on-premises': 'outside',
};

export function cardBlock(card: CardText, width: number): Block {
  const room = width - BESIDE_TEXT;
  const marks: Mark[] = [
    { kind: 'glyph', of: card.kind, x: 7, y: 7, size: 16 },
    writing(fit(card.titles, 'small strong', room), LEFT, 16, 'small strong'),
    ...card.addresses.map((address, i) =>
      writing(fit([address], 'mono', room), LEFT, 30 + i * 13, 'mono quiet'),
    ),
  ];
  return block({
    id: card.id,
    look: `card named edge-${edges[card.kind] ?? 'outside'}`,
    width,
    height: Math.max(30, 24 + card.addresses.length * 13),
    marks,
    tip: card.tip,
  });
}
