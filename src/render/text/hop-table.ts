/** Hops as a table: number, device, what decided, and the header where it changes. The header's ends keep their
 *  columns, so that the eye sees the one that changed. Narrow terminals get the change on a line of its own. */
import { endpoint, type Header } from '../../packet/headers.ts';
import type { Hop } from '../../trace/trace.ts';
import { changedEnds } from '../decisive.ts';
import { nameOf } from '../fate.ts';
import { wrap } from './lines.ts';
import type { Paint } from './paint.ts';
import { hopWords } from './step-line.ts';

const GUTTER = 5;
const GAP = 2;
const LEAST_WHAT = 18;
const ARROW = ' > ';

export interface Columns {
  readonly where: number;
  /** Beside the header's column; a row without a change has that one's room as well. */
  readonly what: number;
  readonly whole: number;
  readonly src: number;
  /** 0: the header has no column. */
  readonly header: number;
}

/** Column widths that hold for all tables of one trace. */
export function columnsFor(hops: readonly Hop[], width: number): Columns {
  const longest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  const most = Math.max(18, Math.floor(width * (width < 90 ? 0.28 : 0.32)));
  const where = longest(hops.flatMap((hop) => wrap(nameOf(hop), most).map((line) => line.length)));
  const headers = hops.flatMap((hop) => [hop.in, hop.out]);
  const src = longest(headers.map((header) => endpoint(header, 'src').length));
  const header = src + ARROW.length + longest(headers.map((h) => endpoint(h, 'dst').length));
  const rest = width - GUTTER - where - GAP;
  const beside = rest - GAP - header;
  return beside >= LEAST_WHAT
    ? { where, what: beside, whole: rest, src, header }
    : { where, what: rest, whole: rest, src, header: 0 };
}

/** The header a leg starts with, under a title: the head of a table. */
export function tableHead(title: string, header: Header, columns: Columns, paint: Paint): readonly string[] {
  const text = ends(header, columns);
  const label = title || '  #  where';
  if (columns.header === 0)
    return [...(title ? [title] : []), ' '.repeat(GUTTER) + paint.changed(text.replace(/ +/g, ' '))];
  const left = GUTTER + columns.where + GAP + columns.what + GAP;
  if (label.length > left - GAP) return [label, ' '.repeat(left) + paint.changed(text)];
  return [(title ? label : paint.quiet(label)) + ' '.repeat(left - label.length) + paint.changed(text)];
}

function ends(header: Header, columns: Columns): string {
  return `${endpoint(header, 'src').padEnd(columns.src)}${ARROW}${endpoint(header, 'dst')}`;
}

/** Rows of hops. `before` is the availability zone the packet comes from: crossings are told. */
export function hopRows(
  hops: readonly Hop[],
  columns: Columns,
  paint: Paint,
  before: string | null = null,
): readonly string[] {
  let zone = before;
  return hops.flatMap((hop) => {
    const crossed = hop.az !== null && zone !== null && hop.az !== zone;
    zone = hop.az ?? zone;
    return hopRow(hop, columns, paint, crossed ? `(into ${hop.az})` : undefined);
  });
}

function hopRow(hop: Hop, columns: Columns, paint: Paint, crossing: string | undefined): readonly string[] {
  const where = wrap(nameOf(hop), columns.where);
  const change = columns.header > 0 ? changeText(hop, columns) : '';
  const first = change ? columns.what : columns.whole;
  const words = hopWords(hop, columns.whole, first);
  const what = [...words.lines];
  if (crossing) {
    const room = what.length === 1 ? first : columns.whole;
    if (what.at(-1)!.length + crossing.length + 1 <= room) what.push(`${what.pop()} ${crossing}`);
    else what.push(crossing);
  }
  if (columns.header === 0) what.push(...changeLines(hop, columns.whole));
  const lines: string[] = [];
  for (let i = 0; i < Math.max(where.length, what.length); i++) {
    const gutter = i === 0 ? `${String(hop.n).padStart(3)}${hop.ghost ? '*' : ' '} ` : ' '.repeat(GUTTER);
    const left = gutter + (where[i] ?? '').padEnd(columns.where + GAP);
    const text = what[i] ?? '';
    const beside = i === 0 && change ? ' '.repeat(columns.what + GAP - text.length) + change : '';
    if (hop.ghost) lines.push(paint.quiet((left + text + beside).trimEnd()));
    else {
      const tone =
        words.denies && i < words.lines.length ? paint.bad : text.startsWith('  ') ? paint.quiet : String;
      lines.push((left + (text && tone(text)) + (beside && paint.changed(beside))).trimEnd());
    }
  }
  return lines;
}

function changeLines(hop: Hop, width: number): readonly string[] {
  return changedEnds(hop.in, hop.out).flatMap((end) =>
    wrap(`${end} ${endpoint(hop.in, end)} -> ${endpoint(hop.out, end)}`, width),
  );
}

/** Only the end that changed, in its column. */
function changeText(hop: Hop, columns: Columns): string {
  const changed = changedEnds(hop.in, hop.out);
  if (changed.length === 0) return '';
  const src = changed.includes('src') ? endpoint(hop.out, 'src') : '';
  const dst = changed.includes('dst') ? endpoint(hop.out, 'dst') : '';
  return dst ? src.padEnd(columns.src) + ARROW + dst : src;
}
