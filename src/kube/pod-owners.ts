/** The selectors of the Services and of the controller a pod belongs to: what the scheduler's default spreading
 *  counts by (scheduler helper.DefaultSelector). All of them must select a pod for it to count. */
import type { LabelSelector, Pod, Service, Workload } from '../api/objects.ts';
import { LabelIndex } from './label-index.ts';
import { ownerReference } from './pod-from-template.ts';

export interface OwnedPod {
  readonly pod: Pod;
  /** The selectors of its Services and of its controller. */
  readonly owners: readonly LabelSelector[];
}

/** Looks up the selectors of a pod. Pods of one template that follow each other get the same list. */
export function ownerSelectors(
  services: readonly Service[],
  workloads: readonly Workload[],
): (pod: Pod) => readonly LabelSelector[] {
  const servicesByNamespace = new Map<string, LabelIndex<LabelSelector>>();
  for (const { selector, metadata } of services) {
    if (!selector || Object.keys(selector).length === 0) continue;
    const index = servicesByNamespace.get(metadata.namespace) ?? new LabelIndex<LabelSelector>();
    servicesByNamespace.set(metadata.namespace, index);
    index.add(selector, { matchLabels: selector, matchExpressions: [] });
  }
  const controllers = new Map(
    workloads
      .filter(({ kind }) => kind === 'ReplicaSet' || kind === 'StatefulSet')
      .map((workload) => [`${workload.metadata.namespace}/${ownerReference(workload)}`, workload]),
  );
  const selectorsOf = ({ metadata: { namespace, labels }, owner = '' }: Pod): readonly LabelSelector[] => {
    const found = servicesByNamespace.get(namespace)?.matching(labels) ?? [];
    const controller = controllers.get(`${namespace}/${owner}`);
    if (controller) found.push(controller.selector);
    return found;
  };
  let last: { readonly pod: Pod; readonly selectors: readonly LabelSelector[] } | undefined;
  return (pod) => {
    if (last === undefined || !haveSameOwners(last.pod, pod)) last = { pod, selectors: selectorsOf(pod) };
    return last.selectors;
  };
}

function haveSameOwners(a: Pod, b: Pod): boolean {
  return (
    a.metadata.labels === b.metadata.labels &&
    a.metadata.namespace === b.metadata.namespace &&
    a.owner === b.owner
  );
}
