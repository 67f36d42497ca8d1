/** Blocks and addresses of IPv6: a VPC has /44 to /60, a subnet /44 to /64, both in steps of four ("IPv6 VPC CIDR
 *  blocks", "Subnet sizing for IPv6", Amazon VPC guide). Those of the internet only: blocks of fd00::/8 and fc00::/8,
 *  which IPAM gives, are not modelled. */
import { type Cidr, cidr, contains, covers, formatCidr, overlaps } from '../../addressing/cidr.ts';
import { addressAfter, lastOf, parseIpv6 } from '../../addressing/ip6.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { SubnetSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readIpv6Cidr } from './values.ts';

const SHORTEST = 44;
const LONGEST_OF_VPC = 60;
const LONGEST_OF_SUBNET = 64;
/** First addresses of a subnet that AWS keeps; the last is kept too. */
const RESERVED = 4;

export function readVpcIpv6Cidrs(reading: Reading, vpc: VpcFile): readonly Cidr[] {
  const blocks: Cidr[] = [];
  for (const [index, text] of (vpc.ipv6Cidrs ?? []).entries()) {
    const block = readIpv6Cidr(reading, vpc.ipv6Cidrs!, index, text);
    if (!block || !hasSize(reading, vpc.ipv6Cidrs!, index, block, LONGEST_OF_VPC, 'VPC')) continue;
    const clash = blocks.find((other) => overlaps(block, other));
    if (clash) {
      const message = `${text} overlaps ${formatCidr(clash)}, another block of the VPC`;
      reading.error(reading.of(vpc.ipv6Cidrs!, index), { code: 'cidr/overlap', message });
    } else if (!covers(cidr('2000::/3'), block)) {
      const message = `${text} is not routed on the internet, and only such blocks of IPv6 are modelled`;
      const hint = 'a block of 2000::/3, such as 2001:db8:1::/56';
      reading.error(reading.of(vpc.ipv6Cidrs!, index), { code: 'cidr/not-global', message, hint });
    } else blocks.push(block);
  }
  return blocks;
}

function hasSize(
  reading: Reading,
  container: object,
  key: string | number,
  block: Cidr,
  longest: number,
  what: string,
): boolean {
  if (block.length >= SHORTEST && block.length <= longest && block.length % 4 === 0) return true;
  reading.error(reading.of(container, key), {
    code: 'cidr/size',
    message: `${formatCidr(block)} is a /${block.length}; an IPv6 block of a ${what} is a /${SHORTEST} to a /${longest} in steps of four`,
  });
  return false;
}

type SubnetFile = NonNullable<VpcFile['subnets']>[number];

export function readSubnetIpv6Cidr(
  reading: Reading,
  subnet: SubnetFile,
  cidrs: readonly Cidr[],
  earlier: readonly SubnetSpec[],
): Cidr | undefined {
  if (subnet.ipv6Cidr === undefined) return undefined;
  const block = readIpv6Cidr(reading, subnet, 'ipv6Cidr', subnet.ipv6Cidr);
  if (!block || !hasSize(reading, subnet, 'ipv6Cidr', block, LONGEST_OF_SUBNET, 'subnet')) return undefined;
  const at = reading.of(subnet, 'ipv6Cidr');
  const text = formatCidr(block);
  if (!cidrs.some((outer) => covers(outer, block))) {
    const hint =
      cidrs.length > 0 ? `the VPC has ${cidrs.map(formatCidr).join(', ')}` : 'give the VPC ipv6Cidrs';
    reading.error(at, { code: 'cidr/outside-vpc', message: `${text} lies outside the VPC`, hint });
    return undefined;
  }
  const clash = earlier.find(({ ipv6Cidr }) => ipv6Cidr && overlaps(ipv6Cidr, block));
  if (clash) {
    const message = `${text} overlaps subnet ${JSON.stringify(clash.name)}, ${formatCidr(clash.ipv6Cidr!)}`;
    reading.error(at, { code: 'cidr/overlap', message });
    return undefined;
  }
  return block;
}

type InstanceFile = NonNullable<TopologyFile['instances']>[number];

/** `taken`: addresses of instances before it, with their names. */
export function readInstanceIpv6(
  reading: Reading,
  written: InstanceFile,
  subnets: readonly SubnetSpec[],
  taken: Map<number, string>,
): number | 'auto' | undefined {
  const text = written.ipv6Address;
  if (text === undefined) return undefined;
  const subnet = subnets.find(({ name }) => name === written.subnet);
  if (subnet === undefined) return undefined;
  const at = reading.of(written, 'ipv6Address');
  if (subnet.ipv6Cidr === undefined) {
    const message = `subnet ${JSON.stringify(subnet.name)} has no block of IPv6`;
    reading.error(at, { code: 'address/outside-subnet', message, hint: 'give it an ipv6Cidr' });
    return undefined;
  }
  if (text === 'auto') return 'auto';
  const address = parseIpv6(text);
  if (address === undefined) {
    const message = `${JSON.stringify(text)} is not an IPv6 address`;
    reading.error(at, { code: 'address/malformed', message, hint: 'such as 2001:db8:1::12, or auto' });
    return undefined;
  }
  const { ipv6Cidr: block } = subnet;
  const reserved =
    address === lastOf(block.base, block.length) ||
    Array.from({ length: RESERVED }, (_, offset) => addressAfter(block.base, offset)).includes(address);
  const fault = !contains(block, address)
    ? {
        code: 'address/outside-subnet',
        message: `${text} lies outside subnet ${JSON.stringify(subnet.name)}, ${formatCidr(block)}`,
      }
    : reserved
      ? { code: 'address/reserved', message: `AWS keeps ${text}: the first four of a subnet and the last` }
      : taken.has(address)
        ? { code: 'address/duplicate', message: `${text} is the address of ${taken.get(address)}` }
        : undefined;
  if (fault) {
    reading.error(at, fault);
    return undefined;
  }
  taken.set(address, `instance ${JSON.stringify(written.name)}`);
  return address;
}
