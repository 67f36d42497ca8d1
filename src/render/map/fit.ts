/** Texts that must fit a given room: the longest of several wordings, the last one cut where it must be. */
import { monoWidth, NORMAL, SMALL, textWidth } from '../svg/metrics.ts';

/** An ellipsis is as wide as its font is high, more than other letters. */
const ELLIPSIS = 0.45;

/** Width of a text in a look (classes of the style sheet). */
export function widthOf(text: string, look: string): number {
  const words = look.split(' ');
  if (words.includes('mono')) return monoWidth(text, SMALL);
  const size = words.includes('small') ? SMALL : NORMAL;
  return textWidth(text, size, words.includes('strong')) + (text.includes('…') ? ELLIPSIS * size : 0);
}

export function fit(wordings: readonly string[], look: string, room: number): string {
  const whole = wordings.find((text) => widthOf(text, look) <= room);
  if (whole !== undefined) return whole;
  // A text that leaves something out already is not cut once more.
  const last = wordings.findLast((text) => !text.includes('…')) ?? wordings[wordings.length - 1]!;
  return cut(last, look, room);
}

/** Left out is the middle: names begin with what a thing is and end with what sets it apart. */
function cut(text: string, look: string, room: number): string {
  for (let kept = text.length - 1; kept > 1; kept--) {
    const shorter = `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`;
    if (widthOf(shorter, look) <= room) return shorter;
  }
  return '…';
}

/** "1 node", "12 nodes". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
