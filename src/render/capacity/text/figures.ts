/** Tables of figures: numbers to the right, words to the left, the last column wrapped. */
import { wrap } from '../../text/lines.ts';

export interface Column {
  readonly title: string;
  /** To the right. */
  readonly isNumber?: boolean;
}

/** `rows` without a cell leave it empty. The last column of words takes what is left of the width. */
export function figures(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const widths = columns.map(({ title }, place) =>
    Math.max(title.length, ...rows.map((row) => row[place]?.length ?? 0)),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0);
  const room = columns[last]!.isNumber ? widths[last]! : Math.max(MIN_WORDS, width - before);
  const line = (cells: readonly string[]): string[] => {
    const head = widths
      .slice(0, last)
      .map((one, place) => aligned(cells[place] ?? '', one, columns[place]!))
      .join(GAP);
    const words = columns[last]!.isNumber
      ? [(cells[last] ?? '').padStart(room)]
      : wrap(cells[last] ?? '', room);
    return words.map((part, i) =>
      `${i === 0 ? head : ' '.repeat(head.length)}${last > 0 ? GAP : ''}${part}`.trimEnd(),
    );
  };
  return [columns.map(({ title }) => title), ...rows].flatMap(line);
}

const GAP = '  ';
const MIN_WORDS = 24;

function aligned(text: string, width: number, { isNumber }: Column): string {
  return isNumber ? text.padStart(width) : text.padEnd(width);
}

/** 1234567 as 1,234,567. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** With its sign: +12, -3, 0. */
export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}
