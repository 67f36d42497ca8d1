/** How large a subnet must be for single addresses and for /28 blocks, and which part of it is reserved for the blocks:
 *  without a reservation single addresses sooner or later lie in every one of them (VPC guide, "Subnet CIDR
 *  reservations"; EKS best practices guide, "Prefix Mode for Linux"). */
import { addressAt, type Cidr } from '../../addressing/cidr.ts';

/** AWS keeps the first four addresses of a subnet and the last one. */
export const RESERVED_ADDRESSES = 5;

const BLOCK = 16;

export interface SubnetSize {
  /** Prefix length, 16 to 28. */
  readonly length: number;
  /** /28 blocks at the end of the subnet that are kept for prefixes; the last of them, which holds the address that AWS
   *  keeps, is among them and cannot be had. */
  readonly prefixBlocks: number;
}

/** The smallest subnet with room for so many addresses, AWS's not among them, and so many prefixes; undefined where a
 *  /16 has not. */
export function subnetSize(addresses: number, prefixes: number): SubnetSize | undefined {
  for (let length = 28; length >= 16; length--) {
    const blocks = 2 ** (28 - length);
    const prefixBlocks = prefixes === 0 ? 0 : upTo(prefixes + 1, Math.max(1, blocks / 16));
    const reserved = prefixes === 0 ? RESERVED_ADDRESSES : RESERVED_ADDRESSES - 1;
    if (addresses + reserved <= (blocks - prefixBlocks) * BLOCK) return { length, prefixBlocks };
  }
  return undefined;
}

/** The end of the subnet as aligned blocks, the largest one last. */
export function prefixReservations(subnet: Cidr, { prefixBlocks }: SubnetSize): readonly Cidr[] {
  const reservations: Cidr[] = [];
  let end = 2 ** (28 - subnet.length);
  let left = prefixBlocks;
  while (left > 0) {
    const size = 2 ** Math.floor(Math.log2(left));
    end -= size;
    left -= size;
    reservations.unshift({ base: addressAt(subnet, end * BLOCK), length: 28 - Math.log2(size) });
  }
  return reservations;
}

/** Coarse steps keep the number of reservations at four. */
function upTo(blocks: number, step: number): number {
  return Math.ceil(blocks / step) * step;
}
