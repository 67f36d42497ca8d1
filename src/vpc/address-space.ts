/** Address blocks that have no place on the public internet (IANA IPv4 Special-Purpose Address Registry). The blocks
 *  for documentation (RFC 5737) are not among them: topologies use them as public addresses. */
import { cidr, contains } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';

/** RFC 1918. */
const privateBlocks = [cidr('10.0.0.0/8'), cidr('172.16.0.0/12'), cidr('192.168.0.0/16')];
/** RFC 6598. */
const sharedBlock = cidr('100.64.0.0/10');
/** "This" network, loopback, link-local, multicast, reserved (RFC 1122, RFC 3927, RFC 5771). */
const otherBlocks = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'].map(cidr);

/** All of IPv6 that is routed on the internet (IANA IPv6 Address Space). */
const globalUnicast = cidr('2000::/3');

export function isRfc1918(address: number): boolean {
  for (let i = 0; i < privateBlocks.length; i++) if (contains(privateBlocks[i]!, address)) return true;
  return false;
}

/** Shared address space of carriers: 100.64.0.0/10. */
export function isShared(address: number): boolean {
  return contains(sharedBlock, address);
}

/** Not routed on the public internet. */
export function isNonPublic(address: number): boolean {
  if (isRfc1918(address) || isShared(address)) return true;
  for (let i = 0; i < otherBlocks.length; i++) if (contains(otherBlocks[i]!, address)) return true;
  return isIpv6(address) && !contains(globalUnicast, address);
}
