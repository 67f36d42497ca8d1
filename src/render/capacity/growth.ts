/** Address use over time: a chart of the pods, and one for each subnet that grows, the soonest to run out first. */
import {
  type CapacityUse,
  capacityUses,
  type Growth,
  type SubnetCapacity,
  type UseLine,
} from '../../analysis/capacity/report.ts';
import { type Block, block, writing } from '../map/block.ts';
import { columnWidth, flow } from '../map/flow.ts';
import { type ChartData, growthChart } from './growth-chart.ts';
import { useLooks } from './uses.ts';
import { amount, counted } from './words.ts';
import { wrapped } from './wrapped.ts';

const LEAST_WIDTH = 280;
const GAP = 20;

/** More charts than these say no more. */
const MOST = 11;

/** Drawn as what is left. */
const empty: ReadonlySet<CapacityUse> = new Set(['free', 'prefix-reservation']);

export function growthPanel(growth: Growth, subnets: readonly SubnetCapacity[], width: number): Block {
  const growing = subnets.filter((subnet) => grows(growth, subnet)).sort(bySoonest(growth));
  const shown = growing.slice(0, MOST);
  const charts = [podChart(growth), ...shown.map((subnet) => subnetChart(growth, subnet))];
  const each = columnWidth(Math.max(charts.length, 2), width, LEAST_WIDTH, GAP);
  const placed = flow(
    charts.map((chart) => growthChart(chart, each)),
    width,
    { gap: GAP, stretch: true },
  );
  const notes = notesOf(growth, growing.length - shown.length, subnets.length - growing.length).flatMap(
    (text) => wrapped(text, 'small quiet', width),
  );
  const top = 34 + notes.length * 15;
  return block({
    id: 'growth',
    width,
    height: top + placed.height,
    marks: [
      writing(`Growth of ${growth.percent} % a ${growth.per}`, 0, 16, 'title'),
      ...notes.map((text, i) => writing(text, 0, 36 + i * 15, 'small quiet')),
    ],
    children: placed.blocks.map((chart) => ({ ...chart, y: chart.y + top })),
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

function podChart(growth: Growth): ChartData {
  const { timeline, per, runsOut } = growth;
  const waiting = timeline.map(({ unschedulable, withoutAddress }) => unschedulable + withoutAddress);
  const words = runsOut
    ? `runs out in ${per} ${runsOut.at}`
    : `all have their place in ${counted(timeline.at(-1)?.at ?? 0, per)}`;
  return {
    id: 'growth/pods',
    titles: ['pods with an address, and those that wait', 'pods'],
    words,
    urgent: runsOut !== null,
    points: timeline.map(({ at }) => at),
    unit: per,
    layers: [
      { looks: ['use-pod'], values: timeline.map(({ pods }) => pods) },
      { looks: ['waiting', 'hatch-falling'], values: waiting },
    ],
    limit: undefined,
    end: runsOut?.at ?? null,
    out: null,
    tip: [
      words,
      ...some(
        timeline.map(
          ({ at, pods, nodes }, place) =>
            `${per} ${at}: ${amount(pods)} pods on ${counted(nodes, 'node')}, ${amount(waiting[place]!)} wait`,
        ),
      ),
    ].join('\n'),
  };
}

function subnetChart(growth: Growth, subnet: SubnetCapacity): ChartData {
  const { timeline, per, runsOut } = growth;
  const lines = linesAt(growth, subnet.name);
  const end = endOf(growth, subnet.name);
  const words =
    end === null ? `not full in ${counted(timeline.at(-1)?.at ?? 0, per)}` : `runs out in ${per} ${end}`;
  const uses = (Object.keys(capacityUses) as CapacityUse[]).filter(
    (use) => !empty.has(use) && lines.some((each) => addressesFor(each, use) > 0),
  );
  return {
    id: `growth/${subnet.name}`,
    titles: [`${subnet.name}  ${subnet.cidr}`, subnet.name],
    words,
    urgent: end !== null,
    points: timeline.map(({ at }) => at),
    unit: per,
    layers: uses.map((use) => {
      const { hatch } = useLooks[use];
      return {
        looks: [`use-${use}`, ...(hatch === 'none' ? [] : [`hatch-${hatch}`])],
        values: lines.map((each) => addressesFor(each, use)),
      };
    }),
    limit: { value: subnet.size, word: 'size' },
    end,
    out: runsOut?.at ?? null,
    tip: [
      `${subnet.name}, ${subnet.cidr}: ${words}`,
      ...some(
        timeline.map(
          ({ at }, place) => `${per} ${at}: ${amount(taken(lines[place]!))} of ${amount(subnet.size)}`,
        ),
      ),
    ].join('\n'),
  };
}

/** Not all of many rows. */
function some(rows: readonly string[]): readonly string[] {
  const step = Math.max(1, Math.ceil(rows.length / 8));
  return rows.filter((_, place) => place % step === 0 || place === rows.length - 1);
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

function addressesFor(lines: readonly UseLine[], use: CapacityUse): number {
  return lines.find((line) => line.use === use)?.addresses ?? 0;
}
