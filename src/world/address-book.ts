/** Who has which private address, subnet by subnet: what is pinned first, then the lowest free one for each claim.
 *  AWS keeps five addresses of every subnet (network, router, DNS, future use, the last: "Subnet CIDR blocks"). */
import { AddressAllocator } from '../addressing/allocator.ts';
import { addressAt, contains } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { SubnetSpec } from './topology.ts';

export interface SubnetUse {
  readonly free: number;
  readonly used: number;
}

export class AddressBook {
  readonly #subnets: ReadonlyMap<string, { readonly spec: SubnetSpec; readonly allocator: AddressAllocator }>;

  readonly #pinned: ReadonlySet<Ipv4>;

  constructor(subnets: readonly SubnetSpec[], pinned: readonly Ipv4[]) {
    this.#pinned = new Set(pinned);
    this.#subnets = new Map(
      subnets.map((spec) => {
        const { cidr } = spec;
        const reserved = [0, 1, 2, 3, -1].map((offset) => addressAt(cidr, offset));
        return [spec.name, { spec, allocator: new AddressAllocator(cidr, reserved) }];
      }),
    );
    for (const address of pinned)
      for (const { spec, allocator } of this.#subnets.values())
        if (contains(spec.cidr, address)) allocator.reserve(address);
  }

  /** The pinned address, which is kept for its claimant, or the lowest free one; undefined when none is left. */
  claim(subnet: string, pinned?: Ipv4): Ipv4 | undefined {
    return pinned ?? this.#subnets.get(subnet)?.allocator.next();
  }

  release(subnet: string, address: Ipv4): void {
    if (!this.#pinned.has(address)) this.#subnets.get(subnet)?.allocator.release(address);
  }

  useOf(subnet: string): SubnetUse {
    const { allocator, spec } = this.#subnets.get(subnet)!;
    const usable = 2 ** (32 - spec.cidr.length) - 5;
    return { free: allocator.free, used: usable - allocator.free };
  }
}
