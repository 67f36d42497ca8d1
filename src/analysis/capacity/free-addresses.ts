/** What a subnet still has, as numbers: single addresses and whole /28 blocks. Single addresses are taken from blocks
 *  that are touched already, as long as there are some, which is the kindest order: EC2 promises none. */
import { type Counts, totalOf } from './counts.ts';
import { PREFIX_SIZE } from './prefix-blocks.ts';
import type { SubnetCapacity } from './report.ts';
import { codeOf } from './subnet-map.ts';

export class FreeAddresses {
  /** In blocks that something touches. */
  #stray: number;
  /** Whole blocks, outside of reservations. */
  #blocks: number;
  /** Whole blocks of reservations of type prefix. */
  #reserved: number;

  readonly #reservedAtFirst: number;

  private constructor(stray: number, blocks: number, reserved: number) {
    this.#stray = stray;
    this.#blocks = blocks;
    this.#reserved = reserved;
    this.#reservedAtFirst = reserved;
  }

  static of({ free, prefixes }: Pick<SubnetCapacity, 'free' | 'prefixes'>): FreeAddresses {
    const reserved = [...prefixes.map].filter((letter) => letter === 'r').length;
    const blocks = prefixes.free - reserved;
    return new FreeAddresses(free - blocks * PREFIX_SIZE, blocks, reserved);
  }

  /** As it is now. */
  copy(): FreeAddresses {
    return new FreeAddresses(this.#stray, this.#blocks, this.#reserved);
  }

  /** Single addresses that can still be taken. */
  get addresses(): number {
    return this.#stray + this.#blocks * PREFIX_SIZE;
  }

  /** Prefixes that can still be taken. */
  get blocks(): number {
    return this.#blocks + this.#reserved;
  }

  /** Addresses of reservations that prefixes have taken. */
  get takenOfReservations(): number {
    return (this.#reservedAtFirst - this.#reserved) * PREFIX_SIZE;
  }

  /** Takes as many single addresses as there are, up to `wanted`; says how many. */
  take(wanted: number): number {
    const taken = Math.min(wanted, this.addresses);
    const broken = Math.max(0, Math.ceil((taken - this.#stray) / PREFIX_SIZE));
    this.#blocks -= broken;
    this.#stray += broken * PREFIX_SIZE - taken;
    return taken;
  }

  /** Takes so many single addresses, or none. */
  takeAll(wanted: number): boolean {
    return this.addresses >= wanted && this.take(wanted) === wanted;
  }

  /** Takes as many prefixes as there are, up to `wanted`; says how many. Those of reservations go first. */
  takeBlocks(wanted: number): number {
    const reserved = Math.min(wanted, this.#reserved);
    const others = Math.min(wanted - reserved, this.#blocks);
    this.#reserved -= reserved;
    this.#blocks -= others;
    return reserved + others;
  }

  /** Takes back what a node held. */
  give(counts: Counts): void {
    const inPrefixes = counts[codeOf['prefix-pod']]! + counts[codeOf['prefix-warm']]!;
    this.#blocks += inPrefixes / PREFIX_SIZE;
    this.#stray += totalOf(counts) - inPrefixes;
  }

  /** Takes a single address and `blocks` prefixes, or nothing. */
  takeBoth(singles: number, blocks: number): boolean {
    if (this.blocks < blocks) return false;
    const others = Math.max(0, blocks - this.#reserved);
    if (this.#stray + (this.#blocks - others) * PREFIX_SIZE < singles) return false;
    this.takeBlocks(blocks);
    this.take(singles);
    return true;
  }
}
