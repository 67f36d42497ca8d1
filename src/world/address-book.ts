/** Who has which private address, subnet by subnet: what is pinned first, then what EC2 gives for each claim. */
import { contains } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { SubnetBook } from './subnet-book.ts';
import type { SubnetSpec } from './vpc-spec.ts';

export interface SubnetUse {
  readonly free: number;
  readonly used: number;
}

export class AddressBook {
  readonly #subnets: ReadonlyMap<string, { readonly spec: SubnetSpec; readonly book: SubnetBook }>;

  readonly #pinned: ReadonlySet<Ipv4>;

  constructor(subnets: readonly SubnetSpec[], pinned: readonly Ipv4[]) {
    this.#pinned = new Set(pinned);
    this.#subnets = new Map(
      subnets.map((spec) => [spec.name, { spec, book: new SubnetBook(spec, this.#pinned) }]),
    );
  }

  /** The pinned address, which is kept for its claimant, or the lowest free one; undefined when none is left. */
  claim(subnet: string, pinned?: Ipv4): Ipv4 | undefined {
    return pinned ?? this.#subnets.get(subnet)?.book.next();
  }

  /** The first address of a /28: of that one, where only pinned addresses that `own` tells of are taken in it, or of the
   *  lowest free one. */
  claimPrefix(
    subnet: string,
    wanted?: { readonly base: Ipv4; readonly own: ReadonlySet<Ipv4> },
  ): Ipv4 | undefined {
    const { book } = this.#subnets.get(subnet)!;
    if (wanted && book.takePrefix(wanted.base, (address) => wanted.own.has(address))) return wanted.base;
    return book.nextPrefix();
  }

  release(subnet: string, address: Ipv4): void {
    if (!this.#pinned.has(address)) this.#subnets.get(subnet)?.book.release(address);
  }

  contains(subnet: string, address: Ipv4): boolean {
    const known = this.#subnets.get(subnet);
    return known !== undefined && contains(known.spec.cidr, address);
  }

  /** As EC2 counts them: without those of reservations. */
  freeIn(subnet: string): number {
    return this.#subnets.get(subnet)!.book.available;
  }

  useOf(subnet: string): SubnetUse {
    const { free, used } = this.#subnets.get(subnet)!.book;
    return { free, used };
  }
}
