/** Which address of a range NAT takes (nf_nat_core.c, find_best_ips_proto): a hash of source and destination without any
 *  secret, so that it is determined. Words are taken as a little-endian machine has them. */

const swapped = (word: number): number =>
  ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** jhash2 of an address followed by three zero words (linux/jhash.h, Bob Jenkins' lookup3). */
function jhash(address: number, initial: number): number {
  const start = (0xdeadbeef + 16 + initial) | 0;
  let [a, b, c] = [(start + address) | 0, start, start];
  a = (a - c) ^ rotated(c, 4);
  c = (c + b) | 0;
  b = (b - a) ^ rotated(a, 6);
  a = (a + c) | 0;
  c = (c - b) ^ rotated(b, 8);
  b = (b + a) | 0;
  a = (a - c) ^ rotated(c, 16);
  c = (c + b) | 0;
  b = (b - a) ^ rotated(a, 19);
  a = (a + c) | 0;
  c = (c - b) ^ rotated(b, 4);
  b = (b + a) | 0;
  // __jhash_final
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  return ((c ^ b) - rotated(b, 24)) >>> 0;
}

/** An address from `first` to `last` for packets of `src` to `dst`; with `persistent` whatever the destination. */
export function addressFrom(
  first: number,
  last: number,
  src: number,
  dst: number,
  persistent: boolean,
  zone: number,
): number {
  if (first === last) return first;
  const size = (last >>> 0) - (first >>> 0) + 1;
  const hash = jhash(swapped(src), persistent ? 0 : swapped(dst) ^ zone);
  return ((first >>> 0) + Math.floor((hash * size) / 2 ** 32)) | 0;
}
