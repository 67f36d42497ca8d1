/** Names inside the cluster: which Service a name means to a pod of a namespace (Kubernetes DNS specification). */
import type { Service } from '../api/objects.ts';
import type { ClusterState } from './world.ts';

export const CLUSTER_DOMAIN = 'cluster.local';

/** The Service that `name` resolves to by the search list of a pod in `namespace`, if there is one. */
export function serviceOfName(cluster: ClusterState, name: string, namespace: string): Service | undefined {
  const absolute = name.endsWith('.');
  const bare = absolute ? name.slice(0, -1) : name;
  const candidates = absolute
    ? [bare]
    : [
        `${bare}.${namespace}.svc.${CLUSTER_DOMAIN}`,
        `${bare}.svc.${CLUSTER_DOMAIN}`,
        `${bare}.${CLUSTER_DOMAIN}`,
        bare,
      ];
  for (const candidate of candidates) {
    const match = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/.exec(candidate);
    const service =
      match &&
      cluster.services.find(({ metadata }) => metadata.name === match[1] && metadata.namespace === match[2]);
    if (service) return service;
  }
  return undefined;
}
