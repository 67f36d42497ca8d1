/** The order in which objects are taken where Kubernetes leaves it to chance: namespace, then name. */
import type { KubeObject } from '../api/objects.ts';

export function byName(a: KubeObject, b: KubeObject): number {
  return (
    compareText(a.metadata.namespace, b.metadata.namespace) || compareText(a.metadata.name, b.metadata.name)
  );
}

/** Order of code units, the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `namespace/name`. */
export function nameOf(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}
