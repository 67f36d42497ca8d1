/** `describe-subnets` (EC2 API, Subnet) as subnets of the topology file. */
import { type Account, made } from './account.ts';
import { flag, part, parts, type Resource, tagsOf, text } from './resource.ts';
import { UNDESCRIBED } from './unknown.ts';

export interface SubnetPlaces {
  /** Subnet -> its route table, where one is associated with it. */
  readonly tableOf: ReadonlyMap<string, string>;
  /** Subnet -> its network ACL. */
  readonly aclOf: ReadonlyMap<string, string>;
}

export function subnetOf(
  account: Account,
  subnet: Resource,
  { tableOf, aclOf }: SubnetPlaces,
): Record<string, unknown> {
  const id = text(subnet, 'SubnetId')!;
  return made(account, subnet, {
    name: id,
    cidr: text(subnet, 'CidrBlock'),
    ipv6Cidr: ipv6BlocksOf(subnet)?.[0],
    az: zoneOf(subnet),
    routeTable: tableOf.get(id),
    networkAcl: aclOf.get(id) ?? UNDESCRIBED,
    mapPublicIp: flag(subnet, 'MapPublicIpOnLaunch'),
    tags: tagsOf(subnet),
  });
}

/** Of a VPC or a subnet; undefined where it has none. */
export function ipv6BlocksOf(resource: Resource): readonly string[] | undefined {
  const blocks = parts(resource, 'Ipv6CidrBlockAssociationSet').flatMap((each) => {
    const state = text(part(each, 'Ipv6CidrBlockState'), 'State') ?? 'associated';
    return state === 'associated' ? (text(each, 'Ipv6CidrBlock') ?? []) : [];
  });
  return blocks.length > 0 ? blocks : undefined;
}

/** Zones are named after their Region: us-east-2a, and us-west-2-lax-1a of a Local Zone. */
export function regionOf(subnets: readonly Resource[]): string | undefined {
  const zone = subnets.map((subnet) => text(subnet, 'AvailabilityZone')).find((found) => found !== undefined);
  return /^[a-z]{2,4}(?:-[a-z]+)+-\d/.exec(zone ?? '')?.[0];
}

/** Wavelength Zones have names of another form. */
function zoneOf(subnet: Resource): string | undefined {
  const zone = text(subnet, 'AvailabilityZone');
  return zone !== undefined && /-\d[a-z]$/.test(zone) ? zone : undefined;
}
