/** One small chart over time: layers on each other, a dashed line for the most there can be, a mark where it runs out. */
import { area, scaleLinear, stack } from 'd3';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { fit } from '../map/fit.ts';
import { amount } from './words.ts';

export interface Layer {
  /** Classes of its area, drawn one over the other. */
  readonly looks: readonly string[];
  /** For each point of time. */
  readonly values: readonly number[];
}

export interface ChartData {
  readonly id: string;
  /** The longest that fits is taken. */
  readonly titles: readonly string[];
  readonly words: string;
  readonly urgent: boolean;
  /** Days, weeks or months from now. */
  readonly points: readonly number[];
  readonly unit: string;
  /** The lowest first. */
  readonly layers: readonly Layer[];
  /** What the layers can never exceed together. */
  readonly limit: { readonly value: number; readonly word: string } | undefined;
  /** Where this runs out. */
  readonly end: number | null;
  /** Where the first thing of all runs out. */
  readonly out: number | null;
  readonly tip: string;
}

const HEIGHT = 120;
const LEFT = 52;
const RIGHT = 8;
const TOP = 40;

/** A limit further away than this many times the highest value would press the layers flat. */
const FAR = 2.5;

export function growthChart(data: ChartData, width: number): Block {
  const { points, limit, end, out } = data;
  const sums = points.map((_, place) => data.layers.reduce((sum, { values }) => sum + values[place]!, 0));
  const highest = Math.max(1, ...sums);
  const near = limit !== undefined && limit.value <= highest * FAR;
  const x = scaleLinear([points[0] ?? 0, points.at(-1) ?? 1], [LEFT, width - RIGHT]);
  const y = scaleLinear([0, near ? limit.value : highest * 1.25], [HEIGHT, 0]);
  const ticks = y.ticks(3).filter((tick) => Number.isInteger(tick) && !(near && y(tick) < 14));
  const far = limit !== undefined && !near ? `; ${limit.word} ${amount(limit.value)}, above this scale` : '';
  const look = data.urgent ? 'small strong urgent' : 'small quiet';
  const marks: Mark[] = [
    ...ticks.map((tick) => line(`M${LEFT},${round(y(tick))}H${width - RIGHT}`, 'grid')),
    ...ticks.map((tick) => writing(amount(tick), LEFT - 6, y(tick) + 4, 'small quiet', 'end')),
    ...layers(data, x, y),
    line(`M${LEFT},${HEIGHT}H${width - RIGHT}`, 'axis'),
    ...(near ? nearLimit(limit.value, width) : []),
    writing(data.unit, LEFT - 6, HEIGHT + 15, 'small quiet', 'end'),
    ...x
      .ticks(5)
      .filter(Number.isInteger) // of a part of a week nothing is known
      .map((tick) => writing(`${tick}`, x(tick), HEIGHT + 15, 'small quiet', 'middle')),
    ...(out === null || out === end ? [] : outMark(round(x(out)))),
    ...(end === null ? [] : endMark(round(x(end)))),
  ];
  return block({
    id: data.id,
    width,
    height: TOP + HEIGHT + 22,
    marks: [
      writing(fit(data.titles, 'small strong', width), 0, 11, 'small strong'),
      writing(fit([data.words + far, data.words], look, width), 0, 26, look),
    ],
    children: [block({ id: `${data.id}/plot`, y: TOP, width, height: HEIGHT + 18, marks })],
    tip: data.tip,
    focusable: true,
  });
}

function nearLimit(value: number, width: number): Mark[] {
  return [line(`M${LEFT},0H${width - RIGHT}`, 'limit'), writing(amount(value), LEFT - 6, 4, 'small', 'end')];
}

/** Dots on a ground of their own, so that they are seen on every layer. */
function outMark(at: number): Mark[] {
  return [line(`M${at},0V${HEIGHT}`, 'out-ground'), line(`M${at},0V${HEIGHT}`, 'out-line')];
}

/** A red line with a head where this runs out. */
function endMark(at: number): Mark[] {
  return [line(`M${at},0V${HEIGHT}`, 'end-line'), line(`M${at - 4},-5h8l-4,7z`, 'mark-short')];
}

function layers(
  { points, layers: all }: ChartData,
  x: (at: number) => number,
  y: (value: number) => number,
): Mark[] {
  const stacked = stack<number, number>()
    .keys(all.map((_, place) => place))
    .value((place, key) => all[key]!.values[place]!)(points.map((_, place) => place));
  return stacked.flatMap((layer): Mark[] => {
    const path = area<(typeof layer)[number]>()
      .x((_, place) => round(x(points[place]!)))
      .y0(([low]) => round(y(low)))
      .y1(([, high]) => round(y(high)))(layer);
    return path === null ? [] : all[layer.key]!.looks.map((look) => line(path, look));
  });
}

function line(d: string, look: string): Mark {
  return { kind: 'path', d, look };
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
