/** What the charts and their numbers suppose. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { wrapped } from './wrapped.ts';

const LINE = 15;

export const SCALE_NOTE =
  'Slices of a bar are to scale, but for those that would be too thin to see: they are 3 pixels wide.';

export function footnotes({ assumptions }: CapacityReport, width: number): Block {
  const marks: Mark[] = [];
  let y = 12;
  for (const text of [SCALE_NOTE, ...assumptions])
    for (const line of wrapped(text, 'small quiet', width)) {
      marks.push(writing(line, 0, y, 'small quiet'));
      y += LINE;
    }
  return block({ id: 'footnotes', width, height: y - 8, marks });
}
