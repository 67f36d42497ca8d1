/** The controller's input with look-up tables, made once, and what is collected while one load balancer is built. */
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { Findings } from './findings.ts';
import type { ControllerInput, NodeInfo, PodInfo } from './input.ts';
import type { TargetGroupPlan } from './plan.ts';
import type { GroupPermission } from './target-rules.ts';

export interface ClusterView extends ControllerInput {
  /** By `ns/name`. */
  readonly podsByName: ReadonlyMap<string, PodInfo>;
  readonly nodesByName: ReadonlyMap<string, NodeInfo>;
  readonly servicesByName: ReadonlyMap<string, Service>;
  /** IPv4 slices by `ns/service`. */
  readonly slicesByService: ReadonlyMap<string, readonly EndpointSlice[]>;
}

export function clusterView(input: ControllerInput): ClusterView {
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of input.endpointSlices) {
    if (slice.addressType !== 'IPv4') continue;
    const key = `${slice.metadata.namespace}/${slice.service}`;
    const known = slices.get(key);
    if (known) known.push(slice);
    else slices.set(key, [slice]);
  }
  return {
    ...input,
    podsByName: new Map(input.pods.map((pod) => [pod.pod, pod])),
    nodesByName: new Map(input.nodes.map((node) => [node.name, node])),
    servicesByName: new Map(input.services.map((service) => [serviceKey(service), service])),
    slicesByService: slices,
  };
}

export function serviceKey(service: Service): string {
  return `${service.metadata.namespace}/${service.metadata.name}`;
}

/** One load balancer in the making. */
export interface Draft {
  readonly view: ClusterView;
  readonly findings: Findings;
  readonly enabledZones: readonly string[];
  /** By the controller's resource id. */
  readonly targetGroups: Map<string, TargetGroupPlan>;
  readonly permissions: GroupPermission[];
  /** The group that added rules admit; absent where the controller adds none. */
  readonly sourceGroup?: string | undefined;
}
