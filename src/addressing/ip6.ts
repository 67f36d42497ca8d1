/** IPv6 addresses (RFC 4291) as int32 numbers, so that packets, sessions, bindings and records hold them as they hold
 *  IPv4 ones. An address is interned once: its number stands for four words in a table, and lies in 0.128.0.0 to
 *  0.255.255.255, which no IPv4 packet carries (RFC 1122 section 3.2.1.3). Numbers are equal where addresses are; they
 *  mean nothing outside the process. */

/** The number of an interned IPv6 address. */
export type Ipv6 = number;

const FIRST = 0x0080_0000;
const LAST = 0x00ff_ffff;

/** The number that the next new address gets. */
let next = FIRST;
/** Four words an address, in the order of their numbers. */
let table = new Int32Array(4 * 256);
const numbers = new Map<string, Ipv6>();

/** Whether an address is an IPv6 one. */
export function isIpv6(address: number): boolean {
  return address >= FIRST && address < next;
}

/** The number of the address with these words, the most significant first. */
function intern(words: readonly number[]): Ipv6 {
  const key = words.join();
  let number = numbers.get(key);
  if (number === undefined) {
    number = next++;
    if (number > LAST) throw new Error('bug in vpcsim: more IPv6 addresses than there are numbers for them');
    numbers.set(key, number);
    const at = 4 * (number - FIRST);
    if (at === table.length) {
      const larger = new Int32Array(2 * table.length);
      larger.set(table);
      table = larger;
    }
    table.set(words, at);
  }
  return number;
}

/** The address, or undefined when `text` is none (RFC 4291 section 2.2; no zone, no brackets). */
export function parseIpv6(text: string): Ipv6 | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, at) => groupsOf(half, at === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return intern([0, 2, 4, 6].map((at) => (groups[at]! << 16) | groups[at + 1]!));
}

/** Groups of 16 bits; at the end of the address an IPv4 one may stand for two. */
function groupsOf(text: string, ends: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const octets =
        ends && at === parts.length - 1 && /^\d{1,3}(\.\d{1,3}){3}$/.test(part) ? part.split('.') : [];
      if (octets.length === 0 || octets.some((octet) => Number(octet) > 255 || /^0\d/.test(octet)))
        return undefined;
      const [a, b, c, d] = octets.map(Number) as [number, number, number, number];
      groups.push((a << 8) | b, (c << 8) | d);
    }
  }
  return groups;
}

/** As RFC 5952 section 4 has it: lower case, the longest run of zero groups as "::", the first of equal ones. */
export function formatIpv6(address: Ipv6): string {
  const groups = [0, 1, 2, 3].flatMap((word) => {
    const value = table[4 * (address - FIRST) + word]!;
    return [value >>> 16, value & 0xffff];
  });
  let start = 0;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** Whether the first `length` bits of two addresses are the same. */
export function samePrefix(a: Ipv6, b: Ipv6, length: number): boolean {
  if (a === b) return true;
  for (let word = 0, left = length; left > 0; word++, left -= 32) {
    const mask = left >= 32 ? -1 : -1 << (32 - left);
    if (((table[4 * (a - FIRST) + word]! ^ table[4 * (b - FIRST) + word]!) & mask) !== 0) return false;
  }
  return true;
}

/** How many of the first bits of two addresses are the same. */
export function commonPrefix(a: Ipv6, b: Ipv6): number {
  for (let word = 0; word < 4; word++) {
    const same = Math.clz32(table[4 * (a - FIRST) + word]! ^ table[4 * (b - FIRST) + word]!);
    if (same < 32) return 32 * word + same;
  }
  return 128;
}

/** The address with all but its first `length` bits zero. */
export function networkOf(address: Ipv6, length: number): Ipv6 {
  return intern(
    [0, 1, 2, 3].map((word) => {
      const left = length - 32 * word;
      const mask = left >= 32 ? -1 : left <= 0 ? 0 : -1 << (32 - left);
      return table[4 * (address - FIRST) + word]! & mask;
    }),
  );
}

/** The address `offset` places after another, inside of its last 32 bits. */
export function addressAfter(address: Ipv6, offset: number): Ipv6 {
  const words = [0, 1, 2, 3].map((word) => table[4 * (address - FIRST) + word]!);
  return intern([...words.slice(0, 3), (words[3]! + offset) | 0]);
}

/** The last address of a block. */
export function lastOf(base: Ipv6, length: number): Ipv6 {
  return intern(
    [0, 1, 2, 3].map((word) => {
      const left = length - 32 * word;
      const host = left >= 32 ? 0 : left <= 0 ? -1 : ~(-1 << (32 - left));
      return table[4 * (base - FIRST) + word]! | host;
    }),
  );
}

/** Order of two addresses by their value: negative, 0 or positive. */
export function compareIpv6(a: Ipv6, b: Ipv6): number {
  for (let word = 0; word < 4; word++) {
    const difference = (table[4 * (a - FIRST) + word]! >>> 0) - (table[4 * (b - FIRST) + word]! >>> 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A literal that is known to be right; a bug otherwise. */
export function ipv6(text: string): Ipv6 {
  const value = parseIpv6(text);
  if (value === undefined) throw new Error(`bug in vpcsim: ${text} is not an IPv6 address`);
  return value;
}
