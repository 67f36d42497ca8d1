/** The score of pod topology spread: the fewer selected pods a node and its domains have, the higher. */
import type { LabelSelector, Pod } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import { DomainCounts } from './domain-counts.ts';
import { type Level, NodeClasses } from './spread-classes.ts';
import { HOSTNAME, type SpreadConstraint, softSpread, spreadByDefault } from './spread-constraints.ts';
import { countedNodes, domainsWithin, type NodeSet } from './spread-eligible.ts';

export interface SpreadScoring {
  /** By node index. Nodes of a class score alike. */
  readonly classes: Int32Array;
  readonly classCount: number;
  /** By class, 0 to 100; of those alone that were scored last. */
  readonly scores: readonly number[];
  /** Counts the pods that were placed since; nodes that got one are of another class then. */
  update(): void;
  /** Whether nodes of the class lack a key of an explicit constraint: they score 0, and the others are scored as if those
   *  were not there. Undefined where there are none. */
  readonly leavesOut: ((id: number) => boolean) | undefined;
  /** Scores classes, which may be given several times. So many nodes belong to those that are not left out. */
  score(classes: readonly number[], nodes: number): void;
}

/** What one constraint adds to the raw score of a class: more for more pods. */
interface Term {
  /** Counts the pods that were placed since. */
  update(): void;
  /** Reads what depends on which nodes are scored: how many, and of which classes. */
  weigh(nodes: number, classes: readonly number[]): void;
  /** For a level beyond 0: a node without the label gets nothing. */
  added(level: Level): number;
}

/** For pods that differ from the given one in name and labels alone; undefined where nothing asks for spreading. No node
 *  outside `candidates` may match the pods' affinity. */
export function spreadScoring(
  { spec, metadata }: Pod,
  ownerSelectors: readonly LabelSelector[],
  candidates: Int32Array,
  state: ClusterState,
): SpreadScoring | undefined {
  const constraints = softSpread(spec, ownerSelectors);
  if (constraints.length === 0) return undefined;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const isDefault = spreadByDefault(spec);
  const counted = isDefault ? undefined : countedNodes(spec, keys, candidates, state);
  const classes = new NodeClasses(keys, state);
  const terms = constraints.map((one, place) =>
    termOf(one, place, metadata.namespace, classes, counted, state),
  );
  return scoring(terms, classes, !isDefault);
}

function termOf(
  constraint: SpreadConstraint,
  place: number,
  namespace: string,
  classes: NodeClasses,
  counted: NodeSet | undefined,
  state: ClusterState,
): Term {
  const pods = state.selectedPods.nodesOf(namespace, constraint.selectors);
  if (constraint.topologyKey === HOSTNAME) return nodeTerm(pods, place, classes, constraint);
  const { ids, count } = state.domainsOf(constraint.topologyKey);
  const within = counted ? domainsWithin(counted, ids) : ids;
  return domainTerm(new DomainCounts(pods, within, count), place, classes, constraint);
}

/** Every node is a domain of its own, so that a placed pod changes the class of one node. */
function nodeTerm(
  pods: readonly number[],
  place: number,
  classes: NodeClasses,
  { maxSkew }: SpreadConstraint,
): Term {
  let counted = 0;
  let weight = 0;
  return {
    update() {
      for (; counted < pods.length; counted++) classes.raise(pods[counted]!, place);
    },
    weigh(nodes) {
      weight = Math.log(nodes + 2);
    },
    added: (level) => (level - 1) * weight + maxSkew - 1,
  };
}

function domainTerm(
  pods: DomainCounts,
  place: number,
  { levels }: NodeClasses,
  { maxSkew }: SpreadConstraint,
): Term {
  let weight = 0;
  /** By level: in which weighing it was seen last. */
  const seenIn = new Int32Array(pods.counts.length + 1);
  let weighing = 0;
  return {
    update() {
      pods.update();
    },
    weigh(_, classes) {
      weighing++;
      let domains = 0;
      for (let i = 0; i < classes.length; i++) {
        const level = levels[classes[i]!]![place]!;
        if (level === 0 || seenIn[level] === weighing) continue;
        seenIn[level] = weighing;
        domains++;
      }
      weight = Math.log(domains + 2);
    },
    added: (level) => pods.counts[level - 1]! * weight + maxSkew - 1,
  };
}

function scoring(terms: readonly Term[], { ids, levels }: NodeClasses, needsLabels: boolean): SpreadScoring {
  const scores: number[] = [];
  const raw: number[] = [];
  const lacksKey = (id: number): boolean => levels[id]!.includes(0);
  const leavesOut = needsLabels && levels.some((_, id) => lacksKey(id)) ? lacksKey : undefined;
  const rawOf = (id: number): number => {
    let sum = 0;
    const own = levels[id]!;
    for (let place = 0; place < own.length; place++)
      if (own[place]! > 0) sum += terms[place]!.added(own[place]!);
    return Math.round(sum);
  };
  return {
    classes: ids,
    get classCount() {
      return levels.length;
    },
    scores,
    update() {
      for (const term of terms) term.update();
      while (scores.length < levels.length) raw.push(scores.push(0));
    },
    leavesOut,
    score(classes, nodes) {
      const scored = leavesOut ? classes.filter((id) => !leavesOut(id)) : classes;
      for (const term of terms) term.weigh(nodes, scored);
      let most = 0;
      let least = Infinity;
      for (const id of scored) {
        raw[id] = rawOf(id);
        most = Math.max(most, raw[id]!);
        least = Math.min(least, raw[id]!);
      }
      for (const id of classes) scores[id] = 0;
      // Few pods score high.
      for (const id of scored)
        scores[id] = most === 0 ? 100 : Math.floor((100 * (most + least - raw[id]!)) / most);
    },
  };
}
