/** The way back, in its own compact part: one line where it mirrors the request, hop by hop where it does not. */
import type { Hop, Path } from '../../trace/trace.ts';
import { changedEnds } from '../decisive.ts';
import { fateOf, nameOf } from '../fate.ts';
import { type Columns, courseOf, hopRows, tableHead } from './hop-table.ts';
import { labelled, ranges } from './lines.ts';
import type { Paint } from './paint.ts';

const INDENT = 7;

export function replyPart(path: Path, columns: Columns, width: number, paint: Paint): readonly string[] {
  const { reply } = path;
  const real = reply.hops.filter((hop) => !hop.ghost);
  if (
    fateOf(path) === 'reply-lost' ||
    reply.disposition === 'undetermined' ||
    (reply.asymmetric && real.length > 0)
  )
    return inFull(path, columns, width, paint);
  return summary(path, real, columns, width).map((line) => (real.length > 0 ? line : paint.quiet(line)));
}

function summary(path: Path, real: readonly Hop[], columns: Columns, width: number): readonly string[] {
  const ghosts = path.reply.hops.filter((hop) => hop.ghost);
  if (real.length === 0) {
    if (ghosts.length === 0)
      return path.reply.disposition === 'none'
        ? []
        : labelled('reply', path.reply.disposition, INDENT, width);
    const blocked = ghosts.find((hop) => hop.steps.some((step) => step.verdict === 'denied'));
    const end = blocked ? `would be denied at ${nameOf(blocked)}` : 'would arrive';
    return labelled(
      'reply*',
      `${hopCount(ghosts)}, ${[...translations(path, ghosts, columns), end].join(', ')}`,
      INDENT,
      width,
    );
  }
  const kind =
    path.disposition === 'rejected' ? (path.symptom.kind === 'refused' ? 'RST, ' : 'ICMP error, ') : '';
  const several = path.legs.length > 1;
  return byLeg(real).flatMap((hops, i, legs) => {
    const label = i === 0 ? 'reply' : '';
    const leg = several ? `leg ${hops[0]!.leg + 1}: ` : '';
    const end = path.reply.disposition === 'exited' && i === legs.length - 1 ? 'leaves the model' : 'arrives';
    return labelled(
      label,
      `${leg}${kind}${hopCount(hops)}, ${[...translations(path, hops, columns), end].join(', ')}`,
      INDENT,
      width,
    );
  });
}

function inFull(path: Path, columns: Columns, width: number, paint: Paint): readonly string[] {
  const { reply } = path;
  const real = reply.hops.filter((hop) => !hop.ghost);
  const lost = reply.disposition !== 'delivered' && reply.disposition !== 'exited';
  const seen = new Set(path.hops.map(nameOf));
  const came = new Set(reply.hops.map(nameOf));
  const others = [...new Set(real.map(nameOf).filter((name) => !seen.has(name)))];
  const missed = [...new Set(path.hops.filter((hop) => !hop.ghost).map(nameOf))].filter(
    (name) => !came.has(name),
  );
  const by = others.length > 0 ? ` by ${others.join(', ')}` : '';
  const not = !lost && missed.length > 0 ? `, not by ${missed.join(', ')}` : '';
  const title = `${reply.disposition}${lost && reply.device ? ` at ${reply.device}` : ''}${reply.code ? `  ${reply.code}` : ''}${
    reply.asymmetric ? `; another way than the request${by}${not}` : ''
  }`;
  const head = labelled('reply', title, INDENT, width).map((line) =>
    lost ? paint.bad(line) : paint.unsure(line),
  );
  const course = courseOf(path, true);
  const legs = byLeg(reply.hops);
  return [
    ...head,
    ...legs.flatMap((hops) => [
      ...tableHead(legs.length > 1 ? `leg ${hops[0]!.leg + 1}, back` : '', hops[0]!.in, columns, paint),
      ...hopRows(hops, course, columns, paint),
    ]),
  ];
}

/** "un-DNAT and un-SNAT at node/node-1": which ends the reply's header got back, where. */
function translations(path: Path, hops: readonly Hop[], columns: Columns): readonly string[] {
  return hops.flatMap((hop) => {
    const there = path.hops.find(
      (forward) => nameOf(forward) === nameOf(hop) && changedEnds(forward.in, forward.out).length > 0,
    );
    const undone = there ? 'un-' : '';
    const done = changedEnds(hop.in, hop.out).map((end) => {
      const translation = (end === 'src') === (there !== undefined) ? 'DNAT' : 'SNAT';
      return undone + translation;
    });
    return done.length > 0 ? [`${done.join(' and ')} at ${columns.name(nameOf(hop))}`] : [];
  });
}

function byLeg(hops: readonly Hop[]): readonly (readonly Hop[])[] {
  return [...new Set(hops.map((hop) => hop.leg))].map((leg) => hops.filter((hop) => hop.leg === leg));
}

function hopCount(hops: readonly Hop[]): string {
  return `${hops.length} hop${hops.length === 1 ? '' : 's'} back (${ranges(hops.map((hop) => hop.n))})`;
}
