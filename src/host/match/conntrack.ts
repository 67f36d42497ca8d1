/** Matches on the packet's connection: conntrack, state, helper, connlabel (xt_conntrack.c, xt_helper.c). */

import { formatIpv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT } from '../../packet/packet.ts';
import { parseProtocol } from '../../packet/protocol.ts';
import { REPLY } from '../../trace/session.ts';
import {
  CT_DNAT,
  CT_ESTABLISHED,
  CT_INVALID,
  CT_NEW,
  CT_RELATED,
  CT_SNAT,
  CT_UNTRACKED,
  type Flow,
} from '../flow.ts';
import { parseNetwork, parseRuleProtocol } from '../netfilter/header-match.ts';
import { quoteWord } from '../netfilter/rule-quoting.ts';
import {
  type Answer,
  answer,
  both,
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
import { parseNumberRange, parsePorts, printPorts, within } from './port-ranges.ts';

/** In the order iptables-save prints them (libxt_conntrack.c, print_state). */
const stateBits = {
  INVALID: CT_INVALID,
  NEW: CT_NEW,
  RELATED: CT_RELATED,
  ESTABLISHED: CT_ESTABLISHED,
  UNTRACKED: CT_UNTRACKED,
  SNAT: CT_SNAT,
  DNAT: CT_DNAT,
} as const;

/** Bits of nf_conn.status (enum ip_conntrack_status). */
const statusBits = { NONE: 0, EXPECTED: 1, SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8 } as const;
const SEEN_REPLY = 2;
const CONFIRMED = 8;

function parseBits(text: string, names: Readonly<Record<string, number>>): number | undefined {
  let bits = 0;
  for (const name of text.toUpperCase().split(',')) {
    if (!Object.hasOwn(names, name)) return undefined;
    bits |= names[name]!;
  }
  return bits;
}

function printBits(bits: number, names: Readonly<Record<string, number>>): string {
  const named = Object.entries(names).filter(([, bit]) => bits & bit);
  return named.length === 0 ? 'NONE' : named.map(([name]) => name).join(',');
}

/** The bits a packet's connection shows to `--ctstate`; before connection tracking has looked it is INVALID. */
function shown(flow: Flow): number {
  if (!flow.tracked) return flow.state || CT_INVALID;
  return flow.state | (flow.sourceTranslated ? CT_SNAT : 0) | (flow.destinationTranslated ? CT_DNAT : 0);
}

/** A connection is confirmed once its first packet has left; a reply is noted before the chains see it. None that a
 *  trace sees lasts long enough to be ASSURED. */
function statusOf(flow: Flow): number {
  const replied = flow.direction === REPLY || (flow.session >= 0 && flow.state === CT_ESTABLISHED);
  return (flow.session >= 0 ? CONFIRMED : 0) | (replied ? SEEN_REPLY : 0);
}

const STATE = 0;
const DIRECTION = 1;
const PROTOCOL = 2;
const ADDRESS = 3;
const PORT = 4;
const STATUS = 5;
const EXPIRES = 6;

/** In the order in which they are printed: option, kind, and for addresses and ports which of the four. */
const tests = [
  ['--ctstate', STATE, 0],
  ['--ctproto', PROTOCOL, 0],
  ['--ctorigsrc', ADDRESS, 0],
  ['--ctorigdst', ADDRESS, 1],
  ['--ctreplsrc', ADDRESS, 2],
  ['--ctrepldst', ADDRESS, 3],
  ['--ctorigsrcport', PORT, 0],
  ['--ctorigdstport', PORT, 1],
  ['--ctreplsrcport', PORT, 2],
  ['--ctrepldstport', PORT, 3],
  ['--ctstatus', STATUS, 0],
  ['--ctexpire', EXPIRES, 0],
  ['--ctdir', DIRECTION, 0],
] as const;

const directions = ['ORIGINAL', 'REPLY'];
const MOST_SECONDS = 0xffffffff;

/** Two numbers for each kind of test. */
function parseTest(kind: number, text: string): readonly [number, number] | undefined {
  switch (kind) {
    case STATE: {
      const bits = parseBits(text, stateBits);
      return bits === undefined ? undefined : [bits, 0];
    }
    case STATUS: {
      const bits = parseBits(text, statusBits);
      return bits === undefined ? undefined : [bits, 0];
    }
    case DIRECTION: {
      const direction = directions.indexOf(text.toUpperCase());
      return direction < 0 ? undefined : [direction, 0];
    }
    case PROTOCOL: {
      const protocol = parseRuleProtocol(text) ?? parseProtocol(text);
      return protocol === undefined ? undefined : [protocol, 0];
    }
    case ADDRESS: {
      const network = parseNetwork(text);
      // A network of IPv6 has no mask of 32 bits.
      const prefix6 = network && isIpv6(network.base) && network.mask !== -1;
      return network && !prefix6 ? [network.base, network.mask] : undefined;
    }
    case PORT:
      return parsePorts(text);
    default: {
      const range = parseNumberRange(text, MOST_SECONDS);
      return range && [range[0] | 0, range[1] | 0];
    }
  }
}

function printTest(kind: number, first: number, second: number): string {
  switch (kind) {
    case STATE:
      return printBits(first, stateBits);
    case STATUS:
      return printBits(first, statusBits);
    case DIRECTION:
      return directions[first]!;
    case PROTOCOL:
      return `${first}`;
    case ADDRESS:
      return `${formatIpv4(first)}${second === -1 ? '' : `/${printMask(second)}`}`;
    default:
      return printPorts(first >>> 0, second >>> 0);
  }
}

function printMask(mask: number): string {
  const length = mask === 0 ? 0 : Math.clz32(~mask);
  return (mask | 0) === (length === 0 ? 0 : -1 << (32 - length)) ? `${length}` : formatIpv4(mask);
}

/** numbers: states asked for and whether inverted (0 for none), then for each test its place in `tests`, inverted, and
 *  two numbers. The states are there again: they are looked at first. */
export const conntrack: MatchModule = {
  name: 'conntrack',
  unknown: 'when the connection expires, or which port it has',
  options: Object.fromEntries(tests.map(([option]) => [option, 1])),
  parse(given: readonly GivenOption[]) {
    const numbers: number[] = [0, 0];
    for (const [at, [name, kind]] of tests.entries()) {
      const option = given.find((one) => one.name === name);
      if (option === undefined) continue;
      const test = parseTest(kind, option.values[0] ?? '');
      if (test === undefined) return undefined;
      const inv = option.not ? 1 : 0;
      if (kind === STATE) numbers.splice(0, 2, test[0], inv);
      numbers.push(at, inv, ...test);
    }
    return given.length === 0 ? undefined : { numbers, words: [] };
  },
  print({ numbers }) {
    const parts: string[] = [];
    for (let i = 2; i < numbers.length; i += 4) {
      const [name, kind] = tests[numbers[i]!]!;
      parts.push(`${not(numbers[i + 1])}${name} ${printTest(kind, numbers[i + 2]!, numbers[i + 3]!)}`);
    }
    return parts.join(' ');
  },
  evaluate(code, at, flow) {
    const states = code[at]!;
    if (states !== 0 && ((shown(flow) & states) !== 0) === (code[at + 1] === 1)) return NO;
    const end = at + code[at - 1]!;
    if (end === at + 6 && states !== 0) return YES;
    // Without a connection only the state counts, whatever else is asked (conntrack_mt).
    if (!flow.tracked) return answer(states !== 0);
    let result: Answer = YES;
    for (let i = at + 2; i < end && result !== NO; i += 4) {
      const [, kind, which] = tests[code[i]!]!;
      if (kind !== STATE) {
        const one = testConnection(flow, kind, which, code[i + 2]!, code[i + 3]!);
        result = both(result, inverted(one, code[i + 1]));
      }
    }
    return result;
  },
};

function testConnection(flow: Flow, kind: number, which: number, first: number, second: number): Answer {
  switch (kind) {
    case DIRECTION:
      return answer(flow.direction === first);
    case PROTOCOL:
      return answer(flow.protocol === first);
    case ADDRESS:
      return answer(((addressOf(flow, which) ^ first) & second) === 0);
    case PORT:
      return within(portOf(flow, which), freeOf(flow, which), first, second);
    case STATUS:
      return answer((statusOf(flow) & first) !== 0);
    default:
      return MAYBE_NO;
  }
}

/** 0 and 1: source and destination of the first packet as it came; 2 and 3: those of the replies as they will come. */
function addressOf(flow: Flow, which: number): number {
  return which === 0 ? flow.src : which === 1 ? flow.dst : which === 2 ? flow.replySrc : flow.replyDst;
}

function portOf(flow: Flow, which: number): number {
  if (which === 0) return flow.sourcePort;
  if (which === 1) return flow.destinationPort;
  return which === 2 ? flow.replySourcePort : flow.replyDestinationPort;
}

/** Whether a port of the client's side is a representative of many. */
function freeOf(flow: Flow, which: number): number {
  if (which === 1 || which === 2) return 0;
  return flow.freeSource ? 1 : flow.packet.free & (FREE_SOURCE_PORT | FREE_DESTINATION_PORT);
}

/** The older spelling of `conntrack --ctstate`. numbers: states, inverted. */
export const state: MatchModule = {
  name: 'state',
  options: { '--state': 1 },
  parse(given) {
    const states = parseBits(givenValue(given, '--state') ?? '', stateBits);
    return states === undefined ? undefined : { numbers: [states, isInverted(given, '--state')], words: [] };
  },
  print: ({ numbers: [states = 0, inv] }) => `${not(inv)}--state ${printBits(states, stateBits)}`,
  evaluate: (code, at, flow) =>
    answer(((shown(flow) & ~(CT_SNAT | CT_DNAT) & code[at]!) !== 0) !== (code[at + 1] === 1)),
};

/** Whether a helper expected the connection; none is expected in a trace. numbers: inverted. words: its name. */
export const helper: MatchModule = {
  name: 'helper',
  options: { '--helper': 1 },
  parse(given) {
    const name = givenValue(given, '--helper');
    return name === undefined ? undefined : { numbers: [isInverted(given, '--helper')], words: [name] };
  },
  print: ({ numbers: [inv], words: [name = ''] }) => `${not(inv)}--helper ${quoteWord(name)}`,
  evaluate: (code, at) => answer(code[at] === 1),
};

/** Labels of the connection. numbers: inverted, --set. words: the label. */
export const connlabel: MatchModule = {
  name: 'connlabel',
  unknown: 'which labels the connection has',
  options: { '--label': 1, '--set': 0 },
  parse(given) {
    const label = givenValue(given, '--label');
    if (label === undefined) return undefined;
    return { numbers: [isInverted(given, '--label'), has(given, '--set')], words: [label] };
  },
  print: ({ numbers: [inv, set], words: [label = ''] }) =>
    `${not(inv)}--label "${label}"${set ? ' --set' : ''}`,
  evaluate: (code, at, flow) => inverted(flow.tracked ? MAYBE_NO : NO, code[at]),
};
