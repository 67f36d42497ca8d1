/** Matches on ports and flags: tcp, udp, multiport (xt_tcpudp, xt_multiport). */
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT, RST } from '../../packet/packet.ts';
import { hasPorts, TCP, UDP } from '../../packet/protocol.ts';
import type { Flow } from '../flow.ts';
import { parseNumber } from '../netfilter/rule-quoting.ts';
import {
  type Answer,
  both,
  type GivenOption,
  givenValue,
  inverted,
  isInverted,
  MAYBE_NO,
  MAYBE_YES,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';
import { parsePorts, printPorts, within } from './port-ranges.ts';

const SOURCE = ['--sport', '--source-port'] as const;
const DESTINATION = ['--dport', '--destination-port'] as const;
export const portOptions = { '--sport': 1, '--source-port': 1, '--dport': 1, '--destination-port': 1 };

/** numbers: source low, high, inverted; destination low, high, inverted. */
export function parsePair(given: readonly GivenOption[]): number[] | undefined {
  const source = parsePorts(givenValue(given, ...SOURCE) ?? '0:65535');
  const destination = parsePorts(givenValue(given, ...DESTINATION) ?? '0:65535');
  if (!source || !destination) return undefined;
  return [...source, isInverted(given, ...SOURCE), ...destination, isInverted(given, ...DESTINATION)];
}

export function printPair([low = 0, high = 0, inv, dLow = 0, dHigh = 0, dInv]: readonly number[]): string[] {
  return [
    ...(inv || low > 0 || high < 65535 ? [`${not(inv)}--sport ${printPorts(low, high)}`] : []),
    ...(dInv || dLow > 0 || dHigh < 65535 ? [`${not(dInv)}--dport ${printPorts(dLow, dHigh)}`] : []),
  ];
}

export function evaluatePair(code: Int32Array, at: number, { packet }: Flow): Answer {
  const source = inverted(
    within(packet.sourcePort, packet.free & FREE_SOURCE_PORT, code[at]!, code[at + 1]!),
    code[at + 2]!,
  );
  if (source === NO) return NO;
  const destination = inverted(
    within(packet.destinationPort, packet.free & FREE_DESTINATION_PORT, code[at + 3]!, code[at + 4]!),
    code[at + 5]!,
  );
  return both(source, destination);
}

export const WHICH_PORT = 'which port it is';

export const udp: MatchModule = {
  name: 'udp',
  unknown: WHICH_PORT,
  options: portOptions,
  parse(given) {
    const numbers = parsePair(given);
    return numbers && { numbers, words: [] };
  },
  print: ({ numbers }) => printPair(numbers).join(' '),
  evaluate: (code, at, flow) => (flow.packet.protocol === UDP ? evaluatePair(code, at, flow) : NO),
};

/** Bits as `Packet.flags` holds them; the model's segments never have the others. */
const tcpFlags = ['SYN', 'ACK', 'RST'] as const;
/** Order in which xt_tcp prints flags, with its own bit for each. */
const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

function parseFlags(text: string | undefined): number | undefined {
  if (text === undefined || text === 'NONE') return 0;
  let bits = 0;
  for (const name of text === 'ALL' ? flagNames : text.split(',')) {
    const bit = flagNames.indexOf(name as (typeof flagNames)[number]);
    if (bit < 0) return undefined;
    bits |= 1 << bit;
  }
  return bits;
}

const printFlags = (bits: number): string =>
  bits === 0 ? 'NONE' : flagNames.filter((_, bit) => bits & (1 << bit)).join(',');

/** SYN, ACK and RST of `Packet.flags` as TCP's own bits. */
const wireFlags = Array.from({ length: 8 }, (_, flags) =>
  tcpFlags.reduce((bits, name, bit) => bits | (flags & (1 << bit) ? 1 << flagNames.indexOf(name) : 0), 0),
);
const SYN_MASK = 0b010111;

/** Which options a segment carries depends on the two ends; a reset carries none.
 *  numbers: those of the ports, then flag mask, flags compared, inverted, TCP option (0 for none), inverted. */
export const tcp: MatchModule = {
  name: 'tcp',
  unknown: 'which port or TCP option it is',
  options: { ...portOptions, '--tcp-flags': 2, '--syn': 0, '--tcp-option': 1 },
  parse(given) {
    const ports = parsePair(given);
    const flags = given.find(({ name }) => name === '--tcp-flags' || name === '--syn');
    const mask = flags?.name === '--syn' ? SYN_MASK : parseFlags(flags?.values[0]);
    const compared = flags?.name === '--syn' ? 1 << 1 : parseFlags(flags?.values[1]);
    const option = parseNumber(givenValue(given, '--tcp-option') ?? '0');
    if (!ports || mask === undefined || compared === undefined || option === undefined) return undefined;
    const numbers = [...ports, mask, compared, flags?.not ? 1 : 0, option, isInverted(given, '--tcp-option')];
    return { numbers, words: [] };
  },
  print({ numbers }) {
    const [mask = 0, compared = 0, inv, option, optionInv] = numbers.slice(6);
    const flags = mask || inv ? [`${not(inv)}--tcp-flags ${printFlags(mask)} ${printFlags(compared)}`] : [];
    const options = option ? [`${not(optionInv)}--tcp-option ${option}`] : [];
    return [...printPair(numbers), ...options, ...flags].join(' ');
  },
  evaluate(code, at, flow) {
    if (flow.packet.protocol !== TCP) return NO;
    const flags = wireFlags[flow.packet.flags & 7]!;
    if (((flags & code[at + 6]!) === code[at + 7]!) === (code[at + 8] === 1)) return NO;
    if (code[at + 9] === 0) return evaluatePair(code, at, flow);
    const option = flow.packet.flags & RST ? NO : MAYBE_NO;
    return both(inverted(option, code[at + 10]), evaluatePair(code, at, flow));
  },
};

const sides = ['--sports', '--dports', '--ports'] as const;
const multiportNames: Readonly<Record<string, 0 | 1 | 2>> = {
  '--sports': 0,
  '--source-ports': 0,
  '--dports': 1,
  '--destination-ports': 1,
  '--ports': 2,
  '--port': 2,
};

function listed(port: number, free: number, code: Int32Array, at: number): Answer {
  let result: Answer = NO;
  const end = at + 3 + 2 * code[at + 2]!;
  for (let i = at + 3; i < end; i += 2) {
    const one = within(port, free, code[i]!, code[i + 1]!);
    if (one === YES || one === MAYBE_YES) return one;
    if (one === MAYBE_NO) result = MAYBE_NO;
  }
  return result;
}

/** DCCP and UDP-Lite have ports that the model's packets don't carry. */
const portsUnseen = (protocol: number): boolean => protocol === 33 || protocol === 136;

/** numbers: side, inverted, how many ranges, then low and high of each. */
export const multiport: MatchModule = {
  name: 'multiport',
  unknown: WHICH_PORT,
  options: Object.fromEntries(Object.keys(multiportNames).map((name) => [name, 1])),
  parse(given) {
    const option = given[0];
    const ranges = (option?.values[0] ?? '').split(',').map(parsePorts);
    if (!option || given.length > 1 || ranges.includes(undefined)) return undefined;
    const flat = ranges.flatMap((range) => [...range!]);
    return { numbers: [multiportNames[option.name]!, option.not ? 1 : 0, ranges.length, ...flat], words: [] };
  },
  print({ numbers: [side = 0, inv, count = 0, ...flat] }) {
    const ranges = Array.from({ length: count }, (_, i) => printPorts(flat[2 * i]!, flat[2 * i + 1]!));
    return `${not(inv)}${sides[side]} ${ranges.join(',')}`;
  },
  evaluate(code, at, { packet }) {
    if (!hasPorts(packet.protocol)) return portsUnseen(packet.protocol) ? MAYBE_NO : NO;
    const side = code[at]!;
    const { free } = packet;
    let result: Answer = NO;
    if (side !== 1) result = listed(packet.sourcePort, free & FREE_SOURCE_PORT, code, at);
    if (side !== 0 && result !== YES) {
      const other = listed(packet.destinationPort, free & FREE_DESTINATION_PORT, code, at);
      result = other === NO ? result : result === MAYBE_YES && other !== YES ? result : other;
    }
    return inverted(result, code[at + 1]!);
  },
};
