/** A subnet in the chart: its name and how much is free, the bar, the numbers that do not fit in it, its peaks. */
import type { CapacityReport, SubnetCapacity, UseLine } from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, moved, writing } from '../map/block.ts';
import { fit, widthOf } from '../map/fit.ts';
import { BAR_HEIGHT, barBlock, type Slice, slicesOf } from './bar.ts';
import { peakMarks, peaksOf, peakTexts, roomOf, type SubnetPeak } from './peak-marks.ts';
import { stackOf } from './stack.ts';
import { useLooks } from './uses.ts';
import { amount, share } from './words.ts';

const LINE = 15;

/** Wide fonts need a little more than is reckoned. */
const SAFE = 0.96;

/** From these shares of taken addresses on. */
const NEARLY_FULL = 0.9;

export function subnetRow(report: CapacityReport, subnet: SubnetCapacity, width: number): Block {
  const peaks = peaksOf(report, subnet);
  const parts = [
    heading(subnet, width),
    today(subnet, peaks, width),
    ...worstPeak(subnet, peaks, width),
    ...afterwards(report, subnet, width),
  ];
  const row = stackOf(`subnet/${subnet.name}`, width, parts, 2);
  return { ...row, tip: describe(report, subnet), focusable: true };
}

/** The bar with its marks, and the numbers that have no room in it. */
function today(subnet: SubnetCapacity, peaks: readonly SubnetPeak[], width: number): Block {
  const slices = slicesOf(subnet.lines, width);
  const { bar, unlabelled } = barBlock(`bar/${subnet.name}`, slices, width);
  const marks = peaks.length > 0 ? peakMarks(peaks, subnet, slices, width, BAR_HEIGHT) : [];
  const under = BAR_HEIGHT + (peaks.length > 0 ? 24 : 0);
  const numbers = numberLines(unlabelled, width * SAFE);
  return block({
    id: `today/${subnet.name}`,
    width,
    height: under + 2 + numbers.length * LINE,
    marks: [...marks, ...linesFrom(numbers, 'small quiet', under)],
    children: [bar],
  });
}

function worstPeak(subnet: SubnetCapacity, [worst]: readonly SubnetPeak[], width: number): Block[] {
  if (!worst) return [];
  const look = worst.here.short > 0 ? 'small strong urgent' : 'small quiet';
  const text = fit(
    peakTexts(worst, subnet).map((each) => `peak: ${each}`),
    look,
    width * SAFE,
  );
  return [block({ id: 'peak', width, height: LINE, marks: linesFrom([text], look, -2) })];
}

/** The same subnet once what was asked for has come. */
function afterwards({ scenario }: CapacityReport, subnet: SubnetCapacity, width: number): Block[] {
  const lines = scenario?.after.subnets.find((each) => each.subnet === subnet.name)?.lines;
  if (!lines || sameLines(lines, subnet.lines)) return [];
  const { bar, unlabelled } = barBlock(`after/${subnet.name}`, slicesOf(lines, width), width);
  const numbers = numberLines(unlabelled, width * SAFE);
  return [
    block({
      id: `afterwards/${subnet.name}`,
      width,
      height: 20 + BAR_HEIGHT + 2 + numbers.length * LINE,
      marks: [
        writing('after what was asked for:', 0, 15, 'small strong'),
        ...linesFrom(numbers, 'small quiet', 20 + BAR_HEIGHT),
      ],
      children: [moved(bar, 0, 20)],
    }),
  ];
}

function sameLines(a: readonly UseLine[], b: readonly UseLine[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function linesFrom(lines: readonly string[], look: string, top: number): Mark[] {
  return lines.map((line, place) => writing(line, 0, top + 13 + place * LINE, look));
}

/** Name, block and what is free; a second line where the first is too short, or where prefixes have their own part. */
function heading(subnet: SubnetCapacity, width: number): Block {
  const { text, look } = freeText(subnet);
  const reserved = addressesOf(subnet, 'prefix-reservation');
  const room = width - widthOf(text, look) - 14;
  const beside = reserved === 0 && widthOf(subnet.name, 'strong') + 10 + widthOf(subnet.cidr, 'mono') <= room;
  const name = fit([subnet.name], 'strong', room);
  const second = `${amount(reserved)} more for prefixes`;
  const marks = [
    writing(name, 0, 14, 'strong'),
    writing(subnet.cidr, beside ? widthOf(name, 'strong') + 10 : 0, beside ? 14 : 29, 'mono quiet'),
    writing(text, width, 14, look, 'end'),
    ...(reserved > 0 ? [writing(second, width, 29, 'small', 'end')] : []),
  ];
  return block({ id: `heading/${subnet.name}`, width, height: beside ? 20 : 35, marks });
}

/** "161 of 251 free", without what is kept for prefixes alone. */
function freeText(subnet: SubnetCapacity): { readonly text: string; readonly look: string } {
  const usable = subnet.size - addressesOf(subnet, 'aws');
  const room = roomOf(subnet);
  const state = room === 0 ? 'full: ' : (usable - room) / usable >= NEARLY_FULL ? 'nearly full: ' : '';
  return {
    text: `${state}${amount(subnet.free)} of ${amount(usable)} free`,
    look: state === '' ? 'strong' : 'strong urgent',
  };
}

function addressesOf({ lines }: SubnetCapacity, wanted: string): number {
  return lines.find(({ use }) => use === wanted)?.addresses ?? 0;
}

/** "AWS 5  NAT 1": the numbers that the bar has no room for, broken between two of them. */
function numberLines(slices: readonly Slice[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const { use, addresses } of slices) {
    const number = `${useLooks[use].word} ${amount(addresses)}`;
    const last = lines.at(-1);
    const longer = `${last}  ${number}`;
    // Two spaces become a dot between spaces.
    if (last !== undefined && widthOf(longer.replaceAll('  ', ' · '), 'small quiet') <= width)
      lines[lines.length - 1] = longer;
    else lines.push(number);
  }
  return lines;
}

/** All of it in words, for tooltips and for those who do not see the bar. */
export function describe(report: CapacityReport, subnet: SubnetCapacity): string {
  const { size, lines, name, cidr, az } = subnet;
  return [
    `${name}, ${cidr}, ${az}: ${amount(size)} addresses`,
    ...lines.map(
      ({ use, addresses }) => `${useLooks[use].word}: ${amount(addresses)} (${share(addresses, size)})`,
    ),
    ...(subnet.largestFreeBlock ? [`largest free block: ${subnet.largestFreeBlock}`] : []),
    ...peaksOf(report, subnet).map((each) => `peak, ${peakTexts(each, subnet)[0]}`),
  ].join('\n');
}
