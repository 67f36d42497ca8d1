/** IPv4 addresses as int32 numbers (`| 0`), the form every packet, rule and index uses; IPv6 ones are numbers too.
 *  Text is parsed strictly: four decimal octets, no leading zeros (RFC 6943 section 3.1.1 shows why). */
import { compareIpv6, formatIpv6, isIpv6, parseIpv6 } from './ip6.ts';

/** An IPv4 address as a signed 32-bit integer. */
export type Ipv4 = number;

/** The address, or undefined when `text` is not a strict dotted quad. */
export function parseIpv4(text: string): Ipv4 | undefined {
  let value = 0;
  let octet = -1;
  let octets = 0;
  let digits = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 46 : text.charCodeAt(i);
    if (code === 46) {
      if (digits === 0 || octet > 255) return undefined;
      value = (value << 8) | octet;
      octets++;
      octet = -1;
      digits = 0;
    } else if (code >= 48 && code <= 57) {
      if (digits > 0 && octet === 0) return undefined;
      octet = digits === 0 ? code - 48 : octet * 10 + code - 48;
      if (++digits > 3) return undefined;
    } else return undefined;
  }
  return octets === 4 ? value : undefined;
}

/** An address of either family, or undefined when `text` is none. */
export function parseAddress(text: string): number | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The dotted quad; the number of an IPv6 address gives that address. */
export function formatIpv4(address: Ipv4): string {
  if (isIpv6(address)) return formatIpv6(address);
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Numeric order of two addresses, for sorting; IPv6 ones come first. */
export function compareIpv4(a: Ipv4, b: Ipv4): number {
  if (isIpv6(a) && isIpv6(b)) return compareIpv6(a, b);
  return (a >>> 0) - (b >>> 0);
}

/** A literal that is known to be right; a bug otherwise. */
export function ipv4(text: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw new Error(`bug in vpcsim: ${text} is not an IPv4 address`);
  return value;
}
