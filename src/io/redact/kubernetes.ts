/** Objects of Kubernetes without what people called them: names, namespaces, labels and hosts, the same for the same
 *  everywhere, so that selectors and references still fit. What containers run, their environment and annotations that
 *  nobody reads here go altogether. Objects of kube-system and names of nodes, which are addresses, stay. */
import { isMap } from '../members.ts';
import type { Names } from './names.ts';

type Map = Record<string, unknown>;

/** Members that name an object, or something that is named beside it. */
const nameKeys: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'serviceName',
  'secretName',
  'serviceAccountName',
  'serviceAccount',
  'claimName',
  'targetPort',
  'hostname',
  'subdomain',
]);

/** Members that hold labels. */
const labelKeys: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector']);

/** Labels with a meaning of their own. */
const knownLabel =
  /^(?:topology\.|node\.|failure-domain\.|beta\.|kubernetes\.io\/|eks\.amazonaws\.com\/|vpc\.amazonaws\.com\/|karpenter\.|k8s-app$|pod-template-hash$|controller-revision-hash$|statefulset\.|endpointslice\.)/;

/** Labels of Kubernetes itself whose values are names of objects. */
const naming: ReadonlySet<string> = new Set([
  'kubernetes.io/metadata.name',
  'kubernetes.io/service-name',
  'statefulset.kubernetes.io/pod-name',
]);

/** Annotations that are read. */
const knownAnnotation =
  /^(?:alb\.ingress\.|service\.beta\.|kubernetes\.io\/ingress\.class|vpc\.amazonaws\.com\/|k8s\.amazonaws\.com\/|eks\.amazonaws\.com\/|elbv2\.k8s\.aws\/|ingressclass\.)/;

const dropped: ReadonlySet<string> = new Set([
  'env',
  'envFrom',
  'args',
  'command',
  'image',
  'imageID',
  'containerID',
  'managedFields',
  'volumes',
  'volumeMounts',
  'imagePullSecrets',
  'message',
]);

export function redactKubernetes(value: Map, names: Names): void {
  if (Array.isArray(value.items)) {
    for (const item of value.items) if (isMap(item)) redactKubernetes(item, names);
    return;
  }
  const metadata = isMap(value.metadata) ? value.metadata : {};
  if (metadata.namespace === 'kube-system') return;
  const isNode = value.kind === 'Node' || value.kind === 'CNINode';
  for (const key of Object.keys(value)) {
    if (key === 'kind' || key === 'apiVersion') continue;
    if (dropped.has(key)) delete value[key];
    else value[key] = redact(value[key], key, names, isNode);
  }
}

function redact(value: unknown, key: string, names: Names, ofNode: boolean): unknown {
  if (typeof value === 'string') {
    if (nameKeys.has(key)) return ofNode && key === 'name' ? value : names.of(value);
    if (key === 'host') return hostOf(value, names);
    return names.withoutAccounts(value);
  }
  if (Array.isArray(value)) {
    if (key === 'hosts') return value.map((host) => (typeof host === 'string' ? hostOf(host, names) : host));
    return value.map((item) => redact(item, key, names, ofNode));
  }
  if (!isMap(value)) return value;
  if (labelKeys.has(key) && Object.values(value).every((label) => typeof label === 'string'))
    return redactLabels(value as Record<string, string>, names);
  if (key === 'annotations') return redactAnnotations(value, names);
  if (Array.isArray(value.values) && typeof value.key === 'string') return redactRequirement(value, names);
  for (const member of Object.keys(value)) {
    if (dropped.has(member)) delete value[member];
    // What an event or condition of a node is called is no name.
    else value[member] = redact(value[member], member, names, ofNode || isReference(value, 'Node'));
  }
  return value;
}

function isReference(value: Map, kind: string): boolean {
  return value.kind === kind;
}

function redactLabels(labels: Readonly<Record<string, string>>, names: Names): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key, isKnown(key) ? value : names.of(value)]),
  );
}

function isKnown(label: string): boolean {
  return knownLabel.test(label) && !naming.has(label);
}

/** One of `matchExpressions`. */
function redactRequirement(requirement: Map, names: Names): Map {
  if (isKnown(String(requirement.key))) return requirement;
  const values = (requirement.values as unknown[]).map((value) => names.of(String(value)));
  return { ...requirement, values };
}

function redactAnnotations(annotations: Map, names: Names): Map {
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) =>
      knownAnnotation.test(key) ? [[key, names.withoutAccounts(String(value))]] : [],
    ),
  );
}

/** Every label of a host name by itself; a wildcard stays one. */
function hostOf(host: string, names: Names): string {
  const [first, ...rest] = host.split('.');
  const inner = first === '*' ? '*' : names.of(first ?? '');
  return rest.length === 0 ? inner : `${inner}.${names.of(rest.join('.'))}.example`;
}
