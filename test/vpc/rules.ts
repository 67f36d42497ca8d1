/** Rules of security groups and network ACLs in one line of text, for tests. */
import { cidr } from '../../src/addressing/cidr.ts';
import type { Origin } from '../../src/base/origin.ts';
import { ICMP, parseProtocol } from '../../src/packet/protocol.ts';
import type { NetworkAclInput, NetworkAclRule } from '../../src/vpc/network-acl.ts';
import type { SecurityGroupInput, SecurityGroupRule } from '../../src/vpc/security-group.ts';

export const origin: Origin = { from: 'defaulted', by: 'test', what: 'test' };

interface Flow {
  readonly protocol: number;
  readonly ports: readonly [number, number] | undefined;
  readonly peer: string;
}

/** "tcp 80-81 from 10.0.0.0/8", "all to sg/web", "icmp 8 from 0.0.0.0/0". */
function flow(text: string): Flow {
  const [, name, ports, peer] = /^(\S+)(?: (\S+))? (?:from|to) (\S+)$/.exec(text)!;
  const protocol = parseProtocol(name!)!;
  const [first, last] = ports?.split('-').map(Number) ?? [];
  return {
    protocol,
    ports: first === undefined ? undefined : protocol === ICMP ? [first, last ?? -1] : [first, last ?? first],
    peer: peer!,
  };
}

export function group(
  name: string,
  ingress: readonly string[],
  egress = ['all to 0.0.0.0/0'],
): SecurityGroupInput {
  const rule = (text: string): SecurityGroupRule => {
    const { protocol, ports, peer } = flow(text);
    return {
      protocol,
      ports,
      peer: peer.startsWith('sg/') ? { group: peer.slice(3) } : { cidr: cidr(peer) },
      origin,
    };
  };
  return { name, ingress: ingress.map(rule), egress: egress.map(rule) };
}

const everything = ['100 allow all from 0.0.0.0/0'];

/** Rules as "100 allow tcp 80 from 0.0.0.0/0". */
export function acl(name: string, ingress = everything, egress = everything): NetworkAclInput {
  const rule = (text: string): NetworkAclRule => {
    const [, number, action, rest] = /^(\d+) (allow|deny) (.*)$/.exec(text)!;
    const { protocol, ports, peer } = flow(rest!);
    return {
      rule: Number(number),
      action: action as 'allow' | 'deny',
      protocol,
      ports,
      cidr: cidr(peer),
      origin,
    };
  };
  return { name, ingress: ingress.map(rule), egress: egress.map(rule) };
}
