/** A subnet as one bar: slices by use, to scale but for those that would be too thin to see. */
import { type CapacityUse, capacityUses, type UseLine } from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { widthOf } from '../map/fit.ts';
import { useLooks } from './uses.ts';
import { amount, share } from './words.ts';

export const BAR_HEIGHT = 24;

/** Pixels; anything at all is drawn so wide, and the wider slices give way. */
const LEAST = 3;

export interface Slice {
  readonly use: CapacityUse;
  readonly addresses: number;
  readonly x: number;
  readonly width: number;
}

/** Slices in the order of the lines, whole pixels, together as wide as the bar. */
export function slicesOf(lines: readonly UseLine[], width: number): readonly Slice[] {
  const shown = lines.filter(({ addresses }) => addresses > 0);
  const size = shown.reduce((sum, { addresses }) => sum + addresses, 0);
  const thin = new Set<UseLine>();
  // A slice that is widened takes from the others, which may make another one too thin.
  for (let before = -1; before < thin.size; ) {
    before = thin.size;
    const perPixel = pixels(shown, thin, size, width);
    for (const line of shown) if (line.addresses * perPixel < LEAST) thin.add(line);
  }
  const perPixel = pixels(shown, thin, size, width);
  let end = 0;
  return shown.map((line) => {
    const x = Math.round(end);
    end += thin.has(line) ? LEAST : line.addresses * perPixel;
    return { ...line, x, width: Math.round(end) - x };
  });
}

function pixels(lines: readonly UseLine[], thin: ReadonlySet<UseLine>, size: number, width: number): number {
  const narrow = lines.reduce((sum, line) => sum + (thin.has(line) ? line.addresses : 0), 0);
  return size === narrow ? 0 : Math.max(0, width - thin.size * LEAST) / (size - narrow);
}

/** Where a number of addresses ends on the bar, the slices being what they are. */
export function placeOf(slices: readonly Slice[], addresses: number): number {
  let left = addresses;
  for (const slice of slices) {
    if (left <= slice.addresses) return slice.x + (slice.width * left) / slice.addresses;
    left -= slice.addresses;
  }
  const last = slices.at(-1);
  return last ? last.x + last.width : 0;
}

/** The bar, and the uses whose slice has no room for its number. */
export function barBlock(
  id: string,
  slices: readonly Slice[],
  width: number,
): { readonly bar: Block; readonly unlabelled: readonly Slice[] } {
  const size = slices.reduce((sum, { addresses }) => sum + addresses, 0);
  const unlabelled: Slice[] = [];
  const children = slices.map((slice) => {
    const label = labelOf(slice);
    if (label === undefined) unlabelled.push(slice);
    const marks: Mark[] = [hatching(slice)].flatMap((mark) => mark ?? []);
    if (label !== undefined) {
      const x = slice.width / 2;
      marks.push(...ground(slice, label));
      marks.push(writing(label, x, 16, `small on-${slice.use}`, 'middle'));
    }
    return block({
      id: `${id}/${slice.use}`,
      look: `use-${slice.use}`,
      x: slice.x,
      width: Math.max(1, slice.width - 1), // a gap of one pixel parts neighbours
      height: BAR_HEIGHT,
      radius: 0,
      marks,
      tip: `${capacityUses[slice.use]}: ${amount(slice.addresses)} of ${amount(size)} (${share(slice.addresses, size)})`,
    });
  });
  const edge: Mark = {
    kind: 'rect',
    x: -0.5,
    y: -0.5,
    width: width + 1,
    height: BAR_HEIGHT + 1,
    look: 'bar-edge',
  };
  return { bar: block({ id, width, height: BAR_HEIGHT, children, marks: [edge] }), unlabelled };
}

function hatching({ use, width }: Slice): Mark | undefined {
  const { hatch } = useLooks[use];
  if (hatch === 'none') return undefined;
  return {
    kind: 'rect',
    x: 0,
    y: 0,
    width: Math.max(1, width - 1),
    height: BAR_HEIGHT,
    look: `hatch-${hatch}`,
  };
}

/** On a hatched slice the label has a plain ground. */
function ground(slice: Slice, label: string): Mark[] {
  if (useLooks[slice.use].hatch === 'none') return [];
  const width = Math.ceil(widthOf(label, 'small')) + 6;
  return [{ kind: 'rect', x: (slice.width - width) / 2, y: 4, width, height: 16, look: `use-${slice.use}` }];
}

function labelOf({ use, addresses, width }: Slice): string | undefined {
  const labels = [`${useLooks[use].word} ${amount(addresses)}`];
  return labels.find((text) => widthOf(text, 'small') + 10 <= width);
}
