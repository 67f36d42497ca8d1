/** Matches on what a packet carries, read and printed: string, u32, bpf, tcpmss, and the headers of AH, ESP and DCCP. */
import { RST, SYN } from '../../packet/packet.ts';
import { TCP } from '../../packet/protocol.ts';
import { hex, parseNumber } from '../netfilter/rule-quoting.ts';
import { givenValue, has, inverted, isInverted, MAYBE_NO, type MatchModule, NO, not } from './module.ts';
import { parseNumberRange, printPorts } from './port-ranges.ts';
import { parsePair, portOptions, printPair } from './ports.ts';

const PAYLOAD = 'what the packet carries';

/** The bytes of a pattern: "|" holds hexadecimal ones together. */
function hexBytes(text: string): number[] | undefined {
  const bytes: number[] = [];
  const parts = text.split('|');
  if (parts.length % 2 === 0) return undefined;
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) bytes.push(...[...part].map((letter) => letter.charCodeAt(0)));
    else {
      const digits = part.replace(/\s/g, '');
      if (!/^([\da-f]{2})*$/i.test(digits)) return undefined;
      for (let at = 0; at < digits.length; at += 2) bytes.push(Number.parseInt(digits.slice(at, at + 2), 16));
    }
  }
  return bytes;
}

/** In hexadecimal where a byte can't be printed, else as text. */
function printPattern(bytes: readonly number[]): string {
  const printable = bytes.every((byte) => byte >= 32 && byte < 127);
  if (!printable)
    return `--hex-string "|${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}|"`;
  return `--string "${String.fromCharCode(...bytes).replace(/["\\']/g, '\\$&')}"`;
}

/** words: all as printed. numbers: inverted. */
export const string: MatchModule = {
  name: 'string',
  unknown: PAYLOAD,
  options: { '--string': 1, '--hex-string': 1, '--algo': 1, '--from': 1, '--to': 1, '--icase': 0 },
  parse(given) {
    const option = given.find(({ name }) => name === '--string' || name === '--hex-string');
    const algorithm = givenValue(given, '--algo');
    const pattern = option?.values[0] ?? '';
    const bytes =
      option?.name === '--hex-string' ? hexBytes(pattern) : [...pattern].map((c) => c.charCodeAt(0));
    if (!option || !bytes || algorithm === undefined) return undefined;
    const bounds = ['--from', '--to'].flatMap((name) => {
      const value = parseNumber(givenValue(given, name));
      return value === undefined || value === (name === '--from' ? 0 : 65535) ? [] : [`${name} ${value}`];
    });
    return {
      numbers: [option.not ? 1 : 0],
      words: [
        printPattern(bytes),
        `--algo ${algorithm}`,
        ...bounds,
        ...(has(given, '--icase') ? ['--icase'] : []),
      ],
    };
  },
  print: ({ numbers: [inv], words }) => `${not(inv)}${words.join(' ')}`,
  evaluate: (code, at) => inverted(MAYBE_NO, code[at]),
};

/** Numbers of an expression in hexadecimal, as libxt_u32.c prints them. */
function canonicalU32(text: string): string | undefined {
  const packed = text.replace(/\s/g, '');
  if (!/^[\da-fx&<>@=,:]+$/i.test(packed) || !packed.includes('=')) return undefined;
  return packed.replace(/0x[\da-f]+|\d+/gi, (number) => hex(parseNumber(number) ?? 0));
}

/** words: the expression. numbers: inverted. */
export const u32: MatchModule = {
  name: 'u32',
  unknown: PAYLOAD,
  options: { '--u32': 1 },
  parse(given) {
    const expression = canonicalU32(givenValue(given, '--u32') ?? '');
    return expression === undefined
      ? undefined
      : { numbers: [isInverted(given, '--u32')], words: [expression] };
  },
  print: ({ numbers: [inv], words: [expression] }) => `${not(inv)}--u32 "${expression}"`,
  evaluate: (code, at) => inverted(MAYBE_NO, code[at]),
};

/** words: option and program. */
export const bpf: MatchModule = {
  name: 'bpf',
  unknown: 'what the BPF program says',
  options: { '--bytecode': 1, '--object-pinned': 1 },
  parse: (given) =>
    given.length === 1 ? { numbers: [], words: [given[0]!.name, given[0]!.values[0] ?? ''] } : undefined,
  print: ({ words: [name, program = ''] }) =>
    name === '--bytecode' ? `${name} "${program.trim()}"` : `${name} ${program}`,
  evaluate: () => MAYBE_NO,
};

/** Only a segment with SYN has the option. numbers: lowest, highest, inverted. */
export const tcpmss: MatchModule = {
  name: 'tcpmss',
  unknown: 'which MSS the sender offers',
  options: { '--mss': 1 },
  parse(given) {
    const range = parseNumberRange(givenValue(given, '--mss') ?? '', 65535);
    return range && { numbers: [...range, isInverted(given, '--mss')], words: [] };
  },
  print: ({ numbers: [low = 0, high = 0, inv] }) => `${not(inv)}--mss ${printPorts(low, high)}`,
  evaluate(code, at, { packet }) {
    if (packet.protocol !== TCP) return NO;
    const offers = packet.flags & SYN && !(packet.flags & RST);
    return inverted(offers ? MAYBE_NO : NO, code[at + 2]);
  },
};

/** Security parameters indexes of AH and ESP: no packet of the model has such a header unless it is of that protocol.
 *  numbers: lowest, highest, inverted. */
function spiOf(name: string, option: string, protocol: number): MatchModule {
  return {
    name,
    unknown: PAYLOAD,
    options: { [option]: 1, '--ahlen': 1, '--ahres': 0 },
    parse(given) {
      const range = parseNumberRange(givenValue(given, option) ?? '0:4294967295', 0xffffffff);
      if (!range || given.some(({ name: one }) => one !== option)) return undefined;
      return { numbers: [range[0] | 0, range[1] | 0, isInverted(given, option)], words: [] };
    },
    print: ({ numbers: [low = 0, high = 0, inv] }) =>
      low === 0 && high === -1 && !inv ? '' : `${not(inv)}${option} ${printPorts(low >>> 0, high >>> 0)}`,
    evaluate: (code, at, { packet }) =>
      packet.protocol === protocol ? inverted(MAYBE_NO, code[at + 2]) : NO,
  };
}

export const ah = spiOf('ah', '--ahspi', 51);
export const esp = spiOf('esp', '--espspi', 50);

const DCCP = 33;

/** numbers: those of the ports. words: the types as printed. */
export const dccp: MatchModule = {
  name: 'dccp',
  unknown: PAYLOAD,
  options: { ...portOptions, '--dccp-types': 1, '--dccp-option': 1 },
  parse(given) {
    const ports = parsePair(given);
    const words = given
      .filter(({ name }) => name.startsWith('--dccp'))
      .map(({ name, not: inv, values: [text] }) => `${not(inv)}${name} ${text}`);
    return ports && { numbers: ports, words };
  },
  print: ({ numbers, words }) => [...printPair(numbers), ...words].join(' '),
  evaluate: (_code, _at, { packet }) => (packet.protocol === DCCP ? MAYBE_NO : NO),
};
