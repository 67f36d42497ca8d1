/** Which kinds Kubernetes has, by API group (kubernetes/api, v1.36), and the VPC CNI beside it: a manifest of another group belongs to a
 *  custom resource, one of these groups with another kind is a slip. */
import { nearest, suggestion } from '../../base/nearest.ts';
import type { Complaint } from '../reading.ts';

const kindsByGroup: Readonly<Record<string, readonly string[]>> = {
  '': [
    'Binding',
    'ComponentStatus',
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'List',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'authentication.k8s.io': ['SelfSubjectReview', 'TokenRequest', 'TokenReview'],
  'authorization.k8s.io': [
    'LocalSubjectAccessReview',
    'SelfSubjectAccessReview',
    'SelfSubjectRulesReview',
    'SubjectAccessReview',
  ],
  autoscaling: ['HorizontalPodAutoscaler', 'Scale'],
  batch: ['CronJob', 'Job'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle', 'PodCertificateRequest'],
  'crd.k8s.amazonaws.com': ['ENIConfig'],
  'coordination.k8s.io': ['Lease', 'LeaseCandidate'],
  'discovery.k8s.io': ['EndpointSlice'],
  'events.k8s.io': ['Event'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['IPAddress', 'Ingress', 'IngressClass', 'NetworkPolicy', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  policy: ['Eviction', 'PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'resource.k8s.io': [
    'DeviceClass',
    'DeviceTaintRule',
    'ResourceClaim',
    'ResourceClaimTemplate',
    'ResourcePoolStatusRequest',
    'ResourceSlice',
  ],
  'scheduling.k8s.io': ['CompositePodGroup', 'PodGroup', 'PriorityClass', 'Workload'],
  'storage.k8s.io': [
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
  'storagemigration.k8s.io': ['StorageVersionMigration'],
  'vpcresources.k8s.aws': ['CNINode', 'SecurityGroupPolicy'],
};

/** Kinds that are read, and the only version of each that is still served. */
const readKinds = {
  Namespace: 'v1',
  Pod: 'v1',
  Service: 'v1',
  Endpoints: 'v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  ServiceAccount: 'v1',
  ServiceCIDR: 'networking.k8s.io/v1',
  ENIConfig: 'crd.k8s.amazonaws.com/v1alpha1',
  SecurityGroupPolicy: 'vpcresources.k8s.aws/v1beta1',
} as const;

export type ReadKind = keyof typeof readKinds;

/** Where these kinds lived once; manifests that still say so are refused by the API server. */
const formerGroups: ReadonlySet<string> = new Set(['extensions']);

/** A kind that is read, one that is accepted without being read, or a slip in `kind` or `apiVersion`. */
export type Classified =
  | { readonly is: 'read'; readonly kind: ReadKind }
  | { readonly is: 'ignored' }
  | { readonly is: 'wrong'; readonly key: 'kind' | 'apiVersion'; readonly complaint: Complaint };

export function classify(apiVersion: string, kind: string): Classified {
  const slash = apiVersion.lastIndexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const usual = Object.hasOwn(readKinds, kind) ? readKinds[kind as ReadKind] : undefined;
  if (usual === apiVersion) return { is: 'read', kind: kind as ReadKind };
  const version = apiVersion.slice(slash + 1);
  const kinds = Object.hasOwn(kindsByGroup, group) ? kindsByGroup[group]! : undefined;
  const wellFormed = /^v\d+((alpha|beta)\d+)?$/.test(version);
  if (kinds && wellFormed && !usual && kinds.includes(kind)) return { is: 'ignored' };
  if (kinds?.includes(kind) || formerGroups.has(group) || !wellFormed) return wrongVersion(apiVersion, kind);
  if (!kinds) {
    const close = nearest(group, Object.keys(kindsByGroup).filter(Boolean), 1)[0];
    const custom = group.includes('.') && (close === undefined || distant(close, group));
    return custom ? { is: 'ignored' } : wrongVersion(apiVersion, kind);
  }
  if (homeOf(kind) !== undefined) return wrongVersion(apiVersion, kind);
  return wrongKind(apiVersion, kind, kinds);
}

/** `kubernetes.io/x` is a custom group however near it looks to one of Kubernetes's own. */
function distant(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) > 2 || nearest(b, [a], 1).length === 0;
}

function homeOf(kind: string): string | undefined {
  if (Object.hasOwn(readKinds, kind)) return readKinds[kind as ReadKind];
  const group = Object.keys(kindsByGroup).find((candidate) => kindsByGroup[candidate]!.includes(kind));
  return group === undefined ? undefined : group === '' ? 'v1' : `${group}/v1`;
}

function wrongVersion(apiVersion: string, kind: string): Classified {
  const home = homeOf(kind);
  const groups = Object.keys(kindsByGroup).map((group) => (group === '' ? 'v1' : `${group}/v1`));
  const message = home
    ? `Kubernetes has no ${kind} in ${JSON.stringify(apiVersion)}`
    : `Kubernetes has no API ${JSON.stringify(apiVersion)}`;
  const hint = home ? `write apiVersion: ${home}` : suggestion(apiVersion, groups);
  return { is: 'wrong', key: 'apiVersion', complaint: { code: 'k8s/wrong-api-version', message, hint } };
}

function wrongKind(apiVersion: string, kind: string, here: readonly string[]): Classified {
  const all = Object.values(kindsByGroup).flat();
  const close = nearest(kind, here, 1)[0] ?? nearest(kind, all, 1)[0];
  const message = `Kubernetes has no kind ${JSON.stringify(kind)} in ${apiVersion}`;
  const hint = close
    ? `write kind: ${close}${here.includes(close) ? '' : ` and apiVersion: ${homeOf(close)}`}`
    : suggestion(kind, here);
  return { is: 'wrong', key: 'kind', complaint: { code: 'k8s/wrong-kind', message, hint } };
}

/** The spelling and version of a kind written in any case, for documents that say too little. */
export function spellingOf(kind: string): { readonly kind: string; readonly apiVersion: string } | undefined {
  const all = Object.values(kindsByGroup).flat();
  const found = all.find((name) => name.toLowerCase() === kind.toLowerCase()) ?? nearest(kind, all, 1)[0];
  return found === undefined ? undefined : { kind: found, apiVersion: homeOf(found)! };
}
