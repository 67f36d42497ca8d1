/** `describe-instances` (EC2 API, Reservation and Instance) as instances of the topology file. */
import { type Account, all, has, made, nowhere } from './account.ts';
import { groupsOf, interfaceOf } from './interfaces.ts';
import { flag, number, originOf, part, parts, pathOf, type Resource, tagsOf, text } from './resource.ts';

/** Every instance that has a place in a described VPC, by its id. */
export function instancesOf(account: Account): ReadonlyMap<string, Resource> {
  const found = new Map<string, Resource>();
  for (const instance of all(account, 'Reservations').flatMap((each) => parts(each, 'Instances'))) {
    const [id, vpc] = [text(instance, 'InstanceId'), text(instance, 'VpcId')];
    // A terminated instance is listed for an hour, and stands nowhere.
    if (id === undefined || vpc === undefined || text(instance, 'SubnetId') === undefined) continue;
    const missing = [
      ['Vpcs', vpc],
      ['Subnets', text(instance, 'SubnetId')!],
    ].find(([collection, name]) => !has(account, collection!, name));
    if (missing) nowhere(account, instance, missing[1]!, 'the instance is left out');
    else found.set(id, instance);
  }
  return found;
}

export function instanceOf(
  account: Account,
  instance: Resource,
  enis: ReadonlyMap<string, readonly Resource[]>,
): Record<string, unknown> {
  const id = text(instance, 'InstanceId')!;
  const state = text(part(instance, 'State'), 'Name');
  const own = enis.get(id) ?? parts(instance, 'NetworkInterfaces');
  const sorted = [...own].sort((a, b) => deviceIndex(a) - deviceIndex(b));
  const middlebox = [instance, ...own].some((each) => flag(each, 'SourceDestCheck') === false);
  if (middlebox)
    account.reading.warn(originOf(instance), {
      code: 'aws/middlebox',
      message: `${pathOf(instance)}: ${id} may take packets of others; whether it passes them on is described nowhere, so that paths through it are undetermined`,
      hint: `say so in a topology file beside the dumps: {name: ${id}, subnet: ..., forwarding: true}`,
    });
  return made(account, instance, {
    name: id,
    vpc: text(instance, 'VpcId'),
    subnet: text(instance, 'SubnetId'),
    address: text(instance, 'PrivateIpAddress'),
    publicAddress: text(instance, 'PublicIpAddress'),
    ipv6Address: sorted[0] && parts(sorted[0], 'Ipv6Addresses').map((each) => text(each, 'Ipv6Address'))[0],
    securityGroups: groupsOf(instance, 'SecurityGroups'),
    sourceDestCheck: flag(instance, 'SourceDestCheck'),
    ...(middlebox && { forwarding: 'unknown' }),
    state: state === 'running' ? undefined : state,
    interfaces:
      sorted.length > 0
        ? sorted.flatMap((eni) => interfaceOf(account, eni, part(eni, 'Attachment')) ?? [])
        : [undescribedInterface(account, instance)],
    tags: tagsOf(instance),
  });
}

/** What the instance itself says of its primary interface: without one the subnet would give it a public address. */
function undescribedInterface(account: Account, instance: Resource): Record<string, unknown> {
  const address = text(instance, 'PrivateIpAddress');
  const found = text(instance, 'PublicIpAddress');
  return made(account, instance, {
    name: `eni-of-${text(instance, 'InstanceId')}`,
    subnet: text(instance, 'SubnetId'),
    addresses: address === undefined ? [] : [address],
    publicAddresses: address === undefined || found === undefined ? undefined : { [address]: found },
    securityGroups: groupsOf(instance, 'SecurityGroups'),
    sourceDestCheck: flag(instance, 'SourceDestCheck'),
    device: 0,
  });
}

/** Instance -> its interfaces, as the list of interfaces has them: it says more than the instance does. */
export function enisOfInstances(account: Account): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const eni of all(account, 'NetworkInterfaces')) {
    const instance = text(part(eni, 'Attachment'), 'InstanceId');
    if (instance !== undefined) found.set(instance, [...(found.get(instance) ?? []), eni]);
  }
  return found;
}

function deviceIndex(eni: Resource): number {
  return number(part(eni, 'Attachment'), 'DeviceIndex') ?? 0;
}
