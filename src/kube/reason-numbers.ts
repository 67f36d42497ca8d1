/** Lists of reasons by number, each list once: verdicts on thousands of nodes repeat a few of them. */

/** Number of the empty list: nothing speaks against the node. */
export const FEASIBLE = 0;

export class ReasonNumbers {
  readonly #lists: (readonly string[])[] = [[]];
  readonly #numbers = new Map<string, number>([['', FEASIBLE]]);

  numberOf(reasons: readonly string[]): number {
    if (reasons.length === 0) return FEASIBLE;
    const key = reasons.join('\n');
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#lists.push(reasons) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  reasonsOf(number: number): readonly string[] {
    return this.#lists[number]!;
  }

  /** How many numbers are given out. */
  get size(): number {
    return this.#lists.length;
  }
}
