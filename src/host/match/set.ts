/** The match on ipsets (xt_set.c): which parts of the packet a set's members are compared with is said by "src,dst,...",
 *  one for each dimension of the set. A set that nobody gave is not known. */
import { isIpv6 } from '../../addressing/ip6.ts';
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT } from '../../packet/packet.ts';
import { hasPorts, isIcmp, TCP, UDP } from '../../packet/protocol.ts';
import type { Flow } from '../flow.ts';
import { quoteWord } from '../netfilter/rule-quoting.ts';
import { LOOPBACK } from '../routing/routing.ts';
import { intern, internedName } from './interned.ts';
import { findMember, IN_SET, type IpSet, ipSetOf, NOT_IN_SET, type Wanted } from './ip-set.ts';
import {
  type Answer,
  answer,
  givenValue,
  has,
  inverted,
  isInverted,
  MAYBE_NO,
  MAYBE_YES,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';

const SOURCE = 1;
const DESTINATION = 0;

/** Session kind of sets that a rule of the trace has changed; the source address holds the set's number. */
const SET_CHANGED = 35;

/** "src,dst" as bits, the first dimension lowest. */
export function parseDirections(text: string): readonly [bits: number, count: number] | undefined {
  const words = text.split(',');
  if (words.length > 6 || !words.every((word) => word === 'src' || word === 'dst')) return undefined;
  return [
    words.reduce((bits, word, i) => bits | (word === 'src' ? SOURCE << i : DESTINATION), 0),
    words.length,
  ];
}

export const printDirections = (bits: number, count: number): string =>
  Array.from({ length: count }, (_, i) => (bits & (1 << i) ? 'src' : 'dst')).join(',');

const counterOptions = [
  '--packets-eq',
  '--packets-lt',
  '--packets-gt',
  '--bytes-eq',
  '--bytes-lt',
  '--bytes-gt',
];
const flagOptions = ['--return-nomatch', '--update-counters', '--update-subcounters'];

/** numbers: set, inverted, directions, how many, --return-nomatch, whether counters are compared.
 *  words: name, then the other options as printed. */
export const set: MatchModule = {
  name: 'set',
  unknown: 'what the set holds',
  options: {
    '--match-set': 2,
    '--set': 2,
    ...Object.fromEntries(flagOptions.map((name) => [name, 0])),
    ...Object.fromEntries(counterOptions.map((name) => [name, 1])),
  },
  parse(given) {
    const option = given.find(({ name }) => name === '--match-set' || name === '--set');
    const [name, text = ''] = option?.values ?? [];
    const directions = parseDirections(text);
    if (option === undefined || name === undefined || directions === undefined) return undefined;
    const others = [...flagOptions, ...counterOptions].flatMap((one) => {
      if (!has(given, one)) return [];
      const value = givenValue(given, one);
      return [`${not(isInverted(given, one))}${one}${value === undefined ? '' : ` ${value}`}`];
    });
    const counters = counterOptions.some((one) => has(given, one));
    return {
      numbers: [
        intern(name),
        option.not ? 1 : 0,
        ...directions,
        has(given, '--return-nomatch'),
        counters ? 1 : 0,
      ],
      words: [name, ...others],
    };
  },
  print: ({ numbers: [, inv, bits = 0, count = 0], words: [name = '', ...others] }) =>
    [`${not(inv)}--match-set ${quoteSet(name)} ${printDirections(bits, count)}`, ...others].join(' '),
  evaluate(code, at, flow) {
    const result = inSet(flow, code[at]!, code[at + 2]!, code[at + 3]!, code[at + 4] === 1, 0);
    return inverted(code[at + 5] === 1 && result !== NO ? MAYBE_NO : result, code[at + 1]);
  },
};

/** A name as iptables-save prints it: sets may be called anything but a blank. */
export const quoteSet = (name: string): string => (/[\s"'\\]/.test(name) ? quoteWord(name) : name);

const unsure = (result: Answer): Answer => (result === YES ? MAYBE_YES : result === NO ? MAYBE_NO : result);

/** Remembers that a rule (target SET) has added to a set or taken from it. */
export function changeSet({ walk }: Flow, number: number): void {
  walk.addSession(walk.device, SET_CHANGED, 0, number, 0, 0, 0, number, 0, 0, 0);
}

function wasChanged({ walk }: Flow, number: number): boolean {
  return (
    walk.sessionHead >= 0 &&
    walk.sessions.find(walk.sessionHead, walk.device, SET_CHANGED, 0, number, 0, 0, 0) >= 0
  );
}

/** Deeper than the kernel lets lists of sets nest. */
const MAX_NESTING = 2;

function inSet(
  flow: Flow,
  number: number,
  directions: number,
  count: number,
  returnNomatch: boolean,
  depth: number,
): Answer {
  const source = flow.host.netfilter!.sets.get(internedName(number));
  if (source === undefined || depth > MAX_NESTING) return MAYBE_NO;
  const ipSet = ipSetOf(source);
  const result =
    ipSet.sets.length > 0
      ? inOneOf(flow, ipSet.sets, directions, count, returnNomatch, depth)
      : among(flow, ipSet, directions, count, returnNomatch);
  return wasChanged(flow, number) ? unsure(result) : result;
}

/** list_set_ktest: the first set of the list that holds the packet. */
function inOneOf(
  flow: Flow,
  sets: readonly number[],
  directions: number,
  count: number,
  returnNomatch: boolean,
  depth: number,
): Answer {
  let result: Answer = NO;
  for (let i = 0; i < sets.length; i++) {
    const one = inSet(flow, sets[i]!, directions, count, returnNomatch, depth + 1);
    if (one === YES) return YES;
    if (one !== NO && result !== MAYBE_YES) result = one;
  }
  return result;
}

/** ip_set_test: a set of another family, or of more dimensions than the rule gives, holds nothing. */
function among(flow: Flow, ipSet: IpSet, directions: number, count: number, returnNomatch: boolean): Answer {
  if (ipSet.dimensions.length > count) return NO;
  const six = isIpv6(flow.packet.dst);
  if (ipSet.family !== undefined && ipSet.family !== (six ? 'IPv6' : 'IPv4')) return NO;
  // What a set of IPv6 holds is not looked at.
  if (six && ipSet.dimensions.some((one) => one === 'ip' || one === 'net'))
    return ipSet.family === 'IPv6' ? MAYBE_NO : NO;
  const gathered = gather(flow, ipSet, directions);
  if (gathered === NO) return NO;
  const found = findMember(ipSet, wanted);
  if (found === NOT_IN_SET) return ipSet.partial || gathered === MAYBE_NO ? MAYBE_NO : NO;
  const result = answer((found === IN_SET) !== (returnNomatch && ipSet.hasNetworks));
  return gathered === YES ? result : gathered === MAYBE_NO ? unsure(result) : MAYBE_NO;
}

const MOST_DIMENSIONS = 6;
const wanted: Wanted = { values: new Int32Array(MOST_DIMENSIONS), iface: '' };

/** Fills in `wanted`. NO where the packet lacks what the set asks for; MAYBE_NO where a port stands for others too;
 *  MAYBE_YES where any member may fit, as nobody knows MAC addresses. */
function gather({ packet, host, inPort, outPort }: Flow, ipSet: IpSet, directions: number): Answer {
  const { dimensions, addressMask } = ipSet;
  let result: Answer = YES;
  wanted.iface = '';
  for (let i = 0; i < dimensions.length; i++) {
    const bySource = (directions & (1 << i)) !== 0;
    switch (dimensions[i]) {
      case 'ip':
      case 'net':
        wanted.values[i] = (bySource ? packet.src : packet.dst) & addressMask;
        break;
      case 'port': {
        if (ipSet.anyProtocol && packet.protocol !== TCP && packet.protocol !== UDP) return NO;
        if (packet.free & (bySource ? FREE_SOURCE_PORT : FREE_DESTINATION_PORT)) result = MAYBE_NO;
        const protocol = ipSet.anyProtocol ? 0 : packet.protocol << 16;
        wanted.values[i] = protocol | portOf(packet, bySource);
        break;
      }
      case 'iface': {
        const port = bySource ? inPort : outPort;
        wanted.iface = host.interfaces[port]?.name ?? '';
        if (wanted.iface === '') return NO;
        break;
      }
      case 'mark':
        wanted.values[i] = packet.mark & ipSet.markMask;
        break;
      default:
        // A MAC address; what came by lo has none.
        if (inPort <= LOOPBACK && bySource) return NO;
        result = MAYBE_YES;
    }
  }
  return result;
}

/** ip_set_get_ip4_port: for ICMP type and code, for what has no ports nought. */
function portOf(packet: Flow['packet'], bySource: boolean): number {
  if (isIcmp(packet.protocol)) return packet.destinationPort;
  if (!hasPorts(packet.protocol)) return 0;
  return bySource ? packet.sourcePort : packet.destinationPort;
}
