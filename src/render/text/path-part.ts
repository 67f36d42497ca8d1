/** One path: a title where there are several, its legs as tables, the reply, and the paths that it stands for. */
import { endpoint } from '../../packet/headers.ts';
import type { Hop, Path } from '../../trace/trace.ts';
import { fateOf, nameOf } from '../fate.ts';
import { commonHops, roundOf } from '../fold.ts';
import { failure } from '../outcome.ts';
import { formatShare } from '../share.ts';
import { type Columns, courseOf, hopRows, sayingsAt, tableHead } from './hop-table.ts';
import { labelled, ranges } from './lines.ts';
import type { Paint } from './paint.ts';
import { replyPart } from './reply.ts';

/** More alike paths than this are counted. */
const MOST_ALIKE = 8;
const INDENT = 7;
/** Fewer common hops than this are not worth a reference. */
const LEAST_COMMON = 2;

export interface PathPart {
  readonly path: Path;
  /** Printed before; what both have in common is not printed again. */
  readonly shown: readonly Path[];
  readonly alike: readonly Path[];
  readonly only: boolean;
}

export function pathPart(part: PathPart, columns: Columns, width: number, paint: Paint): readonly string[] {
  const { path, shown, alike } = part;
  const common = shown
    .map((other) => ({ other, count: commonHops(path, other) }))
    .reduce((best, next) => (next.count > best.count ? next : best), { other: path, count: 0 });
  const skipped = common.count >= LEAST_COMMON ? common.count : 0;
  const title = part.only
    ? []
    : labelled(`path ${path.id}`, `${share(path)}  -> ${targetOf(path)}`, 8, width).map(paint.strong);
  const via = path.via.length > 1 ? labelled('', `entered by any of ${path.via.join(', ')}`, 8, width) : [];
  const lines = [...title, ...(part.only ? [] : why(path, skipped, width).map(paint.quiet)), ...via];
  if (skipped > 0) {
    const numbers = ranges(path.hops.slice(0, skipped).map((hop) => hop.n));
    lines.push(
      ...labelled(`${numbers}`.padStart(3), `as in path ${common.other.id}`, 8, width).map(paint.quiet),
    );
  }
  lines.push(...legParts(path, skipped, columns, paint));
  lines.push(...replyPart(path, columns, width, paint));
  return [...lines, ...alikeLines(alike, path, width)];
}

function legParts(path: Path, skipped: number, columns: Columns, paint: Paint): readonly string[] {
  const hops = path.hops.slice(skipped);
  const legs = [...new Set(hops.map((hop) => hop.leg))];
  const several = new Set(path.hops.map((hop) => hop.leg)).size > 1;
  return legs.flatMap((leg) => {
    const ofLeg = hops.filter((hop) => hop.leg === leg);
    const start = path.hops.find((hop) => hop.leg === leg)!;
    const whole = start === ofLeg[0];
    const title = several && whole ? legTitle(path, start) : '';
    const head = whole || skipped > 0 ? tableHead(title, ofLeg[0]!.in, columns, paint) : [];
    return [...head, ...rowsOnce(path, ofLeg, columns, paint)];
  });
}

/** A loop is shown for one round, and the hops that end it. */
function rowsOnce(path: Path, hops: readonly Hop[], columns: Columns, paint: Paint): readonly string[] {
  const course = courseOf(path, false);
  const round = roundOf(hops);
  if (!round) return hopRows(hops, course, columns, paint);
  const { start, period } = round;
  const lines = [...hopRows(hops.slice(0, start + period), course, columns, paint)];
  let again: Hop[] = [];
  for (const hop of hops.slice(start + period)) {
    const tells = hop === hops.at(-1) || hop.steps.some((step) => step.verdict === 'denied');
    if (!tells) {
      again.push(hop);
      continue;
    }
    lines.push(...againRow(again, period).map(paint.quiet), ...hopRows([hop], course, columns, paint));
    again = [];
  }
  return lines;
}

function againRow(hops: readonly Hop[], period: number): readonly string[] {
  if (hops.length === 0) return [];
  return [`${ranges(hops.map((hop) => hop.n)).padStart(5)}  the same round again, ${period} hops each`];
}

/** "leg 2: alb -> pod". The device that opens a leg is the last of the leg before. */
function legTitle(path: Path, start: Hop): string {
  const legs = [...new Set(path.hops.map((hop) => hop.leg))];
  const index = legs.indexOf(start.leg);
  const opener = index === 0 ? start : path.hops.findLast((hop) => hop.leg === legs[index - 1])!;
  const end = path.hops.findLast((hop) => hop.leg === start.leg)!;
  return `leg ${index + 1}: ${opener.device.kind} -> ${end.device.kind}`;
}

function share(path: Path): string {
  return formatShare(path.share);
}

/** Where the request goes, ghosts included, with the address it has there; and where it fails. */
function targetOf(path: Path): string {
  const last = path.hops.at(-1);
  if (!last) return path.device;
  const zone = last.az ? `  ${last.az}` : '';
  const fails = fateOf(path) === 'arrives' ? '' : `  ${failure(path)}`;
  return `${nameOf(last)}  ${endpoint(last.in, 'dst')}${zone}${fails}`;
}

/** The choices that made this path, less those that its hops tell. */
function why(path: Path, skipped: number, width: number): readonly string[] {
  const course = courseOf(path, false);
  const told = path.hops.flatMap((_, i) =>
    i < skipped ? [] : sayingsAt(course, i).flatMap((saying) => saying.choices ?? []),
  );
  return path.choices
    .filter((choice) => !told.includes(choice))
    .flatMap((choice) => labelled('', `${formatShare(choice.share)}  ${choice.why}`, 8, width));
}

function alikeLines(alike: readonly Path[], like: Path, width: number): readonly string[] {
  if (alike.length > MOST_ALIKE) {
    const shares = [...new Set(alike.map(share))];
    const each = shares.length === 1 ? `, ${shares[0]} each` : '';
    const targets = new Set(alike.map((path) => targetOf(path))).size;
    const text = `${alike.length} more paths${each}, to ${targets} target${targets === 1 ? '' : 's'} (--all-paths shows them)`;
    return labelled('alike', text, INDENT, width);
  }
  return alike.flatMap((path, i) => {
    const length = hopsThere(path) === hopsThere(like) ? '' : `, ${hopsThere(path)} hops`;
    const via = path.via.join() === like.via.join() ? '' : `, via ${path.via.join(', ')}`;
    const text = `path ${path.id}  ${share(path)}  ${targetOf(path)}${via}${length}`;
    return labelled(i === 0 ? 'alike' : '', text, INDENT, width);
  });
}

function hopsThere(path: Path): number {
  return path.hops.filter((hop) => !hop.ghost).length;
}
