/** The pods that a namespace already has, as controllers ask for them. */
import type { Pod } from '../api/objects.ts';

export interface ExistingPods {
  readonly names: Set<string>;
  /** By owner reference. */
  readonly owned: Map<string, Pod[]>;
  readonly orphans: Pod[];
}

/** By namespace. */
export function existingPods(pods: readonly Pod[]): Map<string, ExistingPods> {
  const namespaces = new Map<string, ExistingPods>();
  for (const pod of pods) addPod(podsIn(namespaces, pod.metadata.namespace), pod);
  return namespaces;
}

export function podsIn(namespaces: Map<string, ExistingPods>, namespace: string): ExistingPods {
  let pods = namespaces.get(namespace);
  if (!pods) {
    pods = { names: new Set(), owned: new Map(), orphans: [] };
    namespaces.set(namespace, pods);
  }
  return pods;
}

export function addPod(existing: ExistingPods, pod: Pod): void {
  existing.names.add(pod.metadata.name);
  if (pod.owner === undefined) existing.orphans.push(pod);
  else {
    const siblings = existing.owned.get(pod.owner);
    if (siblings) siblings.push(pod);
    else existing.owned.set(pod.owner, [pod]);
  }
}
