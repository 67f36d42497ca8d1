/** What a capacity report says before any chart: whose it is, and what runs out. */
import type { CapacityReport, Finding } from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { amount, counted } from './words.ts';
import { wrapped } from './wrapped.ts';

const LINE = 16;
const INDENT = 76;

/** More findings than these are counted. */
const MOST = 6;

export const urgencyWords: Readonly<
  Record<Finding['urgency'], { readonly word: string; readonly look: string }>
> = {
  now: { word: 'now', look: 'urgent' },
  peak: { word: 'in a peak', look: 'soon' },
  later: { word: 'later', look: 'soon' },
  none: { word: 'fits', look: 'good' },
};

export function headline(report: CapacityReport, width: number): Block {
  const marks: Mark[] = [writing(titleOf(report), 0, 16, 'title'), writing(factsOf(report), 0, 36, 'quiet')];
  let y = 60;
  for (const { urgency, message, cure } of report.findings.slice(0, MOST)) {
    const { word, look } = urgencyWords[urgency];
    marks.push(writing(word, 0, y, `strong ${look}`));
    const texts = [message, ...(cure === null ? [] : [cure])];
    for (const [place, text] of texts.entries())
      for (const line of wrapped(text, place === 0 ? 'strong' : 'quiet', width - INDENT)) {
        marks.push(writing(line, INDENT, y, place === 0 ? '' : 'quiet'));
        y += LINE;
      }
    y += 4;
  }
  const more = report.findings.length - MOST;
  if (more > 0) {
    marks.push(writing(`and ${amount(more)} more`, INDENT, y, 'quiet'));
    y += LINE;
  }
  return block({ id: 'headline', width, height: y - 6, marks });
}

export function titleOf({ topology }: CapacityReport): string {
  return `Addresses of ${topology}`;
}

/** "50 nodes, 1,500 pods with addresses of their own, single addresses, WARM_ENI_TARGET=1". */
export function factsOf({ cluster, subnets }: CapacityReport): string {
  const places = counted(subnets.length, 'subnet');
  if (!cluster) return places;
  return [
    places,
    counted(cluster.nodes, 'node'),
    `${counted(cluster.pods, 'pod')} with ${cluster.pods === 1 ? 'an address of its' : 'addresses of their'} own`,
    cluster.mode === 'prefix-delegation' ? 'prefix delegation' : 'single addresses',
    ...(cluster.customNetworking ? ['custom networking'] : []),
    ...(cluster.podEni ? ['security groups for pods'] : []),
    ...Object.entries(cluster.settings).map(([name, value]) => `${name}=${value}`),
  ].join(', ');
}
