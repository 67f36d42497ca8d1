/** Hands out the addresses of one block, always the lowest free one, so that the same input gives the same addresses.
 *  AWS does not promise an order; lowest first is ours. Whole aligned blocks are what prefix delegation needs: EC2 gives
 *  an ENI a /28 only where sixteen contiguous aligned addresses are free (EKS best practices guide, "Prefix Mode for Linux"). */
import { assert } from '../base/assert.ts';
import { addressAt, type Cidr, formatCidr, sizeOf } from './cidr.ts';
import { formatIpv4, type Ipv4 } from './ip.ts';

/** One bit an address; 2 MiB at /8, the largest block anyone allocates from. */
const SHORTEST_PREFIX = 8;

export class AddressAllocator {
  readonly cidr: Cidr;
  readonly #size: number;
  /** Bit set: not to be handed out now. Bits past the block's end are set as well. */
  readonly #taken: Uint32Array;
  readonly #fixed: ReadonlySet<Ipv4>;
  /** Released addresses that must not be used before the given time. They stay taken until then. */
  readonly #cooling = new Map<Ipv4, number>();
  /** No word before this one has a free address. */
  #lowest = 0;
  /** No word before these has a free aligned run of 1, 2, 4, 8 and 16 addresses. */
  readonly #noneBefore = [0, 0, 0, 0, 0];
  #free: number;

  /** `reserved` addresses are never handed out or released (in a subnet: AWS's five). */
  constructor(cidr: Cidr, reserved: readonly Ipv4[] = []) {
    assert(cidr.length >= SHORTEST_PREFIX, `${formatCidr(cidr)} is too large to allocate from`);
    this.cidr = cidr;
    this.#size = sizeOf(cidr);
    this.#free = this.#size;
    this.#taken = new Uint32Array(Math.ceil(this.#size / 32));
    if (this.#size < 32) this.#taken[0] = -1 << this.#size;
    this.#fixed = new Set(reserved);
    for (const address of this.#fixed) this.reserve(address);
  }

  /** How many addresses can be handed out now; those cooling down do not count. */
  get free(): number {
    return this.#free;
  }

  /** Is the address of this block taken: reserved, handed out, or cooling down? */
  has(address: Ipv4): boolean {
    const offset = this.#offset(address);
    return offset < this.#size && (this.#taken[offset >>> 5]! & (1 << offset)) !== 0;
  }

  /** Takes this very address; false when it is taken already or not of this block. */
  reserve(address: Ipv4): boolean {
    if (this.#offset(address) >= this.#size || this.has(address)) return false;
    this.#take(this.#offset(address), 1);
    return true;
  }

  /** Takes every address of a block that is not taken yet. */
  reserveBlock(block: Cidr): void {
    for (let i = 0; i < sizeOf(block); i++) this.reserve(addressAt(block, i));
  }

  /** Takes the lowest free address. */
  next(): Ipv4 | undefined {
    const offset = this.#find(1);
    if (offset < 0) return undefined;
    this.#take(offset, 1);
    return addressAt(this.cidr, offset);
  }

  /** Takes the lowest free block of this prefix length that is aligned to its own size. */
  nextBlock(length: number): Cidr | undefined {
    const block = this.#freeBlock(length);
    if (block !== undefined) this.#take(this.#offset(block.base), sizeOf(block));
    return block;
  }

  /** Gives a taken address back, at once or when the clock passed to `advance` reaches `until`. */
  release(address: Ipv4, until?: number): void {
    assert(
      this.has(address) && !this.#fixed.has(address) && !this.#cooling.has(address),
      `${formatIpv4(address)} is released but was not handed out`,
    );
    if (until === undefined) this.#give(address);
    else this.#cooling.set(address, until);
  }

  /** Gives every address of a block back. */
  releaseBlock(block: Cidr, until?: number): void {
    for (let i = 0; i < sizeOf(block); i++) this.release(addressAt(block, i), until);
  }

  /** Frees the released addresses whose cooldown is over at `now`. */
  advance(now: number): void {
    for (const [address, until] of this.#cooling) {
      if (until > now) continue;
      this.#cooling.delete(address);
      this.#give(address);
    }
  }

  /** The largest aligned block that is wholly free (the lowest of them): shows how fragmented the rest is. */
  largestFreeBlock(): Cidr | undefined {
    for (let length = this.cidr.length; length <= 32; length++) {
      const block = this.#freeBlock(length);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  #freeBlock(length: number): Cidr | undefined {
    if (length < this.cidr.length) return undefined;
    const offset = this.#find(2 ** (32 - length));
    return offset < 0 ? undefined : { base: addressAt(this.cidr, offset), length };
  }

  /** Offset of the lowest free run of `count` (a power of two) addresses aligned to `count`, or -1. */
  #find(count: number): number {
    const taken = this.#taken;
    while (this.#lowest < taken.length && taken[this.#lowest] === 0xffffffff) this.#lowest++;
    if (count >= 32) return this.#findWords(count >>> 5);
    const hint = 31 - Math.clz32(count);
    for (let word = Math.max(this.#lowest, this.#noneBefore[hint]!); word < taken.length; word++) {
      const bits = taken[word]!;
      if (bits === 0xffffffff) continue;
      const bit = count === 1 ? lowestZero(bits) : freeRun(bits, count);
      if (bit < 0) continue;
      this.#noneBefore[hint] = word;
      return word * 32 + bit;
    }
    this.#noneBefore[hint] = taken.length;
    return -1;
  }

  #findWords(count: number): number {
    const taken = this.#taken;
    for (let word = Math.ceil(this.#lowest / count) * count; word < taken.length; word += count) {
      let empty = 0;
      while (empty < count && taken[word + empty] === 0) empty++;
      if (empty === count) return word * 32;
    }
    return -1;
  }

  #take(offset: number, count: number): void {
    this.#free -= count;
    if (count >= 32) this.#taken.fill(0xffffffff, offset >>> 5, (offset + count) >>> 5);
    else this.#taken[offset >>> 5]! |= ones(count) << offset;
  }

  #give(address: Ipv4): void {
    const offset = this.#offset(address);
    this.#free++;
    this.#taken[offset >>> 5]! &= ~(1 << offset);
    const word = offset >>> 5;
    this.#lowest = Math.min(this.#lowest, word);
    for (let hint = 0; hint < this.#noneBefore.length; hint++)
      if (this.#noneBefore[hint]! > word) this.#noneBefore[hint] = word;
  }

  /** Of an address outside the block: a number past its end. */
  #offset(address: Ipv4): number {
    return (address - this.cidr.base) >>> 0;
  }
}

/** That many low bits set; a power of two below 32. */
function ones(count: number): number {
  return (1 << count) - 1;
}

/** Place of the lowest aligned run of so many bits that are not set, or -1. */
function freeRun(bits: number, count: number): number {
  for (let bit = 0; bit < 32; bit += count) if ((bits & (ones(count) << bit)) === 0) return bit;
  return -1;
}

/** Place of the lowest bit that is not set, of one that has such a bit. */
function lowestZero(bits: number): number {
  return 31 - Math.clz32(~bits & (bits + 1));
}
