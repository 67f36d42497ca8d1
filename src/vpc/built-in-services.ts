/** Services of the VPC that no route table, network ACL or security group sees: the resolver at the base of the VPC's
 *  primary block plus two, and link-local addresses (instance metadata, time, resolver). "Route table concepts" and
 *  "Control subnet traffic with network access control lists", Amazon VPC guide. */
import { type Cidr, cidr, contains } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { note } from '../trace/vocabulary.ts';

/** What knows the blocks of its VPC, the primary one first: the VPC router. */
export interface VpcBlocks extends DeviceRecord {
  readonly cidrs: readonly Cidr[];
}

const RESOLVER_OFFSET = 2;
const LINK_LOCAL_PREFIX = 0xa9fe;
/** 169.254.169.0/24: instance metadata, time, resolver, licences of Windows. */
const SERVICE_PREFIX = 0xa9fea9;

/** Link-local, and none that AWS answers: such an address is known on its own link alone (RFC 3927 section 2.6.2). */
export function isForeignLinkLocal(address: number): boolean {
  return address >>> 16 === LINK_LOCAL_PREFIX && address >>> 8 !== SERVICE_PREFIX;
}

/** Resolver and metadata ("Subnet sizing for IPv6"); what has an address of its own link only. */
const services6 = cidr('fd00:ec2::/32');
const linkLocal6 = cidr('fe80::/10');

/** Whether `address` is a built-in service of the VPC with these blocks, the primary one first. */
export function isBuiltIn(address: number, cidrs: readonly Cidr[]): boolean {
  if (isIpv6(address)) return contains(services6, address) || contains(linkLocal6, address);
  return address >>> 16 === LINK_LOCAL_PREFIX || address === ((cidrs[0]!.base + RESOLVER_OFFSET) | 0);
}

export const builtInService = note({
  name: 'built-in service',
  nature: 'limit',
  word: ({ a }) => `${formatIpv4(a)} is a built-in service of the VPC, which is not modelled`,
});
