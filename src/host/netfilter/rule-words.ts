/** What a rule says, in words: what it did to a packet, and what a RETURN left out. */
import { formatIpv4 } from '../../addressing/ip.ts';
import type { PacketView } from '../../trace/vocabulary.ts';
import { bodyOf, type Chain } from './compile.ts';
import { NOT_DST, NOT_SRC, printNetwork } from './header-match.ts';
import { readLine } from './rule-line.ts';
import { hex } from './rule-quoting.ts';
import type { ParsedRule } from './rule-text.ts';

/** The comments by which the VPC CNI says why traffic is left alone (amazon-vpc-cni-k8s, networkutils). */
const cniReasons: Readonly<Record<string, string>> = {
  'AWS SNAT CHAIN': 'destination is inside a VPC CIDR',
  'AWS SNAT CHAIN EXCLUSION': 'destination is excluded from SNAT',
  'AWS CONNMARK CHAIN': 'destination is inside a VPC CIDR or excluded from SNAT',
  'AWS CONNMARK CHAIN, VPC CIDR': 'destination is inside a VPC CIDR',
  'AWS CONNMARK CHAIN, EXCLUDED CIDR': 'destination is excluded from SNAT',
};

export function commentOf(rule: ParsedRule): string | undefined {
  return rule.matches.find(({ name }) => name === 'comment')?.parameters.words[0];
}

/** What came of a rule that matched. */
export function effectOf(rule: ParsedRule, before: PacketView, after: PacketView): string {
  const { target } = rule;
  if (target === undefined) return 'counted; it has no target';
  if (target.module === undefined)
    return target.parameters.words.length > 0
      ? `target ${target.name} is not modelled`
      : `${target.goto ? 'goes on' : 'jumps'} to ${target.name}`;
  switch (target.name) {
    case 'ACCEPT':
      return 'accepted';
    case 'RETURN':
      return 'returns to the calling chain';
    case 'DNAT':
    case 'REDIRECT':
      return `destination ${endpoint(before.dst, before.destinationPort)} becomes ${endpoint(after.dst, after.destinationPort)}`;
    case 'SNAT':
    case 'MASQUERADE':
      return `source ${endpoint(before.src, before.sourcePort)} becomes ${endpoint(after.src, after.free & 1 ? '*' : after.sourcePort)}`;
    case 'MARK':
      return before.mark === after.mark
        ? `the mark stays ${hex(after.mark)}`
        : `mark ${hex(before.mark)} becomes ${hex(after.mark)}`;
    case 'CONNMARK':
      return before.mark === after.mark
        ? target.parameters.numbers[0] === 2
          ? `the connection's mark leaves the packet's at ${hex(after.mark)}`
          : 'the connection is marked'
        : `mark ${hex(after.mark)} restored from the connection`;
    case 'NOTRACK':
      return 'not tracked: no connection, no NAT';
    case 'CT':
      return target.parameters.numbers[0] === 1
        ? 'not tracked: no connection, no NAT'
        : target.parameters.words.some((word) => word.startsWith('--zone'))
          ? 'its connection is one of another zone'
          : 'what it sets for the connection does not bear on the path';
    case 'NETMAP':
      return before.dst === after.dst
        ? `source ${formatIpv4(before.src)} becomes ${formatIpv4(after.src)}`
        : `destination ${formatIpv4(before.dst)} becomes ${formatIpv4(after.dst)}`;
    case 'TTL':
    case 'HL':
      return `TTL ${before.ttl} becomes ${after.ttl}`;
    case 'TOS':
    case 'DSCP':
      return 'the type of service is set';
    case 'SET':
      return 'the set is changed: what later rules ask of it is not known';
    case 'TEE':
      return 'a copy is sent elsewhere, the packet goes on';
    default:
      return `${target.name} does not bear on the path`;
  }
}

const endpoint = (address: number, port: number | string): string => `${formatIpv4(address)}:${port}`;

/** "SNAT skipped: destination is inside a VPC CIDR (10.0.0.0/16)". */
export function skippedBy(chain: Chain, number: number, rule: ParsedRule): string {
  return `${leftOut(chain, number)} skipped: ${reasonOf(rule)}`;
}

function leftOut(chain: Chain, number: number): string {
  const targets = bodyOf(chain)
    .lines.slice(number + 1)
    .map((line) => readLine(chain.table, line.text).target?.name);
  if (targets.includes('SNAT') || targets.includes('MASQUERADE')) return 'SNAT';
  if (targets.includes('DNAT') || targets.includes('REDIRECT')) return 'DNAT';
  return targets.includes('CONNMARK') ? 'connection mark' : `rest of ${chain.name}`;
}

function reasonOf(rule: ParsedRule): string {
  const { header } = rule;
  const conditions: string[] = [];
  if (header.dstMask) {
    const known = cniReasons[commentOf(rule) ?? ''];
    const network = printNetwork(header.dst, header.dstMask);
    if (known && !(header.inverted & NOT_DST)) return `${known} (${network})`;
    conditions.push(`destination is ${header.inverted & NOT_DST ? 'not ' : ''}inside ${network}`);
  }
  if (header.srcMask)
    conditions.push(
      `source is ${header.inverted & NOT_SRC ? 'not ' : ''}inside ${printNetwork(header.src, header.srcMask)}`,
    );
  for (const { name, module, parameters } of rule.matches) {
    const [value = 0, mask = 0, inverted] = parameters.numbers;
    if (name === 'mark')
      conditions.push(
        `the packet ${inverted ? 'does not carry' : 'carries'} mark ${hex(value)}${mask === -1 ? '' : `/${hex(mask)}`}`,
      );
    else if (name !== 'comment') conditions.push(`${name} ${module ? module.print(parameters) : ''} holds`);
  }
  return conditions.length > 0
    ? conditions.join(', ')
    : (commentOf(rule) ?? 'the rule holds for every packet');
}
