/** Which use each address of a subnet has: one byte an address, so that lines, free blocks and the map of /28s all come
 *  from the same place and every address counts once. */
import { addressAt, type Cidr, contains, sizeOf } from '../../addressing/cidr.ts';
import type { Ipv4 } from '../../addressing/ip.ts';
import type { EniAddress, EniPlan } from '../../world/eni-plan.ts';
import type { Site } from '../../world/sites.ts';
import type { SubnetSpec } from '../../world/vpc-spec.ts';
import { type CapacityUse, capacityUses } from './report.ts';

export const useOrder = Object.keys(capacityUses) as readonly CapacityUse[]; // the keys of a literal of this type

/** Place of each use in `useOrder`: what a byte of the map says. */
export const codeOf: Readonly<Record<CapacityUse, number>> = Object.fromEntries(
  useOrder.map((use, code) => [use, code]),
) as Record<CapacityUse, number>; // one entry for each use

export interface SubnetMap {
  readonly subnet: SubnetSpec;
  /** By offset from the first address. */
  readonly uses: Uint8Array;
  /** Who has the address at an offset; undefined where it is free. */
  readonly holderAt: (offset: number) => string | undefined;
}

/** First, AWS's five ("Subnet CIDR blocks"): network, router, DNS, future use, and the last. */
export const AWS_OFFSETS = [0, 1, 2, 3, -1] as const;

/** Maps of all subnets of a site, in the order of the VPC's. */
export function mapSubnets(subnets: readonly SubnetSpec[], site: Site): SubnetMap[] {
  const trunks = new Set(
    [...(site.cluster?.pools.values() ?? [])].flatMap(({ enis }) =>
      enis.filter(({ role }) => role === 'trunk').map(({ primary }) => primary),
    ),
  );
  const bySubnet = new Map<string, EniPlan[]>(subnets.map(({ name }) => [name, []]));
  for (const eni of site.enis) bySubnet.get(eni.subnet)?.push(eni);
  return subnets.map((subnet) => mapSubnet(subnet, bySubnet.get(subnet.name)!, trunks));
}

function mapSubnet(subnet: SubnetSpec, enis: readonly EniPlan[], trunks: ReadonlySet<Ipv4>): SubnetMap {
  const { cidr } = subnet;
  const size = sizeOf(cidr);
  const uses = new Uint8Array(size).fill(codeOf.free);
  const holders: string[] = [];
  const holderOf = new Int32Array(size).fill(-1);
  const paint = (address: Ipv4, use: CapacityUse, holder: string): void => {
    const offset = (address - cidr.base) >>> 0;
    if (offset >= size || uses[offset] !== codeOf.free) return;
    uses[offset] = codeOf[use];
    if (holders.at(-1) !== holder) holders.push(holder);
    holderOf[offset] = holders.length - 1;
  };
  const paintBlock = (block: Cidr, use: CapacityUse, holder: string): void => {
    for (let i = 0; i < sizeOf(block); i++) paint(addressAt(block, i), use, holder);
  };
  for (const offset of AWS_OFFSETS) paint(addressAt(cidr, offset), 'aws', 'AWS');
  for (const eni of enis) {
    for (const own of eni.addresses) paint(own.address, useOf(own, eni, trunks), own.holder ?? eni.owner);
    for (const prefix of eni.prefixes) paintBlock(prefix, 'prefix-warm', eni.owner);
  }
  for (const { cidr: block, by } of subnet.occupied) paintBlock(block, 'occupied', by);
  for (const { cidr: block, type } of subnet.reservations)
    paintBlock(block, type === 'prefix' ? 'prefix-reservation' : 'explicit-reservation', 'reservation');
  return { subnet, uses, holderAt: (offset) => holders[holderOf[offset]!] };
}

function useOf({ address, use }: EniAddress, eni: EniPlan, trunks: ReadonlySet<Ipv4>): CapacityUse {
  switch (use) {
    case 'interface':
      return trunks.has(address) ? 'trunk' : 'interface';
    case 'pod':
      return inPrefix(address, eni) ? 'prefix-pod' : 'pod';
    case 'warm':
      return inPrefix(address, eni) ? 'prefix-warm' : 'warm';
    case 'service':
      return 'occupied';
    default:
      return use;
  }
}

function inPrefix(address: Ipv4, { prefixes }: EniPlan): boolean {
  return prefixes.some((prefix) => contains(prefix, address));
}
