/** Addresses seen lately (xt_recent.c): kube-proxy's ClientIP affinity, and locks after too many tries. Lists are empty
 *  before the trace, which is said where one decides; `--seen-client` begins with a client that has been here before.
 *  What a rule writes into a list is seen by later rules, also of later packets. */
import { parseIpv4 } from '../../addressing/ip.ts';
import type { Flow } from '../flow.ts';
import { keepWord, parseNumber } from '../netfilter/rule-quoting.ts';
import { intern } from './interned.ts';
import {
  type Answer,
  answer,
  type GivenOption,
  givenValue,
  has,
  inverted,
  MAYBE_NO,
  MAYBE_YES,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';

const actions = ['--set', '--rcheck', '--update', '--remove'];
const SET = 0;
const UPDATE = 2;
const REMOVE = 3;

/** Session kind of list entries. Source address and port hold the address and the number of the list, the mark how often
 *  the address was seen and with which TTL. */
const RECENT = 34;

/** The only mask of IPv6 that is modelled. */
const WHOLE_ADDRESS_6 = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

/** How many times an entry remembers (ip_pkt_list_tot, rounded up to a power of two by the largest --hitcount). */
const MOST_STAMPS = 255;

/** numbers: action, inverted, seconds, reap, hitcount, rttl, by destination, list, mask. words: list, mask. */
export const recent: MatchModule = {
  name: 'recent',
  startsEmpty: ([action]) => (action === SET ? undefined : 'lists of recently seen addresses are empty'),
  unknown: 'how often the client was seen before',
  options: {
    '--set': 0,
    '--rcheck': 0,
    '--update': 0,
    '--remove': 0,
    '--seconds': 1,
    '--reap': 0,
    '--hitcount': 1,
    '--rttl': 0,
    '--name': 1,
    '--mask': 1,
    '--rsource': 0,
    '--rdest': 0,
  },
  parse(given: readonly GivenOption[]) {
    const action = given.find(({ name }) => actions.includes(name));
    const seconds = parseNumber(givenValue(given, '--seconds') ?? '0');
    const hits = parseNumber(givenValue(given, '--hitcount') ?? '0');
    const name = givenValue(given, '--name') ?? 'DEFAULT';
    const maskText = givenValue(given, '--mask') ?? '255.255.255.255';
    const mask = maskText === WHOLE_ADDRESS_6 ? -1 : parseIpv4(maskText);
    if (!action || seconds === undefined || hits === undefined || mask === undefined) return undefined;
    return {
      numbers: [
        actions.indexOf(action.name),
        action.not ? 1 : 0,
        seconds,
        has(given, '--reap'),
        hits,
        has(given, '--rttl'),
        has(given, '--rdest'),
        intern(name),
        mask,
      ],
      words: [name, maskText],
    };
  },
  print({ numbers: [action = 0, inv, seconds, reap, hits, ttl, byDestination], words: [name = '', mask] }) {
    return [
      `${not(inv)}${actions[action]}`,
      ...(seconds ? [`--seconds ${seconds}`] : []),
      ...(reap ? ['--reap'] : []),
      ...(hits ? [`--hitcount ${hits}`] : []),
      ...(ttl ? ['--rttl'] : []),
      `--name ${keepWord(name)} --mask ${mask}`,
      byDestination ? '--rdest' : '--rsource',
    ].join(' ');
  },
  evaluate(code, at, flow) {
    const action = code[at]!;
    const entry = find(flow, code, at);
    if (entry === UNSEEN && action !== SET) return inverted(NO, code[at + 1]);
    const seen = seenIn(flow, code, at, entry);
    const result = inverted(seen, code[at + 1]);
    if (action === REMOVE) remember(flow, code, at, 0);
    else if (action === SET || (action === UPDATE && (result === YES || result === MAYBE_YES)))
      remember(flow, code, at, stamps(entry) + 1);
    return result;
  },
};

/** Whether a rule asks if the client is in a list: which of several lists has it is one choice. */
export function asksRecent(numbers: readonly number[]): boolean {
  return numbers[1] === 0 && (numbers[0] === 1 || numbers[0] === UPDATE);
}

/** No entry; `BEFORE`: the client was here before the trace, nobody knows how often. */
const UNSEEN = 0;
const BEFORE = -1;

const stamps = (entry: number): number => (entry < 0 ? 1 : entry >> 8);

/** How often the address was seen, times 256, and the TTL; UNSEEN or BEFORE. */
function find(flow: Flow, code: Int32Array, at: number): number {
  const { walk, packet } = flow;
  const address = (code[at + 6] ? packet.dst : packet.src) & code[at + 8]!;
  const found = walk.sessions.find(walk.sessionHead, walk.device, RECENT, 0, address, code[at + 7]!, 0, 0);
  const entry = found < 0 ? UNSEEN : walk.sessions.mark(found >> 1);
  if (entry === UNSEEN) return found < 0 && flow.remembered === code[at + 7] ? BEFORE : UNSEEN;
  return code[at + 5] && (entry & 255) !== ttlOf(flow) ? UNSEEN : entry;
}

/** Whether the entry is as the rule asks; all that a trace sees is younger than any --seconds. */
function seenIn(flow: Flow, code: Int32Array, at: number, entry: number): Answer {
  const action = code[at]!;
  if (action === SET || action === REMOVE) return YES;
  if (entry === BEFORE) return code[at + 4]! > 1 || code[at + 5] ? MAYBE_NO : YES;
  return answer(flow.walk.sessionHead >= 0 && stamps(entry) >= code[at + 4]!);
}

/** The TTL as it came in: a forwarded packet has lost one where it leaves (recent_mt). */
function ttlOf({ packet, inPort, outPort }: Flow): number {
  return (packet.ttl + (inPort >= 0 && outPort >= 0 ? 1 : 0)) & 255;
}

function remember(flow: Flow, code: Int32Array, at: number, count: number): void {
  const { walk, packet } = flow;
  const address = (code[at + 6] ? packet.dst : packet.src) & code[at + 8]!;
  const entry = count === 0 ? 0 : (Math.min(count, MOST_STAMPS) << 8) | ttlOf(flow);
  const list = code[at + 7]!;
  walk.addSession(walk.device, RECENT, 0, address, list, 0, 0, address, list, 0, 0, entry);
}
