/** Public addresses for what AWS gives one: nodes in subnets that map one at launch, NAT gateways, load balancer nodes.
 *  Nobody can know the real ones, so they come from blocks that belong to nobody: documentation (RFC 5737) first, then
 *  benchmarking (RFC 2544). Addresses of the topology's own hosts are left out. */
import { AddressAllocator } from '../addressing/allocator.ts';
import { addressAt, cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { assert } from '../base/assert.ts';

const blocks = ['203.0.113.0/24', '192.0.2.0/24', '198.18.0.0/15'].map(cidr);

export class PublicAddresses {
  readonly #pools: readonly AddressAllocator[];

  constructor(taken: readonly Ipv4[]) {
    this.#pools = blocks.map((block) => new AddressAllocator(block, [block.base, addressAt(block, -1)]));
    for (const pool of this.#pools) for (const address of taken) pool.reserve(address);
  }

  next(): Ipv4 {
    for (const pool of this.#pools) {
      const address = pool.next();
      if (address !== undefined) return address;
    }
    assert(false, 'no public addresses left');
  }
}
