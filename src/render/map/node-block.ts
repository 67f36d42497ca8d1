/** A node: name and addresses, its interfaces with a cell for each address, its pods as chips by namespace. */
import { type Block, block, type Mark, moved, writing } from './block.ts';
import { fit, widthOf } from './fit.ts';
import { flow } from './flow.ts';
import type { EniView, NodeView } from './nodes.ts';
import type { Chip, PodGroup } from './pods.ts';

const PAD = 7;
const CELL = 7;
const CELL_STEP = 9;
const CHIP = 18;
/** More address cells than these on an interface become a count. */
const MOST_CELLS = 20;
/** More chips than these in a group end in "and n more". */
const MOST_CHIPS = 14;

export function nodeBlock(node: NodeView, width: number): Block {
  const room = width - 2 * PAD;
  const marks: Mark[] = [{ kind: 'glyph', of: 'node', x: PAD - 1, y: 6, size: 14 }];
  const children: Block[] = [];
  const typeWidth = widthOf(node.type, 'small quiet');
  const showType = typeWidth + 78 < room;
  marks.push(
    writing(
      fit(node.names, 'small strong', room - 19 - (showType ? typeWidth + 8 : 0)),
      PAD + 19,
      17,
      'small strong',
    ),
  );
  if (showType) marks.push(writing(node.type, width - PAD, 17, 'small quiet', 'end'));
  let y = 32;
  const both = node.addresses.join('  ');
  const fillWidth = widthOf(node.fill, 'small quiet');
  const beside = widthOf(node.addresses[0]!, 'mono') + fillWidth + 10 <= room;
  marks.push(
    writing(
      fit([both, node.addresses[0]!], 'mono', room - (beside ? fillWidth + 10 : 0)),
      PAD,
      y,
      'mono quiet',
    ),
  );
  if (!beside) y += 14;
  marks.push(
    writing(
      fit([node.fill], 'small quiet', room),
      beside ? width - PAD : PAD,
      y,
      'small quiet',
      beside ? 'end' : 'start',
    ),
  );
  y += 7;
  if (node.enisText !== undefined) {
    const text = fit([node.enisText, node.enisText.split(':')[0]!], 'small quiet', room);
    marks.push(writing(text, PAD, y + 11, 'small quiet'));
    y += 18;
  }
  const enis = flow(
    node.enis.map((eni) => eniBlock(eni, room)),
    room,
    { gap: 5 },
  );
  children.push(...enis.blocks.map((each) => moved(each, each.x + PAD, each.y + y)));
  y += enis.height > 0 ? enis.height + 4 : 0;
  for (const group of node.groups) {
    marks.push(writing(fit([group.title], 'small quiet', room), PAD, y + 13, 'small quiet'));
    y += 18;
    const chips = chipsOf(group, room);
    children.push(...chips.blocks.map((each) => moved(each, each.x + PAD, each.y + y)));
    y += chips.height + 3;
  }
  if (node.waiting > 0) {
    const text = fit(
      [`${node.waiting} waiting for an address`, `${node.waiting} waiting`],
      'small',
      room - 12,
    );
    children.push(
      block({
        id: `${node.id} waiting`,
        look: 'box box-waiting dashed',
        x: PAD,
        y: y + 3,
        width: Math.ceil(widthOf(text, 'small')) + 12,
        height: CHIP,
        marks: [writing(text, 6, 13, 'small')],
      }),
    );
    y += CHIP + 6;
  }
  return block({
    id: node.id,
    look: `box box-node${node.enisText === undefined ? '' : ' many'}`,
    width,
    height: y + PAD - 3,
    marks,
    children,
    tip: node.tip,
  });
}

function eniBlock(eni: EniView, room: number): Block {
  const cells = eni.uses.length <= MOST_CELLS && 20 + eni.uses.length * CELL_STEP <= room;
  const text = `${eni.uses.filter((use) => use !== 'warm').length}/${eni.uses.length}`;
  return block({
    id: eni.id,
    look: 'box box-eni',
    radius: 3,
    width: cells ? 20 + eni.uses.length * CELL_STEP : 24 + Math.ceil(widthOf(text, 'mono')),
    height: 15,
    marks: [
      { kind: 'glyph', of: 'eni', x: 4, y: 1.5, size: 12 },
      ...(cells
        ? eni.uses.map(
            (use, i): Mark => ({
              kind: 'rect',
              x: 19 + i * CELL_STEP,
              y: 4,
              width: CELL,
              height: CELL,
              look: `cell cell-${use}`,
            }),
          )
        : [writing(text, 19, 11.5, 'mono quiet')]),
    ],
    tip: eni.tip,
  });
}

/** Single pods stand below each other, name left and address right; counts run like words. */
function chipsOf(group: PodGroup, room: number): { blocks: readonly Block[]; height: number } {
  const shown = group.chips.slice(0, group.chips.length > MOST_CHIPS + 1 ? MOST_CHIPS : undefined);
  const blocks = shown.map((chip) =>
    chip.address === undefined ? countBlock(chip, room) : podBlock(chip, room),
  );
  const more = group.chips.length - shown.length;
  if (more > 0)
    blocks.push(
      countBlock(
        {
          id: `${group.chips[MOST_CHIPS]!.id} and others`,
          names: [`and ${more} more`],
          address: undefined,
          ready: true,
          tip: group.chips
            .slice(MOST_CHIPS)
            .map(({ names }) => names[0])
            .join('\n'),
        },
        room,
      ),
    );
  return flow(blocks, room, { gap: 4, rowGap: 3 });
}

function podBlock(chip: Chip, room: number): Block {
  const beside = widthOf(chip.address!, 'mono') + 74 < room;
  const name = fit(chip.names, 'small', room - 12 - (beside ? widthOf(chip.address!, 'mono') + 8 : 0));
  return block({
    id: chip.id,
    look: chipLook(chip),
    radius: 3,
    width: room,
    height: CHIP,
    marks: [
      writing(name, 6, 13, 'small'),
      ...(beside ? [writing(chip.address!, room - 6, 13, 'mono quiet', 'end')] : []),
    ],
    tip: chip.tip,
  });
}

function countBlock(chip: Chip, room: number): Block {
  const name = fit(chip.names, 'small', room - 12);
  return block({
    id: chip.id,
    look: chipLook(chip),
    radius: 3,
    width: Math.min(room, Math.ceil(widthOf(name, 'small')) + 15),
    height: CHIP,
    marks: [writing(name, 6, 13, 'small')],
    tip: chip.tip,
  });
}

function chipLook({ ready }: Chip): string {
  return `box box-pod chip${ready ? '' : ' unready'}`;
}
