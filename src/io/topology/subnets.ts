/** Subnets: inside one block of the VPC, disjoint, /16 to /28; the main route table, the default network ACL
 *  and an Availability Zone where none is written. */
import { type Cidr, covers, formatCidr, overlaps, sizeOf } from '../../addressing/cidr.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { SubnetSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readSubnetIpv6Cidr } from './ipv6.ts';
import { checkReference, checkUnique } from './names.ts';
import { readOccupied, readReservations } from './subnet-space.ts';
import { readCidr } from './values.ts';

export interface SubnetContext {
  /** Absent where they are not all known, so that nothing can be said to lie outside. */
  readonly cidrs: readonly Cidr[] | undefined;
  readonly ipv6Cidrs: readonly Cidr[];
  readonly region: string;
  readonly routeTables: ReadonlySet<string>;
  readonly mainRouteTable: string;
  readonly networkAcls: ReadonlySet<string>;
}

export function readSubnets(reading: Reading, vpc: VpcFile, context: SubnetContext): readonly SubnetSpec[] {
  checkUnique(reading, ['subnet', vpc.subnets]);
  const subnets: SubnetSpec[] = [];
  for (const [index, subnet] of (vpc.subnets ?? []).entries()) {
    const path = `vpcs.${vpc.name}.subnets.${subnet.name}`;
    const block = readCidr(reading, subnet, 'cidr', subnet.cidr);
    if (!block || !fits(reading, subnet, block, context.cidrs, subnets)) {
      reading.refused.add(subnet.name);
      continue;
    }
    const { routeTable, networkAcl, az } = subnet;
    if (routeTable !== undefined)
      checkReference(reading, subnet, 'routeTable', 'route table', routeTable, context.routeTables);
    if (networkAcl !== undefined)
      checkReference(reading, subnet, 'networkAcl', 'network ACL', networkAcl, context.networkAcls);
    if (az !== undefined && !az.startsWith(context.region))
      reading.error(reading.of(subnet, 'az'), {
        code: 'topology/unknown-zone',
        message: `${az} is not a zone of ${context.region}`,
        hint: `did you mean ${context.region}${az.at(-1)}?`,
      });
    const ipv6Cidr = readSubnetIpv6Cidr(reading, subnet, context.ipv6Cidrs, subnets);
    subnets.push({
      name: subnet.name,
      cidr: block,
      ...(ipv6Cidr && {
        ipv6Cidr,
        assignIpv6Address:
          subnet.assignIpv6Address ?? reading.fill(`${path}.assignIpv6Address`, false, 'AWS'),
      }),
      az: az ?? reading.fill(`${path}.az`, zoneFor(context.region, index), 'vpcsim'),
      routeTable: routeTable ?? reading.fill(`${path}.routeTable`, context.mainRouteTable, 'AWS'),
      networkAcl: networkAcl ?? reading.fill(`${path}.networkAcl`, 'default', 'AWS'),
      mapPublicIp: subnet.mapPublicIp ?? reading.fill(`${path}.mapPublicIp`, false, 'AWS'),
      tags: subnet.tags ?? {},
      reservations: readReservations(reading, subnet, block),
      occupied: readOccupied(reading, subnet, block),
      origin: reading.of(subnet),
    });
  }
  return subnets;
}

/** Zones in turn: AWS would pick one. */
function zoneFor(region: string, index: number): string {
  return region + 'abc'[index % 3];
}

function fits(
  reading: Reading,
  subnet: { readonly name: string },
  block: Cidr,
  cidrs: readonly Cidr[] | undefined,
  earlier: readonly SubnetSpec[],
): boolean {
  const text = formatCidr(block);
  const at = reading.of(subnet, 'cidr');
  if (block.length < 16 || block.length > 28) {
    const message = `${text} has ${sizeOf(block)} addresses; a subnet is a /16 to a /28`;
    reading.error(at, { code: 'cidr/size', message });
    return false;
  }
  if (cidrs && !cidrs.some((outer) => covers(outer, block))) {
    const message = `${text} lies outside the VPC`;
    const hint = `the VPC has ${cidrs.map(formatCidr).join(', ')}`;
    reading.error(at, { code: 'cidr/outside-vpc', message, hint });
    return false;
  }
  const clash = earlier.find((other) => overlaps(other.cidr, block));
  if (clash) {
    const message = `${text} overlaps subnet ${JSON.stringify(clash.name)}, ${formatCidr(clash.cidr)}`;
    reading.error(at, { code: 'cidr/overlap', message });
    return false;
  }
  return true;
}
