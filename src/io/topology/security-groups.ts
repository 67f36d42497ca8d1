/** Security groups (VPC guide): a new one admits nothing in and everything out; every VPC has one named
 *  `default`, whose members reach each other. */
import { cidr } from '../../addressing/cidr.ts';
import { defaulted } from '../../base/origin.ts';
import { ANY_PROTOCOL } from '../../packet/protocol.ts';
import type { SecurityGroupFile, VpcFile } from '../../world/schema-vpc.ts';
import type { SecurityGroupRuleSpec, SecurityGroupSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkUnique } from './names.ts';
import { DEFAULT_GROUP, type KnownPeers, readPeer } from './rule-peers.ts';
import { readRule } from './values.ts';

/** The groups of a VPC; `made` are groups that something else creates, where they are not written. */
export function readSecurityGroups(
  reading: Reading,
  vpc: VpcFile,
  made: readonly SecurityGroupSpec[],
  known: KnownPeers,
): readonly SecurityGroupSpec[] {
  const written = vpc.securityGroups ?? [];
  checkUnique(reading, ['security group', written]);
  const groups = written.map((group) => readGroup(reading, vpc, group, known));
  const added = made.filter(({ name }) => !groups.some((group) => group.name === name));
  for (const group of added) {
    const path = `vpcs.${vpc.name}.securityGroups.${group.name}`;
    reading.fill(path, group.name, 'EKS', 'the cluster security group: all from itself, all out');
  }
  if (groups.some(({ name }) => name === DEFAULT_GROUP)) return [...groups, ...added];
  const path = `vpcs.${vpc.name}.securityGroups.default`;
  reading.fill(path, DEFAULT_GROUP, 'AWS', 'the default security group: all from itself, all out');
  return [...groups, ...added, selfReferencingGroup(DEFAULT_GROUP, 'AWS', {}, hasIpv6(vpc))];
}

/** A group as AWS and EKS make them: everything from its own members, everything out. `six`: the VPC has
 *  blocks of IPv6, whose packets may go out too. */
export function selfReferencingGroup(
  name: string,
  by: string,
  tags: Readonly<Record<string, string>>,
  six = false,
): SecurityGroupSpec {
  const origin = defaulted(by, `security group ${name}`);
  return { name, ingress: [anyFrom(name, by)], egress: anyTo(by, six), tags, origin };
}

function anyFrom(group: string, by: string): SecurityGroupRuleSpec {
  const origin = defaulted(by, `all traffic from members of ${group}`);
  return { protocol: ANY_PROTOCOL, peer: { group }, description: '', origin };
}

function anyTo(by: string, six: boolean): readonly SecurityGroupRuleSpec[] {
  const origin = defaulted(by, 'all traffic out');
  return ['0.0.0.0/0', ...(six ? ['::/0'] : [])].map((block) => ({
    protocol: ANY_PROTOCOL,
    peer: { cidr: cidr(block) },
    description: '',
    origin,
  }));
}

function readGroup(
  reading: Reading,
  vpc: VpcFile,
  group: SecurityGroupFile,
  known: KnownPeers,
): SecurityGroupSpec {
  const path = `vpcs.${vpc.name}.securityGroups.${group.name}`;
  const { ingress, egress } = group;
  const six = hasIpv6(vpc);
  return {
    name: group.name,
    ingress: ingress
      ? ingress.flatMap((rule) => readPeerRule(reading, rule, 'from', rule.from, known))
      : defaultIngress(reading, path, group.name),
    egress: egress
      ? egress.flatMap((rule) => readPeerRule(reading, rule, 'to', rule.to, known))
      : reading.fill(
          `${path}.egress`,
          anyTo('AWS', six),
          'AWS',
          `all traffic to 0.0.0.0/0${six ? ' and ::/0' : ''}`,
        ),
    tags: group.tags ?? {},
    origin: reading.of(group),
  };
}

function hasIpv6({ ipv6Cidrs = [] }: VpcFile): boolean {
  return ipv6Cidrs.length > 0;
}

function defaultIngress(reading: Reading, path: string, name: string): readonly SecurityGroupRuleSpec[] {
  if (name !== DEFAULT_GROUP) return reading.fill(`${path}.ingress`, [], 'AWS', 'nothing');
  return reading.fill(`${path}.ingress`, [anyFrom(name, 'AWS')], 'AWS', 'all traffic from itself');
}

type RuleFile = NonNullable<SecurityGroupFile['ingress'] | SecurityGroupFile['egress']>[number];

function readPeerRule(
  reading: Reading,
  rule: RuleFile,
  key: 'from' | 'to',
  peer: string,
  known: KnownPeers,
): readonly SecurityGroupRuleSpec[] {
  const matches = readRule(reading, rule);
  const found = readPeer(reading, rule, key, peer, known);
  if (!matches || !found) return [];
  return [{ ...matches, peer: found, description: rule.description ?? '', origin: reading.of(rule) }];
}
