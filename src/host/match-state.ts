/** Matches on what the kernel knows beyond the header: conntrack, state, mark, connmark, addrtype. */
import {
  CT_DNAT,
  CT_ESTABLISHED,
  CT_INVALID,
  CT_NEW,
  CT_RELATED,
  CT_SNAT,
  CT_UNTRACKED,
  type Flow,
} from './flow.ts';
import {
  answer,
  type GivenOption,
  givenValue,
  isInverted,
  type MatchModule,
  NO,
  not,
} from './match-module.ts';
import { isLocalAddress } from './routing.ts';
import { hex, parseMasked } from './words.ts';

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

function parseStates(text: string): number | undefined {
  let bits = 0;
  for (const name of text.split(',')) {
    if (!(name in stateBits)) return undefined;
    bits |= stateBits[name as keyof typeof stateBits];
  }
  return bits;
}

const printStates = (bits: number): string =>
  Object.entries(stateBits)
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(',');

/** The bits a packet's connection shows to `--ctstate` (xt_conntrack.c, conntrack_mt). */
function shown(flow: Flow): number {
  if (!flow.tracked) return flow.state || CT_UNTRACKED;
  return flow.state | (flow.sourceTranslated ? CT_SNAT : 0) | (flow.destinationTranslated ? CT_DNAT : 0);
}

const directions = ['ORIGINAL', 'REPLY'];

/** numbers: states (0 for none given), inverted, direction (-1 for none given), inverted. */
export const conntrack: MatchModule = {
  name: 'conntrack',
  options: {
    '--ctstate': 1,
    '--ctdir': 1,
    '--ctproto': 1,
    '--ctorigsrc': 1,
    '--ctorigdst': 1,
    '--ctreplsrc': 1,
    '--ctrepldst': 1,
    '--ctorigsrcport': 1,
    '--ctorigdstport': 1,
    '--ctreplsrcport': 1,
    '--ctrepldstport': 1,
    '--ctstatus': 1,
    '--ctexpire': 1,
  },
  parse(given) {
    if (given.some(({ name }) => name !== '--ctstate' && name !== '--ctdir')) return undefined;
    const text = givenValue(given, '--ctstate');
    const states = text === undefined ? 0 : parseStates(text);
    const direction = givenValue(given, '--ctdir');
    if (states === undefined || (direction !== undefined && !directions.includes(direction)))
      return undefined;
    const numbers = [
      states,
      isInverted(given, '--ctstate'),
      direction === undefined ? -1 : directions.indexOf(direction),
      isInverted(given, '--ctdir'),
    ];
    return { numbers, words: [] };
  },
  print({ numbers: [states = 0, inv, direction = -1, directionInv] }) {
    return [
      ...(states ? [`${not(inv)}--ctstate ${printStates(states)}`] : []),
      ...(direction >= 0 ? [`${not(directionInv)}--ctdir ${directions[direction]}`] : []),
    ].join(' ');
  },
  evaluate(code, at, flow) {
    if (code[at] !== 0 && ((shown(flow) & code[at]!) !== 0) === (code[at + 1] === 1)) return NO;
    if (code[at + 2]! < 0) return answer(true);
    return answer(flow.tracked && (flow.direction === code[at + 2]) !== (code[at + 3] === 1));
  },
};

/** The older spelling of `conntrack --ctstate`. numbers: states, inverted. */
export const state: MatchModule = {
  name: 'state',
  options: { '--state': 1 },
  parse(given) {
    const states = parseStates(givenValue(given, '--state') ?? '');
    return states === undefined ? undefined : { numbers: [states, isInverted(given, '--state')], words: [] };
  },
  print: ({ numbers: [states = 0, inv] }) => `${not(inv)}--state ${printStates(states)}`,
  evaluate: (code, at, flow) =>
    answer(((shown(flow) & ~(CT_SNAT | CT_DNAT) & code[at]!) !== 0) !== (code[at + 1] === 1)),
};

function parseMark(given: readonly GivenOption[]) {
  const masked = parseMasked(givenValue(given, '--mark'));
  return masked && { numbers: [masked.value, masked.mask, isInverted(given, '--mark')], words: [] };
}

const printMark = ({ numbers: [value = 0, mask = 0, inv] }: { numbers: readonly number[] }): string =>
  `${not(inv)}--mark ${hex(value)}${mask === -1 ? '' : `/${hex(mask)}`}`;

/** The packet's own mark. numbers: value, mask, inverted. */
export const mark: MatchModule = {
  name: 'mark',
  options: { '--mark': 1 },
  parse: parseMark,
  print: printMark,
  evaluate: (code, at, { packet }) =>
    answer(((packet.mark & code[at + 1]!) === code[at]) !== (code[at + 2] === 1)),
};

/** The mark of its connection. A packet without one never matches, not even inverted. */
export const connmark: MatchModule = {
  name: 'connmark',
  options: { '--mark': 1 },
  parse: parseMark,
  print: printMark,
  evaluate: (code, at, flow) =>
    answer(flow.tracked && ((flow.connmark & code[at + 1]!) === code[at]) !== (code[at + 2] === 1)),
};

/** Bits are 1 << RTN_type (linux/rtnetlink.h), in the order iptables-save prints them. */
const addressTypes = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
];
const UNICAST = 1 << 1;
const LOCAL_TYPE = 1 << 2;
const BROADCAST = 1 << 3;
const MULTICAST = 1 << 5;

function parseTypes(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  let bits = 0;
  for (const name of text.split(',')) {
    const bit = addressTypes.indexOf(name);
    if (bit < 0) return undefined;
    bits |= 1 << bit;
  }
  return bits;
}

const printTypes = (bits: number): string => addressTypes.filter((_, bit) => bits & (1 << bit)).join(',');

/** inet_addr_type: 0.0.0.0/8 and 255.255.255.255 are broadcast, then the local table decides. */
function typeOf(flow: Flow, address: number, port: number): number {
  const first = address >>> 24;
  if (first === 0 || address === -1) return BROADCAST;
  if (first >= 224 && first < 240) return MULTICAST;
  return isLocalAddress(flow.host, address, port) ? LOCAL_TYPE : UNICAST;
}

/** numbers: source types, inverted, destination types, inverted, limited to the incoming (1) or outgoing (2) interface. */
export const addrtype: MatchModule = {
  name: 'addrtype',
  options: { '--src-type': 1, '--dst-type': 1, '--limit-iface-in': 0, '--limit-iface-out': 0 },
  parse(given) {
    const source = parseTypes(givenValue(given, '--src-type'));
    const destination = parseTypes(givenValue(given, '--dst-type'));
    if (source === undefined || destination === undefined) return undefined;
    const limit = given.some(({ name }) => name === '--limit-iface-in')
      ? 1
      : given.some(({ name }) => name === '--limit-iface-out')
        ? 2
        : 0;
    const numbers = [
      source,
      isInverted(given, '--src-type'),
      destination,
      isInverted(given, '--dst-type'),
      limit,
    ];
    return { numbers, words: [] };
  },
  print({ numbers: [source = 0, sourceInv, destination = 0, destinationInv, limit] }) {
    return [
      ...(source ? [`${not(sourceInv)}--src-type ${printTypes(source)}`] : []),
      ...(destination ? [`${not(destinationInv)}--dst-type ${printTypes(destination)}`] : []),
      ...(limit === 1 ? ['--limit-iface-in'] : limit === 2 ? ['--limit-iface-out'] : []),
    ].join(' ');
  },
  evaluate(code, at, flow) {
    const limit = code[at + 4]!;
    const port = limit === 1 ? flow.inPort : limit === 2 ? flow.outPort : -1;
    const { src, dst } = flow.packet;
    if (code[at] !== 0 && ((typeOf(flow, src, port) & code[at]!) !== 0) === (code[at + 1] === 1)) return NO;
    if (code[at + 2] === 0) return answer(true);
    return answer(((typeOf(flow, dst, port) & code[at + 2]!) !== 0) !== (code[at + 3] === 1));
  },
};
