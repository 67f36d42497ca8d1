/** Where the pods stand that selectors select: for each watched set of selectors the nodes of its pods, one entry for
 *  a pod, in the order in which they were placed. Readers count on from where they stopped. */
import type { LabelSelector, Metadata } from '../api/objects.ts';
import { type Labels, selects } from '../api/selectors.ts';
import { LabelIndex } from './label-index.ts';

interface Watched {
  readonly selectors: readonly LabelSelector[];
  /** Node indexes; grows. */
  readonly nodes: number[];
}

const NOWHERE: readonly number[] = [];
const NOTHING: readonly Watched[] = [];

/** What selected some labels while so many things were watched. */
interface Seen {
  readonly namespace: string;
  readonly watched: number;
  readonly in: readonly Watched[];
}

export class SelectedPods {
  readonly #watched = new Map<string, Watched>();
  readonly #byNamespace = new Map<string, LabelIndex<Watched>>();
  readonly #seen = new WeakMap<Labels, Seen>();
  /** Pods of one template follow each other and share their labels. */
  #last: { readonly namespace: string; readonly labels: Labels; readonly in: readonly Watched[] } | undefined;

  /** Pods of the namespace that all the selectors select are noted from now on. No selector selects nothing. */
  watch(namespace: string, selectors: readonly LabelSelector[]): void {
    const key = keyOf(namespace, selectors);
    if (selectors.length === 0 || this.#watched.has(key)) return;
    const watched = { selectors, nodes: [] };
    this.#watched.set(key, watched);
    const index = this.#byNamespace.get(namespace) ?? new LabelIndex<Watched>();
    this.#byNamespace.set(namespace, index);
    index.add(Object.assign({}, ...selectors.map(({ matchLabels }) => matchLabels)), watched);
    this.#last = undefined;
  }

  /** The live list of what `watch` was told to watch. */
  nodesOf(namespace: string, selectors: readonly LabelSelector[]): readonly number[] {
    return this.#watched.get(keyOf(namespace, selectors))?.nodes ?? NOWHERE;
  }

  get isWatching(): boolean {
    return this.#watched.size > 0;
  }

  /** A pod of these labels stands on the node. */
  add({ namespace, labels }: Pick<Metadata, 'namespace' | 'labels'>, node: number): void {
    if (!this.isWatching) return;
    if (this.#last?.labels !== labels || this.#last.namespace !== namespace)
      this.#last = { namespace, labels, in: this.#selecting(namespace, labels) };
    for (const { nodes } of this.#last.in) nodes.push(node);
  }

  /** Remembered for labels that are shared: they come again on the next node. */
  #selecting(namespace: string, labels: Labels): readonly Watched[] {
    const index = this.#byNamespace.get(namespace);
    if (!index) return NOTHING;
    const seen = this.#seen.get(labels);
    if (seen && seen.namespace === namespace && seen.watched === this.#watched.size) return seen.in;
    const found = index
      .matching(labels)
      .filter(({ selectors }) => selectors.every((one) => selects(one, labels)));
    this.#seen.set(labels, { namespace, watched: this.#watched.size, in: found });
    return found;
  }
}

function keyOf(namespace: string, selectors: readonly LabelSelector[]): string {
  return `${namespace}\n${JSON.stringify(selectors)}`;
}
