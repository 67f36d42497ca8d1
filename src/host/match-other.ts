/** Matches that only name things (comment, nfacct), or that throw dice (statistic). */
import { type GivenOption, givenValue, isInverted, type MatchModule, NO, not, YES } from './match-module.ts';
import { parseNumber, quoteWord } from './words.ts';

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

/** numbers: mode, inverted, then the kernel's probability, or every and packet.
 *  The interpreter treats it as a choice and never evaluates it. */
export const statistic: MatchModule = {
  name: 'statistic',
  startsEmpty: ([mode]) => (mode === NTH ? 'the counter of statistic nth may stand anywhere' : undefined),
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
    return { numbers: [NTH, isInverted(given, '--every'), every, packet], words: [] };
  },
  print({ numbers: [mode, inv, first = 0, packet] }) {
    return mode === RANDOM
      ? `--mode random ${not(inv)}--probability ${(first / SCALE).toFixed(11)}`
      : `--mode nth ${not(inv)}--every ${first} --packet ${packet}`;
  },
  evaluate: () => NO,
};

/** How likely a statistic match holds. The counter of `nth` stands anywhere: over many connections, one in `every`. */
export function likelihood([mode, inv, first = 0]: readonly number[]): number {
  const holds = mode === RANDOM ? first / SCALE : 1 / first;
  return inv ? 1 - holds : holds;
}
