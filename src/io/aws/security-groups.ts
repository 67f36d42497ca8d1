/** `describe-security-groups` (EC2 API, IpPermission) as security groups of the topology file. */
import { type Account, has, leftOut, made } from './account.ts';
import { number, parts, type Resource, tagsOf, text } from './resource.ts';

type Rule = Record<string, unknown>;

export function securityGroupOf(account: Account, group: Resource): Record<string, unknown> {
  const rules = (key: string, side: 'from' | 'to'): Rule[] =>
    parts(group, key).flatMap((permission) => rulesOf(account, group, permission, side));
  return made(account, group, {
    name: text(group, 'GroupId'),
    description: text(group, 'Description'),
    ingress: rules('IpPermissions', 'from'),
    egress: rules('IpPermissionsEgress', 'to'),
    tags: tagsOf(group),
  });
}

/** One rule for each block, prefix list and group of a permission. */
function rulesOf(account: Account, group: Resource, permission: Resource, side: 'from' | 'to'): Rule[] {
  const matches = matchOf(permission);
  if (!matches) {
    leftOut(account, permission, 'a rule without protocol is left out');
    return [];
  }
  const rule = (peer: Resource, value: string | undefined): Rule[] =>
    value === undefined
      ? []
      : [made(account, peer, { ...matches, [side]: value, description: text(peer, 'Description') })];
  return [
    ...parts(permission, 'IpRanges').flatMap((range) => rule(range, text(range, 'CidrIp'))),
    ...parts(permission, 'PrefixListIds').flatMap((list) => {
      const id = text(list, 'PrefixListId');
      return rule(list, id && `pl/${id}`);
    }),
    ...parts(permission, 'UserIdGroupPairs').flatMap((pair) => rule(pair, peerOf(account, group, pair))),
  ];
}

function peerOf(account: Account, group: Resource, pair: Resource): string | undefined {
  const id = text(pair, 'GroupId');
  const other = id === undefined ? undefined : account.inventory.of('SecurityGroups')?.get(id);
  if (!other || !has(account, 'Vpcs', text(other, 'VpcId'))) {
    leftOut(account, pair, `security group ${id ?? '?'} is described in no file: its members are not known`);
    return undefined;
  }
  const vpc = text(other, 'VpcId');
  return vpc === text(group, 'VpcId') ? `sg/${id}` : `sg/${vpc}/${id}`;
}

/** Protocol, ports, and for ICMP type and code: -1 stands for any. */
function matchOf(permission: Resource): Rule | undefined {
  const protocol = text(permission, 'IpProtocol');
  const [from, to] = [number(permission, 'FromPort'), number(permission, 'ToPort')];
  if (protocol === undefined) return undefined;
  if (protocol === '-1') return { protocol: 'all' };
  if (protocol === 'icmp' || protocol === '1') return { protocol: 'icmp', ...icmp(from, to) };
  const ported = ['tcp', 'udp', '6', '17'].includes(protocol);
  if (!ported || from === undefined || from < 0) return { protocol };
  return { protocol, ports: to === undefined || to === from ? from : `${from}-${to}` };
}

function icmp(type: number | undefined, code: number | undefined): Rule {
  if (type === undefined || type === -1) return {};
  return code === undefined || code === -1 ? { type } : { type, code };
}
