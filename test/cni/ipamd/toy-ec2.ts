/** EC2 with one or more toy subnets: the lowest free address, the lowest free aligned /28, nothing given twice. */
import { type Cidr, cidr, sizeOf } from '../../../src/addressing/cidr.ts';
import type { Ipv4 } from '../../../src/addressing/ip.ts';
import { assert } from '../../../src/base/assert.ts';
import { type Ec2, refusal, type SlotKind, type SlotRequest } from '../../../src/cni/ipamd/ec2.ts';

export interface ToyEc2 extends Ec2 {
  /** What is taken, by subnet. */
  readonly taken: ReadonlyMap<string, Set<Ipv4>>;
  /** Takes addresses out of a subnet, as others do. */
  occupy(subnet: string, addresses: readonly Ipv4[]): void;
  vacate(subnet: string, addresses: readonly Ipv4[]): void;
}

export function toyEc2(subnets: Readonly<Record<string, string>>): ToyEc2 {
  const blocks = new Map(Object.entries(subnets).map(([name, text]) => [name, cidr(text)]));
  const taken = new Map([...blocks.keys()].map((name) => [name, new Set<Ipv4>()]));
  const lowest = new Map([...blocks].map(([name, { base }]) => [name, base]));

  const isFree = (subnet: string, address: Ipv4): boolean => !taken.get(subnet)!.has(address);
  const take = (subnet: string, address: Ipv4): void => {
    assert(isFree(subnet, address), 'an address is given twice');
    taken.get(subnet)!.add(address);
  };
  const give = (subnet: string, address: Ipv4): void => {
    assert(taken.get(subnet)!.delete(address), 'an address is given back that nobody held');
    lowest.set(subnet, Math.min(lowest.get(subnet)!, address));
  };
  const findSingle = (subnet: string, block: Cidr): Ipv4 | undefined => {
    for (let address = lowest.get(subnet)!; address < block.base + sizeOf(block); address++)
      if (isFree(subnet, address)) {
        lowest.set(subnet, address);
        return address;
      }
    return undefined;
  };
  const findPrefix = (subnet: string, block: Cidr): Ipv4 | undefined => {
    for (let base = block.base; base < block.base + sizeOf(block); base += 16) {
      let free = true;
      for (let i = 0; i < 16 && free; i++) free = isFree(subnet, base + i);
      if (free) return base;
    }
    return undefined;
  };
  const each = (kind: SlotKind, slot: Ipv4, act: (address: Ipv4) => void): void => {
    for (let i = 0; i < (kind === 'prefix' ? 16 : 1); i++) act(slot + i);
  };
  const fill = ({ subnet, kind, count }: SlotRequest): Ipv4[] | undefined => {
    const slots: Ipv4[] = [];
    const block = blocks.get(subnet)!;
    while (slots.length < count) {
      const slot = kind === 'prefix' ? findPrefix(subnet, block) : findSingle(subnet, block);
      if (slot === undefined) {
        for (const one of slots) each(kind, one, (address) => give(subnet, address));
        return undefined;
      }
      each(kind, slot, (address) => take(subnet, address));
      slots.push(slot);
    }
    return slots;
  };

  return {
    taken,
    free: (subnet) => sizeOf(blocks.get(subnet)!) - taken.get(subnet)!.size,
    assign: (request) => fill(request) ?? refusal(request, 'assign'),
    create: (request) => {
      const primary = findSingle(request.subnet, blocks.get(request.subnet)!);
      if (primary === undefined) return refusal({ ...request, kind: 'address' }, 'create');
      take(request.subnet, primary);
      const slots = fill(request);
      if (slots) return { primary, slots };
      give(request.subnet, primary);
      return refusal(request, 'create');
    },
    unassign: (subnet, kind, slots) => {
      for (const slot of slots) each(kind, slot, (address) => give(subnet, address));
    },
    release: give,
    occupy: (subnet, addresses) => addresses.forEach((address) => void take(subnet, address)),
    vacate: (subnet, addresses) => addresses.forEach((address) => void give(subnet, address)),
  };
}
