/** Why it failed, in path order: the rule that decided, the one that almost matched, and one change that would help. */
import type { Blocker, NextBlocker, Trace } from '../../trace/trace.ts';
import { nameOf } from '../fate.ts';
import { labelled, ranges } from './lines.ts';
import type { Paint } from './paint.ts';

const INDENT = 11;

export function blockerPart(trace: Trace, width: number, paint: Paint): readonly string[] {
  const groups = new Map<string, Blocker[]>();
  for (const blocker of trace.blockers) {
    // The nodes of one load balancer say the same of every zone: that is one thing to mend.
    const { code, because, direction, rule, fix, hop } = blocker;
    const key = JSON.stringify([code, because, direction, rule, fix, hop, isGhost(trace, blocker)]);
    groups.set(key, [...(groups.get(key) ?? []), blocker]);
  }
  return [
    ...[...groups.values()].flatMap((group, i) => [
      ...(i > 0 ? [''] : []),
      ...blockerLines(trace, group, width, paint),
    ]),
    ...afterLine(trace, width),
  ];
}

function blockerLines(
  trace: Trace,
  group: readonly Blocker[],
  width: number,
  paint: Paint,
): readonly string[] {
  const blocker = group[0]!;
  const { code, awsCode, direction, hop } = blocker;
  const device = [...new Set(group.map((one) => one.device))].join(' and ');
  const later = isGhost(trace, blocker)
    ? 'would block next: '
    : isUnknown(trace, blocker)
      ? 'not known: '
      : 'blocked by ';
  const aws = awsCode ? ` (AWS ${awsCode})` : '';
  const place = hop === null ? '' : ` at hop ${hop}`;
  const paths =
    trace.paths.length > 1 ? `, path${group.length > 1 ? 's' : ''} ${ranges(group.map((b) => b.path))}` : '';
  const title = `${later}${code}${aws}${place}, ${device}${direction === 'reply' ? ', on the way back' : ''}${paths}`;
  const source = blocker.source
    ? `${blocker.source.file}:${blocker.source.line}:${blocker.source.column}`
    : undefined;
  const row = (
    label: string,
    text: string | undefined,
    painter = (line: string) => line,
  ): readonly string[] =>
    text === undefined ? [] : labelled(`  ${label}`, text, INDENT, width).map(painter);
  return [
    ...labelled('', title, 0, width).map(isGhost(trace, blocker) ? paint.unsure : paint.bad),
    ...row('why', blocker.because),
    ...row('rule', blocker.rule),
    ...row('nearest', blocker.nearest),
    ...fixRows(blocker, row, paint),
    ...row('written', source, paint.quiet),
  ];
}

type Row = (label: string, text: string | undefined, painter?: (line: string) => string) => readonly string[];

/** The fix, and what a second trace said of it: one that does not help is not offered. */
function fixRows({ fix, fixChecked }: Blocker, row: Row, paint: Paint): readonly string[] {
  if (fix === undefined || fixChecked === undefined) return row('fix', fix, paint.good);
  const { result, why, next } = fixChecked;
  if (result === 'not-enough') return row('checked', `${fix}: would not be enough, ${why}`, paint.unsure);
  const said = {
    admits: next
      ? `with it the packet gets on to ${placeOf(next)}; next: ${next.code}`
      : 'with it nothing else blocks',
    covered: 'the change above is enough',
    'not-checked': why && `not checked: ${why}`,
  }[result];
  return [...row('fix', fix, paint.good), ...row('checked', said, paint.quiet)];
}

function placeOf({ device, hop, direction }: NextBlocker): string {
  const at = hop === null ? device : `hop ${hop}, ${device}`;
  return direction === 'reply' ? `${at} on the way back` : at;
}

/** What comes of it all, where one fix is not the whole story. */
function afterLine({ afterFixes, blockers }: Trace, width: number): readonly string[] {
  if (!afterFixes || (afterFixes.blockers.length === 0 && blockers.length === 1)) return [];
  const left = [...new Set(afterFixes.blockers.map(({ code, device }) => `${code} at ${device}`))];
  const rest = left.length > 0 ? `: ${left.join(', ')}` : '';
  return ['', ...labelled('', `with every change that helps: ${afterFixes.verdict}${rest}`, 0, width)];
}

/** Nobody can tell whether it blocks: what would decide is not in the topology. */
function isUnknown(trace: Trace, { path, direction }: Blocker): boolean {
  const found = trace.paths.find((p) => p.id === path);
  return (direction === 'reply' ? found?.reply.disposition : found?.disposition) === 'undetermined';
}

/** A blocker beyond the first one of its path. */
function isGhost(trace: Trace, blocker: Blocker): boolean {
  const path = trace.paths.find((p) => p.id === blocker.path);
  const hops = blocker.direction === 'reply' ? path?.reply.hops : path?.hops;
  return hops?.find((hop) => hop.n === blocker.hop && nameOf(hop) === blocker.device)?.ghost ?? false;
}
