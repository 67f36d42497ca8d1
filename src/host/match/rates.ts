/** Matches that count over time: limit, hashlimit, connlimit, quota, connbytes. What they have counted before the trace
 *  nobody knows: they start empty, which is said where one of them decides. */

import { parseNumber, quoteWord } from '../netfilter/rule-quoting.ts';
import {
  answer,
  type GivenOption,
  givenValue,
  has,
  inverted,
  isInverted,
  MAYBE_NO,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';

/** Seconds of the units a rate is printed in, longest first (libxt_limit.c, rates). */
const units = [
  ['day', 86400],
  ['hour', 3600],
  ['min', 60],
  ['sec', 1],
] as const;

/** Time between two packets of "10/min", in parts of a second as xt_limit and xt_hashlimit count them. */
function parseRate(text: string, scale: number): number | undefined {
  const [, count, unit] = /^(\d+)(?:\/([a-z]+))?$/i.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) return undefined;
  const name = (unit ?? 'second').toLowerCase();
  const seconds = [...units, ['minute', 60], ['second', 1]].find(([one]) => `${one}`.startsWith(name))?.[1];
  return seconds === undefined
    ? undefined
    : Math.floor((scale * Number(seconds)) / Number(count)) || undefined;
}

/** "10/min": in the longest unit that tells it well enough (print_rate). */
function printRate(period: number, scale: number): string {
  let at = 1;
  for (; at < units.length; at++) {
    const unit = units[at]![1] * scale;
    if (period > unit || Math.floor(unit / period) < unit % period) break;
  }
  const [name, seconds] = units[at - 1]!;
  return `${Math.floor((seconds * scale) / period)}/${name}`;
}

const LIMIT_SCALE = 10_000;

/** A token bucket, full before the trace. numbers: time between packets, burst. */
export const limit: MatchModule = {
  name: 'limit',
  startsEmpty: () => 'the limit is not used up',
  unknown: 'how much of the limit is used up',
  options: { '--limit': 1, '--limit-burst': 1 },
  parse(given) {
    const period = parseRate(givenValue(given, '--limit') ?? '3/hour', LIMIT_SCALE);
    const burst = parseNumber(givenValue(given, '--limit-burst') ?? '5');
    return period === undefined || burst === undefined ? undefined : { numbers: [period, burst], words: [] };
  },
  print: ({ numbers: [period = 1, burst] }) =>
    `--limit ${printRate(period, LIMIT_SCALE)}${burst === 5 ? '' : ` --limit-burst ${burst}`}`,
  // The request may have taken the only token.
  evaluate: (code, at, { walk }) => (code[at + 1]! > 1 || !walk.reply ? YES : MAYBE_NO),
};

const HASHLIMIT_SCALE = 1_000_000;
const hashlimitNumbers = [
  '--hashlimit-htable-size',
  '--hashlimit-htable-max',
  '--hashlimit-htable-gcinterval',
  '--hashlimit-htable-expire',
] as const;
const hashlimitMasks = ['--hashlimit-srcmask', '--hashlimit-dstmask'] as const;
const bytes = /^(\d+)([km]?)b\/s$/i;

/** "512kb/s" as it is; "10/second" as "10/sec". */
function hashlimitRate(text: string): string | undefined {
  if (bytes.test(text)) return text;
  const period = parseRate(text, HASHLIMIT_SCALE);
  return period === undefined ? undefined : printRate(period, HASHLIMIT_SCALE);
}

/** A bucket for each address or port. numbers: 1 where it asks for what is above the rate. words: as printed. */
export const hashlimit: MatchModule = {
  name: 'hashlimit',
  startsEmpty: () => 'the limit is not used up',
  options: {
    '--hashlimit-upto': 1,
    '--hashlimit': 1,
    '--hashlimit-above': 1,
    '--hashlimit-burst': 1,
    '--hashlimit-mode': 1,
    '--hashlimit-name': 1,
    ...Object.fromEntries([...hashlimitNumbers, ...hashlimitMasks].map((name) => [name, 1])),
  },
  parse(given) {
    const option = given.find(({ name }) => /-(upto|above)$|^--hashlimit$/.test(name));
    const written = option?.values[0] ?? '';
    const rate = hashlimitRate(written);
    const name = givenValue(given, '--hashlimit-name');
    const numbers = hashlimitNumbers.flatMap((one) => printedNumber(given, one));
    if (!option || rate === undefined || name === undefined || numbers.includes(undefined)) return undefined;
    const above = (option.name === '--hashlimit-above') !== option.not;
    const burst = givenValue(given, '--hashlimit-burst') ?? (bytes.test(written) ? undefined : '5');
    const mode = givenValue(given, '--hashlimit-mode');
    return {
      numbers: [above ? 1 : 0],
      words: [
        `--hashlimit-${above ? 'above' : 'upto'} ${rate}`,
        ...(burst === undefined ? [] : [`--hashlimit-burst ${burst}`]),
        ...(mode === undefined ? [] : [`--hashlimit-mode ${mode}`]),
        `--hashlimit-name ${quoteWord(name)}`,
        ...(numbers as string[]),
        ...hashlimitMasks.flatMap((one) => printedMask(given, one)),
      ],
    };
  },
  print: ({ words }) => words.join(' '),
  evaluate: (code, at) => (code[at] === 1 ? NO : YES),
};

function printedNumber(given: readonly GivenOption[], name: string): (string | undefined)[] {
  const text = givenValue(given, name);
  if (text === undefined) return [];
  const value = parseNumber(text);
  return [value === undefined ? undefined : `${name} ${value}`];
}

function printedMask(given: readonly GivenOption[], name: string): string[] {
  const text = givenValue(given, name);
  return text === undefined || text === '32' ? [] : [`${name} ${text}`];
}

/** How many connections an address has: this one alone. numbers: most, 1 for --connlimit-above, prefix length, by
 *  destination. */
export const connlimit: MatchModule = {
  name: 'connlimit',
  startsEmpty: () => 'there are no other connections',
  options: {
    '--connlimit-upto': 1,
    '--connlimit-above': 1,
    '--connlimit-mask': 1,
    '--connlimit-saddr': 0,
    '--connlimit-daddr': 0,
  },
  parse(given) {
    const option = given.find(({ name }) => name === '--connlimit-upto' || name === '--connlimit-above');
    const most = parseNumber(option?.values[0]);
    const mask = parseNumber(givenValue(given, '--connlimit-mask') ?? '32');
    if (!option || most === undefined || mask === undefined || mask > 128) return undefined;
    const above = (option.name === '--connlimit-above') !== option.not;
    return { numbers: [most, above ? 1 : 0, mask, has(given, '--connlimit-daddr')], words: [] };
  },
  print: ({ numbers: [most, above, mask, destination] }) =>
    `--connlimit-${above ? 'above' : 'upto'} ${most} --connlimit-mask ${mask} --connlimit-${destination ? 'd' : 's'}addr`,
  evaluate: (code, at) => answer(1 > code[at]! === (code[at + 1] === 1)),
};

/** A number of bytes that may pass: nobody has used any. words: the number. numbers: inverted, 1 where it is nought. */
export const quota: MatchModule = {
  name: 'quota',
  startsEmpty: () => 'the quota is not used up',
  options: { '--quota': 1 },
  parse(given) {
    const text = givenValue(given, '--quota') ?? '';
    if (!/^\d+$/.test(text)) return undefined;
    return {
      numbers: [isInverted(given, '--quota'), BigInt(text) === 0n ? 1 : 0],
      words: [`${BigInt(text)}`],
    };
  },
  print: ({ numbers: [inv], words: [size] }) => `${not(inv)}--quota ${size}`,
  evaluate: (code, at) => inverted(code[at + 1] === 1 ? NO : YES, code[at]),
};

/** What a connection has carried so far. words: range, mode, direction. numbers: inverted. */
export const connbytes: MatchModule = {
  name: 'connbytes',
  unknown: 'how much the connection has carried',
  options: { '--connbytes': 1, '--connbytes-dir': 1, '--connbytes-mode': 1 },
  parse(given) {
    const range = (givenValue(given, '--connbytes') ?? '').replace(/:$/, '');
    const mode = givenValue(given, '--connbytes-mode');
    const direction = givenValue(given, '--connbytes-dir');
    if (!/^\d+(:\d+)?$/.test(range) || mode === undefined || direction === undefined) return undefined;
    return { numbers: [isInverted(given, '--connbytes')], words: [range, mode, direction] };
  },
  print: ({ numbers: [inv], words: [range, mode, direction] }) =>
    `${not(inv)}--connbytes ${range} --connbytes-mode ${mode} --connbytes-dir ${direction}`,
  evaluate: (code, at, { tracked }) => (tracked ? inverted(MAYBE_NO, code[at]) : NO),
};
