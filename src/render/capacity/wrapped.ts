/** Text in lines of a given width in pixels. */
import { widthOf } from '../map/fit.ts';

/** Wide fonts need a little more than is reckoned. */
const SAFE = 0.94;

export function wrapped(text: string, look: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || widthOf(longer, look) <= width * SAFE) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
