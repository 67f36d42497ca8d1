/** Cuts subnets out of the blocks of a VPC: each zone gets a slice of its own, of which subnets that may want company
 *  later take the beginning and the others the end, so that what is left lies together; where slices are too small,
 *  subnets are packed tightly, the largest first. Every subnet is aligned to its size. */
import { addressAt, type Cidr, compareCidr, sizeOf } from '../../addressing/cidr.ts';

export interface Piece {
  readonly zone: number;
  /** Prefix length. */
  readonly length: number;
  /** Of the zone's slice. */
  readonly end: 'lowest' | 'highest';
}

export interface Carved<P extends Piece> {
  readonly placed: readonly { readonly piece: P; readonly cidr: Cidr }[];
  /** The slice of each zone; empty where the subnets are packed. */
  readonly slices: readonly Cidr[];
  /** Aligned blocks that no subnet has, ascending. */
  readonly free: readonly Cidr[];
}

/** Undefined where the pieces do not fit. */
export function carve<P extends Piece>(
  blocks: readonly Cidr[],
  pieces: readonly P[],
  zones: number,
): Carved<P> | undefined {
  const [first, ...others] = blocks;
  if (!first) return undefined;
  // One slice more than there are zones, where that can be: for a zone that joins later.
  for (const wanted of [zones + 1, zones]) {
    const carved = sliced(first, pieces, zones, Math.ceil(Math.log2(wanted)));
    if (carved) return { ...carved, free: [...carved.free, ...others].sort(compareCidr) };
  }
  return packed(blocks, pieces);
}

function sliced<P extends Piece>(
  block: Cidr,
  pieces: readonly P[],
  zones: number,
  bits: number,
): Carved<P> | undefined {
  const length = block.length + bits;
  if (length > 28) return undefined;
  const all = Array.from({ length: 2 ** bits }, (_, index): Cidr => {
    return { base: addressAt(block, index * 2 ** (32 - length)), length };
  });
  const free = new FreeSpace(all.slice(zones));
  const placed: { piece: P; cidr: Cidr }[] = [];
  for (const [zone, slice] of all.slice(0, zones).entries()) {
    const space = new FreeSpace([slice]);
    const mine = largestFirst(pieces.filter((piece) => piece.zone === zone));
    for (const piece of mine) {
      const cidr = space.take(piece.length, piece.end);
      if (!cidr) return undefined;
      placed.push({ piece, cidr });
    }
    free.add(space.blocks());
  }
  return { placed, slices: all.slice(0, zones), free: free.blocks() };
}

function packed<P extends Piece>(blocks: readonly Cidr[], pieces: readonly P[]): Carved<P> | undefined {
  const space = new FreeSpace(blocks);
  const placed: { piece: P; cidr: Cidr }[] = [];
  for (const piece of largestFirst(pieces)) {
    const cidr = space.take(piece.length, 'lowest');
    if (!cidr) return undefined;
    placed.push({ piece, cidr });
  }
  return { placed, slices: [], free: space.blocks() };
}

function largestFirst<P extends Piece>(pieces: readonly P[]): P[] {
  return [...pieces].sort((a, b) => a.length - b.length);
}

/** Aligned blocks, halved as they are needed. */
class FreeSpace {
  #blocks: Cidr[];

  constructor(blocks: readonly Cidr[]) {
    this.#blocks = [...blocks].sort(compareCidr);
  }

  blocks(): readonly Cidr[] {
    return [...this.#blocks].sort(compareCidr);
  }

  add(blocks: readonly Cidr[]): void {
    this.#blocks.push(...blocks);
  }

  take(length: number, end: 'lowest' | 'highest'): Cidr | undefined {
    const fit = this.#blocks.filter((block) => block.length <= length).sort(compareCidr);
    const chosen = end === 'lowest' ? fit[0] : fit.at(-1);
    if (!chosen) return undefined;
    this.#blocks = this.#blocks.filter((block) => block !== chosen);
    let block = chosen;
    while (block.length < length) {
      const half = { base: block.base, length: block.length + 1 };
      const other = { base: addressAt(block, sizeOf(half)), length: half.length };
      this.#blocks.push(end === 'lowest' ? other : half);
      block = end === 'lowest' ? half : other;
    }
    return block;
  }
}
