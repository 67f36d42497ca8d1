/** A pod as a controller makes it from a template. */
import type { Pod, PodSpec, PodTemplate, Workload } from '../api/objects.ts';
import { derived } from '../base/origin.ts';

/** What a controller adds to the template. */
export interface PodAdditions {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
}

export function podFromTemplate(owner: Workload, template: PodTemplate, additions: PodAdditions): Pod {
  return {
    kind: 'Pod',
    metadata: {
      name: additions.name,
      namespace: owner.metadata.namespace,
      labels: { ...template.labels, ...additions.labels },
      annotations: template.annotations,
    },
    spec: { ...template.spec, ...additions.spec },
    owner: ownerReference(owner),
    origin: derived(`${owner.kind} controller`, owner.origin),
  };
}

/** "ReplicaSet/web-6d4cf56db6". */
export function ownerReference(owner: Workload): string {
  return `${owner.kind}/${owner.metadata.name}`;
}
