/** A subnet: name and CIDR, route table and network ACL, a bar that shows how full it is, and what stands in it. */
import { type Block, block, type Mark, moved, writing } from './block.ts';
import { BESIDE_TEXT, type CardText, cardBlock } from './card-block.ts';
import { counted, fit, widthOf } from './fit.ts';
import { columnWidth, flow } from './flow.ts';
import type { SubnetView } from './inventory.ts';
import { nodeBlock } from './node-block.ts';

const PAD = 7;
const GAP = 8;
const LEAST_CARD = 120;
const MOST_NAME = 150;
const LEAST_NODE = 200;
/** From this share of used addresses on the bar warns: ENIs and pods soon get none. */
const NEARLY_FULL = 0.8;

export function subnetBlock(subnet: SubnetView, width: number): Block {
  const { state } = subnet;
  const room = width - 2 * PAD;
  const marks: Mark[] = [];
  // "subnet subnet-a" would stutter.
  const words = [
    ...(state.public ? ['public'] : []),
    ...(state.name.includes('subnet') ? [] : ['subnet']),
    state.name,
  ].join(' ');
  const cidrWidth = widthOf(state.cidr, 'mono');
  const beside = widthOf(state.name, 'small strong') + cidrWidth + 12 <= room;
  const nameRoom = room - (beside ? cidrWidth + 12 : 0);
  marks.push(writing(fit([words, state.name], 'small strong', nameRoom), PAD, 16, 'small strong'));
  let y = 16;
  if (!beside) y += 14;
  marks.push(writing(state.cidr, beside ? width - PAD : PAD, y, 'mono quiet', beside ? 'end' : 'start'));
  y += 15;
  for (const line of filterLines(state.routeTable, state.networkAcl, room)) {
    marks.push(writing(line, PAD, y, 'small quiet'));
    y += 14;
  }
  const bar = fillBar(state.used, state.free, room, y);
  marks.push(...bar.marks);
  y = bar.bottom;

  const children: Block[] = [];
  const add = (blocks: readonly Block[], options: Parameters<typeof flow>[2]): void => {
    if (blocks.length === 0) return;
    const placed = flow(blocks, room, options);
    children.push(...placed.blocks.map((each) => moved(each, each.x + PAD, each.y + y)));
    y += placed.height + GAP;
  };
  const cardWidth = columnWidth(Math.max(2, subnet.cards.length), room, leastCard(subnet.cards), GAP);
  // Routes reach a NAT gateway from the left: each begins a row.
  add(
    subnet.cards.map((card) => cardBlock(card, cardWidth)),
    { gap: GAP, stretch: true, begins: ({ id }) => id.startsWith('nat/') },
  );
  const nodeWidth = columnWidth(subnet.nodes.length, room, LEAST_NODE, GAP);
  add(
    subnet.nodes.map((node) => nodeBlock(node, nodeWidth)),
    { gap: GAP, stretch: true },
  );
  return block({
    id: `subnet/${state.name}`,
    look: `box ${state.public ? 'box-subnet-public' : 'box-subnet'}`,
    width,
    height: y,
    marks,
    children,
    tip: [
      `${words}, ${state.cidr}`,
      `${counted(state.used, 'address', 'addresses')} used, ${state.free.toLocaleString('en-US')} free`,
      `route table ${state.routeTable}${subnet.routes.map((route) => `\n  ${route}`).join('')}`,
      `network ACL ${state.networkAcl}`,
    ].join('\n'),
  });
}

/** One line where both names fit, else two. */
function filterLines(table: string, acl: string, room: number): readonly string[] {
  const both = `route table ${table}  NACL ${acl}`;
  if (widthOf(`${both} ·`, 'small quiet') <= room) return [both];
  return [
    fit([`route table ${table}`, `routes ${table}`], 'small quiet', room),
    fit([`NACL ${acl}`], 'small quiet', room),
  ];
}

/** Addresses are never cut, names only where they are very long. */
function leastCard(cards: readonly CardText[]): number {
  const addresses = cards.flatMap((card) => card.addresses.map((text) => widthOf(text, 'mono')));
  const names = cards.map(({ titles }) => Math.min(MOST_NAME, widthOf(titles.at(-1)!, 'small strong')));
  return Math.max(LEAST_CARD, BESIDE_TEXT + Math.ceil(Math.max(0, ...addresses, ...names)));
}

function fillBar(
  used: number,
  free: number,
  room: number,
  top: number,
): { readonly marks: readonly Mark[]; readonly bottom: number } {
  const text = fit(
    [
      `${used.toLocaleString('en-US')} used, ${free.toLocaleString('en-US')} free`,
      `${free.toLocaleString('en-US')} free`,
    ],
    'small quiet',
    room,
  );
  const textRoom = Math.ceil(widthOf(text, 'small quiet')) + 8;
  const beside = room - textRoom >= 48;
  const width = beside ? room - textRoom : room;
  const share = used + free === 0 ? 0 : used / (used + free);
  const fill = used === 0 ? 0 : Math.max(2, Math.min(width, Math.round(width * share)));
  const y = beside ? top - 7 : top + 5;
  return {
    marks: [
      { kind: 'rect', x: PAD, y, width, height: 4, look: 'bar-ground' },
      ...(fill > 0
        ? [
            {
              kind: 'rect' as const,
              x: PAD,
              y,
              width: fill,
              height: 4,
              look: share >= NEARLY_FULL ? 'bar-full' : 'bar-used',
            },
          ]
        : []),
      writing(text, beside ? PAD + room : PAD, top - 1, 'small quiet', beside ? 'end' : 'start'),
    ],
    bottom: top + (beside ? 8 : 17),
  };
}
