/** Hops as a table: number, device, what decided, and the header where it changes. The header's ends keep their
 *  columns, so that the eye sees the one that changed. Narrow terminals get the change on a line of its own. */
import { endpoint, type Header } from '../../packet/headers.ts';
import type { Hop, Path, TraceStep } from '../../trace/trace.ts';
import { changedEnds } from '../decisive.ts';
import { nameOf } from '../fate.ts';
import { type Saying, sayings } from '../sayings.ts';
import { clip, wrap } from './lines.ts';
import type { Shorten } from './names.ts';
import type { Paint } from './paint.ts';

const GUTTER = 5;
const GAP = 2;
const LEAST_WHAT = 18;
const LEAST_WHERE = 18;
const ARROW = ' > ';

export interface Columns {
  readonly where: number;
  /** Beside the header's column; a row without a change has that one's room as well. */
  readonly what: number;
  readonly whole: number;
  readonly src: number;
  /** 0: the header has no column. */
  readonly header: number;
  /** How the first column names devices. */
  readonly name: Shorten;
}

/** Column widths that hold for all tables of one trace. */
export function columnsFor(hops: readonly Hop[], width: number, name: Shorten): Columns {
  const longest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  const most = Math.max(LEAST_WHERE, Math.floor(width * 0.29));
  const where = longest(hops.flatMap((hop) => wrap(name(nameOf(hop)), most).map((line) => line.length)));
  const headers = hops.flatMap((hop) => [hop.in, hop.out]);
  const src = longest(headers.map((header) => endpoint(header, 'src').length));
  const header = src + ARROW.length + longest(headers.map((h) => endpoint(h, 'dst').length));
  const rest = width - GUTTER - where - GAP;
  const beside = rest - GAP - header;
  return beside >= LEAST_WHAT
    ? { where, what: beside, whole: rest, src, header, name }
    : { where, what: rest, whole: rest, src, header: 0, name };
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

/** One direction of a path, of which a table shows a part. */
export interface Course {
  readonly path: Path;
  readonly hops: readonly Hop[];
  readonly reply: boolean;
}

export const courseOf = (path: Path, reply: boolean): Course => ({
  path,
  hops: reply ? path.reply.hops : path.hops,
  reply,
});

/** Rows of some hops of a course. */
export function hopRows(
  hops: readonly Hop[],
  course: Course,
  columns: Columns,
  paint: Paint,
): readonly string[] {
  return hops.flatMap((hop) => {
    const i = course.hops.indexOf(hop);
    const before = course.hops[i - 1];
    const zone = course.hops.slice(0, i).findLast((other) => other.az !== null)?.az;
    const crossing = hop.az !== null && zone && hop.az !== zone ? `(into ${hop.az})` : undefined;
    return [
      ...(hop.ghost && before && !before.ghost ? beyond(before, columns, paint) : []),
      ...hopRow(hop, sayingsAt(course, i), columns, paint, crossing),
    ];
  });
}

/** What stands below this line does not happen. */
function beyond(blocker: Hop, columns: Columns, paint: Paint): readonly string[] {
  const width = GUTTER + columns.where + GAP + columns.whole;
  const text = `---- not reached; if hop ${blocker.n} let it pass:`;
  return wrap(text, width).map(paint.unsure);
}

/** What a hop says, seen from its neighbours. */
export function sayingsAt({ path, hops, reply }: Course, i: number): readonly Saying[] {
  const hop = hops[i]!;
  const previous = hops[i - 1];
  const starts = reply ? previous?.leg !== hop.leg : previous === undefined;
  const next = hops[i + 1];
  const unknown =
    next === undefined && (reply ? path.reply.disposition : path.disposition) === 'undetermined';
  return sayings(hop, { previous, next, reply, starts, choices: path.choices, unknown });
}

interface Line {
  readonly text: string;
  readonly tone: Saying['tone'];
  /** Beside the text, in the columns of the header. */
  readonly change: string;
}

function hopRow(
  hop: Hop,
  said: readonly Saying[],
  columns: Columns,
  paint: Paint,
  crossing: string | undefined,
): readonly string[] {
  const where = wrap(columns.name(nameOf(hop)), columns.where);
  const what = said.flatMap((saying) => sayingLines(saying, columns));
  if (crossing) {
    const last = what.at(-1)!;
    const room = last.change ? columns.what : columns.whole;
    if (last.text.length + crossing.length + 1 <= room)
      what[what.length - 1] = { ...last, text: `${last.text} ${crossing}` };
    else what.push({ text: crossing, tone: 'plain', change: '' });
  }
  const lines: string[] = [];
  for (let i = 0; i < Math.max(where.length, what.length); i++) {
    const gutter = i === 0 ? `${String(hop.n).padStart(3)}${hop.ghost ? '*' : ' '} ` : ' '.repeat(GUTTER);
    const left = gutter + (where[i] ?? '').padEnd(columns.where + GAP);
    const { text, tone, change } = what[i] ?? { text: '', tone: 'plain', change: '' };
    const beside = change ? ' '.repeat(columns.what + GAP - text.length) + change : '';
    if (hop.ghost) lines.push(paint.quiet((left + text + beside).trimEnd()));
    else {
      const painter = tone === 'denied' ? paint.bad : tone === 'quiet' ? paint.quiet : String;
      lines.push((left + (text && painter(text)) + (beside && paint.changed(beside))).trimEnd());
    }
  }
  return lines;
}

function sayingLines(saying: Saying, columns: Columns): readonly Line[] {
  const { text, tone, change, aside = '' } = saying;
  const beside = change && columns.header > 0 ? changeText(change, columns) : '';
  const first = beside ? columns.what : columns.whole;
  const whole = text.length + aside.length <= first ? text + aside : text;
  const lines = tone === 'quiet' ? [clip(whole, first)] : wrap(whole, columns.whole, first);
  return [
    ...lines.map((line, i) => ({ text: line, tone, change: i === 0 ? beside : '' })),
    ...(change && columns.header === 0 ? changeLines(change, columns.whole) : []),
  ];
}

function changeLines(step: TraceStep, width: number): readonly Line[] {
  return changedEnds(step.before, step.after).flatMap((end) =>
    wrap(`${end} ${endpoint(step.before!, end)} -> ${endpoint(step.after!, end)}`, width).map((text) => ({
      text,
      tone: 'plain' as const,
      change: '',
    })),
  );
}

/** Only the end that changed, in its column. */
function changeText(step: TraceStep, columns: Columns): string {
  const changed = changedEnds(step.before, step.after);
  const src = changed.includes('src') ? endpoint(step.after!, 'src') : '';
  const dst = changed.includes('dst') ? endpoint(step.after!, 'dst') : '';
  return dst ? src.padEnd(columns.src) + ARROW + dst : src;
}
