/** A pool of numbers with a lower band kept for static requests and an upper one for dynamic allocation (KEP-3070 for
 *  Service addresses, KEP-3668 for NodePorts). Kubernetes starts at a random place of the upper band; here the lowest
 *  free number is taken, so that the same input has the same result. */

export type ClaimFault = 'out of range' | 'already allocated';

export class BandedPool {
  readonly #size: number;
  readonly #used = new Set<number>();
  readonly #offset: number;
  #next: number;

  /** Numbers 0 to `size` - 1; dynamic ones start at `offset`. */
  constructor(size: number, offset: number) {
    this.#size = size;
    this.#offset = offset;
    this.#next = offset;
  }

  claim(number: number): ClaimFault | undefined {
    if (number < 0 || number >= this.#size) return 'out of range';
    if (this.#used.has(number)) return 'already allocated';
    this.#used.add(number);
    return undefined;
  }

  /** The lowest free number of the upper band, then of the lower; undefined when the pool is full. */
  take(): number | undefined {
    while (this.#next < this.#size && this.#used.has(this.#next)) this.#next++;
    if (this.#next < this.#size) return this.#claimed(this.#next);
    for (let number = 0; number < this.#offset; number++)
      if (!this.#used.has(number)) return this.#claimed(number);
    return undefined;
  }

  #claimed(number: number): number {
    this.#used.add(number);
    return number;
  }
}

/** Size of the static band: none of a pool of up to 16, else a share of it within bounds. */
export function staticBand(size: number, share: number, most: number): number {
  return size <= 16 ? 0 : Math.min(most, Math.max(16, Math.floor(size / share)));
}
