/** Parts of a subnet that are spoken for: subnet CIDR reservations (VPC guide, "Subnet CIDR reservations") and addresses
 *  of things that the topology does not have. */
import { type Cidr, covers, formatCidr, overlaps } from '../../addressing/cidr.ts';
import { parseIpv4 } from '../../addressing/ip.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { CidrReservationSpec, OccupiedSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readCidr } from './values.ts';

type SubnetFile = NonNullable<VpcFile['subnets']>[number];

/** Inside the subnet and disjoint. */
export function readReservations(
  reading: Reading,
  { reservations = [] }: SubnetFile,
  subnet: Cidr,
): readonly CidrReservationSpec[] {
  const read: CidrReservationSpec[] = [];
  for (const reservation of reservations) {
    const cidr = blockInside(reading, reservation, subnet);
    if (!cidr) continue;
    const clash = read.find((other) => overlaps(other.cidr, cidr));
    if (clash) {
      const message = `${formatCidr(cidr)} overlaps ${formatCidr(clash.cidr)}, another reservation of the subnet`;
      reading.error(reading.of(reservation, 'cidr'), { code: 'cidr/overlap', message });
      continue;
    }
    if (reservation.type === 'prefix' && cidr.length > 28) {
      const message = `${formatCidr(cidr)} holds no /28, so that no prefix can come from it`;
      reading.warn(reading.of(reservation, 'cidr'), { code: 'cidr/no-prefix', message });
    }
    read.push({ cidr, type: reservation.type, origin: reading.of(reservation) });
  }
  return read;
}

/** Inside the subnet and disjoint; an address alone is a block of one. */
export function readOccupied(
  reading: Reading,
  { occupied = [] }: SubnetFile,
  subnet: Cidr,
): readonly OccupiedSpec[] {
  const read: OccupiedSpec[] = [];
  for (const entry of occupied) {
    const cidr = blockInside(reading, entry, subnet);
    if (!cidr) continue;
    const clash = read.find((other) => overlaps(other.cidr, cidr));
    if (clash) {
      const message = `${formatCidr(cidr)} overlaps ${formatCidr(clash.cidr)}, which is occupied by ${clash.by}`;
      reading.error(reading.of(entry, 'cidr'), { code: 'cidr/overlap', message });
      continue;
    }
    read.push({ cidr, by: entry.by ?? 'other', origin: reading.of(entry) });
  }
  return read;
}

function blockInside(reading: Reading, entry: { readonly cidr: string }, subnet: Cidr): Cidr | undefined {
  const address = parseIpv4(entry.cidr);
  const cidr =
    address === undefined ? readCidr(reading, entry, 'cidr', entry.cidr) : { base: address, length: 32 };
  if (!cidr || covers(subnet, cidr)) return cidr;
  const message = `${formatCidr(cidr)} lies outside the subnet`;
  const hint = `the subnet is ${formatCidr(subnet)}`;
  reading.error(reading.of(entry, 'cidr'), { code: 'cidr/outside-subnet', message, hint });
  return undefined;
}
