/** EC2's side of one subnet: which addresses are free, and which it gives next. AWS keeps five addresses ("Subnet CIDR
 *  blocks"); CIDR reservations are left out of what it gives by itself, except that prefixes come from those for prefixes
 *  ("Subnet CIDR reservations"). A prefix is sixteen free addresses in a row from a multiple of sixteen. */
import { AddressAllocator } from '../addressing/allocator.ts';
import { addressAt, contains, sizeOf } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { SubnetSpec } from './vpc-spec.ts';

/** When no reservation for prefixes has a free one left, EC2 takes it from the rest of the subnet: so a maintainer of the
 *  CNI says (amazon-vpc-cni-k8s issue 2749); AWS's documents do not. */
const PREFIXES_BEYOND_RESERVATIONS = true;

const PREFIX_LENGTH = 28;
const PREFIX_SIZE = 16;

interface Part {
  readonly type: 'prefix' | 'explicit' | 'open';
  readonly allocator: AddressAllocator;
}

export class SubnetBook {
  readonly #spec: SubnetSpec;
  readonly #open: Part;
  readonly #reservations: readonly Part[];

  /** `pinned` addresses are kept for whoever asks for them by number. */
  constructor(spec: SubnetSpec, pinned: Iterable<Ipv4>) {
    const { cidr, reservations, occupied } = spec;
    const amazons = [0, 1, 2, 3, -1].map((offset) => addressAt(cidr, offset));
    this.#spec = spec;
    this.#open = { type: 'open', allocator: new AddressAllocator(cidr, amazons) };
    this.#reservations = reservations.map((reservation) => {
      const inside = amazons.filter((address) => contains(reservation.cidr, address));
      return { type: reservation.type, allocator: new AddressAllocator(reservation.cidr, inside) };
    });
    for (const reservation of reservations) this.#open.allocator.reserveBlock(reservation.cidr);
    for (const block of occupied)
      for (let i = 0; i < sizeOf(block.cidr); i++) this.#take(addressAt(block.cidr, i));
    for (const address of pinned) if (contains(cidr, address)) this.#take(address);
  }

  /** What EC2 tells of the subnet (AvailableIpAddressCount): reservations are left out of it (awslabs/eks-perf-tests pull
   *  request 511). */
  get available(): number {
    return this.#open.allocator.free;
  }

  /** With those of reservations. */
  get free(): number {
    return this.#parts().reduce((sum, { allocator }) => sum + allocator.free, 0);
  }

  get used(): number {
    return sizeOf(this.#spec.cidr) - 5 - this.free;
  }

  /** The lowest free address outside of reservations. */
  next(): Ipv4 | undefined {
    return this.#open.allocator.next();
  }

  /** The first address of the lowest free prefix: of reservations for prefixes, then of the rest. */
  nextPrefix(): Ipv4 | undefined {
    for (const { type, allocator } of this.#reservations) {
      const base = type === 'prefix' ? allocator.nextBlock(PREFIX_LENGTH)?.base : undefined;
      if (base !== undefined) return base;
    }
    const forPrefixes = this.#reservations.some(({ type }) => type === 'prefix');
    if (forPrefixes && !PREFIXES_BEYOND_RESERVATIONS) return undefined;
    return this.#open.allocator.nextBlock(PREFIX_LENGTH)?.base;
  }

  /** Takes the prefix that begins there, if nobody has an address of it but those that `may` tells of. */
  takePrefix(base: Ipv4, may: (address: Ipv4) => boolean): boolean {
    const { allocator } = this.#partOf(base);
    for (let i = 0; i < PREFIX_SIZE; i++) if (allocator.has(base + i) && !may(base + i)) return false;
    for (let i = 0; i < PREFIX_SIZE; i++) allocator.reserve(base + i);
    return true;
  }

  release(address: Ipv4): void {
    this.#partOf(address).allocator.release(address);
  }

  #take(address: Ipv4): void {
    this.#partOf(address).allocator.reserve(address);
  }

  #partOf(address: Ipv4): Part {
    return this.#reservations.find(({ allocator }) => contains(allocator.cidr, address)) ?? this.#open;
  }

  #parts(): readonly Part[] {
    return [this.#open, ...this.#reservations];
  }
}
