/** Addresses as text, in the family that one instance of kube-proxy serves; dual-stack nodes run one of each. */
import { Address6 } from 'ip-address';
import { contains, formatCidr, parseCidr } from '../addressing/cidr.ts';
import { parseIpv4 } from '../addressing/ip.ts';

export type Family = 'IPv4' | 'IPv6';

/** Of an address or a CIDR block. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 'IPv6' : 'IPv4';
}

/** "10.0.0.1/32": a single address as iptables-save prints it. */
export function single(address: string): string {
  return `${address}/${familyOf(address) === 'IPv6' ? 128 : 32}`;
}

/** "10.0.0.1:80", "[fd00::1]:80". */
export function withPort(address: string, port: number): string {
  return familyOf(address) === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The block without host bits, as the kernel keeps it; undefined where it is malformed. */
export function canonicalRange(range: string): string | undefined {
  const trimmed = range.trim();
  if (familyOf(trimmed) === 'IPv6') {
    if (!Address6.isValid(trimmed)) return undefined;
    const block = new Address6(trimmed);
    return `${block.startAddress().correctForm()}/${block.subnetMask}`;
  }
  const parsed = parseCidr(trimmed);
  if (!('fault' in parsed)) return formatCidr(parsed);
  return parsed.canonical ? formatCidr(parsed.canonical) : undefined;
}

/** Whether a block holds an address of the same family. */
export function inRange(range: string, address: string): boolean {
  if (familyOf(range) !== familyOf(address)) return false;
  if (familyOf(range) === 'IPv6') return new Address6(address).isInSubnet(new Address6(range));
  const block = parseCidr(range);
  const number = parseIpv4(address);
  return !('fault' in block) && number !== undefined && contains(block, number);
}
