/** Matches on fields of the IP header: length, ttl, tos, dscp, ecn. */
import { isIpv6 } from '../../addressing/ip6.ts';
import { RST, SYN } from '../../packet/packet.ts';
import { hasPorts, isIcmp, TCP } from '../../packet/protocol.ts';
import type { Flow } from '../flow.ts';
import { parseMasked, parseNumber } from '../netfilter/rule-quoting.ts';
import {
  answer,
  type GivenOption,
  givenValue,
  inverted,
  isInverted,
  MAYBE_NO,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';
import { parseNumberRange, printPorts } from './port-ranges.ts';

const IP_HEADER = 20;
const IP6_HEADER = 40;
const LONGEST = 65535;
/** Header of 20 bytes, and with the options that Linux sends by default 40: MSS, SACK permitted, timestamps, window
 *  scale (tcp_syn_options). */
const TCP_HEADER = 20;
const LINUX_SYN = 40;
const linuxKinds = new Set(['pod', 'node', 'instance']);

/** Shortest total length of the packet, and the longest: they are the same where it is determined. */
let shortest = 0;
let longest = 0;

function lengthOf({ packet, walk }: Flow): void {
  const header = isIpv6(packet.dst) ? IP6_HEADER : IP_HEADER;
  if (packet.isError) {
    // icmp_send quotes the packet it complains about, up to 576 bytes in all; icmp6_send up to 1280.
    shortest = header + 8 + header + 8;
    longest = header === IP_HEADER ? 576 : 1280;
  } else if (packet.protocol === TCP && packet.flags & RST) {
    shortest = longest = header + TCP_HEADER;
  } else if (packet.protocol === TCP && packet.flags & SYN) {
    longest = header + LINUX_SYN;
    const { devices } = walk.network;
    const linux =
      linuxKinds.has(devices[walk.leg.source]?.kind ?? '') &&
      (!walk.reply || walk.end === undefined || linuxKinds.has(devices[walk.end.device]?.kind ?? ''));
    shortest = linux ? longest : header + TCP_HEADER;
  } else {
    shortest = header + (isIcmp(packet.protocol) || hasPorts(packet.protocol) ? 8 : 0);
    longest = LONGEST;
  }
}

/** Total length. numbers: lowest, highest, inverted. */
export const length: MatchModule = {
  name: 'length',
  unknown: 'how long the packet is',
  options: { '--length': 1 },
  parse(given) {
    const range = parseNumberRange(givenValue(given, '--length') ?? '', LONGEST);
    return range && { numbers: [...range, isInverted(given, '--length')], words: [] };
  },
  print: ({ numbers: [low = 0, high = 0, inv] }) => `${not(inv)}--length ${printPorts(low, high)}`,
  evaluate(code, at, flow) {
    lengthOf(flow);
    const [low, high] = [code[at]!, code[at + 1]!];
    const result =
      shortest >= low && longest <= high ? YES : longest < low || shortest > high ? NO : MAYBE_NO;
    return inverted(result, code[at + 2]);
  },
};

/** TTL, or the hop limit of IPv6, which packets of the model hold in the same place.
 *  numbers: which comparison, inverted, value. */
function hopsLeft(
  name: string,
  options: readonly string[],
  synonyms: Readonly<Record<string, string>>,
): MatchModule {
  return {
    name,
    options: Object.fromEntries([...options, ...Object.keys(synonyms)].map((option) => [option, 1])),
    parse(given) {
      const option = given[0];
      const value = parseNumber(option?.values[0]);
      if (!option || given.length > 1 || value === undefined || value > 255) return undefined;
      const comparison = options.indexOf(synonyms[option.name] ?? option.name);
      return { numbers: [comparison, option.not ? 1 : 0, value], words: [] };
    },
    print: ({ numbers: [comparison = 0, inv, value] }) => `${not(inv)}${options[comparison]} ${value}`,
    evaluate(code, at, { packet }) {
      const value = code[at + 2]!;
      const comparison = code[at];
      if (comparison === 0) return answer((packet.ttl === value) !== (code[at + 1] === 1));
      return answer(comparison === 1 ? packet.ttl < value : packet.ttl > value);
    },
  };
}

export const ttl = hopsLeft('ttl', ['--ttl-eq', '--ttl-lt', '--ttl-gt'], { '--ttl': '--ttl-eq' });
export const hl = hopsLeft('hl', ['--hl-eq', '--hl-lt', '--hl-gt'], {});

/** Names of libxt_tos.c; a name leaves the bits of ECN and precedence alone. */
const tosNames: Readonly<Record<string, number>> = {
  'minimize-delay': 0x10,
  'maximize-throughput': 0x08,
  'maximize-reliability': 0x04,
  'minimize-cost': 0x02,
  'normal-service': 0x00,
};
const TOS_NAME_MASK = 0x3f;

/** `value[/mask]`, or a name. */
export function parseTos(text: string | undefined): { value: number; mask: number } | undefined {
  const named = tosNames[text?.toLowerCase() ?? ''];
  if (named !== undefined) return { value: named, mask: TOS_NAME_MASK };
  const masked = parseMasked(text);
  return masked && { value: masked.value & 255, mask: masked.mask & 255 };
}

export const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

/** numbers: value, mask, inverted. */
export const tos: MatchModule = {
  name: 'tos',
  options: { '--tos': 1 },
  parse(given) {
    const masked = parseTos(givenValue(given, '--tos'));
    return masked && { numbers: [masked.value, masked.mask, isInverted(given, '--tos')], words: [] };
  },
  print: ({ numbers: [value = 0, mask = 0, inv] }) => `${not(inv)}--tos ${hexByte(value)}/${hexByte(mask)}`,
  evaluate: (code, at, { packet }) =>
    answer(((packet.tos & code[at + 1]!) === code[at]) !== (code[at + 2] === 1)),
};

/** "EF", "CS1", "AF21" or "BE" (RFC 2474, RFC 2597, RFC 3246). */
function parseDscpClass(name: string): number | undefined {
  const upper = name.toUpperCase();
  if (upper === 'EF') return 0x2e;
  if (upper === 'BE') return 0;
  const selector = /^CS([0-7])$/.exec(upper);
  if (selector) return Number(selector[1]) << 3;
  const assured = /^AF([1-4])([1-3])$/.exec(upper);
  return assured ? (Number(assured[1]) << 3) | (Number(assured[2]) << 1) : undefined;
}

/** The value of the options NAME and NAME-class. */
export function parseDscp(given: readonly GivenOption[], name: string): number | undefined {
  const symbol = givenValue(given, `${name}-class`);
  const value = symbol === undefined ? parseNumber(givenValue(given, name)) : parseDscpClass(symbol);
  return value === undefined || given.length > 1 || value < 0 || value > 63 ? undefined : value;
}

/** The upper six bits of what was the type of service. numbers: value, inverted. */
export const dscp: MatchModule = {
  name: 'dscp',
  options: { '--dscp': 1, '--dscp-class': 1 },
  parse(given) {
    const value = parseDscp(given, '--dscp');
    return value === undefined
      ? undefined
      : { numbers: [value, isInverted(given, '--dscp', '--dscp-class')], words: [] };
  },
  print: ({ numbers: [value = 0, inv] }) => `${not(inv)}--dscp ${hexByte(value)}`,
  evaluate: (code, at, { packet }) => answer((packet.tos >> 2 === code[at]) !== (code[at + 1] === 1)),
};

const ecnFlags = ['--ecn-tcp-ece', '--ecn-tcp-cwr'];
const ABSENT = -1;

/** numbers: for ECE and CWR whether inverted, -1 where not
 *  tested; ECT value, inverted. */
export const ecn: MatchModule = {
  name: 'ecn',
  unknown: 'whether the ends use ECN',
  options: { '--ecn-tcp-cwr': 0, '--ecn-tcp-ece': 0, '--ecn-ip-ect': 1 },
  parse(given) {
    const flags = ecnFlags.map((flag) => given.find(({ name }) => name === flag));
    const text = givenValue(given, '--ecn-ip-ect');
    const ect = text === undefined ? ABSENT : parseNumber(text);
    if (given.length === 0 || ect === undefined || ect > 3) return undefined;
    const numbers = [
      ...flags.map((flag) => (flag === undefined ? ABSENT : flag.not ? 1 : 0)),
      ect,
      isInverted(given, '--ecn-ip-ect'),
    ];
    return { numbers, words: [] };
  },
  print({ numbers }) {
    const [, , ect = ABSENT, ectInv] = numbers;
    return [
      ...ecnFlags.flatMap((flag, i) => (numbers[i] === ABSENT ? [] : [`${not(numbers[i])}${flag}`])),
      ...(ect === ABSENT ? [] : [`${not(ectInv)}--ecn-ip-ect ${ect}`]),
    ].join(' ');
  },
  evaluate(code, at, { packet }) {
    if (code[at + 2] !== ABSENT && ((packet.tos & 3) === code[at + 2]) === (code[at + 3] === 1)) return NO;
    const flagged = code[at] !== ABSENT || code[at + 1] !== ABSENT;
    return flagged ? (packet.protocol === TCP ? MAYBE_NO : NO) : YES;
  },
};
