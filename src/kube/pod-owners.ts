/** The selectors of the Services and of the controller a pod belongs to: what the scheduler's default spreading
 *  counts by (scheduler helper.DefaultSelector). All of them must select a pod for it to count. */
import type { LabelSelector, Pod, Service, Workload } from '../api/objects.ts';
import { hasLabels } from '../api/selectors.ts';
import { ownerReference } from './pod-from-template.ts';

/** Looks up the selectors of a pod. */
export function ownerSelectors(
  services: readonly Service[],
  workloads: readonly Workload[],
): (pod: Pod) => readonly LabelSelector[] {
  const servicesByNamespace = new Map<string, Service[]>();
  for (const service of services) {
    const { namespace } = service.metadata;
    servicesByNamespace.set(namespace, [...(servicesByNamespace.get(namespace) ?? []), service]);
  }
  const controllers = new Map(
    workloads
      .filter(({ kind }) => kind === 'ReplicaSet' || kind === 'StatefulSet')
      .map((workload) => [`${workload.metadata.namespace}/${ownerReference(workload)}`, workload]),
  );
  const known = new Map<string, readonly LabelSelector[]>();
  return ({ metadata: { namespace, labels }, owner = '' }) => {
    const key = `${namespace}/${owner}\n${JSON.stringify(Object.entries(labels).sort())}`;
    const before = known.get(key);
    if (before) return before;
    const found: LabelSelector[] = [];
    for (const { selector } of servicesByNamespace.get(namespace) ?? [])
      if (selector && Object.keys(selector).length > 0 && hasLabels(selector, labels))
        found.push({ matchLabels: selector, matchExpressions: [] });
    const controller = controllers.get(`${namespace}/${owner}`);
    if (controller) found.push(controller.selector);
    known.set(key, found);
    return found;
  };
}
