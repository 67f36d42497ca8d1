/** A trace for people: whether it arrived, where it stopped or changed, and by which way, in one look. */
import type { Trace } from '../trace/trace.ts';
import { alikePaths } from './fold.ts';
import { blockerPart } from './text/blockers.ts';
import { headline } from './text/headline.ts';
import { columnsFor } from './text/hop-table.ts';
import { labelled } from './text/lines.ts';
import { shortNames } from './text/names.ts';
import { type Paint, paintOf } from './text/paint.ts';
import { pathPart } from './text/path-part.ts';
import { widePath } from './text/wide-path.ts';

export interface TextOptions {
  /** Columns of the terminal; 100 when not given. Less than 40 is treated as 40; more than 160 as 160,
   *  beyond which the eye loses the row between its columns. */
  readonly width?: number;
  /** ANSI colours; off when not given. */
  readonly color?: boolean;
  /** Show every path in full, also those that end alike. */
  readonly allPaths?: boolean;
  /** Every step of every hop, with rules and where they are written. */
  readonly wide?: boolean;
}

/** The trace as text, with a newline at the end. */
export function renderText(trace: Trace, options: TextOptions = {}): string {
  const width = Math.min(160, Math.max(40, options.width ?? 100));
  const paint = paintOf(options.color ?? false);
  const parts = [
    headline(trace, width, paint),
    ...(options.wide
      ? wideParts(trace, width, paint)
      : pathParts(trace, options.allPaths ?? false, width, paint)),
    blockerPart(trace, width, paint),
    notes(trace, width, paint),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

/** The first lines alone: from, to, verdict, and what the application sees. */
export function renderSummary(trace: Trace, { width = 100, color = false }: TextOptions = {}): string {
  return `${headline(trace, Math.min(160, Math.max(40, width)), paintOf(color)).join('\n')}\n`;
}

function pathParts(
  trace: Trace,
  allPaths: boolean,
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const groups = alikePaths(trace, !allPaths);
  const shown = groups.map((group) => group[0]!);
  const hops = shown.flatMap((path) => [...path.hops, ...path.reply.hops]);
  const columns = columnsFor(hops, width, shortNames(trace));
  const only = trace.paths.length === 1;
  return groups.map(([path, ...alike], i) =>
    pathPart({ path: path!, shown: shown.slice(0, i), alike, only }, columns, width, paint),
  );
}

function wideParts(trace: Trace, width: number, paint: Paint): readonly (readonly string[])[] {
  return trace.paths.map((path) => widePath(path, trace.paths.length === 1, width, paint));
}

function notes(trace: Trace, width: number, paint: Paint): readonly string[] {
  const group = (label: string, texts: readonly string[]): readonly string[] =>
    texts.flatMap((text, i) => labelled(i === 0 ? label : '', text, 14, width));
  return [
    ...group('remark', trace.remarks),
    ...group('assumed', trace.assumptions).map(paint.quiet),
    ...group('not modelled', trace.notModelled).map(paint.unsure),
  ];
}
