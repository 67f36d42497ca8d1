/** Addresses of IPv6 for instances: the one that is written, or the next of the subnet. AWS keeps the first four and the
 *  last of a subnet ("Subnet sizing for IPv6") and gives the others in no order; here it is the lowest that is free. */
import { addressAfter } from '../addressing/ip6.ts';
import type { InstanceSpec } from './topology.ts';
import type { SubnetSpec } from './vpc-spec.ts';

const RESERVED = 4;

export class Ipv6Addresses {
  readonly #taken: Set<number>;

  constructor(specs: readonly InstanceSpec[]) {
    this.#taken = new Set(
      specs.flatMap(({ ipv6Address }) => (typeof ipv6Address === 'number' ? [ipv6Address] : [])),
    );
  }

  next(
    { ipv6Address: wanted }: InstanceSpec,
    { ipv6Cidr, assignIpv6Address }: SubnetSpec,
  ): number | undefined {
    if (typeof wanted === 'number') return wanted;
    if (ipv6Cidr === undefined || (wanted === undefined && assignIpv6Address !== true)) return undefined;
    let offset = RESERVED;
    let address = addressAfter(ipv6Cidr.base, offset);
    while (this.#taken.has(address)) address = addressAfter(ipv6Cidr.base, ++offset);
    this.#taken.add(address);
    return address;
  }
}
