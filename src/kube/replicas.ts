/** Controllers that keep a number of pods: ReplicaSet, StatefulSet and Job. Pods that exist already (owned, or
 *  matching a ReplicaSet's selector and owned by nobody) are counted before any is made. */
import type { Pod, Workload } from '../api/objects.ts';
import { selects } from '../api/selectors.ts';
import type { ExistingPods } from './existing-pods.ts';
import { generatedNames } from './names.ts';
import { ownerReference, podMaker } from './pod-from-template.ts';

/** The pods that a ReplicaSet or a Job adds to the existing ones of its namespace. */
export function replicaPods(owner: Workload, existing: ExistingPods): Pod[] {
  const owned = existing.owned.get(ownerReference(owner))?.length ?? 0;
  const missing = Math.max(0, owner.replicas - owned - adoptable(owner, existing));
  const names = generatedNames(owner.metadata.name, missing, existing.names);
  const make = podMaker(owner);
  const { labels } = owner.template;
  const own = owner.kind === 'Job' ? { ...labels, ...jobLabels(owner.metadata.name) } : labels;
  return names.map((name) => make(name, own));
}

function adoptable(owner: Workload, existing: ExistingPods): number {
  if (owner.kind !== 'ReplicaSet') return 0;
  return existing.orphans.filter((pod) => selects(owner.selector, pod.metadata.labels)).length;
}

function jobLabels(job: string): Record<string, string> {
  return { 'batch.kubernetes.io/job-name': job, 'job-name': job };
}

/** `<name>-0` and so on; the pod's hostname and subdomain give it a DNS name of its own. */
export function statefulPods(set: Workload, existing: ExistingPods): Pod[] {
  const { template } = set;
  const make = podMaker(set);
  const pods: Pod[] = [];
  for (let ordinal = 0; ordinal < set.replicas; ordinal++) {
    const name = `${set.metadata.name}-${ordinal}`;
    if (existing.names.has(name)) continue;
    const labels = {
      ...template.labels,
      'apps.kubernetes.io/pod-index': String(ordinal),
      'statefulset.kubernetes.io/pod-name': name,
    };
    const spec = { ...template.spec, hostname: name, subdomain: set.serviceName };
    pods.push(make(name, labels, spec));
  }
  return pods;
}
