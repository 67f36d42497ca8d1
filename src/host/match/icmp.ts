/** The matches on ICMP type and code (ip_tables' icmp, ip6_tables' icmp6), with the names that iptables knows for them. */
import { ICMP, ICMPV6 } from '../../packet/protocol.ts';
import { answer, givenValue, isInverted, type MatchModule, NO, not } from './module.ts';

const ANY_TYPE = 255;

/** Type, or type and code, by name (RFC 792, RFC 1812; libipt_icmp.c, in its order). */
const named: Readonly<Record<string, string>> = {
  any: '255',
  'echo-reply': '0',
  pong: '0',
  'destination-unreachable': '3',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'protocol-unreachable': '3/2',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'source-route-failed': '3/5',
  'network-unknown': '3/6',
  'host-unknown': '3/7',
  'network-prohibited': '3/9',
  'host-prohibited': '3/10',
  'tos-network-unreachable': '3/11',
  'tos-host-unreachable': '3/12',
  'communication-prohibited': '3/13',
  'host-precedence-violation': '3/14',
  'precedence-cutoff': '3/15',
  'source-quench': '4',
  redirect: '5',
  'network-redirect': '5/0',
  'host-redirect': '5/1',
  'tos-network-redirect': '5/2',
  'tos-host-redirect': '5/3',
  'echo-request': '8',
  ping: '8',
  'router-advertisement': '9',
  'router-solicitation': '10',
  'time-exceeded': '11',
  'ttl-exceeded': '11',
  'ttl-zero-during-transit': '11/0',
  'ttl-zero-during-reassembly': '11/1',
  'parameter-problem': '12',
  'ip-header-bad': '12/0',
  'required-option-missing': '12/1',
  'timestamp-request': '13',
  'timestamp-reply': '14',
  'address-mask-request': '17',
  'address-mask-reply': '18',
};

/** Of ICMPv6 (RFC 4443, RFC 4861; libip6t_icmp6.c). */
const named6: Readonly<Record<string, string>> = {
  'destination-unreachable': '1',
  'no-route': '1/0',
  'communication-prohibited': '1/1',
  'beyond-scope': '1/2',
  'address-unreachable': '1/3',
  'port-unreachable': '1/4',
  'failed-policy': '1/5',
  'reject-route': '1/6',
  'packet-too-big': '2',
  'time-exceeded': '3',
  'ttl-exceeded': '3',
  'ttl-zero-during-transit': '3/0',
  'ttl-zero-during-reassembly': '3/1',
  'parameter-problem': '4',
  'bad-header': '4/0',
  'unknown-header-type': '4/1',
  'unknown-option': '4/2',
  'echo-request': '128',
  ping: '128',
  'echo-reply': '129',
  pong: '129',
  'mld-listener-query': '130',
  'mld-listener-report': '131',
  'mld-listener-done': '132',
  'mld-listener-reduction': '132',
  'router-solicitation': '133',
  'router-advertisement': '134',
  'neighbour-solicitation': '135',
  'neighbor-solicitation': '135',
  'neighbour-advertisement': '136',
  'neighbor-advertisement': '136',
  redirect: '137',
};

/** A name may be cut short as long as it is the beginning of only one, or of several with the same meaning. */
function numeric(text: string, named: Readonly<Record<string, string>>): string | undefined {
  const name = text.toLowerCase();
  if (/^\d/.test(name)) return name;
  if (Object.hasOwn(named, name)) return named[name];
  const meanings = new Set(
    Object.entries(named)
      .filter(([one]) => one.startsWith(name))
      .map(([, value]) => value),
  );
  return meanings.size === 1 ? [...meanings][0] : undefined;
}

/** numbers: type, lowest code, highest code, inverted. */
function matchOf(
  name: string,
  option: string,
  ofProtocol: number,
  names: Readonly<Record<string, string>>,
): MatchModule {
  return {
    name,
    options: { [option]: 1 },
    parse(given) {
      const parts = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(
        numeric(givenValue(given, option) ?? `${ANY_TYPE}`, names) ?? '',
      );
      if (!parts || Number(parts[1]) > 255 || Number(parts[2] ?? 0) > 255) return undefined;
      const codes = parts[2] === undefined ? [0, 255] : [Number(parts[2]), Number(parts[2])];
      return { numbers: [Number(parts[1]), ...codes, isInverted(given, option)], words: [] };
    },
    print({ numbers: [type, low, high, inv] }) {
      const text =
        type === ANY_TYPE && ofProtocol === ICMP ? 'any' : `${type}${low === high ? `/${low}` : ''}`;
      return `${not(inv)}${option} ${text}`;
    },
    evaluate(code, at, { packet }) {
      if (packet.protocol !== ofProtocol) return NO;
      const type = packet.destinationPort >> 8;
      const subtype = packet.destinationPort & 255;
      const holds =
        code[at] === ANY_TYPE || (code[at] === type && subtype >= code[at + 1]! && subtype <= code[at + 2]!);
      return answer(holds !== (code[at + 3] === 1));
    },
  };
}

export const icmp = matchOf('icmp', '--icmp-type', ICMP, named);
/** Of ip6tables. */
export const icmp6 = matchOf('icmp6', '--icmpv6-type', ICMPV6, named6);
