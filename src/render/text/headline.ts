/** The first lines: from, to, verdict, where it died, and what the application sees. */
import type { Trace } from '../../trace/trace.ts';
import { outcome } from '../outcome.ts';
import { labelled } from './lines.ts';
import type { Paint } from './paint.ts';

const INDENT = 14;

export function headline(trace: Trace, width: number, paint: Paint): readonly string[] {
  const { from, to, protocol } = trace.request;
  const verdict = trace.verdict.toUpperCase();
  const [first = '', ...more] = labelled(verdict, outcome(trace), INDENT, width);
  return [
    ...labelled('', `${from} -> ${to}  ${protocol}`, 0, width).map(paint.strong),
    verdictPaint(trace, paint)(verdict) + first.slice(verdict.length),
    ...more,
    ...labelled('app sees', trace.symptom.text, INDENT, width),
  ];
}

function verdictPaint(trace: Trace, paint: Paint): (text: string) => string {
  if (trace.verdict === 'unreachable') return paint.bad;
  return trace.verdict === 'reachable' || trace.verdict === 'one-way' ? paint.good : paint.unsure;
}
