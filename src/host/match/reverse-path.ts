/** The match that does what rp_filter does, for a rule to decide on (ipt_rpfilter.c). */

import { isMulticast, LIMITED_BROADCAST } from '../routing/address-type.ts';
import { RTN_LOCAL, RTN_UNICAST } from '../routing/route-type.ts';
import { LOOPBACK, lookup, usesInterface } from '../routing/routing.ts';
import { answer, has, type MatchModule } from './module.ts';

/** In the order in which iptables-save prints them. */
const flags = ['--loose', '--validmark', '--accept-local', '--invert'] as const;
const LOOSE = 1;
const VALID_MARK = 2;
const ACCEPT_LOCAL = 4;
const INVERT = 8;

/** numbers: bits of the flags. */
export const rpfilter: MatchModule = {
  name: 'rpfilter',
  options: Object.fromEntries(flags.map((flag) => [flag, 0])),
  parse: (given) => ({
    numbers: [flags.reduce((bits, flag, bit) => bits | (has(given, flag) << bit), 0)],
    words: [],
  }),
  print: ({ numbers: [bits = 0] }) => flags.filter((_, bit) => bits & (1 << bit)).join(' '),
  evaluate(code, at, flow) {
    const bits = code[at]!;
    const { host, packet, inPort } = flow;
    if (inPort <= LOOPBACK) return answer((bits & INVERT) === 0);
    const { src, dst } = packet;
    const toAll = dst === LIMITED_BROADCAST || isMulticast(dst);
    if (src === 0 && toAll) return answer((bits & INVERT) === 0);
    const mark = bits & VALID_MARK ? packet.mark : 0;
    const found = lookup(host.routing, src, toAll ? 0 : dst, mark, LOOPBACK);
    const type = found < 0 ? undefined : host.routing.types[found]!;
    const reached =
      (type === RTN_UNICAST || (type === RTN_LOCAL && (bits & ACCEPT_LOCAL) !== 0)) &&
      ((bits & LOOSE) !== 0 || usesInterface(host.routing, found, inPort));
    return answer(reached !== ((bits & INVERT) !== 0));
  },
};
