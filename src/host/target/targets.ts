/** Every target the interpreter knows, chains aside. A new one is an entry in a file like target-nat.ts, and one name here. */
import { POLICY_FAIL_6, REJECT_ROUTE_6 } from '../../packet/icmp6.ts';
import {
  ADMIN_PROHIBITED,
  HOST_UNREACHABLE,
  NET_UNREACHABLE,
  PORT_UNREACHABLE,
  UNREACHABLE,
} from '../../packet/protocol.ts';
import { TCP_RESET } from '../flow.ts';
import { givenValue } from '../match/module.ts';
import { CT, NOTRACK } from './conntrack.ts';
import { DSCP, HL, TOS, TTL } from './header.ts';
import { CONNMARK, MARK } from './mark.ts';
import { ACCEPT, DROP, REJECT, RETURN, type TargetModule, type TargetVerdict } from './module.ts';
import { DNAT, MASQUERADE, NETMAP, REDIRECT, SNAT } from './nat.ts';
import { otherTargets } from './other.ts';

/** Codes of ICMP type 3 (RFC 792, RFC 1812 section 5.2.7.1) by the names and short names of libipt_REJECT.c. */
const rejections: readonly (readonly [name: string, short: string, answer: number])[] = [
  ['icmp-net-unreachable', 'net-unreach', (UNREACHABLE << 8) | NET_UNREACHABLE],
  ['icmp-host-unreachable', 'host-unreach', (UNREACHABLE << 8) | HOST_UNREACHABLE],
  ['icmp-proto-unreachable', 'proto-unreach', (UNREACHABLE << 8) | 2],
  ['icmp-port-unreachable', 'port-unreach', (UNREACHABLE << 8) | PORT_UNREACHABLE],
  ['icmp-net-prohibited', 'net-prohib', (UNREACHABLE << 8) | 9],
  ['icmp-host-prohibited', 'host-prohib', (UNREACHABLE << 8) | 10],
  ['icmp-admin-prohibited', 'admin-prohib', (UNREACHABLE << 8) | ADMIN_PROHIBITED],
  ['tcp-reset', 'tcp-rst', TCP_RESET],
];

/** Those of libip6t_REJECT.c, with the number of the ICMPv4 error that stands for each inside the model. */
const rejections6: readonly (readonly [name: string, short: string, answer: number])[] = [
  ['icmp6-no-route', 'no-route', (UNREACHABLE << 8) | NET_UNREACHABLE],
  ['icmp6-adm-prohibited', 'adm-prohibited', (UNREACHABLE << 8) | ADMIN_PROHIBITED],
  ['icmp6-addr-unreachable', 'addr-unreach', (UNREACHABLE << 8) | HOST_UNREACHABLE],
  ['icmp6-port-unreachable', 'port-unreach', (UNREACHABLE << 8) | PORT_UNREACHABLE],
  ['icmp6-policy-fail', 'policy-fail', POLICY_FAIL_6],
  ['icmp6-reject-route', 'reject-route', REJECT_ROUTE_6],
];

/** numbers: the answer, and whether it is written as one of ICMPv6. */
const rejectTarget: TargetModule = {
  name: 'REJECT',
  options: { '--reject-with': 1 },
  parse(given) {
    const name = givenValue(given, '--reject-with') ?? 'icmp-port-unreachable';
    const called = ([long, short]: readonly [string, string, number]): boolean =>
      long === name || short === name;
    const found = rejections.find(called);
    const found6 = found ? undefined : rejections6.find(called);
    const answer = (found ?? found6)?.[2];
    return answer === undefined ? undefined : { numbers: [answer, found6 ? 1 : 0], words: [] };
  },
  print: ({ numbers: [answer, six] }) =>
    `--reject-with ${(six ? rejections6 : rejections).find(([, , number]) => number === answer)?.[0] ?? ''}`,
  execute(numbers, flow) {
    flow.rejectWith = numbers[0]!;
    return REJECT;
  },
};

/** ACCEPT, DROP and RETURN: verdicts, not extensions. DROP is recorded by the denial. */
function standard(name: string, verdict: TargetVerdict): TargetModule {
  return {
    name,
    options: {},
    parse: (given) => (given.length === 0 ? { numbers: [], words: [] } : undefined),
    print: () => '',
    execute: () => verdict,
  };
}

const known: readonly TargetModule[] = [
  standard('ACCEPT', ACCEPT),
  standard('DROP', DROP),
  standard('RETURN', RETURN),
  rejectTarget,
  CONNMARK,
  CT,
  DNAT,
  DSCP,
  HL,
  MARK,
  MASQUERADE,
  NETMAP,
  NOTRACK,
  REDIRECT,
  SNAT,
  TOS,
  TTL,
  ...otherTargets,
];

/** Names of all targets. */
export const targetNames: readonly string[] = known.map(({ name }) => name);

const byName: ReadonlyMap<string, TargetModule> = new Map(known.map((target) => [target.name, target]));

export function targetNamed(name: string): TargetModule | undefined {
  return byName.get(name);
}
