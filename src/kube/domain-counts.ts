/** Selected pods by domain of a topology key. Counting goes on where it stopped: pods are placed and never leave. */
export class DomainCounts {
  /** By domain number. */
  readonly counts: Int32Array;
  readonly #nodes: readonly number[];
  readonly #domains: Int32Array;
  readonly #present: Uint8Array;
  #counted = 0;
  #least = Infinity;
  /** Domains that have no more pods than the one with the least. */
  #atLeast = 0;

  /** `nodes` as SelectedPods lists them; `domains` by node index, -1 for a node whose pods do not count. */
  constructor(nodes: readonly number[], domains: Int32Array, count: number) {
    this.counts = new Int32Array(count);
    this.#nodes = nodes;
    this.#domains = domains;
    this.#present = new Uint8Array(count);
    for (const domain of domains) if (domain >= 0) this.#present[domain] = 1;
    this.#findLeast();
  }

  /** Counts the pods that were placed since. */
  update(): void {
    for (; this.#counted < this.#nodes.length; this.#counted++) {
      const domain = this.#domains[this.#nodes[this.#counted]!]!;
      if (domain < 0) continue;
      const before = this.counts[domain]!;
      this.counts[domain] = before + 1;
      if (before === this.#least && --this.#atLeast === 0) this.#findLeast();
    }
  }

  /** The smallest count of a domain that has nodes; infinite where none has. */
  get least(): number {
    return this.#least;
  }

  #findLeast(): void {
    this.#least = Infinity;
    this.#atLeast = 0;
    for (let domain = 0; domain < this.counts.length; domain++) {
      if (!this.#present[domain]) continue;
      const count = this.counts[domain]!;
      if (count < this.#least) {
        this.#least = count;
        this.#atLeast = 0;
      }
      if (count === this.#least) this.#atLeast++;
    }
  }
}
