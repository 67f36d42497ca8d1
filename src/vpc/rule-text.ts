/** How rules and packets read in the words of security groups and network ACLs, and which rule almost matched. */
import { contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { FREE_DESTINATION_PORT, FREE_PORT_FIRST, FREE_PORT_LAST } from '../packet/packet.ts';
import { ANY_PROTOCOL, hasPorts, ICMP, protocolName } from '../packet/protocol.ts';
import type { PacketView } from '../trace/vocabulary.ts';
import { portRange, type RuleTests } from './rule-list.ts';

/** "tcp 80-81", "icmp type 8", "all". */
export function serviceText({ protocol, ports }: Pick<RuleTests, 'protocol' | 'ports'>): string {
  const name = protocolName(protocol);
  if (!ports || protocol === ANY_PROTOCOL) return name;
  if (protocol === ICMP) {
    const [type, code] = ports;
    return type < 0 ? name : code < 0 ? `${name} type ${type}` : `${name} type ${type} code ${code}`;
  }
  return hasPorts(protocol) ? `${name} ${rangeText(ports)}` : name;
}

export function rangeText([first, last]: readonly [number, number]): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The protocol and ports a rule must have to admit this packet; a free port asks for its whole range. */
export function serviceOf(packet: PacketView): Pick<RuleTests, 'protocol' | 'ports'> {
  const { protocol, destinationPort } = packet;
  if (protocol === ICMP) return { protocol, ports: [destinationPort >> 8, -1] };
  if (!hasPorts(protocol)) return { protocol };
  return packet.free & FREE_DESTINATION_PORT
    ? { protocol, ports: [FREE_PORT_FIRST, FREE_PORT_LAST] }
    : { protocol, ports: [destinationPort, destinationPort] };
}

/** A rule to be weighed by `nearestRule`, with its peer's name. */
export interface Weighed extends RuleTests {
  /** "10.1.0.0/16", "sg/alb", "pl/s3". */
  readonly peerText: string;
  /** The group that it names is no more. */
  readonly stale?: boolean;
}

/** What a rule lacks that names a group which was deleted, or whose VPC nothing joins to this one any more. */
export const STALE = 'the group, or what joined its VPC to this one, is no more (a stale rule)';

export interface Near {
  readonly index: number;
  /** What the rule lacks to match, one clause each. */
  readonly lacks: readonly string[];
}

/** The rule that comes closest to matching: equal protocol, port and peer count, narrow tests more than wide ones. */
export function nearestRule(
  rules: readonly Weighed[],
  packet: PacketView,
  address: number,
): Near | undefined {
  let best: Near | undefined;
  let highest = 0;
  rules.forEach((rule, index) => {
    const lacks: string[] = [];
    let score = 0;
    const protocol = rule.protocol === ANY_PROTOCOL || rule.protocol === packet.protocol;
    if (!protocol) lacks.push(`its protocol is ${protocolName(rule.protocol)}`);
    else {
      if (rule.protocol !== ANY_PROTOCOL) score += 1;
      const [first, last] = portRange(rule);
      if (packet.destinationPort >= first && packet.destinationPort <= last)
        score += first === 0 && last === 65535 ? 1 : 2.5;
      else lacks.push(portLack(rule, packet));
    }
    if (holds(rule, address)) score += 'base' in rule.peer && rule.peer.length === 0 ? 1 : 2;
    else lacks.push(peerLack(rule, address));
    if (score > highest && lacks.length > 0) {
      highest = score;
      best = { index, lacks };
    }
  });
  return best;
}

function holds({ peer }: Weighed, address: number): boolean {
  return 'base' in peer ? contains(peer, address) : peer.has(address);
}

function portLack(rule: Weighed, packet: PacketView): string {
  if (packet.protocol === ICMP) return `its type is not ${packet.destinationPort >> 8}`;
  const port = packet.free & FREE_DESTINATION_PORT ? 'the port' : `port ${packet.destinationPort}`;
  return `${port} is not ${rule.ports?.[0] === rule.ports?.[1] ? '' : 'in '}${rangeText(rule.ports!)}`;
}

function peerLack({ peer, peerText, stale }: Weighed, address: number): string {
  if (stale) return STALE;
  if ('base' in peer) return `${formatIpv4(address)} is not in ${formatCidr(peer)}`;
  if ('blocks' in peer)
    return `${formatIpv4(address)} is in none of the ${peer.blocks.length} blocks of ${peerText}`;
  if (peer.size === 0) return `no network interface holds ${peerText}`;
  return `${formatIpv4(address)} is not a private address of an interface that holds ${peerText}`;
}
