/** `describe-network-acls` (EC2 API, NetworkAclEntry) as network ACLs of the topology file. */
import { type Account, all, leftOut, made } from './account.ts';
import { flag, number, part, parts, type Resource, text } from './resource.ts';

/** Number of the rule that ends every list and that nobody can change. */
const FINAL_RULE = 32767;

export function networkAclOf(account: Account, acl: Resource): Record<string, unknown> {
  const entries = parts(acl, 'Entries');
  const rules = (egress: boolean): Record<string, unknown>[] =>
    entries
      .filter((entry) => (flag(entry, 'Egress') ?? false) === egress)
      .flatMap((entry) => ruleOf(account, entry));
  return made(account, acl, {
    name: text(acl, 'NetworkAclId'),
    ingress: rules(false),
    egress: rules(true),
  });
}

/** Subnet -> name of its network ACL. */
export function aclsOfSubnets(account: Account): ReadonlyMap<string, string> {
  return new Map(
    all(account, 'NetworkAcls').flatMap((acl) =>
      parts(acl, 'Associations').flatMap((association) => {
        const subnet = text(association, 'SubnetId');
        return subnet === undefined ? [] : [[subnet, text(acl, 'NetworkAclId')!] as const];
      }),
    ),
  );
}

function ruleOf(account: Account, entry: Resource): Record<string, unknown>[] {
  const rule = number(entry, 'RuleNumber');
  const cidr = text(entry, 'CidrBlock') ?? text(entry, 'Ipv6CidrBlock');
  if (rule === undefined || rule >= FINAL_RULE) return [];
  if (cidr === undefined) {
    leftOut(account, entry, 'an entry without a block is left out');
    return [];
  }
  return [made(account, entry, { rule, ...matchOf(entry), cidr, action: text(entry, 'RuleAction') })];
}

function matchOf(entry: Resource): Record<string, unknown> {
  const protocol = text(entry, 'Protocol') ?? '-1';
  if (protocol === '-1') return { protocol: 'all' };
  if (protocol === '1' || protocol === '58') {
    const name = protocol === '1' ? 'icmp' : 'icmpv6';
    const icmp = part(entry, 'IcmpTypeCode');
    const [type, code] = [number(icmp, 'Type'), number(icmp, 'Code')];
    if (type === undefined || type === -1) return { protocol: name };
    return code === undefined || code === -1 ? { protocol: name, type } : { protocol: name, type, code };
  }
  const range = part(entry, 'PortRange');
  const [from, to] = [number(range, 'From'), number(range, 'To')];
  if (from === undefined || !['6', '17'].includes(protocol)) return { protocol };
  return { protocol, ports: to === undefined || to === from ? from : `${from}-${to}` };
}
