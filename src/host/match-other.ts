/** Matches that only name things (comment, nfacct), that remember (recent, limit), or that throw dice (statistic). */
import {
  answer,
  type GivenOption,
  givenValue,
  isInverted,
  MAYBE_YES,
  type MatchModule,
  NO,
  not,
  YES,
} from './match-module.ts';
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

const recentActions = ['--set', '--rcheck', '--update', '--remove'];

/** Source addresses seen lately: kube-proxy's ClientIP affinity. A trace starts with empty lists, so that only `--set`
 *  holds. numbers: action, inverted, seconds, reap, hitcount, rttl, by destination. words: name, mask. */
export const recent: MatchModule = {
  name: 'recent',
  options: {
    '--set': 0,
    '--rcheck': 0,
    '--update': 0,
    '--remove': 0,
    '--seconds': 1,
    '--reap': 0,
    '--hitcount': 1,
    '--rttl': 0,
    '--name': 1,
    '--mask': 1,
    '--rsource': 0,
    '--rdest': 0,
  },
  parse(given) {
    const has = (name: string): 0 | 1 => (given.some((option) => option.name === name) ? 1 : 0);
    const action = given.find(({ name }) => recentActions.includes(name));
    const seconds = parseNumber(givenValue(given, '--seconds') ?? '0');
    const hits = parseNumber(givenValue(given, '--hitcount') ?? '0');
    if (!action || seconds === undefined || hits === undefined) return undefined;
    return {
      numbers: [
        recentActions.indexOf(action.name),
        action.not ? 1 : 0,
        seconds,
        has('--reap'),
        hits,
        has('--rttl'),
        has('--rdest'),
      ],
      words: [givenValue(given, '--name') ?? 'DEFAULT', givenValue(given, '--mask') ?? '255.255.255.255'],
    };
  },
  print({ numbers: [action = 0, inv, seconds, reap, hits, ttl, byDestination], words: [name = '', mask] }) {
    return [
      `${not(inv)}${recentActions[action]}`,
      ...(seconds ? [`--seconds ${seconds}`] : []),
      ...(reap ? ['--reap'] : []),
      ...(hits ? [`--hitcount ${hits}`] : []),
      ...(ttl ? ['--rttl'] : []),
      `--name ${name} --mask ${mask}`,
      byDestination ? '--rdest' : '--rsource',
    ].join(' ');
  },
  evaluate: (code, at) => answer((code[at] === 0) !== (code[at + 1] === 1)),
};

/** A token bucket whose fill nobody knows; the first packets of a burst pass. words: rate, burst. */
export const limit: MatchModule = {
  name: 'limit',
  options: { '--limit': 1, '--limit-burst': 1 },
  parse: (given) => ({
    numbers: [],
    words: [givenValue(given, '--limit') ?? '3/hour', givenValue(given, '--limit-burst') ?? '5'],
  }),
  print: ({ words: [rate, burst] }) => `--limit ${rate}${burst === '5' ? '' : ` --limit-burst ${burst}`}`,
  evaluate: () => MAYBE_YES,
};

/** 2^31: the kernel compares 31 random bits with round(p * 2^31) (xt_statistic.c). */
const SCALE = 2 ** 31;

/** numbers: mode (0 random, 1 nth), inverted, then the kernel's probability, or every and packet.
 *  The interpreter treats it as a choice and never evaluates it. */
export const statistic: MatchModule = {
  name: 'statistic',
  options: { '--mode': 1, '--probability': 1, '--every': 1, '--packet': 1 },
  parse(given: readonly GivenOption[]) {
    const mode = givenValue(given, '--mode');
    if (mode === 'random') {
      const probability = Number(givenValue(given, '--probability'));
      if (!(probability >= 0 && probability <= 1)) return undefined;
      return { numbers: [0, isInverted(given, '--probability'), Math.round(probability * SCALE)], words: [] };
    }
    const every = parseNumber(givenValue(given, '--every'));
    const packet = parseNumber(givenValue(given, '--packet') ?? '0');
    if (mode !== 'nth' || !every || every < 1 || packet === undefined) return undefined;
    return { numbers: [1, isInverted(given, '--every'), every, packet], words: [] };
  },
  print({ numbers: [mode, inv, first = 0, packet] }) {
    return mode === 0
      ? `--mode random ${not(inv)}--probability ${(first / SCALE).toFixed(11)}`
      : `--mode nth ${not(inv)}--every ${first} --packet ${packet}`;
  },
  evaluate: () => NO,
};

/** How likely a statistic match holds. The counter of `nth` stands anywhere: over many connections, one in `every`. */
export function likelihood([mode, inv, first = 0]: readonly number[]): number {
  const holds = mode === 0 ? first / SCALE : 1 / first;
  return inv ? 1 - holds : holds;
}
