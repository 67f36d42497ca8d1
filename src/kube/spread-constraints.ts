/** Pod topology spread (KEP-895; scheduler plugin podtopologyspread): which constraints a pod has. */
import type { LabelSelector, Pod, PodSpec, TopologySpreadConstraint } from '../api/objects.ts';
import { selects } from '../api/selectors.ts';

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** What pods of a Service or a controller get that have no constraints of their own (the scheduler's
 *  PodTopologySpread defaultingType System). */
const SYSTEM_DEFAULTS = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: ZONE, maxSkew: 5 },
] as const;

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** All must hold. */
  readonly selectors: readonly LabelSelector[];
}

/** DoNotSchedule: nodes that break one are out. */
export function hardSpread(spec: PodSpec): SpreadConstraint[] {
  return constraintsOf(spec, 'DoNotSchedule');
}

/** ScheduleAnyway: nodes are scored by them. `ownerSelectors` are the selectors of the Services and of the controller
 *  the pod belongs to: a pod without constraints is spread among what they select. */
export function softSpread(spec: PodSpec, ownerSelectors: readonly LabelSelector[]): SpreadConstraint[] {
  if (!spreadByDefault(spec)) return constraintsOf(spec, 'ScheduleAnyway');
  if (ownerSelectors.length === 0) return [];
  return SYSTEM_DEFAULTS.map((constraint) => ({ ...constraint, selectors: ownerSelectors }));
}

export function spreadByDefault(spec: PodSpec): boolean {
  return spec.topologySpreadConstraints.length === 0;
}

function constraintsOf(
  spec: PodSpec,
  when: TopologySpreadConstraint['whenUnsatisfiable'],
): SpreadConstraint[] {
  return spec.topologySpreadConstraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)
    .map(({ topologyKey, maxSkew, labelSelector }) => ({
      topologyKey,
      maxSkew,
      selectors: labelSelector ? [labelSelector] : [],
    }));
}

/** Whether the pod itself counts once it is placed. */
export function selectsPod({ selectors }: SpreadConstraint, pod: Pod): boolean {
  return selectors.length > 0 && selectors.every((selector) => selects(selector, pod.metadata.labels));
}
