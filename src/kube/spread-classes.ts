/** Nodes that the score of pod topology spread cannot tell apart, as classes: those with the same domains and as many
 *  selected pods. A thousand nodes are of a few classes, and a class is scored once. */
import type { ClusterState } from './cluster-state.ts';
import { HOSTNAME } from './spread-constraints.ts';

/** What a constraint sees of a node, 0 where it lacks the label. Otherwise: of the hostname, which makes every node a
 *  domain of its own, how many selected pods it has and one; of other keys the number of its domain and one. */
export type Level = number;

interface Start {
  /** By node index. */
  readonly ids: Int32Array;
  /** By class and constraint. */
  readonly levels: readonly (readonly Level[])[];
}

export class NodeClasses {
  /** By node index. */
  readonly ids: Int32Array;
  /** By class and constraint. */
  readonly levels: (readonly Level[])[];
  readonly #width: number;
  /** By class times constraints plus constraint: the class of a node that got another pod. */
  readonly #next: (number | undefined)[] = [];
  readonly #byLevels: Map<string, number>;

  /** `keys`: the topology key of each constraint. No node has a pod yet. */
  constructor(keys: readonly string[], state: ClusterState) {
    const { ids, levels } = startOf(keys, state);
    this.ids = ids.slice();
    this.levels = [...levels];
    this.#width = keys.length;
    this.#byLevels = new Map(levels.map((own, id) => [own.join(), id]));
  }

  /** The node got another pod that the constraint, one on the hostname, selects. */
  raise(node: number, constraint: number): void {
    const id = this.ids[node]!;
    const levels = this.levels[id]!;
    if (levels[constraint] === 0) return;
    const place = id * this.#width + constraint;
    this.ids[node] = this.#next[place] ??= this.#numberOf(levels.with(constraint, levels[constraint]! + 1));
  }

  #numberOf(levels: readonly Level[]): number {
    const key = levels.join();
    const id = this.#byLevels.get(key) ?? this.levels.push(levels) - 1;
    this.#byLevels.set(key, id);
    return id;
  }
}

/** Most pods of a cluster are spread by the same keys. */
const known = new WeakMap<ClusterState, Map<string, Start>>();

function startOf(keys: readonly string[], state: ClusterState): Start {
  const ofState = known.get(state) ?? new Map<string, Start>();
  known.set(state, ofState);
  const name = keys.join('\n');
  const start = ofState.get(name) ?? classify(keys, state);
  ofState.set(name, start);
  return start;
}

function classify(keys: readonly string[], state: ClusterState): Start {
  const domains = keys.map((key) => state.domainsOf(key).ids);
  const byLevels = new Map<string, number>();
  const levels: Level[][] = [];
  const ids = state.everyNode.map((node) => {
    const own = domains.map((of, i) => (keys[i] === HOSTNAME ? Math.min(of[node]!, 0) : of[node]!) + 1);
    const name = own.join();
    const id = byLevels.get(name) ?? levels.push(own) - 1;
    byLevels.set(name, id);
    return id;
  });
  return { ids, levels };
}
