/** The score of pod topology spread: the fewer selected pods a node and its domains have, the higher. */
import type { LabelSelector, Pod } from '../api/objects.ts';
import type { ClusterState, Domains } from './cluster-state.ts';
import { DomainCounts } from './domain-counts.ts';
import { HOSTNAME, type SpreadConstraint, softSpread, spreadByDefault } from './spread-constraints.ts';
import { countedNodes, domainsWithin, type NodeSet, nodesWithLabels } from './spread-eligible.ts';

/** Writes the scores, 0 to 100, of the first `count` of `nodes` (node indexes) to `scores`. */
export type SpreadScoring = (scores: Float64Array, nodes: Int32Array, count: number) => void;

/** What one constraint adds to the raw scores of nodes: more for more pods. A node gets `added[ids[node]]`. */
interface Term {
  readonly ids: Int32Array;
  readonly added: Float64Array;
  /** Brings `added` up to date for the first `count` of `nodes`. */
  update(nodes: Int32Array, count: number): void;
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
  if (spreadByDefault(spec))
    return scoring(constraints.map((one) => termOf(one, metadata.namespace, undefined, state)));
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const counted = countedNodes(spec, keys, candidates, state);
  const terms = constraints.map((one) => termOf(one, metadata.namespace, counted, state));
  return amongLabelled(nodesWithLabels(keys, state), scoring(terms));
}

function termOf(
  constraint: SpreadConstraint,
  namespace: string,
  counted: NodeSet | undefined,
  state: ClusterState,
): Term {
  const domains = state.domainsOf(constraint.topologyKey);
  const nodes = state.selectedPods.nodesOf(namespace, constraint.selectors);
  if (constraint.topologyKey === HOSTNAME) return nodeTerm(nodes, state.everyNode, domains, constraint);
  const ids = counted ? domainsWithin(counted, domains.ids) : domains.ids;
  return domainTerm(new DomainCounts(nodes, ids, domains.count), domains, constraint);
}

/** A node that lacks a key of an explicit constraint scores 0, and the others are scored as if it were not there. */
function amongLabelled(labelled: NodeSet, score: SpreadScoring): SpreadScoring {
  const scored = new Int32Array(labelled.length);
  return (scores, nodes, count) => {
    let left = 0;
    for (let i = 0; i < count; i++) if (labelled[nodes[i]!]) scored[left++] = nodes[i]!;
    score(scores, scored, left);
    for (let i = count - 1; i >= 0; i--) scores[i] = labelled[nodes[i]!] ? scores[--left]! : 0;
  };
}

function scoring(terms: readonly Term[]): SpreadScoring {
  return (scores, nodes, count) => {
    scores.fill(0, 0, count);
    for (const term of terms) {
      term.update(nodes, count);
      const { ids, added } = term;
      for (let i = 0; i < count; i++) scores[i]! += added[ids[nodes[i]!]!]!;
    }
    normalize(scores, count);
  };
}

/** Every node is a domain of its own, so that a placed pod changes what one node gets. A node without the label gets
 *  nothing. */
function nodeTerm(
  pods: readonly number[],
  everyNode: Int32Array,
  { ids }: Domains,
  { maxSkew }: SpreadConstraint,
): Term {
  const counts = new Int32Array(everyNode.length);
  const added = new Float64Array(everyNode.length);
  let counted = 0;
  let weighedFor = -1;
  let weight = 0;
  const weigh = (node: number): void => {
    if (ids[node]! >= 0) added[node] = counts[node]! * weight + maxSkew - 1;
  };
  return {
    ids: everyNode,
    added,
    update(_, count) {
      const first = counted;
      for (; counted < pods.length; counted++) counts[pods[counted]!]!++;
      if (count === weighedFor) {
        for (let i = first; i < counted; i++) weigh(pods[i]!);
        return;
      }
      weighedFor = count;
      weight = Math.log(count + 2);
      everyNode.forEach(weigh);
    },
  };
}

/** Domains are shifted by one in here: the first entry stands for nodes without the label, which get nothing. */
function domainTerm(pods: DomainCounts, domains: Domains, { maxSkew }: SpreadConstraint): Term {
  const ids = domains.ids.map((id) => id + 1);
  const seen = new Uint8Array(domains.count + 1);
  const added = new Float64Array(domains.count + 1);
  return {
    ids,
    added,
    update(nodes, count) {
      pods.update();
      seen.fill(0);
      seen[0] = 1;
      let size = 0;
      for (let i = 0; i < count && size < domains.count; i++) {
        const id = ids[nodes[i]!]!;
        size += 1 - seen[id]!;
        seen[id] = 1;
      }
      const weight = Math.log(size + 2);
      for (let id = 1; id < added.length; id++) added[id] = pods.counts[id - 1]! * weight + maxSkew - 1;
    },
  };
}

/** Few pods score high. Nodes of a zone follow each other, and what was worked out for one often holds for the next. */
function normalize(scores: Float64Array, count: number): void {
  let most = 0;
  let least = Infinity;
  let last = Number.NaN;
  let rounded = 0;
  for (let i = 0; i < count; i++) {
    if (scores[i] !== last) {
      last = scores[i]!;
      rounded = Math.round(last);
      if (rounded > most) most = rounded;
      if (rounded < least) least = rounded;
    }
    scores[i] = rounded;
  }
  if (most === 0) {
    scores.fill(100, 0, count);
    return;
  }
  let score = 0;
  last = Number.NaN;
  for (let i = 0; i < count; i++) {
    if (scores[i] !== last) {
      last = scores[i]!;
      score = Math.floor((100 * (most + least - last)) / most);
    }
    scores[i] = score;
  }
}
