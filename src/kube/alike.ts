/** Pods that are the same to the scheduler, at a glance: those of a template share its parts. */
import type { PodSpec } from '../api/objects.ts';
import type { OwnedPod } from './pod-owners.ts';

/** All that the scheduler looks at, apart from labels and name. */
const LOOKED_AT: readonly (keyof PodSpec)[] = [
  'containers',
  'initContainers',
  'nodeSelector',
  'requiredNodeTerms',
  'tolerations',
  'topologySpreadConstraints',
  'hostNetwork',
];

/** False where the pods may be alike all the same. */
export function sharesAll(a: OwnedPod, b: OwnedPod): boolean {
  return (
    a.pod.metadata.namespace === b.pod.metadata.namespace &&
    (a.pod.spec === b.pod.spec || LOOKED_AT.every((part) => a.pod.spec[part] === b.pod.spec[part])) &&
    (a.owners === b.owners ||
      (a.owners.length === b.owners.length && a.owners.every((one, i) => one === b.owners[i])))
  );
}
