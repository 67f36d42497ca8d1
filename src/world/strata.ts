/** The memory of a build: each stratum keeps its output as long as its inputs are the same objects, so that a changed
 *  world is rebuilt only where the change reaches. Within a stratum single objects are kept the same way. */

interface Kept {
  readonly inputs: readonly unknown[];
  readonly output: unknown;
}

export class Strata {
  readonly #before: ReadonlyMap<string, Kept>;
  readonly #now = new Map<string, Kept>();
  /** How often something was computed anew, for tests of what a change touches. */
  computed = 0;

  constructor(previous?: Strata) {
    this.#before = previous ? previous.#now : new Map();
  }

  /** `compute()`, or what it gave last time when every input is the same object or value. */
  keep<T>(name: string, inputs: readonly unknown[], compute: () => T): T {
    const known = this.#now.get(name) ?? this.#before.get(name);
    if (known && same(known.inputs, inputs)) {
      this.#now.set(name, known);
      return known.output as T;
    }
    this.computed++;
    const output = compute();
    this.#now.set(name, { inputs, output });
    return output;
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
