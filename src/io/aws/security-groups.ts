/** `describe-security-groups` and `describe-security-group-rules` (EC2 API, IpPermission and SecurityGroupRule) as
 *  security groups of the topology file. */
import { type Account, all, has, leftOut, made, nowhere } from './account.ts';
import { heldGroups } from './held-groups.ts';
import { prefixListName } from './prefix-lists.ts';
import { flag, number, part, parts, type Resource, tagsOf, text } from './resource.ts';

type Rule = Record<string, unknown>;
type Side = 'from' | 'to';

export function securityGroupOf(account: Account, group: Resource): Record<string, unknown> {
  const id = text(group, 'GroupId')!;
  const listed = Array.isArray(group.value.IpPermissions);
  return made(account, group, {
    name: id,
    description: text(group, 'Description'),
    ...(listed ? rulesInside(account, group) : rulesApart(account, id, text(group, 'VpcId'))),
    tags: tagsOf(group),
  });
}

function rulesInside(account: Account, group: Resource): { ingress: Rule[]; egress: Rule[] } {
  const rules = (key: string, side: Side): Rule[] =>
    parts(group, key).flatMap((permission) => rulesOf(account, group, permission, side));
  return { ingress: rules('IpPermissions', 'from'), egress: rules('IpPermissionsEgress', 'to') };
}

/** One rule for each block, prefix list and group of a permission. */
function rulesOf(account: Account, group: Resource, permission: Resource, side: Side): Rule[] {
  const matches = matchOf(permission);
  if (!matches) {
    leftOut(account, permission, 'a rule without protocol is left out');
    return [];
  }
  const rule = (resource: Resource, peer: Rule | undefined): Rule[] =>
    peer === undefined
      ? []
      : [made(account, resource, { ...matches, ...peer, description: text(resource, 'Description') })];
  return [
    ...parts(permission, 'IpRanges').flatMap((range) => rule(range, blockPeer(text(range, 'CidrIp'), side))),
    ...parts(permission, 'Ipv6Ranges').flatMap((range) =>
      rule(range, blockPeer(text(range, 'CidrIpv6'), side)),
    ),
    ...parts(permission, 'PrefixListIds').flatMap((list) =>
      rule(list, listPeer(account, list, text(list, 'PrefixListId'), side)),
    ),
    ...parts(permission, 'UserIdGroupPairs').flatMap((pair) =>
      rule(pair, groupPeer(account, text(group, 'VpcId'), pair, side)),
    ),
  ];
}

/** Rules as `describe-security-group-rules` prints them, for a group that comes without. */
export function rulesApart(
  account: Account,
  id: string,
  vpc: string | undefined,
): { readonly ingress: unknown; readonly egress: unknown } {
  const own = all(account, 'SecurityGroupRules').filter((each) => text(each, 'GroupId') === id);
  if (own.length === 0)
    return { ingress: [{ protocol: 'all', from: 'unknown' }], egress: [{ protocol: 'all', to: 'unknown' }] };
  const rules = (side: Side): Rule[] =>
    own
      .filter((each) => flag(each, 'IsEgress') === (side === 'to'))
      .flatMap((each) => {
        const matches = matchOf(each);
        const peer = matches && peerOfRule(account, vpc, each, side);
        return peer
          ? [made(account, each, { ...matches, ...peer, description: text(each, 'Description') })]
          : [];
      });
  return { ingress: rules('from'), egress: rules('to') };
}

function peerOfRule(account: Account, vpc: string | undefined, rule: Resource, side: Side): Rule | undefined {
  const list = text(rule, 'PrefixListId');
  const referenced = part(rule, 'ReferencedGroupInfo');
  if (list !== undefined) return listPeer(account, rule, list, side);
  if (referenced) return groupPeer(account, vpc, referenced, side);
  return blockPeer(text(rule, 'CidrIpv4') ?? text(rule, 'CidrIpv6'), side);
}

function blockPeer(block: string | undefined, side: Side): Rule | undefined {
  return block === undefined ? undefined : { [side]: block };
}

function listPeer(account: Account, at: Resource, id: string | undefined, side: Side): Rule | undefined {
  if (id === undefined) return undefined;
  const name = prefixListName(account, id);
  if (name !== undefined) return { [side]: `pl/${name}` };
  nowhere(account, at, `the entries of ${id}`, 'what the rule would admit is undetermined');
  return { [side]: 'unknown' };
}

/** A group that is described, or that an interface holds; else nobody who is described holds it. */
function groupPeer(account: Account, vpc: string | undefined, pair: Resource, side: Side): Rule | undefined {
  const id = text(pair, 'GroupId');
  if (id === undefined) return undefined;
  const owner =
    text(account.inventory.of('SecurityGroups')?.get(id), 'VpcId') ?? heldGroups(account).get(id)?.vpc;
  if (owner !== undefined && has(account, 'Vpcs', owner))
    return { [side]: owner === vpc ? `sg/${id}` : `sg/${owner}/${id}` };
  nowhere(account, pair, `security group ${id}`, 'no interface that is described holds it');
  return { [side]: `sg/${id}`, stale: true };
}

/** Protocol, ports, and for ICMP type and code: -1 stands for any. */
function matchOf(permission: Resource): Rule | undefined {
  const protocol = text(permission, 'IpProtocol');
  const [from, to] = [number(permission, 'FromPort'), number(permission, 'ToPort')];
  if (protocol === undefined) return undefined;
  if (protocol === '-1') return { protocol: 'all' };
  if (protocol === 'icmp' || protocol === '1') return { protocol: 'icmp', ...icmp(from, to) };
  if (protocol === 'icmpv6' || protocol === '58') return { protocol: 'icmpv6', ...icmp(from, to) };
  const ported = ['tcp', 'udp', '6', '17'].includes(protocol);
  if (!ported || from === undefined || from < 0) return { protocol };
  return { protocol, ports: to === undefined || to === from ? from : `${from}-${to}` };
}

function icmp(type: number | undefined, code: number | undefined): Rule {
  if (type === undefined || type === -1) return {};
  return code === undefined || code === -1 ? { type } : { type, code };
}
