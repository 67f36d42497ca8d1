/** Which pods come as a cluster grows: all its Deployments and StatefulSets outside of kube-system by the same factor
 *  (those of kube-system where there are no others). */
import type { Pod, Workload } from '../../api/objects.ts';
import type { CapacityModel } from './model.ts';
import { furtherReplicas } from './more-pods.ts';

export function growingWorkloads({ cluster }: CapacityModel): Workload[] {
  const scaled = cluster.workloads.filter(
    ({ kind, replicas }) => (kind === 'Deployment' || kind === 'StatefulSet') && replicas > 0,
  );
  const own = scaled.filter(({ metadata }) => metadata.namespace !== 'kube-system');
  return own.length > 0 ? own : scaled;
}

/** `count` further pods, one by one in the order in which even growth asks for them. Those of a workload are one and the
 *  same. */
export function nextPods(model: CapacityModel, count: number): Pod[] {
  const workloads = growingWorkloads(model);
  const total = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total === 0) return [];
  // When the n-th further replica of a workload comes: the factor by which all have grown then.
  const order: { readonly pod: Pod; readonly at: number }[] = [];
  for (const workload of workloads) {
    const [pod] = furtherReplicas(model.fleet, workload, 1);
    const share = Math.ceil((count * workload.replicas) / total) + 1;
    for (let i = 1; i <= share; i++) order.push({ pod: pod!, at: i / workload.replicas });
  }
  return order
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ pod }) => pod);
}
