/** What would help, each with what it changes. */
import type { Advice, CapacityReport } from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { amount } from './words.ts';
import { wrapped } from './wrapped.ts';

const LINE = 16;

/** More than these are counted. */
const MOST = 5;

export function adviceBlock({ advice }: CapacityReport, width: number): Block | undefined {
  if (advice.length === 0) return undefined;
  const marks: Mark[] = [writing('What would help', 0, 16, 'title')];
  let y = 38;
  const say = (text: string, look: string, indent: number): void => {
    for (const line of wrapped(text, look, width - indent)) {
      marks.push(writing(line, indent, y, look));
      y += LINE;
    }
  };
  for (const each of advice.slice(0, MOST)) {
    say(each.title, 'strong', 0);
    if (each.numbers.length > 0) say(numbersText(each), 'quiet', 16);
    y += 4;
  }
  const more = advice.length - MOST;
  if (more > 0) say(`and ${amount(more)} more`, 'quiet', 0);
  return block({ id: 'advice', width, height: y - 6, marks });
}

/** "addresses held: 1,440 to 872; more pods that fit: 120 to 610". */
export function numbersText({ numbers }: Advice): string {
  return numbers
    .map(({ what, before, after }) => `${what}: ${amount(before)} to ${amount(after)}`)
    .join('; ');
}
