/** Short ways to write Kubernetes objects in tests. */
import type {
  Container,
  EndpointSlice,
  Pod,
  PodSpec,
  Service,
  SliceEndpoint,
  Workload,
} from '../../src/api/objects.ts';
import { defaulted } from '../../src/base/origin.ts';
import type { SchedulableNode } from '../../src/kube/cluster-state.ts';

const origin = defaulted('test', 'object');

const MIB = 1024 ** 2;

export function container(more: Partial<Container> = {}): Container {
  return { name: 'main', image: 'app', ports: [], requests: {}, limits: {}, ...more };
}

export function spec(more: Partial<PodSpec> = {}): PodSpec {
  return {
    containers: [container()],
    initContainers: [],
    nodeSelector: {},
    requiredNodeTerms: [],
    tolerations: [],
    topologySpreadConstraints: [],
    hostNetwork: false,
    dnsPolicy: 'ClusterFirst',
    readinessGates: [],
    ...more,
  };
}

export function pod(name: string, more: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels, annotations: {} },
    spec: spec(more),
    origin,
  };
}

export function workload(
  kind: Workload['kind'],
  name: string,
  replicas: number,
  more: Partial<PodSpec> = {},
): Workload {
  const labels = { app: name };
  return {
    kind,
    metadata: { name, namespace: 'default', labels, annotations: {} },
    replicas,
    selector: { matchLabels: labels, matchExpressions: [] },
    template: { labels, annotations: {}, spec: spec(more) },
    origin,
  };
}

export function service(name: string, more: Partial<Service> = {}): Service {
  return {
    kind: 'Service',
    metadata: { name, namespace: 'default', labels: {}, annotations: {} },
    type: 'ClusterIP',
    ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
    selector: { app: name },
    externalIPs: [],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    sessionAffinityTimeoutSeconds: 10800,
    loadBalancerSourceRanges: [],
    allocateLoadBalancerNodePorts: true,
    publishNotReadyAddresses: false,
    loadBalancerIngress: [],
    origin,
    ...more,
  };
}

/** A ready endpoint; "10.0.0.1 on node-a" names its node. */
export function endpoint(where: string, more: Partial<SliceEndpoint> = {}): SliceEndpoint {
  const [address = '', nodeName] = where.split(' on ');
  return {
    addresses: [address],
    ready: true,
    serving: true,
    terminating: false,
    nodeName,
    zoneHints: [],
    nodeHints: [],
    ...more,
  };
}

/** The endpoints of a Service, each of its ports at the number its targetPort says. */
export function slice(of: Service, endpoints: readonly SliceEndpoint[]): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    metadata: { ...of.metadata, name: `${of.metadata.name}-abcde` },
    service: of.metadata.name,
    addressType: endpoints[0]?.addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    ports: of.ports.map(({ name, protocol, targetPort }) => ({ name, protocol, port: Number(targetPort) })),
    endpoints,
    origin,
  };
}

/** A node of zone "a" with 1,900 millicores, 3,000 MiB and 17 pods. */
export function node(name: string, more: Partial<SchedulableNode> = {}, zone = 'a'): SchedulableNode {
  return {
    name,
    labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone },
    taints: [],
    allocatable: { cpuMillis: 1900, memoryBytes: 3000 * MIB, pods: 17 },
    ...more,
  };
}
