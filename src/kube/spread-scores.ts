/** The score of pod topology spread: the fewer selected pods a node and its domains have, the higher. */
import type { LabelSelector, Pod } from '../api/objects.ts';
import type { ClusterState, Domains } from './cluster-state.ts';
import { DomainCounts } from './domain-counts.ts';
import { HOSTNAME, type SpreadConstraint, softSpread, spreadByDefault } from './spread-constraints.ts';
import { countedNodes, domainsWithin, type NodeSet, nodesWithLabels } from './spread-eligible.ts';

/** Writes the scores, 0 to 100, of the first `count` of `nodes` (node indexes) to `scores`. */
export type SpreadScoring = (scores: Float64Array, nodes: Int32Array, count: number) => void;

/** Adds what one constraint says of the nodes to their raw scores: more for more pods. */
type Term = SpreadScoring;

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
  if (constraint.topologyKey === HOSTNAME)
    return nodeTerm(new DomainCounts(nodes, state.everyNode, state.everyNode.length), domains, constraint);
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
    for (const add of terms) add(scores, nodes, count);
    normalize(scores, count);
  };
}

/** Every node is a domain of its own. One without the label gets nothing. */
function nodeTerm(pods: DomainCounts, { ids }: Domains, { maxSkew }: SpreadConstraint): Term {
  return (scores, nodes, count) => {
    pods.update();
    const { counts } = pods;
    const weight = Math.log(count + 2);
    for (let i = 0; i < count; i++) {
      const node = nodes[i]!;
      if (ids[node]! >= 0) scores[i]! += counts[node]! * weight + maxSkew - 1;
    }
  };
}

/** Domains are shifted by one in here: the first entry stands for nodes without the label, which get nothing. */
function domainTerm(pods: DomainCounts, domains: Domains, { maxSkew }: SpreadConstraint): Term {
  const ids = domains.ids.map((id) => id + 1);
  const seen = new Uint8Array(domains.count + 1);
  const added = new Float64Array(domains.count + 1);
  return (scores, nodes, count) => {
    pods.update();
    seen.fill(0);
    for (let i = 0; i < count; i++) seen[ids[nodes[i]!]!] = 1;
    let size = 0;
    for (let id = 1; id < seen.length; id++) size += seen[id]!;
    const weight = Math.log(size + 2);
    for (let id = 1; id < added.length; id++) added[id] = pods.counts[id - 1]! * weight + maxSkew - 1;
    for (let i = 0; i < count; i++) scores[i]! += added[ids[nodes[i]!]!]!;
  };
}

/** Few pods score high. */
function normalize(scores: Float64Array, count: number): void {
  let most = 0;
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const rounded = Math.round(scores[i]!);
    scores[i] = rounded;
    if (rounded > most) most = rounded;
    if (rounded < least) least = rounded;
  }
  if (most === 0) scores.fill(100, 0, count);
  else for (let i = 0; i < count; i++) scores[i] = Math.floor((100 * (most + least - scores[i]!)) / most);
}
