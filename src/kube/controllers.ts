/** Workloads to pods: what the controllers of kube-controller-manager leave behind when nothing changes any more.
 *  Not modelled: rollouts, restarts, completion of Jobs, the deletion of surplus pods. */
import type { Pod, Workload } from '../api/objects.ts';
import { daemonPods, type TaintedNode } from './daemon-sets.ts';
import { replicaSetsOf } from './deployments.ts';
import { addPod, type ExistingPods, existingPods, podsIn } from './existing-pods.ts';
import { byName, compareText } from './order.ts';
import { replicaPods, statefulPods } from './replicas.ts';

export interface Desired {
  readonly workloads: readonly Workload[];
  /** Bare pods, and those of a dump. */
  readonly pods: readonly Pod[];
  readonly nodes: readonly TaintedNode[];
}

export interface Controlled {
  /** Given ones and those that Deployments made. */
  readonly replicaSets: readonly Workload[];
  /** The given pods by name, then the made ones in the order of their workloads. */
  readonly pods: readonly Pod[];
}

/** All pods of the cluster. */
export function runControllers(desired: Desired): Controlled {
  const workloads = [...desired.workloads].sort((a, b) => byName(a, b) || compareText(a.kind, b.kind));
  const nodes = [...desired.nodes].sort((a, b) => compareText(a.name, b.name));
  const replicaSets = replicaSetsOf(workloads);
  const others = workloads.filter(({ kind }) => kind !== 'Deployment' && kind !== 'ReplicaSet');
  const pods = [...desired.pods].sort(byName);
  const namespaces = existingPods(pods);
  for (const owner of [...replicaSets, ...others].sort(byName)) {
    const existing = podsIn(namespaces, owner.metadata.namespace);
    for (const pod of podsOf(owner, nodes, existing)) {
      addPod(existing, pod);
      pods.push(pod);
    }
  }
  return { replicaSets, pods };
}

function podsOf(owner: Workload, nodes: readonly TaintedNode[], existing: ExistingPods): Pod[] {
  if (owner.kind === 'DaemonSet') return daemonPods(owner, nodes, existing);
  if (owner.kind === 'StatefulSet') return statefulPods(owner, existing);
  return replicaPods(owner, existing);
}
