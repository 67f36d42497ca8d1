/** Whether an address of the packet lies in an IPv6 network: what -s and -d test, as a match of its own. */
import { isIpv6, samePrefix } from '../../addressing/ip6.ts';
import { answer, type MatchModule } from './module.ts';

/** numbers: side (0 source, 1 destination), network, prefix length, inverted. Rules never name it. */
export const prefix6: MatchModule = {
  name: 'ipv6-prefix',
  options: {},
  parse: () => undefined,
  print: () => '',
  evaluate(code, at, { packet }) {
    const address = code[at] === 0 ? packet.src : packet.dst;
    const inside = isIpv6(address) && samePrefix(code[at + 1]!, address, code[at + 2]!);
    return answer(inside !== (code[at + 3] === 1));
  },
};
