/** Things that ask for labels, each filed under one of the pairs it asks for: a set of labels is tried on those alone
 *  that one of its own pairs leads to. */
import { hasLabels, type Labels } from '../api/selectors.ts';

interface Filed<T> {
  readonly wanted: Labels;
  readonly item: T;
}

export class LabelIndex<T> {
  readonly #byPair = new Map<string, Filed<T>[]>();
  readonly #askingNothing: Filed<T>[] = [];

  add(wanted: Labels, item: T): void {
    this.#emptiest(wanted).push({ wanted, item });
  }

  /** The items whose wanted pairs are all among `labels`. */
  matching(labels: Labels): T[] {
    const found = this.#askingNothing.map(({ item }) => item);
    for (const key in labels)
      for (const { wanted, item } of this.#byPair.get(pair(key, labels[key]!)) ?? [])
        if (hasLabels(wanted, labels)) found.push(item);
    return found;
  }

  /** A pair that many ask for, as app.kubernetes.io/part-of, would tell them apart badly. */
  #emptiest(wanted: Labels): Filed<T>[] {
    let best: Filed<T>[] | undefined;
    for (const key in wanted) {
      const name = pair(key, wanted[key]!);
      const filed = this.#byPair.get(name) ?? [];
      if (filed.length === 0) this.#byPair.set(name, filed);
      if (best === undefined || filed.length < best.length) best = filed;
    }
    return best ?? this.#askingNothing;
  }
}

function pair(key: string, value: string): string {
  return `${key}=${value}`;
}
