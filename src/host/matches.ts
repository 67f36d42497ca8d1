/** Every match the interpreter knows. A new one is an entry in a file like match-ports.ts, and one name here. */

import type { Flow } from './flow.ts';
import { type Answer, MAYBE_NO, type MatchModule } from './match-module.ts';
import { nftAddress } from './match-nft.ts';
import { comment, limit, nfacct, recent, statistic } from './match-other.ts';
import { icmp, multiport, sctp, tcp, udp } from './match-ports.ts';
import { addrtype, connmark, conntrack, mark, state } from './match-state.ts';

const known: readonly MatchModule[] = [
  addrtype,
  comment,
  connmark,
  conntrack,
  icmp,
  limit,
  mark,
  multiport,
  nfacct,
  nftAddress,
  recent,
  sctp,
  state,
  statistic,
  tcp,
  udp,
];

const byName: ReadonlyMap<string, MatchModule> = new Map(known.map((match) => [match.name, match]));

export function matchNamed(name: string): MatchModule | undefined {
  return byName.get(name);
}

/** Number of a match in compiled rules; those that nobody knows share NOT_MODELLED. */
export const NOT_MODELLED = known.length;
export const matchNumber = (match: MatchModule | undefined): number =>
  match === undefined ? NOT_MODELLED : known.indexOf(match);

const evaluations: readonly ((code: Int32Array, at: number, flow: Flow) => Answer)[] = [
  ...known.map((match) => match.evaluate),
  () => MAYBE_NO,
];

export function evaluateMatch(number: number, code: Int32Array, at: number, flow: Flow): Answer {
  return evaluations[number]!(code, at, flow);
}
