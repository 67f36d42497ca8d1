/** Every match the interpreter knows. A new one is an entry in a file like match-ports.ts, and one name here. */
import { note } from '../../trace/vocabulary.ts';
import type { Flow } from '../flow.ts';
import { devgroup, iprange, mac, physdev, pkttype } from './address.ts';
import { addrtype } from './addrtype.ts';
import { connlabel, conntrack, helper, state } from './conntrack.ts';
import { dscp, ecn, hl, length, tos, ttl } from './header.ts';
import { icmp, icmp6 } from './icmp.ts';
import { intern, internedName } from './interned.ts';
import { cpu, ipvs, osf, policy, rateest, realm, time } from './kernel.ts';
import { connmark, mark } from './marks.ts';
import { type Answer, MAYBE_NO, type MatchModule, NO, type Parameters, YES } from './module.ts';
import { nftAddress } from './nft.ts';
import { comment, nfacct, statistic, throwsDice } from './other.ts';
import { ah, bpf, dccp, esp, string, tcpmss, u32 } from './payload.ts';
import { multiport, tcp, udp } from './ports.ts';
import { prefix6 } from './prefix6.ts';
import { connbytes, connlimit, hashlimit, limit, quota } from './rates.ts';
import { recent } from './recent.ts';
import { rpfilter } from './reverse-path.ts';
import { sctp } from './sctp.ts';
import { set } from './set.ts';
import { cgroup, owner, socket } from './socket.ts';

const known: readonly MatchModule[] = [
  addrtype,
  ah,
  bpf,
  cgroup,
  comment,
  connbytes,
  connlabel,
  connlimit,
  connmark,
  conntrack,
  cpu,
  dccp,
  devgroup,
  dscp,
  ecn,
  esp,
  hashlimit,
  helper,
  hl,
  icmp,
  icmp6,
  iprange,
  ipvs,
  length,
  limit,
  mac,
  mark,
  multiport,
  nfacct,
  nftAddress,
  osf,
  owner,
  physdev,
  pkttype,
  policy,
  prefix6,
  quota,
  rateest,
  realm,
  recent,
  rpfilter,
  sctp,
  set,
  socket,
  state,
  statistic,
  string,
  tcp,
  tcpmss,
  time,
  tos,
  ttl,
  u32,
  udp,
];

/** Names of all matches. */
export const matchNames: readonly string[] = known.map(({ name }) => name);

const byName: ReadonlyMap<string, MatchModule> = new Map(known.map((match) => [match.name, match]));

export function matchNamed(name: string): MatchModule | undefined {
  return byName.get(name);
}

/** Numbers of a match in compiled rules; those that nobody knows share NOT_MODELLED. */
export const NOT_MODELLED = known.length;
const STARTS_EMPTY = NOT_MODELLED + 1;
/** Code of what holds for no packet. */
export const NEVER: readonly number[] = [NOT_MODELLED + 2, 0];

const startsEmpty = note({
  name: 'starts-empty',
  nature: 'assumption',
  word: ({ self, a }) =>
    `${internedName(a)} on ${self.kind}/${self.id} (nothing is known of earlier traffic)`,
});

/** A match as code: its number, how many numbers follow, the numbers. With `decides`, one that remembers says before it
 *  is asked what it takes for granted. */
export function matchCode(
  match: MatchModule | undefined,
  { numbers }: Parameters,
  decides: boolean,
): number[] {
  if (match === undefined) return [NOT_MODELLED, 0];
  const granted = decides ? match.startsEmpty?.(numbers) : undefined;
  return [
    ...(granted === undefined ? [] : [STARTS_EMPTY, 2, intern(granted), match === recent ? 1 : 0]),
    ...(match === statistic && throwsDice(numbers) ? [] : [known.indexOf(match), numbers.length, ...numbers]),
  ];
}

const evaluations: readonly ((code: Int32Array, at: number, flow: Flow) => Answer)[] = [
  ...known.map((match) => match.evaluate),
  () => MAYBE_NO,
  (code, at, { walk }) => {
    // With `--seen-client` lists are not empty.
    if (code[at + 1] === 0 || !walk.seenClient) walk.remark(startsEmpty, code[at]!);
    return YES;
  },
  () => NO,
];

export function evaluateMatch(number: number, code: Int32Array, at: number, flow: Flow): Answer {
  return evaluations[number]!(code, at, flow);
}
