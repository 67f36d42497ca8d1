/** Every step of every hop, with its rule and where that is written: `-o wide`. */
import { endpoint, formatHeader, type Header } from '../../packet/headers.ts';
import type { Hop, Path, TraceStep } from '../../trace/trace.ts';
import { nameOf } from '../fate.ts';
import { formatShare } from '../share.ts';
import { labelled } from './lines.ts';
import type { Paint } from './paint.ts';

const STEP_INDENT = 16;

export function widePath(path: Path, only: boolean, width: number, paint: Paint): readonly string[] {
  const title = only ? [] : [paint.strong(`path ${path.id}  ${formatShare(path.share)}  -> ${path.device}`)];
  const choices = path.choices.map((choice) => `        ${formatShare(choice.share)}  ${choice.why}`);
  const via = path.via.length > 1 ? [`        entered by any of ${path.via.join(', ')}`] : [];
  const { reply } = path;
  const asymmetric = reply.asymmetric ? ', another way than the request' : '';
  const back = `reply  ${reply.disposition}${reply.code ? `  ${reply.code}` : ''}${reply.device ? ` at ${reply.device}` : ''}${asymmetric}`;
  return [
    ...title,
    ...via,
    ...choices,
    ...path.hops.flatMap((hop) => wideHop(hop, width, paint)),
    paint.back(back),
    ...reply.hops.flatMap((hop) => wideHop(hop, width, paint)),
  ];
}

function wideHop(hop: Hop, width: number, paint: Paint): readonly string[] {
  const gutter = `${String(hop.n).padStart(3)}${hop.ghost ? '*' : ' '} `;
  const zone = hop.az ? `  ${hop.az}` : '';
  const leg = hop.leg > 0 ? `  leg ${hop.leg + 1}` : '';
  const head = `${nameOf(hop)}${zone}${leg}  ${headerText(hop.in)}`;
  const lines = [
    ...labelled(gutter, head, 5, width),
    ...hop.steps.flatMap((step) => wideStep(step, width, paint)),
  ];
  return lines.map((line, i) => (hop.ghost ? paint.quiet(line) : i === 0 ? paint.strong(line) : line));
}

function wideStep(step: TraceStep, width: number, paint: Paint): readonly string[] {
  const { verdict, stage, rule, source, because, before, after } = step;
  const label = `      ${verdict}`;
  const lines = labelled(label, `${stage}: ${because}`, STEP_INDENT, width);
  const painted = verdict === 'denied' ? lines.map(paint.bad) : lines;
  const written = source ? `  (${source.file}:${source.line}:${source.column})` : '';
  return [
    ...painted,
    ...(rule === undefined
      ? written
        ? [`${' '.repeat(STEP_INDENT)}${written.trim()}`]
        : []
      : labelled('', `rule ${rule}${written}`, STEP_INDENT, width).map(paint.quiet)),
    ...(before && after
      ? labelled('', difference(before, after), STEP_INDENT, width).map(paint.changed)
      : []),
  ];
}

function headerText(header: Header): string {
  const mark = header.mark ? ` mark 0x${(header.mark >>> 0).toString(16)}` : '';
  const icmp = header.icmp ? ` type ${header.icmp.type} code ${header.icmp.code}` : '';
  return `${header.protocol} ${formatHeader(header)} ttl ${header.ttl}${mark}${icmp}`;
}

function difference(before: Header, after: Header): string {
  const mark = (header: Header): string => `0x${((header.mark ?? 0) >>> 0).toString(16)}`;
  const fields: readonly (readonly [string, string, string])[] = [
    ['src', endpoint(before, 'src'), endpoint(after, 'src')],
    ['dst', endpoint(before, 'dst'), endpoint(after, 'dst')],
    ['ttl', String(before.ttl), String(after.ttl)],
    ['mark', mark(before), mark(after)],
  ];
  const changed = fields.filter(([, a, b]) => a !== b);
  return changed.map(([name, a, b]) => `${name} ${a} -> ${b}`).join(', ') || 'header unchanged';
}
