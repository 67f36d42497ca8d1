/** EndpointSlice controller: the pods behind each Service that has a selector, at most 100 endpoints a slice, one set of
 *  port numbers a slice. Slices of other managers, and those of Services without a selector, are kept as they are.
 *  Hints follow a Service's trafficDistribution (trafficdist.ReconcileHints); those of topology aware routing, which
 *  weigh the zones' CPUs, are not modelled. */
import type { Container, EndpointSlice, Pod, Service, ServicePort, SliceEndpoint } from '../api/objects.ts';
import { hasLabels } from '../api/selectors.ts';
import { derived, type Origin } from '../base/origin.ts';
import { generatedNames } from './names.ts';
import { byName, compareText, nameOf } from './order.ts';

export interface PodStatus {
  readonly pod: Pod;
  /** The node's own for a host network pod; a pod without one is no endpoint. */
  readonly address?: string | undefined;
  readonly node?: string | undefined;
  readonly zone?: string | undefined;
  /** The Ready condition. */
  readonly ready: boolean;
  /** Being deleted. */
  readonly terminating?: boolean | undefined;
}

const MANAGER_LABEL = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';

/** kube-controller-manager --max-endpoints-per-slice. */
const MOST_ENDPOINTS = 100;

/** All slices of the cluster, by Service name. `written` are those of manifests and dumps. */
export function endpointSlices(
  services: readonly Service[],
  pods: readonly PodStatus[],
  written: readonly EndpointSlice[],
): EndpointSlice[] {
  const managed = [...services].filter(isManaged).sort(byName);
  const names = new Set(managed.map(nameOf));
  const kept = written.filter(
    (slice) =>
      slice.metadata.labels[MANAGER_LABEL] !== CONTROLLER ||
      !names.has(`${slice.metadata.namespace}/${slice.service}`),
  );
  const labelled = byLabel(pods);
  const made = managed.flatMap((service) => slicesOf(service, selectedBy(service, labelled)));
  return [...kept, ...made].sort(
    (a, b) =>
      compareText(a.metadata.namespace, b.metadata.namespace) ||
      compareText(a.service, b.service) ||
      compareText(a.metadata.name, b.metadata.name),
  );
}

function isManaged({ type, selector }: Service): boolean {
  return type !== 'ExternalName' && selector !== undefined && Object.keys(selector).length > 0;
}

/** Pods with an address under each of their labels, so that a Service need not look at every pod. */
function byLabel(pods: readonly PodStatus[]): ReadonlyMap<string, readonly PodStatus[]> {
  const labelled = new Map<string, PodStatus[]>();
  for (const status of [...pods].sort((a, b) => byName(a.pod, b.pod))) {
    if (status.address === undefined) continue;
    const { namespace, labels } = status.pod.metadata;
    for (const [key, value] of Object.entries(labels)) {
      const index = `${namespace}/${key}=${value}`;
      const list = labelled.get(index);
      if (list) list.push(status);
      else labelled.set(index, [status]);
    }
  }
  return labelled;
}

function selectedBy(
  { metadata, selector }: Service,
  labelled: ReadonlyMap<string, readonly PodStatus[]>,
): PodStatus[] {
  const lists = Object.entries(selector!).map(
    ([key, value]) => labelled.get(`${metadata.namespace}/${key}=${value}`) ?? [],
  );
  const shortest = lists.reduce((best, list) => (list.length < best.length ? list : best));
  return shortest.filter(({ pod }) => hasLabels(selector!, pod.metadata.labels));
}

function slicesOf(service: Service, selected: readonly PodStatus[]): EndpointSlice[] {
  const byPorts = new Map<string, { ports: EndpointSlice['ports']; endpoints: SliceEndpoint[] }>();
  for (const status of selected) {
    const ports = service.ports.flatMap((port) => resolvedPort(port, status.pod) ?? []);
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, endpoints: [] };
    byPorts.set(key, group);
    group.endpoints.push(endpoint(service, status));
  }
  const chunks = [...byPorts.values()].flatMap(({ ports, endpoints }) =>
    chunked(endpoints, MOST_ENDPOINTS).map((part) => ({ ports, endpoints: part })),
  );
  const names = generatedNames(service.metadata.name, chunks.length, new Set());
  return chunks.map(({ ports, endpoints }, i) =>
    slice(service.metadata.namespace, service.metadata.name, names[i]!, ports, endpoints, service.origin),
  );
}

/** A name is looked up among the containers' ports, sidecars last; a pod that has no such port lacks this one only. */
function resolvedPort(port: ServicePort, pod: Pod): EndpointSlice['ports'][number] | undefined {
  const number =
    typeof port.targetPort === 'number' ? port.targetPort : namedPort(port.targetPort, port, pod);
  return number === undefined ? undefined : { name: port.name, protocol: port.protocol, port: number };
}

function namedPort(name: string, { protocol }: ServicePort, { spec }: Pod): number | undefined {
  const sidecars = spec.initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports }: Container) => ports)
    .find((port) => port.name === name && port.protocol === protocol)?.containerPort;
}

function endpoint(
  service: Service,
  { pod, address, node, zone, ready, terminating }: PodStatus,
): SliceEndpoint {
  const leaving = terminating ?? false;
  const { trafficDistribution: wish, publishNotReadyAddresses } = service;
  const usable = publishNotReadyAddresses || (ready && !leaving);
  const hinted = wish !== undefined && usable;
  return {
    addresses: [address!],
    ready: usable,
    serving: ready,
    terminating: leaving,
    nodeName: node,
    zone,
    zoneHints: hinted && zone !== undefined ? [zone] : [],
    nodeHints: hinted && wish === 'PreferSameNode' && node !== undefined ? [node] : [],
    pod: nameOf(pod),
  };
}

function slice(
  namespace: string,
  service: string,
  name: string,
  ports: EndpointSlice['ports'],
  endpoints: readonly SliceEndpoint[],
  of: Origin,
): EndpointSlice {
  const labels = { 'kubernetes.io/service-name': service, [MANAGER_LABEL]: CONTROLLER };
  return {
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels, annotations: {} },
    service,
    addressType: 'IPv4',
    ports,
    endpoints,
    origin: derived('EndpointSlice controller', of),
  };
}

function chunked<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** The endpoints of the `kubernetes` Service: the API server's own addresses, on EKS those of the control plane's
 *  network interfaces. The API server writes this slice itself. */
export function kubernetesSlice(service: Service, addresses: readonly string[]): EndpointSlice {
  const ports = service.ports.map(({ name, protocol, targetPort }) => ({
    name,
    protocol,
    port: Number(targetPort),
  }));
  const endpoints = addresses.map((address) => ({
    addresses: [address],
    ready: true,
    serving: true,
    terminating: false,
    zoneHints: [],
    nodeHints: [],
  }));
  const { namespace, name } = service.metadata;
  const made = slice(namespace, name, name, ports, endpoints, service.origin);
  return {
    ...made,
    metadata: { ...made.metadata, labels: { 'kubernetes.io/service-name': name } },
    origin: derived('EKS control plane', service.origin),
  };
}
