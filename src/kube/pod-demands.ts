/** What the scheduler asks of a node for a pod, computed once for all pods of a spec. */
import type { ContainerPort, PodSpec } from '../api/objects.ts';
import { hostPortsOf } from './host-ports.ts';
import { isBestEffort, type Resources, requested, scoredRequest } from './pod-resources.ts';

export interface PodDemands {
  /** Must fit. */
  readonly requested: Resources;
  /** What the pod counts for when nodes are scored. */
  readonly scored: Resources;
  readonly bestEffort: boolean;
  readonly hostPorts: readonly ContainerPort[];
}

/** Specs do not change: what one asks is computed once. */
const known = new WeakMap<PodSpec, PodDemands>();

export function demandsOf(spec: PodSpec): PodDemands {
  const before = known.get(spec);
  if (before) return before;
  const demands = {
    requested: requested(spec),
    scored: scoredRequest(spec),
    bestEffort: isBestEffort(spec),
    hostPorts: hostPortsOf(spec),
  };
  known.set(spec, demands);
  return demands;
}
