/** How far a subnet fills in its peaks: marks below its bar, one for each kind, and the worst in words. */
import type { CapacityReport, Peak, PeakSubnet, SubnetCapacity } from '../../analysis/capacity/report.ts';
import { type Mark, writing } from '../map/block.ts';
import { widthOf } from '../map/fit.ts';
import { placeOf, type Slice } from './bar.ts';
import { amount, peakLetters, peakWords } from './words.ts';

export interface SubnetPeak {
  readonly peak: Peak;
  readonly here: PeakSubnet;
}

/** Of each kind the peak that takes the most of this subnet, the largest first. */
export function peaksOf(report: CapacityReport, subnet: SubnetCapacity): readonly SubnetPeak[] {
  const byKind = new Map<string, SubnetPeak>();
  for (const peak of report.peaks)
    for (const here of peak.subnets) {
      if (here.subnet !== subnet.name || here.addresses <= 0) continue;
      const known = byKind.get(peak.kind);
      if (!known || weight(here) > weight(known.here)) byKind.set(peak.kind, { peak, here });
    }
  return [...byKind.values()].sort((a, b) => weight(b.here) - weight(a.here));
}

function weight({ addresses, short }: PeakSubnet): number {
  return short * 2 ** 20 + addresses;
}

/** Marks of peaks that end within so many pixels of each other share one. */
const TOGETHER = 12;

/** Triangles under a bar of that width; those at its end that point outwards are short of addresses. */
export function peakMarks(
  peaks: readonly SubnetPeak[],
  subnet: SubnetCapacity,
  slices: readonly Slice[],
  width: number,
  y: number,
): readonly Mark[] {
  const spots: { x: number; letters: string[]; short: boolean }[] = [];
  const placed = peaks
    .map(({ peak, here }) => ({ x: placeIn(subnet, here, slices), peak, short: here.short > 0 }))
    .sort((a, b) => Number(a.short) - Number(b.short) || a.x - b.x);
  for (const { x, peak, short } of placed) {
    const last = spots.at(-1);
    const letter = peakLetters[peak.kind];
    if (last && last.short === short && x - last.x < TOGETHER + 6 * (last.letters.length - 1)) {
      last.letters.push(letter);
      last.x = Math.max(last.x, x);
    } else spots.push({ x, letters: [letter], short });
  }
  // From the right, so that a label gives way to the one after it.
  let limit = width;
  return spots.reverse().flatMap(({ x, letters, short }): Mark[] => {
    const text = `${letters.join(' ')}${short ? ' short' : ''}`;
    const look = short ? 'small strong urgent' : 'small quiet';
    const room = widthOf(text, look) + 2;
    const left = Math.max(0, Math.min(x - room / 2, limit - room));
    limit = left - 6;
    return [
      { kind: 'path', d: short ? overflow(width, y) : triangle(x, y), look: short ? 'mark-short' : 'mark' },
      writing(text, left + room / 2, y + 20, look, 'middle'),
    ];
  });
}

/** Of all that is not taken, what is kept for prefixes is the first to go. */
function placeIn(subnet: SubnetCapacity, here: PeakSubnet, slices: readonly Slice[]): number {
  const taken = subnet.size - roomOf(subnet);
  return placeOf(slices, here.short > 0 ? subnet.size : Math.min(subnet.size, taken + here.addresses));
}

/** Free addresses, and those that are kept for prefixes. */
export function roomOf({ free, lines }: SubnetCapacity): number {
  return free + (lines.find(({ use }) => use === 'prefix-reservation')?.addresses ?? 0);
}

function triangle(x: number, y: number): string {
  return `M${Math.round(x)},${y + 1}l5,8h-10z`;
}

/** At the bar's end, pointing past it. */
function overflow(width: number, y: number): string {
  return `M${width - 9},${y + 1}l9,4.5l-9,4.5z`;
}

/** "update of a node group (group/workers): 312 more, 291 stay free", and shorter where that is too long. */
export function peakTexts({ peak, here }: SubnetPeak, subnet: SubnetCapacity): readonly [string, string] {
  // There may be free addresses enough, and no whole block of them.
  const blocks =
    here.short > 0 && roomOf(subnet) >= here.addresses + here.short ? ' in whole /28 blocks' : '';
  const fate =
    here.short > 0
      ? `${amount(here.short)} short${blocks}`
      : `${amount(roomOf(subnet) - here.addresses)} stay free`;
  const numbers = `${amount(here.addresses)} more, ${fate}`;
  return [`${peakWords[peak.kind]} (${peak.of}): ${numbers}`, `${peakWords[peak.kind]}: ${numbers}`];
}
