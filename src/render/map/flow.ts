/** Puts blocks side by side like words, row after row. */
import { type Block, moved } from './block.ts';

export interface Flowed {
  readonly blocks: readonly Block[];
  /** Of the widest row. */
  readonly width: number;
  readonly height: number;
}

export interface FlowOptions {
  readonly gap: number;
  /** Between rows; `gap` where absent. */
  readonly rowGap?: number;
  /** Whether the blocks of a row get the height of the tallest. */
  readonly stretch?: boolean;
  /** Whether a block begins a row. */
  readonly begins?: (block: Block) => boolean;
}

export function flow(
  blocks: readonly Block[],
  room: number,
  { gap, rowGap = gap, stretch = false, begins = () => false }: FlowOptions,
): Flowed {
  const rows: Block[][] = [];
  let x = 0;
  for (const each of blocks) {
    const row = rows.at(-1);
    if (!row || x + each.width > room || begins(each)) {
      rows.push([moved(each, 0, 0)]);
      x = each.width + gap;
    } else {
      row.push(moved(each, x, 0));
      x += each.width + gap;
    }
  }
  let y = 0;
  let width = 0;
  const placed: Block[] = [];
  for (const row of rows) {
    const height = Math.max(...row.map((each) => each.height));
    for (const each of row) placed.push({ ...each, y, ...(stretch ? { height } : {}) });
    width = Math.max(width, ...row.map((each) => each.x + each.width));
    y += height + rowGap;
  }
  return { blocks: placed, width, height: Math.max(0, y - rowGap) };
}

/** Width of the columns, when as many blocks as `least` allows stand side by side, and no more than there are. */
export function columnWidth(count: number, room: number, least: number, gap: number): number {
  const columns = Math.max(1, Math.min(count, Math.floor((room + gap) / (least + gap))));
  return Math.floor((room - gap * (columns - 1)) / columns);
}
