/** Deployment controller at rest: one ReplicaSet `<deployment>-<hash of the template>` that has all replicas.
 *  Rollouts (surge, unavailable) are not modelled. */
import type { Workload } from '../api/objects.ts';
import { selects } from '../api/selectors.ts';
import { derived } from '../base/origin.ts';
import { templateHash } from './names.ts';
import { byName, compareText } from './order.ts';

const HASH_LABEL = 'pod-template-hash';

/** Every ReplicaSet of the cluster: the given ones, as written or as in a dump, and those that Deployments make. */
export function replicaSetsOf(workloads: readonly Workload[]): Workload[] {
  const given = new Map<string, Workload[]>();
  for (const set of workloads.filter(({ kind }) => kind === 'ReplicaSet')) {
    const key = `${set.metadata.namespace}/${set.metadata.name.replace(/-[^-]*$/, '')}`;
    given.set(key, [...(given.get(key) ?? []), set]);
  }
  const sets: Workload[] = [];
  for (const deployment of workloads.filter(({ kind }) => kind === 'Deployment')) {
    const key = `${deployment.metadata.namespace}/${deployment.metadata.name}`;
    const alike = given.get(key) ?? [];
    const own = alike.filter((set) => selects(deployment.selector, set.template.labels));
    given.set(
      key,
      alike.filter((set) => !own.includes(set)),
    );
    sets.push(...scaled(deployment, own));
  }
  for (const plain of given.values()) sets.push(...plain);
  return sets.sort(byName);
}

/** Of existing ReplicaSets the largest is taken for the current one and gets what is missing. */
function scaled(deployment: Workload, own: readonly Workload[]): Workload[] {
  const bySize = [...own].sort(
    (a, b) => b.replicas - a.replicas || compareText(a.metadata.name, b.metadata.name),
  );
  const [current, ...old] = bySize;
  if (current === undefined) return [newReplicaSet(deployment)];
  const kept = old.reduce((sum, set) => sum + set.replicas, 0);
  return [{ ...current, replicas: Math.max(0, deployment.replicas - kept) }, ...old];
}

function newReplicaSet(deployment: Workload): Workload {
  const hash = templateHash(deployment.template);
  const labels = { ...deployment.template.labels, [HASH_LABEL]: hash };
  return {
    kind: 'ReplicaSet',
    metadata: { ...deployment.metadata, name: `${deployment.metadata.name}-${hash}`, labels },
    replicas: deployment.replicas,
    selector: {
      ...deployment.selector,
      matchLabels: { ...deployment.selector.matchLabels, [HASH_LABEL]: hash },
    },
    template: { ...deployment.template, labels },
    origin: derived('Deployment controller', deployment.origin),
  };
}
