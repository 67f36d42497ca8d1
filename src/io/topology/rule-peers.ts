/** Peers of security group rules: a block, a group of the same or of a joined VPC, a prefix list ("Security group rules",
 *  VPC guide). */
import type { TopologyFile } from '../../world/schema.ts';
import type { PeeringSideFile } from '../../world/schema-links.ts';
import type { SecurityGroupFile, VpcFile } from '../../world/schema-vpc.ts';
import type { SecurityGroupRuleSpec, SecurityGroupSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, namesOf } from './names.ts';
import { type KnownPrefixLists, namedPrefixList } from './prefix-lists.ts';
import { readAnyCidr } from './values.ts';

/** Name of the group that AWS makes with a VPC. */
export const DEFAULT_GROUP = 'default';

/** What the rules of one VPC may name. */
export interface KnownPeers {
  readonly vpc: string;
  readonly region: string;
  /** Groups by VPC. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly regions: ReadonlyMap<string, string>;
  /** Peerings whose other side is not in the file: groups there go by the peering's name, and any name will do. */
  readonly unseen: ReadonlySet<string>;
  readonly prefixLists: KnownPrefixLists;
}

/** Every group of a VPC by name, also those that AWS and EKS make. */
export function groupNames(vpc: VpcFile, made: readonly SecurityGroupSpec[]): ReadonlySet<string> {
  return namesOf([...(vpc.securityGroups ?? []), ...made]).add(DEFAULT_GROUP);
}

/** Names of peerings with a side that is no VPC of the file. */
export function unseenPeerings({ peerings, vpcs }: TopologyFile): ReadonlySet<string> {
  const known = namesOf(vpcs);
  const isUnseen = (side: PeeringSideFile): boolean =>
    typeof side !== 'string' && (side.vpc === undefined || !known.has(side.vpc));
  return namesOf(
    (peerings ?? []).filter(({ requester, accepter }) => isUnseen(requester) || isUnseen(accepter)),
  );
}

type RuleFile = NonNullable<SecurityGroupFile['ingress'] | SecurityGroupFile['egress']>[number];

/** Written of a rule where nobody could read what it names. */
const UNKNOWN = 'unknown';

/** What `text`, the member `key` of a rule, names. */
export function readPeer(
  reading: Reading,
  rule: RuleFile,
  key: 'from' | 'to',
  text: string,
  known: KnownPeers,
): SecurityGroupRuleSpec['peer'] | undefined {
  if (text === UNKNOWN) return { unknown: true };
  if (text.startsWith('sg/')) return readGroupPeer(reading, rule, key, text.slice('sg/'.length), known);
  if (text.startsWith('pl/')) {
    const list = namedPrefixList(reading, rule, key, text, known.prefixLists);
    return list && { prefixList: list.name };
  }
  if (known.groups.get(known.vpc)?.has(text)) {
    reading.error(reading.of(rule, key), {
      code: 'topology/bad-peer',
      message: `${JSON.stringify(text)} is not a block`,
      hint: `write sg/${text} for the security group`,
    });
    return undefined;
  }
  const block = readAnyCidr(reading, rule, key, text);
  return block && { cidr: block };
}

/** "NAME" or "VPC/NAME"; a group that is no more is written with `stale: true`. */
function readGroupPeer(
  reading: Reading,
  rule: RuleFile,
  key: 'from' | 'to',
  text: string,
  { vpc, region, groups, regions, unseen }: KnownPeers,
): SecurityGroupRuleSpec['peer'] | undefined {
  const slash = text.indexOf('/');
  const owner = slash < 0 ? vpc : text.slice(0, slash);
  const group = text.slice(slash + 1);
  const peer = owner === vpc ? { group } : { group, vpc: owner };
  if (unseen.has(owner)) return peer;
  const there = regions.get(owner);
  if (there !== undefined && there !== region) {
    reading.error(reading.of(rule, key), {
      code: 'topology/other-region',
      message: `${JSON.stringify(owner)} is in ${there}: a rule can name groups of its own Region only`,
      hint: 'write a block of that VPC',
    });
    return undefined;
  }
  if (rule.stale === true) return peer;
  const joined = new Set([...groups.keys(), ...unseen]);
  if (!checkReference(reading, rule, key, 'VPC', owner, joined)) return undefined;
  return checkReference(reading, rule, key, 'security group', group, groups.get(owner)) ? peer : undefined;
}
