/** Packets that a routing decision refuses, and the ICMP errors that say so (ip_error, icmp_send). */
import { isIpv6 } from '../../addressing/ip6.ts';
import { ADMIN_PROHIBITED, HOST_UNREACHABLE, NET_UNREACHABLE, UNREACHABLE } from '../../packet/protocol.ts';
import type { Outcome } from '../../trace/outcome.ts';
import type { Drop } from '../../trace/vocabulary.ts';
import type { Flow } from '../flow.ts';
import { noRoute, undecidedRule } from '../host-words.ts';
import { confirmForAnswer } from '../netfilter/conntrack.ts';
import { RULE_BLACKHOLE, RULE_PROHIBIT } from './ip-rule.ts';
import { rejectSource } from './reject-source.ts';
import { RTN_BLACKHOLE, RTN_PROHIBIT, RTN_UNREACHABLE } from './route-type.ts';
import { lastRule } from './routing.ts';

/** What the type of the route, or the action of the rule, tells the sender; a blackhole tells nothing. */
export function unroutable(flow: Flow, route: number): Outcome {
  const type = route < 0 ? undefined : flow.host.routing.types[route]!;
  if (type === RTN_BLACKHOLE || route === RULE_BLACKHOLE) return flow.walk.stop(noRoute, flow.ipRule, route);
  const prohibits = type === RTN_PROHIBIT || route === RULE_PROHIBIT;
  const code = prohibits ? ADMIN_PROHIBITED : type === RTN_UNREACHABLE ? HOST_UNREACHABLE : NET_UNREACHABLE;
  return icmpError(flow, noRoute, (UNREACHABLE << 8) | code, flow.ipRule, route);
}

/** Ends the packet with an ICMP error; never about an ICMP error. */
export function icmpError(flow: Flow, code: Drop, answer: number, a: number, b: number): Outcome {
  const { packet, walk } = flow;
  if (packet.isError) return walk.stop(code, a, b);
  confirmForAnswer(flow);
  return walk.stopWithIcmp(code, answer, rejectSource(flow), a, b);
}

/** The rule that `lookup` came to asks for what nobody knows. */
export function undecided({ walk, packet }: Flow): Outcome {
  return walk.undetermined(undecidedRule, lastRule, isIpv6(packet.dst) ? 1 : 0);
}
