/** `describe-network-interfaces` (EC2 API, NetworkInterface), and the same inside `describe-instances`: interfaces as
 *  the topology file gives them. */

import { balancerId, balancerOf } from '../elbv2/load-balancers.ts';
import { type Account, all, has, made, nowhere } from './account.ts';
import { elasticAddresses } from './addresses.ts';
import { flag, number, part, parts, type Resource, text } from './resource.ts';

/** {name, subnet, addresses, prefixes, publicAddresses, securityGroups, sourceDestCheck, state}, and of an attached one
 *  {device, card}; undefined where it has no IPv4 address. */
export function interfaceOf(
  account: Account,
  eni: Resource,
  attached?: Resource,
): Record<string, unknown> | undefined {
  const own = parts(eni, 'PrivateIpAddresses');
  const sorted = [...own].sort((a, b) => Number(flag(b, 'Primary')) - Number(flag(a, 'Primary')));
  const addresses = sorted.flatMap((each) => text(each, 'PrivateIpAddress') ?? []);
  const prefixes = parts(eni, 'Ipv4Prefixes').flatMap((each) => text(each, 'Ipv4Prefix') ?? []);
  if (addresses.length === 0) addresses.push(...[text(eni, 'PrivateIpAddress') ?? []].flat());
  if (addresses.length === 0) return undefined;
  const subnet = text(eni, 'SubnetId');
  if (!has(account, 'Subnets', subnet)) {
    nowhere(account, eni, subnet ?? 'its subnet', 'the interface is left out');
    return undefined;
  }
  const state = text(eni, 'Status');
  return made(account, eni, {
    name: text(eni, 'NetworkInterfaceId'),
    subnet,
    addresses,
    prefixes: prefixes.length > 0 ? prefixes : undefined,
    publicAddresses: publicAddresses(account, eni, own, addresses[0]!),
    securityGroups: groupsOf(eni, 'Groups'),
    sourceDestCheck: flag(eni, 'SourceDestCheck'),
    state: state === 'in-use' ? undefined : state,
    device: number(attached, 'DeviceIndex'),
    card: number(attached, 'NetworkCardIndex') || undefined,
  });
}

export function groupsOf(resource: Resource, key: string): readonly string[] {
  return [...new Set(parts(resource, key).flatMap((group) => text(group, 'GroupId') ?? []))];
}

function publicAddresses(
  account: Account,
  eni: Resource,
  own: readonly Resource[],
  primary: string,
): Record<string, string> | undefined {
  const pairs = own.flatMap((each) => {
    const [address, found] = [text(each, 'PrivateIpAddress'), text(part(each, 'Association'), 'PublicIp')];
    return address === undefined || found === undefined ? [] : [[address, found] as const];
  });
  const whole = text(part(eni, 'Association'), 'PublicIp');
  const found = new Map([
    ...elasticAddresses(account, text(eni, 'NetworkInterfaceId')),
    ...(pairs.length === 0 && whole !== undefined ? [[primary, whole] as const] : pairs),
  ]);
  return found.size > 0 ? Object.fromEntries(found) : undefined;
}

/** Interfaces that are part of something else that is described: instances, gateways, load balancers, endpoints. */
const partsOfOthers: Readonly<Record<string, string>> = {
  nat_gateway: 'NatGateways',
  vpc_endpoint: 'VpcEndpoints',
  gateway_load_balancer_endpoint: 'VpcEndpoints',
  transit_gateway: 'TransitGateways',
  network_load_balancer: 'LoadBalancers',
};

/** Interfaces of what has no other description: databases, functions, mount targets. */
export function otherInterfaces(
  account: Account,
  instances: ReadonlySet<string>,
): ReadonlyMap<string, readonly Record<string, unknown>[]> {
  const found = new Map<string, Record<string, unknown>[]>();
  const balancers = new Set(all(account, 'LoadBalancers').map(balancerId));
  for (const eni of all(account, 'NetworkInterfaces')) {
    if (balancers.has(balancerOf(eni) ?? '')) continue;
    const vpc = text(eni, 'VpcId');
    const instance = text(part(eni, 'Attachment'), 'InstanceId');
    const described = partsOfOthers[text(eni, 'InterfaceType') ?? ''];
    if (vpc === undefined || (instance !== undefined && instances.has(instance))) continue;
    if (described !== undefined && account.inventory.of(described)) continue;
    if (!has(account, 'Vpcs', vpc)) continue;
    const made = interfaceOf(account, eni);
    if (!made) continue;
    made.owner = ownerOf(eni);
    found.set(vpc, [...(found.get(vpc) ?? []), made]);
  }
  return found;
}

/** What has the interface, as far as AWS says: an instance that no file describes, else its description. */
function ownerOf(eni: Resource): string {
  const instance = text(part(eni, 'Attachment'), 'InstanceId');
  if (instance !== undefined) return `instance ${instance}`;
  return text(eni, 'Description') ?? text(eni, 'InterfaceType') ?? 'other';
}
