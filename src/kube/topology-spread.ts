/** Pod topology spread (KEP-895; scheduler plugin podtopologyspread): which constraints a pod has, the DoNotSchedule
 *  filter and the ScheduleAnyway score. Taints do not take nodes out of the count, affinity does (the defaults). */
import type { LabelSelector, Pod, TopologySpreadConstraint } from '../api/objects.ts';
import { selects } from '../api/selectors.ts';
import type { ClusterState, NodeLoad } from './cluster-state.ts';
import { matchesNode } from './node-affinity.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** What pods of a Service or a controller get that have no constraints of their own (the scheduler's
 *  PodTopologySpread defaultingType System). */
const SYSTEM_DEFAULTS = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: ZONE, maxSkew: 5 },
] as const;

interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** All must hold. */
  readonly selectors: readonly LabelSelector[];
}

function constraintsOf(pod: Pod, when: TopologySpreadConstraint['whenUnsatisfiable']): Constraint[] {
  return pod.spec.topologySpreadConstraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)
    .map(({ topologyKey, maxSkew, labelSelector }) => ({
      topologyKey,
      maxSkew,
      selectors: labelSelector ? [labelSelector] : [],
    }));
}

/** Judges nodes for one pod. */
export type SpreadFilter = (load: NodeLoad) => 'fits' | 'missing label' | 'skewed';

/** Counts are taken once, over all nodes that the pod's own affinity admits. */
export function spreadFilter(pod: Pod, state: ClusterState): SpreadFilter | undefined {
  const constraints = constraintsOf(pod, 'DoNotSchedule');
  if (constraints.length === 0) return undefined;
  const eligible = state.loads.filter(
    ({ node }) =>
      matchesNode(pod.spec, node) && constraints.every(({ topologyKey }) => topologyKey in node.labels),
  );
  const judged = constraints.map((constraint) => {
    const counts = domainCounts(pod, state, constraint, eligible);
    const self = selectsPod(constraint, pod) ? 1 : 0;
    return { ...constraint, counts, self, least: Math.min(...counts.values()) };
  });
  return ({ node }) => {
    for (const { topologyKey, counts, self, least, maxSkew } of judged) {
      const domain = node.labels[topologyKey];
      if (domain === undefined) return 'missing label';
      if ((counts.get(domain) ?? 0) + self - least > maxSkew) return 'skewed';
    }
    return 'fits';
  };
}

/** Scores 0 to 100 of the feasible nodes, 0 for one that lacks a key of an explicit constraint; undefined where
 *  nothing asks for spreading. `ownerSelectors` are the
 *  selectors of the Services and of the controller the pod belongs to. */
export function spreadScores(
  pod: Pod,
  state: ClusterState,
  feasible: readonly NodeLoad[],
  ownerSelectors: readonly LabelSelector[],
): number[] | undefined {
  const byDefault = pod.spec.topologySpreadConstraints.length === 0;
  const constraints = byDefault
    ? SYSTEM_DEFAULTS.map((constraint) => ({ ...constraint, selectors: ownerSelectors }))
    : constraintsOf(pod, 'ScheduleAnyway');
  if (constraints.length === 0 || (byDefault && ownerSelectors.length === 0)) return undefined;
  const hasKeys = ({ node }: NodeLoad) => constraints.every(({ topologyKey }) => topologyKey in node.labels);
  const isScored = (load: NodeLoad) => byDefault || hasKeys(load);
  const isCounted = (load: NodeLoad) => byDefault || (hasKeys(load) && matchesNode(pod.spec, load.node));
  const scored = feasible.filter(isScored);
  const raw: number[] = Array(scored.length).fill(0);
  for (const constraint of constraints) addScores(raw, pod, state, constraint, scored, isCounted);
  const scores = normalized(raw);
  let position = 0;
  return feasible.map((load) => (isScored(load) ? scores[position++]! : 0));
}

function addScores(
  raw: number[],
  pod: Pod,
  state: ClusterState,
  { topologyKey, maxSkew, selectors }: Constraint,
  scored: readonly NodeLoad[],
  isCounted: (load: NodeLoad) => boolean,
): void {
  const byNode = state.countByNode(pod.metadata.namespace, selectors);
  const { ids, count: domains } = state.domainsOf(topologyKey);
  const perNode = topologyKey === HOSTNAME;
  const byDomain = new Float64Array(domains);
  if (!perNode)
    for (const [index, count] of byNode)
      if (ids[index]! >= 0 && isCounted(state.loads[index]!)) byDomain[ids[index]!]! += count;
  const weight = Math.log((perNode ? scored.length : domainsAmong(scored, ids, domains)) + 2);
  for (let i = 0; i < scored.length; i++) {
    const { index } = scored[i]!;
    const domain = ids[index]!;
    if (domain < 0) continue;
    const count = perNode ? (byNode.get(index) ?? 0) : byDomain[domain]!;
    raw[i]! += count * weight + maxSkew - 1;
  }
}

function domainsAmong(loads: readonly NodeLoad[], ids: Int32Array, domains: number): number {
  const seen = new Uint8Array(domains);
  let count = 0;
  for (const { index } of loads) {
    const domain = ids[index]!;
    if (domain < 0 || seen[domain]) continue;
    seen[domain] = 1;
    count++;
  }
  return count;
}

/** Few pods score high. */
function normalized(raw: readonly number[]): number[] {
  const rounded = raw.map(Math.round);
  const most = Math.max(0, ...rounded);
  const least = Math.min(...rounded);
  return rounded.map((score) => (most === 0 ? 100 : Math.floor((100 * (most + least - score)) / most)));
}

function selectsPod({ selectors }: Constraint, pod: Pod): boolean {
  return selectors.length > 0 && selectors.every((selector) => selects(selector, pod.metadata.labels));
}

/** Matching pods by domain; domains without any count 0. */
function domainCounts(
  pod: Pod,
  state: ClusterState,
  { topologyKey, selectors }: Constraint,
  among: readonly NodeLoad[],
): Map<string, number> {
  const byNode = state.countByNode(pod.metadata.namespace, selectors);
  const counts = new Map<string, number>();
  for (const { node, index } of among) {
    const domain = node.labels[topologyKey];
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + (byNode.get(index) ?? 0));
  }
  return counts;
}
