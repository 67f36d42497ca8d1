/** The frozen one-line-per-path format (docs/trace-format.md): for scripts and golden tests, never wrapped or coloured. */
import { endpoint, formatHeader, type Header } from '../packet/headers.ts';
import type { Hop, Path, Trace } from '../trace/trace.ts';
import { nameOf } from './fate.ts';

/** One line per path:
 *  `<share> <disposition> <code|-> <symptom> | <header> | <device> [dnat=..] [snat=..] > ... | reply <disposition> <code|->`. */
export function renderWire(trace: Trace): string {
  return trace.paths.map((path) => `${wireLine(path)}\n`).join('');
}

function wireLine(path: Path): string {
  const hops = path.hops.filter((hop) => !hop.ghost);
  const first = hops[0]?.in;
  return [
    `${path.share.toFixed(6)} ${path.disposition} ${path.code ?? '-'} ${path.symptom.kind}`,
    first ? headerText(first) : '-',
    hops.map(hopText).join(' > '),
    `reply ${path.reply.disposition} ${path.reply.code ?? '-'}`,
  ].join(' | ');
}

function headerText(header: Header): string {
  return `${header.protocol} ${formatHeader(header)}`;
}

function hopText(hop: Hop): string {
  const src = endpoint(hop.out, 'src');
  const dst = endpoint(hop.out, 'dst');
  const dnat = dst === endpoint(hop.in, 'dst') ? '' : ` dnat=${dst}`;
  const snat = src === endpoint(hop.in, 'src') ? '' : ` snat=${src}`;
  return nameOf(hop) + dnat + snat;
}
