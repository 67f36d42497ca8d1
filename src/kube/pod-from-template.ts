/** Pods as a controller makes them from a template. What they have in common is one object for all of them: there may
 *  be hundreds of thousands. */
import type { Pod, PodSpec, Workload } from '../api/objects.ts';
import { derived } from '../base/origin.ts';

/** What a controller adds to the template for one pod. */
export interface PodAdditions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
}

/** Makes pods of the owner's template by name. `labels`: what the controller adds to those of every pod. */
export function podMaker(
  owner: Workload,
  labels: Readonly<Record<string, string>> = {},
): (name: string, own?: PodAdditions) => Pod {
  const { template } = owner;
  const { namespace } = owner.metadata;
  const common = { ...template.labels, ...labels };
  const reference = ownerReference(owner);
  const origin = derived(`${owner.kind} controller`, owner.origin);
  return (name, own = {}) => ({
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: own.labels ? { ...common, ...own.labels } : common,
      annotations: template.annotations,
    },
    spec: own.spec ? { ...template.spec, ...own.spec } : template.spec,
    owner: reference,
    origin,
  });
}

/** "ReplicaSet/web-6d4cf56db6". */
export function ownerReference(owner: Workload): string {
  return `${owner.kind}/${owner.metadata.name}`;
}
