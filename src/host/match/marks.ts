/** Matches on marks: that of the packet, and that of its connection (xt_mark.c, xt_connmark.c). */

import { hex, parseMasked } from '../netfilter/rule-quoting.ts';
import { answer, type GivenOption, givenValue, isInverted, type MatchModule, not } from './module.ts';

function parseMark(given: readonly GivenOption[]) {
  const masked = parseMasked(givenValue(given, '--mark'));
  return masked && { numbers: [masked.value, masked.mask, isInverted(given, '--mark')], words: [] };
}

const printMark = ({ numbers: [value = 0, mask = 0, inv] }: { numbers: readonly number[] }): string =>
  `${not(inv)}--mark ${hex(value)}${mask === -1 ? '' : `/${hex(mask)}`}`;

/** The packet's own mark. numbers: value, mask, inverted. */
export const mark: MatchModule = {
  name: 'mark',
  options: { '--mark': 1 },
  parse: parseMark,
  print: printMark,
  evaluate: (code, at, { packet }) =>
    answer(((packet.mark & code[at + 1]!) === code[at]) !== (code[at + 2] === 1)),
};

/** The mark of its connection. A packet without one never matches, not even inverted. */
export const connmark: MatchModule = {
  name: 'connmark',
  options: { '--mark': 1 },
  parse: parseMark,
  print: printMark,
  evaluate: (code, at, flow) =>
    answer(flow.tracked && ((flow.connmark & code[at + 1]!) === code[at]) !== (code[at + 2] === 1)),
};
