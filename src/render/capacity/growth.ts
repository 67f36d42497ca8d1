/** Address use over time, one small chart for each subnet that grows: what is taken by use, the size of the subnet as a
 *  dashed line, and when it runs out. */
import { area, scaleLinear, stack } from 'd3';
import {
  type CapacityUse,
  capacityUses,
  type Growth,
  type SubnetCapacity,
  type UseLine,
} from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { fit } from '../map/fit.ts';
import { columnWidth, flow } from '../map/flow.ts';
import { useLooks } from './uses.ts';
import { amount, counted } from './words.ts';

const LEAST_WIDTH = 280;
const GAP = 20;
const PLOT = 120;
const LEFT = 44;

/** More charts than these say no more. */
const MOST = 12;

/** Drawn as what is left. */
const empty: ReadonlySet<CapacityUse> = new Set(['free', 'prefix-reservation']);

export function growthPanel(growth: Growth, subnets: readonly SubnetCapacity[], width: number): Block {
  const growing = subnets.filter((subnet) => grows(growth, subnet)).sort(bySoonest(growth));
  const shown = growing.slice(0, MOST);
  const each = columnWidth(Math.max(shown.length, 2), width, LEAST_WIDTH, GAP);
  const placed = flow(
    shown.map((subnet) => chart(growth, subnet, each)),
    width,
    { gap: GAP, stretch: true },
  );
  const notes = notesOf(growth, growing.length - shown.length, subnets.length - growing.length);
  const top = 34 + notes.length * 15;
  return block({
    id: 'growth',
    width,
    height: top + placed.height,
    marks: [
      writing(`Growth of ${growth.percent} % a ${growth.per}`, 0, 16, 'title'),
      ...notes.map((text, i) => writing(fit([text], 'small quiet', width), 0, 36 + i * 15, 'small quiet')),
    ],
    children: placed.blocks.map((each) => ({ ...each, y: each.y + top })),
  });
}

function notesOf(growth: Growth, left: number, still: number): string[] {
  const first = growth.timeline[0];
  const last = growth.timeline.at(-1);
  const run =
    first && last
      ? `${amount(first.pods)} pods on ${counted(first.nodes, 'node')} now, ${amount(last.pods)} on ${amount(last.nodes)} in ${counted(last.at, growth.per)}`
      : 'nothing grows';
  const out = growth.runsOut
    ? `runs out in ${growth.per} ${growth.runsOut.at}: ${growth.runsOut.stop.message}`
    : 'nothing runs out in that time';
  return [
    `${run}; ${out}`,
    ...(left > 0 ? [`${counted(left, 'more subnet')} that ${left === 1 ? 'grows' : 'grow'}`] : []),
    ...(still > 0
      ? [`${counted(still, 'subnet')} without growth ${still === 1 ? 'is' : 'are'} not drawn`]
      : []),
  ];
}

function linesAt(growth: Growth, name: string): readonly (readonly UseLine[])[] {
  return growth.timeline.map(({ subnets }) => subnets.find(({ subnet }) => subnet === name)?.lines ?? []);
}

function taken(lines: readonly UseLine[]): number {
  return lines.reduce((sum, { use, addresses }) => sum + (empty.has(use) ? 0 : addresses), 0);
}

function grows(growth: Growth, { name }: SubnetCapacity): boolean {
  const use = linesAt(growth, name).map(taken);
  return use.some((addresses) => addresses !== use[0]);
}

function bySoonest(growth: Growth) {
  const end = ({ name }: SubnetCapacity): number => endOf(growth, name) ?? Number.MAX_SAFE_INTEGER;
  return (a: SubnetCapacity, b: SubnetCapacity): number => end(a) - end(b);
}

function endOf(growth: Growth, name: string): number | null {
  return growth.bySubnet.find(({ subnet }) => subnet === name)?.at ?? null;
}

function chart(growth: Growth, subnet: SubnetCapacity, width: number): Block {
  const points = growth.timeline.map(({ at }) => at);
  const lines = linesAt(growth, subnet.name);
  const end = endOf(growth, subnet.name);
  const x = scaleLinear([points[0] ?? 0, points.at(-1) ?? 1], [LEFT, width - 8]);
  const y = scaleLinear([0, subnet.size], [PLOT, 0]);
  const top = 40;
  const plot: Mark[] = [
    ...y
      .ticks(3)
      .map((tick): Mark => ({ kind: 'path', d: `M${LEFT},${round(y(tick))}H${width - 8}`, look: 'grid' })),
    ...y
      .ticks(3)
      .filter((tick) => Math.abs(y(tick) - y(subnet.size)) > 14)
      .map((tick) => writing(amount(tick), LEFT - 6, y(tick) + 4, 'small quiet', 'end')),
    ...areas(points, lines, x, y),
    { kind: 'path', d: `M${LEFT},${PLOT}H${width - 8}`, look: 'axis' },
    { kind: 'path', d: `M${LEFT},0H${width - 8}`, look: 'limit' },
    writing(amount(subnet.size), LEFT - 6, 4, 'small', 'end'),
    writing(growth.per, LEFT - 6, PLOT + 15, 'small quiet', 'end'),
    ...ticksOf(x.ticks(5)).map((tick) => writing(`${tick}`, x(tick), PLOT + 15, 'small quiet', 'middle')),
    ...(end === null ? [] : endMark(x(end), width)),
  ];
  const words =
    end === null
      ? `not full in ${counted(points.at(-1) ?? 0, growth.per)}`
      : `runs out in ${growth.per} ${end}`;
  const look = end === null ? 'small quiet' : 'small strong urgent';
  return block({
    id: `growth/${subnet.name}`,
    width,
    height: top + PLOT + 22,
    marks: [
      writing(
        fit([`${subnet.name}  ${subnet.cidr}`, subnet.name], 'small strong', width),
        0,
        11,
        'small strong',
      ),
      writing(words, 0, 26, look),
    ],
    children: [block({ id: `plot/${subnet.name}`, y: top, width, height: PLOT + 18, marks: plot })],
    tip: tipOf(growth, subnet, lines, words),
    focusable: true,
  });
}

/** A red line with a dot where the subnet runs out. */
function endMark(x: number, width: number): Mark[] {
  const at = round(Math.min(x, width - 8));
  return [
    { kind: 'path', d: `M${at},0V${PLOT}`, look: 'end-line' },
    { kind: 'path', d: `M${at - 4},-4h8l-4,7z`, look: 'mark-short' },
  ];
}

/** Whole numbers only: of a part of a week nothing is known. */
function ticksOf(ticks: readonly number[]): readonly number[] {
  return ticks.filter(Number.isInteger);
}

function areas(
  points: readonly number[],
  lines: readonly (readonly UseLine[])[],
  x: (at: number) => number,
  y: (addresses: number) => number,
): Mark[] {
  const uses = (Object.keys(capacityUses) as CapacityUse[]).filter(
    (use) => !empty.has(use) && lines.some((each) => addressesFor(each, use) > 0),
  );
  const layers = stack<readonly UseLine[], CapacityUse>().keys(uses).value(addressesFor)(lines);
  return layers.flatMap((layer): Mark[] => {
    const path = area<(typeof layer)[number]>()
      .x((_, place) => round(x(points[place]!)))
      .y0(([low]) => round(y(low)))
      .y1(([, high]) => round(y(high)))(layer);
    if (path === null) return [];
    const { hatch } = useLooks[layer.key];
    return [
      { kind: 'path', d: path, look: `use-${layer.key}` },
      ...(hatch === 'none' ? [] : [{ kind: 'path' as const, d: path, look: `hatch-${hatch}` }]),
    ];
  });
}

function addressesFor(lines: readonly UseLine[], use: CapacityUse): number {
  return lines.find((line) => line.use === use)?.addresses ?? 0;
}

function tipOf(
  growth: Growth,
  subnet: SubnetCapacity,
  lines: readonly (readonly UseLine[])[],
  words: string,
): string {
  const rows = growth.timeline.map(
    ({ at }, place) => `${growth.per} ${at}: ${amount(taken(lines[place]!))} of ${amount(subnet.size)}`,
  );
  const step = Math.max(1, Math.ceil(rows.length / 8));
  return [
    `${subnet.name}, ${subnet.cidr}: ${words}`,
    ...rows.filter((_, place) => place % step === 0 || place === rows.length - 1),
  ].join('\n');
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
