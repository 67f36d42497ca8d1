/** CIDR blocks (RFC 4632, RFC 4291 section 2.3): a base whose host bits are zero, and a prefix length. */
import { compareIpv4, formatIpv4, type Ipv4, parseIpv4 } from './ip.ts';
import { isIpv6, networkOf, parseIpv6, samePrefix } from './ip6.ts';

export interface Cidr {
  readonly base: Ipv4;
  /** 0 to 32; to 128 of an IPv6 block. */
  readonly length: number;
}

export type CidrFault = 'cidr/malformed' | 'cidr/host-bits';

/** 0.0.0.0/0. */
export const everyAddress: Cidr = { base: 0, length: 0 };

/** IPv4 network mask of a prefix length, as int32. */
export function maskOf(length: number): number {
  return length === 0 ? 0 : (-1 << (32 - length)) | 0;
}

/** IPv4, strict: "a.b.c.d/n" with no host bits. The fault carries the canonical block where only host bits were wrong. */
export function parseCidr(text: string): Cidr | { readonly fault: CidrFault; readonly canonical?: Cidr } {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIpv4(text.slice(0, slash));
  const suffix = text.slice(slash + 1);
  const length = /^(0|[1-9]\d?)$/.test(suffix) ? Number(suffix) : 33;
  if (address === undefined || length > 32) return { fault: 'cidr/malformed' };
  const base = address & maskOf(length);
  if (base !== address) return { fault: 'cidr/host-bits', canonical: { base, length } };
  return { base, length };
}

/** A block or a single address of either family; host bits are cleared. Undefined when `text` is neither. */
export function parseBlock(text: string): Cidr | undefined {
  const [address = '', suffix, ...rest] = text.split('/');
  const longest = address.includes(':') ? 128 : 32;
  const length = suffix === undefined ? longest : /^(0|[1-9]\d{0,2})$/.test(suffix) ? Number(suffix) : 129;
  if (length > longest || rest.length > 0) return undefined;
  const number = longest === 128 ? parseIpv6(address) : parseIpv4(address);
  if (number === undefined) return undefined;
  return { base: longest === 128 ? networkOf(number, length) : number & maskOf(length), length };
}

/** How long a block of a single address is in this block's family. */
export function longestLength({ base }: Cidr): 32 | 128 {
  return isIpv6(base) ? 128 : 32;
}

/** A literal that is known to be right; a bug otherwise. */
export function cidr(text: string): Cidr {
  const parsed = text.includes(':') ? (parseBlock(text) ?? { fault: text }) : parseCidr(text);
  if ('fault' in parsed) throw new Error(`bug in vpcsim: ${text} is not a CIDR block`);
  return parsed;
}

export function formatCidr(block: Cidr): string {
  return `${formatIpv4(block.base)}/${block.length}`;
}

/** The block of one address, of either family, as text. */
export function formatSingle(address: Ipv4): string {
  return `${formatIpv4(address)}/${isIpv6(address) ? 128 : 32}`;
}

/** Whether the address lies in the block; one of the other family never does. */
export function contains(block: Cidr, address: Ipv4): boolean {
  const { base, length } = block;
  if (base >>> 24 === 0) return inLowBlock(base, length, address);
  return ((address ^ base) & maskOf(length)) === 0;
}

/** Whether the address lies in one of the blocks. */
export function inAnyBlock(blocks: readonly Cidr[], address: Ipv4): boolean {
  for (let i = 0; i < blocks.length; i++) if (contains(blocks[i]!, address)) return true;
  return false;
}

export function sameBlock(one: Cidr, other: Cidr): boolean {
  return one.base === other.base && one.length === other.length;
}

/** Blocks of IPv6, and those of IPv4 that begin where the numbers of IPv6 addresses lie: 0.0.0.0/0 for one. */
function inLowBlock(base: number, length: number, address: number): boolean {
  if (isIpv6(base)) return isIpv6(address) && samePrefix(base, address, length);
  return !isIpv6(address) && ((address ^ base) & maskOf(length)) === 0;
}

export function covers(outer: Cidr, inner: Cidr): boolean {
  return outer.length <= inner.length && contains(outer, inner.base);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return covers(a, b) || covers(b, a);
}

/** How many addresses a block holds. */
export function sizeOf(block: Cidr): number {
  return 2 ** (32 - block.length);
}

/** The address `offset` places after the base; negative counts back from one past the end. */
export function addressAt(block: Cidr, offset: number): Ipv4 {
  return (block.base + (offset < 0 ? sizeOf(block) + offset : offset)) | 0;
}

export function compareCidr(a: Cidr, b: Cidr): number {
  return compareIpv4(a.base, b.base) || a.length - b.length;
}
