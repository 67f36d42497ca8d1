/** Targets that leave the packet as it is, do something beside it, or whose effect nobody can know from a topology. */

import { formatIpv4, parseAddress } from '../../addressing/ip.ts';
import { MATCHED } from '../../trace/outcome.ts';
import { note } from '../../trace/vocabulary.ts';
import { intern } from '../match/interned.ts';
import { type GivenOption, givenValue, has } from '../match/module.ts';
import { parsePorts } from '../match/port-ranges.ts';
import { changeSet, parseDirections, quoteSet } from '../match/set.ts';
import { hex, keepWord, parseMasked, parseNumber, quoteWord } from '../netfilter/rule-quoting.ts';
import { NEXT_RULE, type TargetModule, UNKNOWN } from './module.ts';

/** How many words each option takes; " 1" says that one takes a value. */
const optionsOf = (options: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    options.map((option) => [option.replace(/ \d$/, ''), Number(/ (\d)$/.exec(option)?.[1] ?? 0)]),
  );

/** Puts options into words; undefined where one can't be read. */
type Printer = (given: readonly GivenOption[]) => readonly string[] | undefined;

/** Prefixes of log lines are texts, and printed as such. */
const asWritten: Printer = (given) =>
  given.flatMap(({ name, values }) => [name, ...values.map(name.endsWith('-prefix') ? quoteWord : keepWord)]);

/** A target that does not bear on where a packet goes. */
function noEffect(name: string, options: readonly string[], printed: Printer = asWritten): TargetModule {
  return {
    name,
    noEffect: true,
    options: optionsOf(options),
    parse(given) {
      const words = printed(given);
      return words && { numbers: [], words };
    },
    print: ({ words }) => words.join(' '),
    execute(_, flow) {
      flow.record(MATCHED);
      return NEXT_RULE;
    },
  };
}

/** A target whose effect is not modelled: read and printed. */
function unknown(name: string, options: readonly string[], printed: Printer = asWritten): TargetModule {
  return { ...noEffect(name, options, printed), noEffect: false, execute: () => UNKNOWN };
}

/** syslog(3). */
const logLevels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];
const WARNING = 4;

function logLevel(text: string): number {
  const name = { panic: 'emerg', err: 'error', warn: 'warning' }[text.toLowerCase()] ?? text.toLowerCase();
  const found = logLevels.indexOf(name);
  return found >= 0 ? found : (parseNumber(text) ?? -1);
}

const logFlags = ['sequence', 'tcp-options', 'ip-options', 'uid', 'macdecode'].map((name) =>
  name === 'sequence' ? '--log-tcp-sequence' : `--log-${name}`,
);

function printLog(given: readonly GivenOption[]): string[] | undefined {
  const prefix = givenValue(given, '--log-prefix');
  const level = logLevel(givenValue(given, '--log-level') ?? 'warning');
  if (level < 0 || level > 7) return undefined;
  return [
    ...(prefix === undefined ? [] : [`--log-prefix ${quoteWord(prefix)}`]),
    ...(level === WARNING ? [] : [`--log-level ${level}`]),
    ...logFlags.filter((flag) => has(given, flag)),
  ];
}

/** With those left out that say what holds anyway; `--nflog-range` has no effect (libxt_NFLOG.c). */
function printNflog(given: readonly GivenOption[]): string[] {
  const prefix = givenValue(given, '--nflog-prefix');
  const number = (name: string, usual: string): string[] => {
    const value = givenValue(given, name);
    return value === undefined || value === usual ? [] : [`${name} ${value}`];
  };
  return [
    ...(prefix === undefined ? [] : [`--nflog-prefix ${quoteWord(prefix)}`]),
    ...number('--nflog-group', '0'),
    ...number('--nflog-size', ''),
    ...number('--nflog-threshold', '1'),
  ];
}

function printClass(given: readonly GivenOption[]): string[] | undefined {
  const [, major, minor] = /^([\da-f]+):([\da-f]+)$/i.exec(givenValue(given, '--set-class') ?? '') ?? [];
  return major === undefined
    ? undefined
    : [`--set-class ${major.padStart(4, '0')}:${minor!.padStart(4, '0')}`];
}

const copied = note({
  name: 'copied-packet',
  nature: 'limit',
  word: ({ self, a }) => `where the copy goes that TEE sends to ${formatIpv4(a)} on ${self.kind}/${self.id}`,
});

/** A copy goes its own way, which is not followed; the packet goes on. numbers: gateway. words: interface. */
const TEE: TargetModule = {
  name: 'TEE',
  options: { '--gateway': 1, '--oif': 1 },
  parse(given) {
    const gateway = parseAddress(givenValue(given, '--gateway') ?? '');
    const oif = givenValue(given, '--oif');
    return gateway === undefined ? undefined : { numbers: [gateway], words: oif === undefined ? [] : [oif] };
  },
  print: ({ numbers: [gateway = 0], words: [oif] }) =>
    `--gateway ${formatIpv4(gateway)}${oif === undefined ? '' : ` --oif ${oif}`}`,
  execute(numbers, flow) {
    flow.record(MATCHED);
    flow.walk.remark(copied, numbers[0]!);
    return NEXT_RULE;
  },
};

const setActions = ['--add-set', '--del-set', '--map-set'];

/** Adds to a set or takes from it; who asks it later does not know. `--map-set` takes marks from a set, which is not
 *  modelled. numbers: set, 1 for --map-set. words: as printed. */
const SET: TargetModule = {
  name: 'SET',
  options: {
    ...Object.fromEntries(setActions.map((name) => [name, 2])),
    ...optionsOf(['--exist', '--timeout 1', '--map-mark', '--map-prio', '--map-queue']),
  },
  parse(given) {
    const option = given.find(({ name }) => setActions.includes(name));
    const [name, directions = ''] = option?.values ?? [];
    if (!option || name === undefined || parseDirections(directions) === undefined) return undefined;
    const timeout = givenValue(given, '--timeout');
    return {
      numbers: [intern(name), option.name === '--map-set' ? 1 : 0],
      words: [
        `${option.name} ${quoteSet(name)} ${directions}`,
        ...(has(given, '--exist') ? ['--exist'] : []),
        ...(timeout === undefined ? [] : [`--timeout ${timeout}`]),
        ...['--map-mark', '--map-prio', '--map-queue'].filter((flag) => has(given, flag)),
      ],
    };
  },
  print: ({ words }) => words.join(' '),
  execute(numbers, flow) {
    if (numbers[1] === 1) return UNKNOWN;
    flow.record(MATCHED);
    changeSet(flow, numbers[0]!);
    return NEXT_RULE;
  },
};

function printQueue(given: readonly GivenOption[]): string[] {
  const balance = givenValue(given, '--queue-balance');
  return [
    balance === undefined
      ? `--queue-num ${givenValue(given, '--queue-num') ?? '0'}`
      : `--queue-balance ${balance}`,
    ...['--queue-bypass', '--queue-cpu-fanout'].filter((flag) => has(given, flag)),
  ];
}

function printTproxy(given: readonly GivenOption[]): string[] | undefined {
  const port = parsePorts(givenValue(given, '--on-port') ?? '');
  const mark = parseMasked(givenValue(given, '--tproxy-mark') ?? '0/0');
  if (port === undefined || mark === undefined) return undefined;
  return [
    `--on-port ${port[0]}`,
    `--on-ip ${givenValue(given, '--on-ip') ?? '0.0.0.0'}`,
    `--tproxy-mark ${hex(mark.value)}/${hex(mark.mask)}`,
  ];
}

export const otherTargets: readonly TargetModule[] = [
  noEffect('AUDIT', ['--type 1']),
  noEffect('CHECKSUM', ['--checksum-fill']),
  noEffect('CLASSIFY', ['--set-class 1'], printClass),
  noEffect('CONNSECMARK', ['--save', '--restore']),
  noEffect('ECN', ['--ecn-tcp-remove']),
  noEffect('IDLETIMER', ['--timeout 1', '--label 1', '--alarm', '--send_nl_msg']),
  noEffect('LED', ['--led-trigger-id 1', '--led-delay 1', '--led-always-blink']),
  noEffect('LOG', ['--log-level 1', '--log-prefix 1', ...logFlags], printLog),
  noEffect(
    'NFLOG',
    ['--nflog-group 1', '--nflog-prefix 1', '--nflog-range 1', '--nflog-size 1', '--nflog-threshold 1'],
    printNflog,
  ),
  noEffect('RATEEST', ['--rateest-name 1', '--rateest-interval 1', '--rateest-ewmalog 1']),
  noEffect('SECMARK', ['--selctx 1']),
  noEffect('TCPMSS', ['--set-mss 1', '--clamp-mss-to-pmtu']),
  noEffect('TCPOPTSTRIP', ['--strip-options 1']),
  noEffect('TRACE', []),
  noEffect('ULOG', ['--ulog-nlgroup 1', '--ulog-prefix 1', '--ulog-cprange 1', '--ulog-qthreshold 1']),
  SET,
  TEE,
  unknown('CLUSTERIP', [
    ...['--new', '--hashmode 1', '--clustermac 1', '--total-nodes 1', '--local-node 1', '--hash-init 1'],
  ]),
  unknown('HMARK', [
    ...['--hmark-tuple 1', '--hmark-mod 1', '--hmark-offset 1', '--hmark-rnd 1', '--hmark-proto-mask 1'],
    ...['--hmark-src-prefix 1', '--hmark-dst-prefix 1', '--hmark-sport-mask 1', '--hmark-dport-mask 1'],
    ...['--hmark-spi-mask 1', '--hmark-sport 1', '--hmark-dport 1', '--hmark-spi 1'],
  ]),
  unknown(
    'NFQUEUE',
    ['--queue-num 1', '--queue-balance 1', '--queue-bypass', '--queue-cpu-fanout'],
    printQueue,
  ),
  unknown('SAME', ['--to 1', '--nodst', '--random']),
  unknown('SYNPROXY', ['--sack-perm', '--timestamp', '--wscale 1', '--mss 1', '--ecn']),
  unknown('TPROXY', ['--on-port 1', '--on-ip 1', '--tproxy-mark 1'], printTproxy),
];
