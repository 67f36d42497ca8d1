/** Pods that are not there yet: further replicas, those of a new ReplicaSet beside the old one, and those that start
 *  again elsewhere. */
import type { Pod, Workload } from '../../api/objects.ts';
import { selects } from '../../api/selectors.ts';
import { podMaker } from '../../kube/pod-from-template.ts';
import type { Fleet } from './fleet.ts';

const HASH_LABEL = 'pod-template-hash';

/** "deploy/production/web". */
export function workloadName({ kind, metadata }: Workload): string {
  const short = { Deployment: 'deploy', StatefulSet: 'statefulset', ReplicaSet: 'replicaset' } as const;
  const word = short[kind as keyof typeof short] ?? kind.toLowerCase();
  return `${word}/${metadata.namespace}/${metadata.name}`;
}

/** Further replicas of a Deployment, ReplicaSet or StatefulSet. */
export function furtherReplicas({ around }: Fleet, workload: Workload, count: number, from = 0): Pod[] {
  const owner = workload.kind === 'Deployment' ? currentSet(around.replicated, workload) : workload;
  const make = podMaker(owner);
  return Array.from({ length: count }, (_, i) => make(`${owner.metadata.name}-more-${from + i + 1}`));
}

/** The ReplicaSet that holds most of a Deployment's pods. */
function currentSet(sets: readonly Workload[], deployment: Workload): Workload {
  const { namespace, name } = deployment.metadata;
  const own = sets.filter(
    ({ kind, metadata, template }) =>
      kind === 'ReplicaSet' &&
      metadata.namespace === namespace &&
      metadata.name.startsWith(`${name}-`) &&
      selects(deployment.selector, template.labels),
  );
  return own.reduce((a, b) => (b.replicas > a.replicas ? b : a), own[0] ?? deployment);
}

export interface NewGeneration {
  /** With the new ReplicaSet, which the scheduler spreads the pods by. */
  readonly fleet: Fleet;
  readonly pods: readonly Pod[];
}

/** The first pods of a Deployment's next ReplicaSet. */
export function newGeneration(fleet: Fleet, deployment: Workload, count: number): NewGeneration {
  const hash = { [HASH_LABEL]: 'next' };
  const labels = { ...deployment.template.labels, ...hash };
  const set: Workload = {
    ...deployment,
    kind: 'ReplicaSet',
    metadata: { ...deployment.metadata, name: `${deployment.metadata.name}-next` },
    selector: { ...deployment.selector, matchLabels: { ...deployment.selector.matchLabels, ...hash } },
    template: { ...deployment.template, labels },
  };
  const make = podMaker(set);
  const pods = Array.from({ length: count }, (_, i) => make(`${set.metadata.name}-${i + 1}`));
  const { around } = fleet;
  return { fleet: { ...fleet, around: { ...around, replicated: [...around.replicated, set] } }, pods };
}

/** What controllers make anew of pods that are evicted or lost: bare pods and those of DaemonSets do not come back. */
export function startedAgain(pods: readonly Pod[]): Pod[] {
  return pods
    .filter(({ owner }) => owner !== undefined && !owner.startsWith('DaemonSet/'))
    .map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, name: `${pod.metadata.name}-again` },
      spec: pod.spec.nodeName === undefined ? pod.spec : { ...pod.spec, nodeName: undefined },
    }));
}
