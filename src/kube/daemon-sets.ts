/** DaemonSet controller: one pod for each node that the template admits by selector, affinity and taints. The default
 *  scheduler binds it; affinity to the node's name leaves it no other choice. */
import type { Pod, Taint, Toleration, Workload } from '../api/objects.ts';
import type { ExistingPods } from './existing-pods.ts';
import { generatedNames, templateHash } from './names.ts';
import { type LabelledNode, matchesNode, tiedToNode } from './node-affinity.ts';
import { ownerReference, podMaker } from './pod-from-template.ts';
import { HARD_EFFECTS, untolerated } from './taints.ts';

export interface TaintedNode extends LabelledNode {
  readonly taints: readonly Taint[];
}

/** Added to every DaemonSet pod (Kubernetes "DaemonSet", taints and tolerations). */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  exists('node.kubernetes.io/not-ready', 'NoExecute'),
  exists('node.kubernetes.io/unreachable', 'NoExecute'),
  exists('node.kubernetes.io/disk-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/memory-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/pid-pressure', 'NoSchedule'),
  exists('node.kubernetes.io/unschedulable', 'NoSchedule'),
];

const HOST_NETWORK_TOLERATION = exists('node.kubernetes.io/network-unavailable', 'NoSchedule');

function exists(key: string, effect: Toleration['effect']): Toleration {
  return { key, operator: 'Exists', value: '', effect };
}

/** The pods that a DaemonSet adds to the existing ones of its namespace. */
export function daemonPods(set: Workload, nodes: readonly TaintedNode[], existing: ExistingPods): Pod[] {
  const spec = set.template.spec;
  const tolerations = [
    ...spec.tolerations,
    ...DAEMON_TOLERATIONS,
    ...(spec.hostNetwork ? [HOST_NETWORK_TOLERATION] : []),
  ];
  const owned = existing.owned.get(ownerReference(set)) ?? [];
  const covered = new Set(owned.map((pod) => pod.spec.nodeName));
  const eligible = nodes.filter(
    (node) =>
      !covered.has(node.name) &&
      matchesNode(spec, node) &&
      untolerated(node.taints, tolerations, HARD_EFFECTS) === undefined,
  );
  const names = generatedNames(set.metadata.name, eligible.length, existing.names);
  const labels = { ...set.template.labels, 'controller-revision-hash': templateHash(set.template) };
  const make = podMaker(set);
  return eligible.map((node, i) => {
    const requiredNodeTerms = tiedToNode(spec.requiredNodeTerms, node.name);
    return make(names[i]!, labels, { ...spec, tolerations, requiredNodeTerms });
  });
}
