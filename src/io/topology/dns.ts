/** Who answers names in a VPC: its DNS attributes and DHCP options ("DNS attributes for your VPC", VPC guide). */
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readAddress } from './values.ts';

/** AWS makes a VPC with DNS hostnames off; who builds one for EKS turns them on, and so they are taken to be. */
export function readDns(
  reading: Reading,
  vpc: VpcFile,
): Pick<VpcSpec, 'dnsSupport' | 'dnsHostnames' | 'dhcpDns'> {
  const path = `vpcs.${vpc.name}`;
  const { dhcpDns } = vpc;
  const servers = dhcpDns?.flatMap((text, index) => {
    const address = readAddress(reading, dhcpDns, index, text);
    return address === undefined ? [] : [address];
  });
  return {
    dnsSupport: vpc.dnsSupport ?? reading.fill(`${path}.dnsSupport`, true, 'AWS'),
    dnsHostnames: vpc.dnsHostnames ?? reading.fill(`${path}.dnsHostnames`, true, 'vpcsim'),
    ...(servers && { dhcpDns: servers }),
  };
}
