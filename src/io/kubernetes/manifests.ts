/** Manifests to objects: kinds that bear on the network are read, the others counted. */
import type { KubeObject, KubeObjects, Namespace, ServiceAccount } from '../../api/objects.ts';
import { defaulted } from '../../base/origin.ts';
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { readEndpointSlice, readEndpoints } from './endpoints.ts';
import { readEniConfig } from './eni-configs.ts';
import { readIngress, readIngressClass } from './ingresses.ts';
import { classify, type ReadKind, spellingOf } from './kinds.ts';
import { isKubeProxyConfiguration } from './kube-proxy-document.ts';
import { readMetadata } from './metadata.ts';
import { namespace, serviceAccount } from './schema-service.ts';
import { readSecurityGroupPolicy } from './security-group-policies.ts';
import { readServiceCidr } from './service-cidrs.ts';
import { readService } from './services.ts';
import { readPod, readWorkload } from './workloads.ts';

type Value = Record<string, unknown>;
type Collected = { -readonly [Key in Exclude<keyof KubeObjects, 'ignored'>]: KubeObjects[Key][number][] };

/** Namespaces that every cluster has. */
const builtInNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function readManifests(reading: Reading, values: readonly Value[]): KubeObjects {
  const objects: Collected = {
    namespaces: [],
    pods: [],
    workloads: [],
    services: [],
    endpointSlices: [],
    ingresses: [],
    ingressClasses: [],
    serviceCidrs: [],
    serviceAccounts: [],
    eniConfigs: [],
    securityGroupPolicies: [],
  };
  const ignored = new Map<string, number>();
  for (const value of values.flatMap((document) => itemsOf(document))) {
    if (isKubeProxyConfiguration(value)) continue;
    const kind = kindOf(reading, value);
    if (kind === undefined) continue;
    if ('read' in kind) readInto(reading, objects, kind.read, value);
    else ignored.set(kind.ignored, (ignored.get(kind.ignored) ?? 0) + 1);
  }
  for (const list of Object.values(objects)) checkDuplicates(reading, list);
  return {
    ...objects,
    namespaces: withNamespaces(reading, objects),
    ignored: [...ignored]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

/** The objects of a list ("List", "PodList"); the document itself otherwise. */
export function itemsOf(value: Value): readonly Value[] {
  const { kind, items, apiVersion } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [value];
  const typed = kind.slice(0, -'List'.length);
  return items.filter(isMap).flatMap((item) => {
    // The API leaves kind and apiVersion out of the items of a typed list.
    if (typed !== '' && !Object.hasOwn(item, 'kind')) Object.assign(item, { kind: typed, apiVersion });
    return itemsOf(item);
  });
}

function kindOf(reading: Reading, value: Value): { read: ReadKind } | { ignored: string } | undefined {
  const { apiVersion, kind } = value;
  const misspelt = ['kind', 'apiVersion', 'metadata', 'spec'].flatMap((right) =>
    Object.keys(value)
      .filter(
        (key) => key !== right && key.toLowerCase() === right.toLowerCase() && !Object.hasOwn(value, right),
      )
      .map((key) => ({ key, right })),
  );
  for (const { key, right } of misspelt) wrongKey(reading, value, key, right);
  if (typeof kind !== 'string') {
    if (misspelt.some(({ right }) => right === 'kind')) return undefined;
    const message = kind === undefined ? 'the document has no kind' : 'kind must be text';
    const hint = 'every manifest begins like this: apiVersion: v1, kind: Pod';
    reading.error(reading.of(value, 'kind'), { code: 'k8s/missing-kind', message, hint });
    return undefined;
  }
  if (typeof apiVersion !== 'string') {
    if (misspelt.some(({ right }) => right === 'apiVersion')) return undefined;
    const right = spellingOf(kind);
    const hint =
      right &&
      `write apiVersion: ${right.apiVersion}${right.kind === kind ? '' : ` and kind: ${right.kind}`}`;
    const message = apiVersion === undefined ? `the ${kind} has no apiVersion` : 'apiVersion must be text';
    reading.error(reading.of(value, 'apiVersion'), { code: 'k8s/missing-api-version', message, hint });
    return undefined;
  }
  const found = classify(apiVersion, kind);
  if (found.is === 'wrong') reading.error(reading.of(value, found.key), found.complaint);
  if (found.is !== 'read') return found.is === 'ignored' ? { ignored: kind } : undefined;
  return misspelt.length > 0 ? undefined : { read: found.kind };
}

/** `Kind: pod`: the API server takes keys and kinds in their right case only. */
function wrongKey(reading: Reading, value: Value, key: string, right: string): void {
  const written = value[key];
  const kind = right === 'kind' && typeof written === 'string' ? spellingOf(written)?.kind : undefined;
  const complaint = {
    code: right === 'kind' ? 'k8s/wrong-kind' : 'k8s/unknown-field',
    message: `the key ${JSON.stringify(key)} must be written ${JSON.stringify(right)}`,
    hint: kind ? `write kind: ${kind}` : `write ${right}:`,
  };
  reading.errorAtKey(reading.of(value, key), complaint);
}

function readInto(reading: Reading, objects: Collected, kind: ReadKind, value: Value): void {
  const some = <T>(object: T | undefined): T[] => (object ? [object] : []);
  if (kind === 'Namespace') objects.namespaces.push(...some(readNamespace(reading, value)));
  else if (kind === 'Pod') objects.pods.push(...some(readPod(reading, value)));
  else if (kind === 'Service') objects.services.push(...some(readService(reading, value)));
  else if (kind === 'EndpointSlice') objects.endpointSlices.push(...some(readEndpointSlice(reading, value)));
  else if (kind === 'Endpoints') objects.endpointSlices.push(...readEndpoints(reading, value));
  else if (kind === 'Ingress') objects.ingresses.push(...some(readIngress(reading, value)));
  else if (kind === 'ServiceCIDR') objects.serviceCidrs.push(...some(readServiceCidr(reading, value)));
  else if (kind === 'IngressClass') objects.ingressClasses.push(...some(readIngressClass(reading, value)));
  else if (kind === 'ServiceAccount')
    objects.serviceAccounts.push(...some(readServiceAccount(reading, value)));
  else if (kind === 'ENIConfig') objects.eniConfigs.push(...some(readEniConfig(reading, value)));
  else if (kind === 'SecurityGroupPolicy')
    objects.securityGroupPolicies.push(...some(readSecurityGroupPolicy(reading, value)));
  else objects.workloads.push(...some(readWorkload(reading, kind, value)));
}

function readNamespace(reading: Reading, value: Value): Namespace | undefined {
  const written = conform(reading, namespace, value, 'k8s');
  const metadata = written && readMetadata(reading, written.metadata, { namespaced: false, names: 'label' });
  if (!metadata) return undefined;
  return { ...namespaceOf(metadata.name), metadata: withNameLabel(metadata), origin: reading.of(value) };
}

function readServiceAccount(reading: Reading, value: Value): ServiceAccount | undefined {
  const written = conform(reading, serviceAccount, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  return metadata && { kind: 'ServiceAccount', metadata, origin: reading.of(value) };
}

/** The API server labels every namespace with its name, for selectors. */
function withNameLabel(metadata: Namespace['metadata']): Namespace['metadata'] {
  return { ...metadata, labels: { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name } };
}

function namespaceOf(name: string): Namespace {
  const metadata = withNameLabel({ name, namespace: '', labels: {}, annotations: {} });
  return { kind: 'Namespace', metadata, origin: defaulted('Kubernetes', `namespace ${name}`) };
}

/** Those that are declared, those that every cluster has, and those that something is in. */
function withNamespaces(reading: Reading, objects: Collected): readonly Namespace[] {
  const { namespaces, ...rest } = objects;
  const names = new Set([...namespaces.map(({ metadata }) => metadata.name), ...builtInNamespaces]);
  const built = builtInNamespaces.filter(
    (name) => !namespaces.some(({ metadata }) => metadata.name === name),
  );
  const used = new Set(Object.values(rest).flatMap((list) => list.map(({ metadata }) => metadata.namespace)));
  // Objects that are in no namespace say ''.
  const missing = [...used].filter((name) => name !== '' && !names.has(name)).sort();
  for (const name of missing) reading.fill(`Namespace/${name}`, name, 'vpcsim', 'no manifest makes it');
  return [...namespaces, ...[...built, ...missing].map(namespaceOf)];
}

function checkDuplicates(reading: Reading, list: readonly KubeObject[]): void {
  const seen = new Set<string>();
  for (const { kind, metadata, origin } of list) {
    const key = `${kind}/${metadata.namespace}/${metadata.name}`;
    if (seen.has(key)) {
      const at =
        origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, 'metadata', 'name'] } : origin;
      const where = metadata.namespace === '' ? '' : ` in namespace ${metadata.namespace}`;
      const message = `there is another ${kind} named ${JSON.stringify(metadata.name)}${where}`;
      reading.error(at, { code: 'k8s/duplicate', message });
    }
    seen.add(key);
  }
}
