/** Matches that only name things (comment, nfacct), and the one that throws dice or counts (statistic). */

import { parseNumber, quoteWord } from '../netfilter/rule-quoting.ts';
import { answer, type GivenOption, givenValue, isInverted, type MatchModule, not, YES } from './module.ts';

export const comment: MatchModule = {
  name: 'comment',
  options: { '--comment': 1 },
  always: true,
  parse(given) {
    const text = givenValue(given, '--comment');
    return text === undefined ? undefined : { numbers: [], words: [text] };
  },
  print: ({ words: [text = ''] }) => `--comment ${quoteWord(text)}`,
  evaluate: () => YES,
};

/** Counts and always matches. */
export const nfacct: MatchModule = {
  name: 'nfacct',
  options: { '--nfacct-name': 1 },
  always: true,
  parse(given) {
    const name = givenValue(given, '--nfacct-name');
    return name === undefined ? undefined : { numbers: [], words: [name] };
  },
  print: ({ words: [name = ''] }) => `--nfacct-name ${quoteWord(name)}`,
  evaluate: () => YES,
};

/** 2^31: the kernel compares 31 random bits with round(p * 2^31) (xt_statistic.c). */
const SCALE = 2 ** 31;
const RANDOM = 0;
const NTH = 1;

/** Session kind of the counters of `nth`; `dport` is the counter's number, the mark how often it was asked. */
const COUNTED = 66;
let counterCount = 0;

/** numbers: mode, inverted, then the kernel's probability, or every, packet and the rule's own counter.
 *  `random` is a choice of the interpreter and never evaluated; counters of `nth` begin where iptables sets them: the
 *  first packet is number 0 (statistic_mt). */
export const statistic: MatchModule = {
  name: 'statistic',
  startsEmpty: ([mode]) => (mode === NTH ? 'counters of statistic nth stand at their start' : undefined),
  options: { '--mode': 1, '--probability': 1, '--every': 1, '--packet': 1 },
  parse(given: readonly GivenOption[]) {
    const mode = givenValue(given, '--mode');
    if (mode === 'random') {
      const probability = Number(givenValue(given, '--probability'));
      if (!(probability >= 0 && probability <= 1)) return undefined;
      return {
        numbers: [RANDOM, isInverted(given, '--probability'), Math.round(probability * SCALE)],
        words: [],
      };
    }
    const every = parseNumber(givenValue(given, '--every'));
    const packet = parseNumber(givenValue(given, '--packet') ?? '0');
    if (mode !== 'nth' || !every || every < 1 || packet === undefined) return undefined;
    return { numbers: [NTH, isInverted(given, '--every'), every, packet, counterCount++], words: [] };
  },
  print({ numbers: [mode, inv, first = 0, packet] }) {
    return mode === RANDOM
      ? `--mode random ${not(inv)}--probability ${(first / SCALE).toFixed(11)}`
      : `--mode nth ${not(inv)}--every ${first} --packet ${packet}`;
  },
  evaluate(code, at, { walk }) {
    const counter = code[at + 4]!;
    const found = walk.sessions.find(walk.sessionHead, walk.device, COUNTED, 0, 0, 0, 0, counter);
    const before = found < 0 ? 0 : walk.sessions.mark(found >> 1);
    walk.addSession(walk.device, COUNTED, 0, 0, 0, 0, counter, 0, counter, 0, 0, before + 1);
    return answer((before % code[at + 2]! === code[at + 3]) !== (code[at + 1] === 1));
  },
};

/** Whether a statistic match is `random`. */
export const throwsDice = ([mode]: readonly number[]): boolean => mode === RANDOM;

/** How likely a `random` statistic match holds. */
export function likelihood([, inv, scaled = 0]: readonly number[]): number {
  const holds = scaled / SCALE;
  return inv ? 1 - holds : holds;
}
