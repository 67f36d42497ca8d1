/** Draws what is written around the path: title with verdict, callouts, legend, what was assumed. */
import type { Trace } from '../../trace/trace.ts';
import { outcome } from '../outcome.ts';
import type { Scene } from '../scene.ts';
import type { Callout } from './callouts.ts';
import type { Layout } from './layout.ts';
import { labelLines, NORMAL, SMALL, TITLE, textWidth } from './metrics.ts';
import { type Group, type Paper, rect, write } from './paper.ts';

const verdictTone = {
  reachable: 'delivered',
  'one-way': 'delivered',
  unreachable: 'blocked',
  ambiguous: 'undetermined',
  undetermined: 'undetermined',
} as const;

/** Title, verdict, symptom; returns the height used. */
export function drawTitle(group: Group, trace: Trace, width: number): number {
  const { from, to, protocol } = trace.request;
  const titles = labelLines(`${from} → ${to}  ${protocol}`, Math.floor(width / (TITLE * 0.6)), 2);
  titles.forEach((line, i) => {
    write(group, line, 0, 18 + i * 20, 'title');
  });
  const y = 18 + titles.length * 20 + 4;
  const verdict = trace.verdict.toUpperCase();
  const pill = textWidth(verdict, NORMAL, true) + 20;
  rect(group, 0, y - 15, pill, 21, 4, `fill-${verdictTone[trace.verdict]}`);
  write(group, verdict, pill / 2, y, 'strong number', 'middle');
  const said = labelLines(
    `${outcome(trace)}; app sees: ${trace.symptom.text}`,
    Math.floor((width - pill) / 6.4),
    3,
  );
  said.forEach((line, i) => {
    write(group, line, pill + 12, y + i * 17, '');
  });
  return y + (said.length - 1) * 17 + 20;
}

/** Callouts in a row under the drawing, each led to by a line from its station; returns right edge and bottom. */
export function drawCallouts(
  group: Group,
  callouts: readonly Callout[],
  layout: Layout,
  top: number,
  paper: Paper,
): { right: number; bottom: number } {
  const leads = callouts
    .map((callout) => ({ callout, leader: layout.leaders.find((leader) => leader.stop === callout.stop)! }))
    .sort((a, b) => a.leader.x - b.leader.x);
  const strip = top + 14 + leads.length * 8;
  let right = 0;
  let bottom = top;
  leads.forEach(({ callout, leader }, i) => {
    // Room is left for those that follow: together they need not be wider than the drawing.
    const rest = leads.slice(i).reduce((sum, one) => sum + one.callout.width + 16, -16);
    const x = Math.max(right === 0 ? 0 : right + 16, Math.min(leader.x - 24, layout.width - rest));
    const foot = Math.min(Math.max(leader.x, x + 12), x + callout.width - 12);
    const turn = strip - 8 * (foot < leader.x ? leads.length - i : i + 1);
    const [sx, sy] = leader.start;
    const points = [
      [sx, sy],
      [leader.x, sy],
      [leader.x, turn],
      [foot, turn],
      [foot, strip],
    ] as const;
    const distinct = points.filter(
      ([px, py], j) => j === 0 || px !== points[j - 1]![0] || py !== points[j - 1]![1],
    );
    group.append('path').attr('d', paper.route(distinct, 5)).attr('class', 'leader line-blocked');
    rect(group, x, strip, callout.width, callout.height, 5, 'callout');
    write(group, callout.title, x + 12, strip + 20, 'strong fill-blocked');
    callout.lines.forEach((line, j) => {
      const y = strip + 38 + j * 15;
      if (line.label) write(group, line.label, x + 12, y, 'small quiet');
      write(group, line.text, x + 60, y, 'small');
    });
    right = x + callout.width;
    bottom = Math.max(bottom, strip + callout.height);
  });
  return { right, bottom };
}

/** Signs that are on this sheet, and no others; returns the height used. */
export function drawLegend(group: Group, scene: Scene, y: number): number {
  const signs: readonly (readonly [string, string, boolean])[] = [
    [
      'request line-delivered',
      'request, delivered',
      scene.lanes.some((l) => l.fate === 'arrives' || l.fate === 'reply-lost'),
    ],
    ['request line-blocked', 'request, blocked', scene.lanes.some((l) => l.fate === 'blocked')],
    ['request line-undetermined', 'not known', scene.lanes.some((l) => l.fate === 'undetermined')],
    ['request line-mixed', 'before the ways part', differ(scene)],
    [
      'request line-blocked ghost',
      'would go on',
      scene.lanes.some((l) => l.stops.some((stop) => stop.hop.ghost)),
    ],
    [
      'reply line-reply',
      'reply',
      scene.lanes.some(
        (l) =>
          l.fate !== 'reply-lost' && l.replies.some((run) => run.stops.some(({ hops }) => !hops[0]!.ghost)),
      ),
    ],
    ['reply line-blocked lost', 'reply, lost', scene.lanes.some((l) => l.fate === 'reply-lost')],
  ];
  let x = 0;
  for (const [look, text, shown] of signs) {
    if (!shown) continue;
    group.append('path').attr('d', `M${x},${y}h26`).attr('class', look);
    write(group, text, x + 32, y + 4, 'small quiet');
    x += Math.ceil(textWidth(text, SMALL)) + 54;
  }
  return 18;
}

function differ(scene: Scene): boolean {
  return new Set(scene.lanes.map((lane) => (lane.fate === 'reply-lost' ? 'arrives' : lane.fate))).size > 1;
}

/** Notes under the drawing; returns the height used. */
export function drawNotes(
  group: Group,
  notes: readonly (readonly [string, string])[],
  y: number,
  width: number,
): number {
  let line = 0;
  for (const [label, text] of notes)
    labelLines(text, Math.floor((width - 90) / 5.6), 3).forEach((part, i) => {
      if (i === 0) write(group, label, 0, y + line * 15, 'small quiet');
      write(group, part, 84, y + line * 15, 'small quiet');
      line++;
    });
  return line * 15;
}
