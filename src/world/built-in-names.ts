/** The resolver that a VPC's hosts ask. */
import { addressAt } from '../addressing/cidr.ts';
import { type Ipv4, ipv4 } from '../addressing/ip.ts';
import type { VpcSpec } from './topology.ts';

const RESOLVER_LINK_LOCAL = ipv4('169.254.169.253');
const RESOLVER_OFFSET = 2;

/** Amazon DNS at the VPC's own address: the base of the primary block plus two ("Amazon DNS server", VPC guide). */
export function resolverOf({ cidrs }: Pick<VpcSpec, 'cidrs'>): Ipv4 {
  return addressAt(cidrs[0]!, RESOLVER_OFFSET);
}

/** Whether hosts ask Amazon DNS: the DHCP options say AmazonProvidedDNS, or name it first. */
export function asksAmazonDns(vpc: Pick<VpcSpec, 'cidrs' | 'dhcpDns'>): boolean {
  const first = vpc.dhcpDns?.[0];
  return first === undefined || first === resolverOf(vpc) || first === RESOLVER_LINK_LOCAL;
}
