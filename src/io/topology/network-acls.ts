/** Network ACLs (VPC guide): numbered rules; one that is written without rules denies everything, the default
 *  one allows everything. */
import { cidr } from '../../addressing/cidr.ts';
import { defaulted } from '../../base/origin.ts';
import { ANY_PROTOCOL } from '../../packet/protocol.ts';
import type { NetworkAclFile, VpcFile } from '../../world/schema-vpc.ts';
import type { NetworkAclRuleSpec, NetworkAclSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkUnique } from './names.ts';
import { readAnyCidr, readRule } from './values.ts';

const DEFAULT_ACL = 'default';

/** The ACLs of a VPC, the default one first. */
export function readNetworkAcls(reading: Reading, vpc: VpcFile): readonly NetworkAclSpec[] {
  const written = vpc.networkAcls ?? [];
  checkUnique(reading, ['network ACL', written]);
  const acls = written.map((acl) => readAcl(reading, vpc, acl));
  const own = acls.find(({ name }) => name === DEFAULT_ACL);
  if (own) return [own, ...acls.filter((acl) => acl !== own)];
  reading.fill(`vpcs.${vpc.name}.networkAcls.default`, DEFAULT_ACL, 'AWS', 'allows all traffic');
  const origin = defaulted('AWS', 'default network ACL');
  const all = allowAll(vpc);
  return [{ name: DEFAULT_ACL, ingress: all, egress: all, origin }, ...acls];
}

function allowAll({ ipv6Cidrs = [] }: VpcFile): readonly NetworkAclRuleSpec[] {
  return ['0.0.0.0/0', ...(ipv6Cidrs.length > 0 ? ['::/0'] : [])].map((block, place) => ({
    rule: 100 + place,
    protocol: ANY_PROTOCOL,
    cidr: cidr(block),
    action: 'allow' as const,
    origin: defaulted('AWS', `rule ${100 + place} of the default network ACL`),
  }));
}

function readAcl(reading: Reading, vpc: VpcFile, acl: NetworkAclFile): NetworkAclSpec {
  const path = `vpcs.${vpc.name}.networkAcls.${acl.name}`;
  const rulesOf = (direction: 'ingress' | 'egress'): readonly NetworkAclRuleSpec[] => {
    const rules = acl[direction];
    if (rules) return readRules(reading, rules);
    const isDefault = acl.name === DEFAULT_ACL;
    const shown = isDefault ? 'allows all traffic' : 'denies all traffic';
    return reading.fill(`${path}.${direction}`, isDefault ? allowAll(vpc) : [], 'AWS', shown);
  };
  return {
    name: acl.name,
    ingress: rulesOf('ingress'),
    egress: rulesOf('egress'),
    origin: reading.of(acl),
  };
}

function readRules(
  reading: Reading,
  rules: NonNullable<NetworkAclFile['ingress']>,
): readonly NetworkAclRuleSpec[] {
  const numbers = new Set<number>();
  return rules
    .flatMap((rule) => {
      if (numbers.has(rule.rule)) {
        const message = `another rule of this direction has the number ${rule.rule}`;
        reading.error(reading.of(rule, 'rule'), { code: 'topology/duplicate-rule', message });
      }
      numbers.add(rule.rule);
      const matches = readRule(reading, rule);
      const block = readAnyCidr(reading, rule, 'cidr', rule.cidr);
      if (!matches || !block) return [];
      const { rule: number, action } = rule;
      return [{ rule: number, ...matches, cidr: block, action, origin: reading.of(rule) }];
    })
    .sort((a, b) => a.rule - b.rule);
}
