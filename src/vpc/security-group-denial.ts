/** Why no rule of an interface's security groups admits a packet: the rule that almost did, and the one to add. */
import { longestLength } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { type DropText, drop, type Wording } from '../trace/vocabulary.ts';
import type { NetworkChange } from './changes.ts';
import { nameOf, vpcOf } from './records.ts';
import { nearestRule, STALE, serviceOf, serviceText } from './rule-text.ts';
import {
  admittingAmong,
  admittingRule,
  clause,
  type Direction,
  groupRuleText,
  peerText,
  rulesOf,
  type SecurityGroup,
  type SecurityGroupPeer,
  withheldRule,
} from './security-group.ts';
import { directionOf, foundRule, type GroupHolder, stage } from './security-group-words.ts';

/** AWS's codes, the usual one first; `denial` says which fits a case. */
const aws = [
  'ENI_SG_RULES_MISMATCH',
  'SG_HAS_NO_RULES',
  'SG_REFERENCES_NOT_PRESERVED',
  'SG_REFERENCING_SUPPORT',
  'UNKNOWN_PEERED_SGS',
] as const;

export const noIngressRule = drop<GroupHolder>({
  code: 'sg/no-ingress-rule',
  means: 'No inbound rule of any security group of the network interface admits the packet.',
  aws,
  causes: [
    'the rule has another port: it must name the port after DNAT (targetPort, nodePort), not the port of the Service',
    'the rule names a group, and NAT, a proxy, a middlebox or a transit gateway on the way lost who the sender is',
    'the rule names a group of a peered VPC that was deleted, or whose peering was',
    'node groups with different security groups and no rule between them: works on some nodes only',
  ],
  look: [
    'aws ec2 describe-security-group-rules --filters Name=group-id,Values=<group>',
    'aws ec2 describe-stale-security-groups --vpc-id <vpc>',
    'source address as the interface sees it: the header that enters it',
  ],
  word: (wording) => denial(wording),
});

export const noEgressRule = drop<GroupHolder>({
  code: 'sg/no-egress-rule',
  means: 'No outbound rule of any security group of the network interface admits the packet.',
  aws,
  causes: [
    'the default outbound rule (all to 0.0.0.0/0) was removed or narrowed',
    'a service of AWS is reached by public addresses: the rule must name its prefix list, also for a gateway endpoint',
  ],
  look: ['aws ec2 describe-security-group-rules --filters Name=group-id,Values=<group>'],
  word: (wording) => denial(wording),
});

/** `a`: inward; `b`: the peer's interface or -1; `c`: who sent the request in the first place; `d`: where on the way the
 *  sender's groups were lost, or -1. */
function denial(wording: Wording<GroupHolder>): DropText {
  const { self, a, b, before, device } = wording;
  const direction = directionOf(a);
  const groups = self.securityGroups!;
  const peer = a ? before.src : before.dst;
  const rules = groups.flatMap((group) =>
    rulesOf(group, direction).weighed.map((rule, number) => ({ ...rule, group, number })),
  );
  const names = groups.map(({ name }) => `sg/${name}`).join(', ');
  const lost = lostReference(wording, groups, direction, peer);
  const near = nearestRule(rules, before, peer);
  const nearest = lost
    ? rules.find(({ group, number }) => group === lost.group && number === lost.number)!
    : near && rules[near.index]!;
  const lacks = lost ? lost.because : near?.lacks.join(', ');
  const service = serviceOf(before);
  const packet = clause(direction, serviceText(service), formatIpv4(peer));
  const owner = b >= 0 ? (device(b) as GroupHolder) : undefined;
  const group = (nearest?.group ?? groups[0])?.name;
  const named = peerToAdd(owner, nearest?.peerText, peer);
  const change: NetworkChange | undefined =
    group === undefined
      ? undefined
      : { kind: 'security-group-rule', vpc: vpcOf(self, device), group, direction, ...service, peer: named };
  return {
    stage: stage(a),
    because:
      rules.length === 0
        ? `${names} ${groups.length === 1 ? 'has' : 'have'} no ${direction} rules, so nothing new passes: ${packet}`
        : `no ${direction} rule of ${names} admits ${packet}`,
    nearest: nearest && `${groupRuleText(nearest.group.name, direction, nearest)}: ${lacks}`,
    fix: `add to sg/${group ?? '<group>'} ${direction}: ${clause(direction, serviceText(service), peerText(named))}`,
    change,
    aws: rules.length === 0 ? 'SG_HAS_NO_RULES' : (lost?.aws ?? 'ENI_SG_RULES_MISMATCH'),
    origin: nearest && rulesOf(nearest.group, direction).rules[nearest.number]!.origin,
  };
}

/** A rule that would have admitted the packet, and the clause that says what kept it from doing so. */
interface Lost {
  readonly group: SecurityGroup;
  readonly number: number;
  readonly because: string;
  readonly aws: (typeof aws)[number] | undefined;
}

function lostReference(
  { a, c: sender, d: lostAt, before, device }: Wording<GroupHolder>,
  groups: readonly SecurityGroup[],
  direction: Direction,
  peer: number,
): Lost | undefined {
  const { protocol, destinationPort } = before;
  if (lostAt >= 0) {
    const found = admittingAmong(true, groups, direction, protocol, peer, destinationPort);
    if (found >= 0) {
      const by = passerOn(device(lostAt), device);
      const because = `${formatIpv4(peer)} holds that group, but ${nameOf(by)} on the way passes no groups on`;
      return { ...foundRule(groups, a, found), because, aws: codeOf(by) };
    }
  }
  const held = withheldRule(groups, direction, protocol, peer, destinationPort);
  if (held >= 0) {
    const { why, by } = foundRule(groups, a, held).rules.weighed[foundRule(groups, a, held).number]!
      .withheld!;
    return { ...foundRule(groups, a, held), because: withheldText[why](by), aws: withheldCode[why] };
  }
  if (sender === peer) return undefined;
  const found = admittingRule(groups, direction, protocol, sender, destinationPort);
  const withheld = found < 0 ? withheldRule(groups, direction, protocol, sender, destinationPort) : -1;
  if (found < 0 && withheld < 0) return undefined;
  const rule = foundRule(groups, a, found < 0 ? withheld : found);
  const because = `it would admit the sender ${formatIpv4(sender)}, but NAT or a proxy on the way made the source ${formatIpv4(peer)}`;
  const byName = 'group' in rule.rules.rules[rule.number]!.peer;
  return { ...rule, because, aws: byName ? 'SG_REFERENCES_NOT_PRESERVED' : undefined };
}

/** Who an interface sends for, or the device itself. */
function passerOn(at: DeviceRecord, device: (index: number) => DeviceRecord): DeviceRecord {
  return at.kind === 'eni' ? device((at as GroupHolder).host) : at;
}

const codeOf = ({ kind }: DeviceRecord): Lost['aws'] =>
  kind === 'tgw-attachment' ? 'SG_REFERENCING_SUPPORT' : 'SG_REFERENCES_NOT_PRESERVED';

const withheldCode = {
  deleted: undefined,
  'referencing-off': 'SG_REFERENCING_SUPPORT',
  'inbound-only': 'SG_REFERENCING_SUPPORT',
  unseen: 'UNKNOWN_PEERED_SGS',
  undescribed: undefined,
} as const;

const withheldText = {
  deleted: () => STALE,
  'referencing-off': (by: string) => `security group referencing is off on ${by}, which joins the two VPCs`,
  'inbound-only': (by: string) => `${by} joins the two VPCs, and tells groups to inbound rules only`,
  undescribed: () => 'nobody described what the rule names',
  unseen: (by: string) =>
    `who holds that group cannot be seen: the other side of ${by} is not in the topology`,
};

/** The peer a new rule should name: the group the peer's interface holds, else its address. */
function peerToAdd(
  owner: GroupHolder | undefined,
  named: string | undefined,
  address: number,
): SecurityGroupPeer {
  const held = owner?.securityGroups?.map(({ name }) => name) ?? [];
  const group = held.find((name) => `sg/${name}` === named) ?? held[0];
  return group === undefined
    ? { cidr: { base: address, length: longestLength({ base: address, length: 0 }) } }
    : { group };
}
