/** The /28 blocks of a subnet, one cell each: which of them prefix delegation can have. */
import { addressAt, cidr } from '../../addressing/cidr.ts';
import { formatIpv4 } from '../../addressing/ip.ts';
import type {
  blockLetters,
  CapacityReport,
  PrefixBlocks,
  SubnetCapacity,
} from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { fit } from '../map/fit.ts';
import { columnWidth, flow } from '../map/flow.ts';
import { amount, counted } from './words.ts';

export type BlockLetter = keyof typeof blockLetters;

const GAP = 24;
const LEAST_WIDTH = 360;
const LABEL = 96;
const LARGEST_CELL = 16;

/** More maps than these are told, not drawn. */
const MOST = 8;

/** Look of a cell, and the letter in those that are large enough. */
export const cellLooks: Readonly<Record<BlockLetter, { readonly look: string; readonly ink: string }>> = {
  '.': { look: 'block-free', ink: 'quiet' },
  r: { look: 'use-prefix-reservation', ink: 'on-prefix-reservation' },
  P: { look: 'use-prefix-pod', ink: 'on-prefix-pod' },
  '-': { look: 'use-explicit-reservation', ink: 'on-explicit-reservation' },
  '+': { look: 'block-touched', ink: 'on-sheet' },
  '#': { look: 'block-full', ink: 'on-sheet' },
};

/** Subnets whose blocks matter: prefixes are taken from them or kept for them, or most of what is free lies in touched
 *  blocks. */
export function mappedSubnets({ subnets }: CapacityReport): readonly SubnetCapacity[] {
  return subnets
    .filter(({ prefixes, free }) => prefixes.total > 1 && (delegates(prefixes) || fragmented(prefixes, free)))
    .sort((a, b) => trouble(b.prefixes) - trouble(a.prefixes));
}

function delegates({ delegated, map }: PrefixBlocks): boolean {
  return delegated > 0 || map.includes('r');
}

function fragmented({ stranded, free: blocks }: PrefixBlocks, free: number): boolean {
  return stranded >= 32 && stranded * 2 > free && blocks <= 4;
}

function trouble({ stranded, free }: PrefixBlocks): number {
  return stranded / (1 + free);
}

export function blockMaps(report: CapacityReport, width: number): Block | undefined {
  const mapped = mappedSubnets(report);
  if (mapped.length === 0) return undefined;
  const shown = mapped.slice(0, MOST);
  const each = columnWidth(Math.max(2, shown.length), width, LEAST_WIDTH, GAP);
  const placed = flow(
    shown.map((subnet) => mapBlock(subnet, each)),
    width,
    { gap: GAP },
  );
  const left = mapped.length - shown.length;
  const note = `Blocks of 16 addresses, the lowest first: prefix delegation takes whole ones${left > 0 ? `; ${counted(left, 'more subnet')} not drawn` : ''}`;
  return block({
    id: 'maps',
    width,
    height: 46 + placed.height,
    marks: [writing('/28 blocks', 0, 16, 'title'), writing(note, 0, 36, 'small quiet')],
    children: placed.blocks.map((map) => ({ ...map, y: map.y + 46 })),
  });
}

function mapBlock(subnet: SubnetCapacity, width: number): Block {
  const { map } = subnet.prefixes;
  const columns = columnsOf(map.length);
  const cell = Math.max(3, Math.min(LARGEST_CELL, Math.floor((width - LABEL) / columns)));
  const base = cidr(subnet.cidr);
  const words = wordsOf(subnet.prefixes);
  const top = 22 + words.length * 15;
  const marks: Mark[] = [
    writing(fit([`${subnet.name}  ${subnet.cidr}`, subnet.name], 'strong', width), 0, 12, 'strong'),
    ...words.map((text, i) => writing(fit([text], 'small quiet', width), 0, 28 + i * 15, 'small quiet')),
  ];
  const rows = Math.ceil(map.length / columns);
  const every = Math.max(1, Math.ceil(13 / cell));
  for (let row = 0; row < rows; row++) {
    const y = top + row * cell;
    if (row % every === 0)
      marks.push(
        writing(
          formatIpv4(addressAt(base, row * columns * 16)),
          LABEL - 8,
          y + Math.min(cell, 13) - 2,
          'mono quiet',
          'end',
        ),
      );
    for (const { letter, from, to } of runs(map.slice(row * columns, (row + 1) * columns)))
      marks.push(...run(letter, LABEL + from * cell, y, to - from, cell));
  }
  return block({
    id: `map/${subnet.name}`,
    width,
    height: top + rows * cell,
    marks,
    tip: [`${subnet.name}, ${subnet.cidr}: /28 blocks`, ...words].join('\n'),
    focusable: true,
  });
}

/** 16 to 64 of them, so that a row begins at a round address. */
function columnsOf(blocks: number): number {
  return blocks <= 64 ? 16 : blocks <= 1024 ? 32 : 64;
}

/** Cells of one letter side by side; large ones are drawn each with its letter, small ones as one piece. */
function run(letter: BlockLetter, x: number, y: number, count: number, cell: number): Mark[] {
  const { look, ink } = cellLooks[letter];
  if (cell < 12) return [{ kind: 'rect', x, y, width: count * cell - 1, height: cell - 1, look }];
  return Array.from({ length: count }, (_, i): Mark[] => [
    { kind: 'rect', x: x + i * cell, y, width: cell - 1, height: cell - 1, look },
    ...(letter === '.'
      ? []
      : [writing(letter, x + i * cell + (cell - 1) / 2, y + cell / 2 + 3.5, `small ${ink}`, 'middle')]),
  ]).flat();
}

function runs(letters: string): { letter: BlockLetter; from: number; to: number }[] {
  const found: { letter: BlockLetter; from: number; to: number }[] = [];
  for (const [place, letter] of [...letters].entries()) {
    const last = found.at(-1);
    if (last?.letter === letter) last.to = place + 1;
    else found.push({ letter: letter as BlockLetter, from: place, to: place + 1 });
  }
  return found;
}

function wordsOf({ total, free, delegated, stranded, touched, reservation }: PrefixBlocks): string[] {
  return [
    `${amount(free)} of ${counted(total, 'block')} can be delegated, ${amount(delegated)} are`,
    ...(stranded > 0
      ? [
          `${counted(stranded, 'free address', 'free addresses')} in ${counted(touched.length, 'touched block')}: no prefix can have them`,
        ]
      : []),
    ...(reservation
      ? [
          `a reservation of ${reservation.cidr} would keep ${counted(reservation.usable, 'block')} now, ${amount(reservation.later)} in the end`,
        ]
      : []),
  ];
}
