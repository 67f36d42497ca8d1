/** The admission webhook of the VPC resource controller (amazon-vpc-resource-controller-k8s webhooks/core pod_webhook.go,
 *  pkg/utils GetMatchingSecurityGroupForPods): a pod that a SecurityGroupPolicy of its namespace matches asks for a
 *  branch ENI. On EKS it runs whatever aws-node is told, so that without ENABLE_POD_ENI such pods stay Pending. */
import type { Container, KubeObjects, Pod, PodSpec, ServiceAccount } from '../api/objects.ts';
import { selects } from '../api/selectors.ts';

type PolicyObjects = Pick<KubeObjects, 'securityGroupPolicies' | 'serviceAccounts'>;

/** Names of the groups that all matching policies give a pod together, each once; none where no policy matches. */
export type GroupsOf = (pod: Pod) => readonly string[];

/** A service account that no manifest describes has no labels: the pod could not exist without it. */
export function podGroups({ securityGroupPolicies, serviceAccounts }: PolicyObjects): GroupsOf {
  const accounts = new Map<string, ServiceAccount>(
    serviceAccounts.map((account) => [`${account.metadata.namespace}/${account.metadata.name}`, account]),
  );
  const effective = securityGroupPolicies.filter(
    ({ podSelector, serviceAccountSelector, groupIds }) =>
      (podSelector || serviceAccountSelector) && groupIds.length > 0,
  );
  if (effective.length === 0) return () => [];
  return ({ metadata: { namespace, labels }, spec }) => {
    const account = accounts.get(`${namespace}/${spec.serviceAccountName ?? 'default'}`);
    const matching = effective.filter(
      ({ metadata, podSelector, serviceAccountSelector }) =>
        metadata.namespace === namespace &&
        (!podSelector || selects(podSelector, labels)) &&
        (!serviceAccountSelector || selects(serviceAccountSelector, account?.metadata.labels ?? {})),
    );
    return [...new Set(matching.flatMap(({ groupIds }) => groupIds))];
  };
}

/** Pods as the webhook admits them: the first container asks for one branch ENI where a policy matches. Pods of one spec
 *  get one spec again. */
export function admission(groupsOf: GroupsOf): (pod: Pod) => Pod {
  const asked = new Map<PodSpec, PodSpec>();
  return (pod) => {
    const { spec } = pod;
    const [first, ...others] = spec.containers;
    if (first === undefined || spec.hostNetwork || first.limits.podEnis === 1) return pod;
    if (groupsOf(pod).length === 0) return pod;
    const known = asked.get(spec);
    const asks = known ?? { ...spec, containers: [asking(first), ...others] };
    if (!known) asked.set(spec, asks);
    return { ...pod, spec: asks };
  };
}

function asking(container: Container): Container {
  return {
    ...container,
    requests: { ...container.requests, podEnis: 1 },
    limits: { ...container.limits, podEnis: 1 },
  };
}

/** Whether the CNI gives a pod a branch ENI: it looks at the limits of the first container alone. */
export function wantsBranch({ spec }: Pod): boolean {
  return !spec.hostNetwork && spec.containers[0]?.limits.podEnis !== undefined;
}
