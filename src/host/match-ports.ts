/** Matches on transport headers: tcp, udp, sctp, multiport, icmp (xt_tcpudp, xt_sctp, xt_multiport, ip_tables' icmp). */
import {
  FREE_DESTINATION_PORT,
  FREE_PORT_FIRST,
  FREE_PORT_LAST,
  FREE_SOURCE_PORT,
} from '../packet/packet.ts';
import { hasPorts, ICMP, SCTP, TCP, UDP } from '../packet/protocol.ts';
import type { Flow } from './flow.ts';
import {
  type Answer,
  answer,
  type GivenOption,
  givenValue,
  isInverted,
  MAYBE_NO,
  MAYBE_YES,
  type MatchModule,
  NO,
  not,
  type Parameters,
  YES,
} from './match-module.ts';

const SOURCE = ['--sport', '--source-port'] as const;
const DESTINATION = ['--dport', '--destination-port'] as const;
const portOptions = { '--sport': 1, '--source-port': 1, '--dport': 1, '--destination-port': 1 };

/** "80" or "30000:32767"; either end of a range may be left out. */
export function parsePorts(text: string): readonly [number, number] | undefined {
  const [first, last, ...rest] = text.split(':');
  const low = first === '' ? 0 : Number(first);
  const high = last === undefined ? low : last === '' ? 65535 : Number(last);
  const sound = /^[\d:]+$/.test(text) && rest.length === 0 && low <= high && high <= 65535;
  return sound ? [low, high] : undefined;
}

const printPorts = (low: number, high: number): string => (low === high ? `${low}` : `${low}:${high}`);

/** Whether a port lies in a range; a free port stands for all of 1024 to 65535. */
function within(port: number, free: number, low: number, high: number): Answer {
  const inside = port >= low && port <= high;
  if (free === 0) return answer(inside);
  if (low <= FREE_PORT_FIRST && high >= FREE_PORT_LAST) return YES;
  if (high < FREE_PORT_FIRST) return NO;
  return inside ? MAYBE_YES : MAYBE_NO;
}

function inverted(result: Answer, invert: number): Answer {
  if (invert === 0) return result;
  return result === YES ? NO : result === NO ? YES : result === MAYBE_YES ? MAYBE_NO : MAYBE_YES;
}

/** Both must hold; what is unknown stays unknown unless the other says no. */
function both(a: Answer, b: Answer): Answer {
  if (a === NO || b === NO) return NO;
  if (a === YES) return b;
  if (b === YES) return a;
  return a === MAYBE_YES && b === MAYBE_YES ? MAYBE_YES : MAYBE_NO;
}

/** numbers: source low, high, inverted; destination low, high, inverted. */
function parsePair(given: readonly GivenOption[]): number[] | undefined {
  const source = parsePorts(givenValue(given, ...SOURCE) ?? '0:65535');
  const destination = parsePorts(givenValue(given, ...DESTINATION) ?? '0:65535');
  if (!source || !destination) return undefined;
  return [...source, isInverted(given, ...SOURCE), ...destination, isInverted(given, ...DESTINATION)];
}

function printPair([low = 0, high = 0, inv, dLow = 0, dHigh = 0, dInv]: readonly number[]): string[] {
  return [
    ...(inv || low > 0 || high < 65535 ? [`${not(inv)}--sport ${printPorts(low, high)}`] : []),
    ...(dInv || dLow > 0 || dHigh < 65535 ? [`${not(dInv)}--dport ${printPorts(dLow, dHigh)}`] : []),
  ];
}

function evaluatePair(code: Int32Array, at: number, { packet }: Flow): Answer {
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

function portsOf(name: string, protocol: number): MatchModule {
  return {
    name,
    options: portOptions,
    parse(given) {
      const numbers = parsePair(given);
      return numbers && { numbers, words: [] };
    },
    print: ({ numbers }) => printPair(numbers).join(' '),
    evaluate: (code, at, flow) => (flow.packet.protocol === protocol ? evaluatePair(code, at, flow) : NO),
  };
}

export const udp = portsOf('udp', UDP);
export const sctp = portsOf('sctp', SCTP);

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

/** numbers: those of the ports, then flag mask, flags compared, inverted. */
export const tcp: MatchModule = {
  name: 'tcp',
  options: { ...portOptions, '--tcp-flags': 2, '--syn': 0 },
  parse(given) {
    const ports = parsePair(given);
    const flags = given.find(({ name }) => name === '--tcp-flags' || name === '--syn');
    const mask = flags?.name === '--syn' ? SYN_MASK : parseFlags(flags?.values[0]);
    const compared = flags?.name === '--syn' ? 1 << 1 : parseFlags(flags?.values[1]);
    if (!ports || mask === undefined || compared === undefined) return undefined;
    return { numbers: [...ports, mask, compared, flags?.not ? 1 : 0], words: [] };
  },
  print({ numbers }) {
    const [mask = 0, compared = 0, inv] = numbers.slice(6);
    const flags = mask || inv ? [`${not(inv)}--tcp-flags ${printFlags(mask)} ${printFlags(compared)}`] : [];
    return [...printPair(numbers), ...flags].join(' ');
  },
  evaluate(code, at, flow) {
    if (flow.packet.protocol !== TCP) return NO;
    const flags = wireFlags[flow.packet.flags & 7]!;
    if (((flags & code[at + 6]!) === code[at + 7]!) === (code[at + 8] === 1)) return NO;
    return evaluatePair(code, at, flow);
  },
};

const sides = ['--sports', '--dports', '--ports'] as const;
const multiportNames: Readonly<Record<string, 0 | 1 | 2>> = {
  '--sports': 0,
  '--source-ports': 0,
  '--dports': 1,
  '--destination-ports': 1,
  '--ports': 2,
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

/** numbers: side, inverted, how many ranges, then low and high of each. */
export const multiport: MatchModule = {
  name: 'multiport',
  options: { '--sports': 1, '--source-ports': 1, '--dports': 1, '--destination-ports': 1, '--ports': 1 },
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
    if (!hasPorts(packet.protocol)) return NO;
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

/** Names that iptables takes for the types it is mostly used with (RFC 792); "any" is 255. */
const icmpTypes: Readonly<Record<string, string>> = {
  any: '255',
  'echo-reply': '0',
  'destination-unreachable': '3',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'echo-request': '8',
  'time-exceeded': '11',
  'ttl-zero-during-transit': '11/0',
};

/** numbers: type, lowest code, highest code, inverted. */
export const icmp: MatchModule = {
  name: 'icmp',
  options: { '--icmp-type': 1 },
  parse(given) {
    const text = givenValue(given, '--icmp-type') ?? 'any';
    const parts = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(icmpTypes[text] ?? text);
    if (!parts) return undefined;
    const [type, code] = [Number(parts[1]), parts[2]];
    const codes = code === undefined ? [0, 255] : [Number(code), Number(code)];
    return { numbers: [type, ...codes, isInverted(given, '--icmp-type')], words: [] };
  },
  print({ numbers: [type, low, high, inv] }: Parameters) {
    const name = type === 255 ? 'any' : `${type}${low === high ? `/${low}` : ''}`;
    return `${not(inv)}--icmp-type ${name}`;
  },
  evaluate(code, at, { packet }) {
    if (packet.protocol !== ICMP) return NO;
    const type = packet.destinationPort >> 8;
    const subtype = packet.destinationPort & 255;
    const holds =
      code[at] === 255 || (code[at] === type && subtype >= code[at + 1]! && subtype <= code[at + 2]!);
    return answer(holds !== (code[at + 3] === 1));
  },
};
