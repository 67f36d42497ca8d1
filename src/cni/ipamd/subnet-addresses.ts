/** EC2 over the addresses of subnets: what ipamd asks for is taken there slot by slot, or not at all. Slots that pods
 *  with fixed addresses will stand on are those very addresses, where the subnet has them. */
import type { Ipv4 } from '../../addressing/ip.ts';
import { ADDRESSES_PER_PREFIX } from '../pool-shape.ts';
import { type Ec2, refusal, type SlotKind, type SlotRequest } from './ec2.ts';

/** Addresses of the VPC's subnets, as they are taken and given back. */
export interface SubnetAddresses {
  /** As EC2 counts them. */
  freeIn(subnet: string): number;
  contains(subnet: string, address: Ipv4): boolean;
  /** That address, or the lowest free one; undefined when it is not to be had. */
  claim(subnet: string, wanted?: Ipv4): Ipv4 | undefined;
  /** The first address of a free /28: of that one, where none is taken but `own`, or of another. */
  claimPrefix(
    subnet: string,
    wanted?: { readonly base: Ipv4; readonly own: ReadonlySet<Ipv4> },
  ): Ipv4 | undefined;
  release(subnet: string, address: Ipv4): void;
}

/** `wanted` are the slots that should be these very ones, by their place among the slots of the node: addresses, or
 *  first addresses of prefixes. */
export function ec2Over(
  addresses: SubnetAddresses,
  wanted: readonly (Ipv4 | undefined)[],
  own: ReadonlySet<Ipv4>,
): Ec2 {
  const takeSlot = (subnet: string, kind: SlotKind, place: number): Ipv4 | undefined => {
    const asked = wanted[place];
    const slot = asked !== undefined && addresses.contains(subnet, asked) ? asked : undefined;
    if (kind === 'address') return addresses.claim(subnet, slot);
    return addresses.claimPrefix(subnet, slot === undefined ? undefined : { base: slot, own });
  };
  const unassign = (subnet: string, kind: SlotKind, slots: readonly Ipv4[]): void => {
    for (const slot of slots)
      for (let i = 0; i < (kind === 'prefix' ? ADDRESSES_PER_PREFIX : 1); i++)
        addresses.release(subnet, slot + i);
  };
  const fill = ({ subnet, kind, count, before }: SlotRequest): Ipv4[] | undefined => {
    const slots: Ipv4[] = [];
    while (slots.length < count) {
      const slot = takeSlot(subnet, kind, before + slots.length);
      if (slot === undefined) {
        unassign(subnet, kind, slots);
        return undefined;
      }
      slots.push(slot);
    }
    return slots;
  };
  return {
    free: (subnet) => addresses.freeIn(subnet),
    assign: (request) => fill(request) ?? refusal(request, 'assign'),
    create(request) {
      const primary = addresses.claim(request.subnet);
      if (primary === undefined) return refusal({ ...request, kind: 'address' }, 'create');
      const slots = fill(request);
      if (slots) return { primary, slots };
      addresses.release(request.subnet, primary);
      return refusal(request, 'create');
    },
    unassign,
    release: (subnet, primary) => addresses.release(subnet, primary),
  };
}
