/** Pods as a controller makes them from a template. What they have in common is one object for all of them: there may
 *  be hundreds of thousands. */
import type { Pod, PodSpec, Workload } from '../api/objects.ts';
import type { Labels } from '../api/selectors.ts';
import { derived } from '../base/origin.ts';

/** Makes a pod of the owner's template; labels and spec where they are not the template's own. */
export type PodMaker = (name: string, labels?: Labels, spec?: PodSpec) => Pod;

export function podMaker(owner: Workload): PodMaker {
  const { template } = owner;
  const { namespace } = owner.metadata;
  const reference = ownerReference(owner);
  const origin = derived(`${owner.kind} controller`, owner.origin);
  return (name, labels = template.labels, spec = template.spec) => ({
    kind: 'Pod',
    metadata: { name, namespace, labels, annotations: template.annotations },
    spec,
    owner: reference,
    origin,
  });
}

/** "ReplicaSet/web-6d4cf56db6". */
export function ownerReference(owner: Workload): string {
  return `${owner.kind}/${owner.metadata.name}`;
}
