/** Matches on what other parts of the kernel keep: the time, processors, IPsec, routing realms, virtual servers. Those
 *  that a topology settles are answered, the others are read and printed. */

import { hex, parseMasked, parseNumber, quoteWord } from '../netfilter/rule-quoting.ts';
import {
  answer,
  type GivenOption,
  givenValue,
  has,
  isInverted,
  MAYBE_NO,
  type MatchModule,
  not,
} from './module.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const LAST_DATE = '2038-01-19T03:14:07';

/** "9:00" as "09:00:00". */
function clock(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parts = /^(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(text);
  return parts
    ?.slice(1)
    .map((part) => (part ?? '0').padStart(2, '0'))
    .join(':');
}

/** "2020-01-01T10:00" as "2020-01-01T10:00:00". */
function date(text: string): string | undefined {
  const [, year, month = '01', day = '01', time = '0'] =
    /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:T([\d:]+))?$/.exec(text) ?? [];
  const at = clock(time);
  return year === undefined || at === undefined
    ? undefined
    : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${at}`;
}

function days(option: GivenOption | undefined, all: readonly string[]): string[] {
  if (option === undefined) return [];
  const listed = (option.values[0] ?? '').split(',').map((text) => text.toLowerCase());
  return all.filter((day, i) => {
    const called = listed.some(
      (one) => one === `${i + 1}` || (one.length >= 2 && day.toLowerCase().startsWith(one.slice(0, 3))),
    );
    return called !== option.not;
  });
}

/** words: all as printed. The end is printed even where it is that of time, as iptables 1.8 does. */
export const time: MatchModule = {
  name: 'time',
  unknown: 'what time it is',
  options: {
    '--datestart': 1,
    '--datestop': 1,
    '--timestart': 1,
    '--timestop': 1,
    '--monthdays': 1,
    '--weekdays': 1,
    '--kerneltz': 0,
    '--utc': 0,
    '--contiguous': 0,
  },
  parse(given) {
    const [start, stop] = [clock(givenValue(given, '--timestart')), clock(givenValue(given, '--timestop'))];
    const from = givenValue(given, '--datestart');
    const until = date(givenValue(given, '--datestop') ?? LAST_DATE);
    const begins = from === undefined ? undefined : date(from);
    if (until === undefined || (from !== undefined && begins === undefined)) return undefined;
    const month = days(
      given.find(({ name }) => name === '--monthdays'),
      Array.from({ length: 31 }, (_, i) => `${i + 1}`),
    );
    const week = days(
      given.find(({ name }) => name === '--weekdays'),
      weekdays,
    );
    return {
      numbers: [],
      words: [
        ...(start || stop ? [`--timestart ${start ?? '00:00:00'} --timestop ${stop ?? '23:59:59'}`] : []),
        ...(month.length > 0 ? [`--monthdays ${month.join(',')}`] : []),
        ...(week.length > 0 ? [`--weekdays ${week.join(',')}`] : []),
        ...(begins ? [`--datestart ${begins}`] : []),
        `--datestop ${until}`,
        ...['--kerneltz', '--contiguous'].filter((flag) => has(given, flag)),
      ],
    };
  },
  print: ({ words }) => words.join(' '),
  evaluate: () => MAYBE_NO,
};

/** numbers: processor, inverted. */
export const cpu: MatchModule = {
  name: 'cpu',
  unknown: 'which processor treats the packet',
  options: { '--cpu': 1 },
  parse(given) {
    const number = parseNumber(givenValue(given, '--cpu'));
    return number === undefined ? undefined : { numbers: [number, isInverted(given, '--cpu')], words: [] };
  },
  print: ({ numbers: [number, inv] }) => `${not(inv)}--cpu ${number}`,
  evaluate: () => MAYBE_NO,
};

/** Of the route; the model's routes have none, which is realm 0. numbers: value, mask, inverted. */
export const realm: MatchModule = {
  name: 'realm',
  options: { '--realm': 1 },
  parse(given) {
    const masked = parseMasked(givenValue(given, '--realm'));
    return masked && { numbers: [masked.value, masked.mask, isInverted(given, '--realm')], words: [] };
  },
  print: ({ numbers: [value = 0, mask = 0, inv] }) =>
    `${not(inv)}--realm ${hex(value)}${mask === -1 ? '' : `/${hex(mask)}`}`,
  evaluate: (code, at) => answer((code[at] === 0) !== (code[at + 2] === 1)),
};

const policyElements = ['--reqid', '--spi', '--proto', '--mode', '--tunnel-dst', '--tunnel-src'];

/** IPsec, which the model has none of: then only `--pol none` holds (policy_mt). numbers: 1 for none.
 *  words: all as printed. */
export const policy: MatchModule = {
  name: 'policy',
  options: {
    '--dir': 1,
    '--pol': 1,
    '--strict': 0,
    '--next': 0,
    ...Object.fromEntries(policyElements.map((name) => [name, 1])),
  },
  parse(given) {
    const [direction, kind] = [givenValue(given, '--dir'), givenValue(given, '--pol')];
    if ((direction !== 'in' && direction !== 'out') || (kind !== 'none' && kind !== 'ipsec'))
      return undefined;
    const elements: GivenOption[][] = [[]];
    for (const option of given)
      if (option.name === '--next') elements.push([]);
      else if (policyElements.includes(option.name)) elements.at(-1)!.push(option);
    const printed = elements.map((options) =>
      [...options]
        .sort((a, b) => policyElements.indexOf(a.name) - policyElements.indexOf(b.name))
        .map(({ name, not: inv, values: [value] }) => `${not(inv)}${name} ${value}`)
        .join(' '),
    );
    return {
      numbers: [kind === 'none' ? 1 : 0],
      words: [
        `--dir ${direction} --pol ${kind}`,
        ...(has(given, '--strict') ? ['--strict'] : []),
        ...printed.flatMap((element, i) => [
          ...(i > 0 ? ['--next'] : []),
          ...(element === '' ? [] : [element]),
        ]),
      ],
    };
  },
  print: ({ words }) => words.join(' '),
  evaluate: (code, at) => answer(code[at] === 1),
};

/** A match whose options are kept as they are written. " 1" says that one takes a value. */
function asWritten(name: string, unknown: string, ...options: readonly string[]): MatchModule {
  return {
    name,
    unknown,
    options: Object.fromEntries(
      options.map((option) => [option.replace(' 1', ''), option.endsWith(' 1') ? 1 : 0]),
    ),
    parse: (given) => ({
      numbers: [],
      words: given.map((option) =>
        [`${not(option.not)}${option.name}`, ...option.values.map(quoteWord)].join(' '),
      ),
    }),
    print: ({ words }) => words.join(' '),
    evaluate: () => MAYBE_NO,
  };
}

export const osf = asWritten('osf', 'which system sends it', '--genre 1', '--ttl 1', '--log 1');
export const rateest = asWritten(
  'rateest',
  'what the rate is',
  ...[
    '--rateest 1',
    '--rateest1 1',
    '--rateest2 1',
    '--rateest-delta',
    '--rateest-lt',
    '--rateest-gt',
    '--rateest-eq',
  ],
  ...[
    '--rateest-bps 1',
    '--rateest-bps1 1',
    '--rateest-bps2 1',
    '--rateest-pps 1',
    '--rateest-pps1 1',
    '--rateest-pps2 1',
  ],
);
export const ipvs = asWritten(
  'ipvs',
  'what IPVS makes of it',
  ...['--ipvs', '--vproto 1', '--vaddr 1', '--vport 1', '--vdir 1', '--vmethod 1', '--vportctl 1'],
);
