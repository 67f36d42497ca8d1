/** A world for a case of kube-proxy: a topology and manifests, written as a user would write them, with one node that
 *  has the case's addresses and configuration. */
import { buildWorld, InputError, type Issue, loadTopology, type World } from '../../index.ts';
import type { Scenario } from './kube-proxy-format.ts';

type CaseProxy = Scenario['proxy'];
type CaseService = Scenario['services'][number];
type CaseEndpoint = Scenario['endpoints'][number];

/** What a case has; the rest is as EKS makes it. */
export interface Case {
  readonly proxy: CaseProxy;
  readonly services: readonly CaseService[];
  readonly endpoints: readonly CaseEndpoint[];
}

/** Own addresses of the node in AWS's eyes; the case's addresses come on top. */
const SUBNET = '100.64.0.0/24';
const ADDRESS = '100.64.0.10';
/** Of Kubernetes' own Services. The case's have ranges of their own. */
const SERVICE_CIDR = '192.168.255.0/24';

/** The world of a case; throws InputError where the case cannot be written as a topology. */
export function worldOf(what: Case): World {
  const objects = objectsOf(what).map((object) => JSON.stringify(object));
  const files = new Map([
    ['case.yaml', JSON.stringify(topologyOf(what, objects.length > 0))],
    ['objects.json', objects.join('\n---\n')],
  ]);
  const read = (path: string) => (files.has(path) ? { text: files.get(path)! } : undefined);
  const topology = loadTopology('case.yaml', read, () => []);
  if (!topology.ok) throw new InputError(errors(topology.issues));
  const world = buildWorld(topology.value);
  if (!world.ok) throw new InputError(errors(world.issues));
  return world.value;
}

const errors = (issues: readonly Issue[]): Issue[] => issues.filter(({ severity }) => severity === 'error');

function topologyOf({ proxy }: Case, hasObjects: boolean): object {
  const { detectLocal, nodePortAddresses } = proxy;
  const others = proxy.nodeIPs.filter((address) => address !== proxy.primaryNodeIP);
  return {
    apiVersion: 'vpcsim/v1',
    kind: 'Topology',
    vpcs: [{ name: 'main', cidrs: [SUBNET], subnets: [{ name: 'a', cidr: SUBNET }] }],
    cluster: {
      serviceCidr: SERVICE_CIDR,
      serviceNodePortRange: '1-65535',
      // Kubernetes' own Services stay apart from those of the case, and so does their address translation.
      coredns: { replicas: 0 },
      loadBalancerController: false,
      cni: { env: { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' } },
      kubeProxy: {
        mode: 'iptables',
        clusterCIDR: detectLocal.mode === 'ClusterCIDR' ? detectLocal.cidr : '',
        detectLocalMode: 'ClusterCIDR',
        iptables: { masqueradeAll: proxy.masqueradeAll, localhostNodePorts: proxy.localhostNodePorts },
        ...(nodePortAddresses && { nodePortAddresses }),
      },
      nodes: [
        {
          name: proxy.nodeName,
          subnet: 'a',
          address: ADDRESS,
          otherAddresses: [proxy.primaryNodeIP, ...others],
          nodeIps: [proxy.primaryNodeIP],
          // Where the case gives no zone, the node has none.
          labels: { 'topology.kubernetes.io/zone': '', ...proxy.nodeLabels },
        },
      ],
    },
    manifests: hasObjects ? ['objects.json'] : [],
  };
}

/** The ClusterIPs may lie anywhere: each /24 that has some is a range. */
function rangesOf({ services }: Case): object[] {
  const blocks = services
    .map(({ clusterIP }) => clusterIP.split('.'))
    .filter((octets) => octets.length === 4)
    .map((octets) => `${octets.slice(0, 3).join('.')}.0/24`);
  return [...new Set(blocks)].map((block, number) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: `case-${number}` },
    spec: { cidrs: [block] },
  }));
}

function objectsOf(what: Case): object[] {
  return [...rangesOf(what), ...what.services.map(serviceOf), ...slicesOf(what)];
}

/** Of type NodePort every port would get a node port; a load balancer's need none. */
function typeOf({ type, ports }: CaseService): CaseService['type'] {
  const without = ports.filter(({ nodePort }) => !nodePort).length;
  if (type !== 'NodePort' || without === 0) return type;
  return without === ports.length ? 'ClusterIP' : 'LoadBalancer';
}

/** A type that the API server accepts together with the fields: the unit tests make Services that it would not. The
 *  rules depend on the fields alone. */
function serviceOf(service: CaseService): object {
  const type = typeOf(service);
  const external = type !== 'ClusterIP' || service.externalIPs.length > 0;
  const balanced = type === 'LoadBalancer';
  const local = service.externalTrafficPolicy === 'Local';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: service.namespace, name: service.name },
    spec: {
      type,
      clusterIP: service.clusterIP,
      ports: service.ports.map(({ name, ...port }) => ({ ...(name && { name }), ...port })),
      externalIPs: service.externalIPs,
      ...(external && { externalTrafficPolicy: service.externalTrafficPolicy }),
      internalTrafficPolicy: service.internalTrafficPolicy,
      sessionAffinity: service.sessionAffinity,
      ...(service.sessionAffinityTimeoutSeconds !== undefined &&
        service.sessionAffinity === 'ClientIP' && {
          sessionAffinityConfig: { clientIP: { timeoutSeconds: service.sessionAffinityTimeoutSeconds } },
        }),
      ...(balanced && {
        loadBalancerClass: 'example.com/none',
        loadBalancerSourceRanges: service.loadBalancerSourceRanges,
        allocateLoadBalancerNodePorts: false,
        ...(local && service.healthCheckNodePort > 0 && { healthCheckNodePort: service.healthCheckNodePort }),
      }),
    },
    status: {
      loadBalancer: {
        ingress: service.lbIngress.map(({ ip, ipMode }) => ({ ip, ...(ipMode && { ipMode }) })),
      },
    },
  };
}

/** A slice's endpoints have their ports in common; the API server takes 1000 of them. */
const MOST_ENDPOINTS = 1000;

function slicesOf({ services, endpoints }: Case): object[] {
  const groups = new Map<string, CaseEndpoint[]>();
  for (const endpoint of endpoints) {
    const key = JSON.stringify([endpoint.service, endpoint.ip.includes(':'), endpoint.ports]);
    const group = groups.get(key);
    if (group) group.push(endpoint);
    else groups.set(key, [endpoint]);
  }
  return [...groups.values()].flatMap((group, number) =>
    Array.from({ length: Math.ceil(group.length / MOST_ENDPOINTS) }, (_, part) =>
      sliceOf(group.slice(part * MOST_ENDPOINTS, (part + 1) * MOST_ENDPOINTS), services, `${number}-${part}`),
    ),
  );
}

function sliceOf(group: readonly CaseEndpoint[], services: readonly CaseService[], id: string): object {
  const { service: of, ip, ports } = group[0]!;
  const [namespace = '', name = ''] = of.split('/');
  const service = services.find((each) => each.namespace === namespace && each.name === name);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-${id}`, labels: { 'kubernetes.io/service-name': name } },
    addressType: ip.includes(':') ? 'IPv6' : 'IPv4',
    ports: Object.entries(ports).map(([portName, port]) => ({
      ...(portName && { name: portName }),
      port,
      protocol: service?.ports.find((each) => each.name === portName)?.protocol ?? 'TCP',
    })),
    endpoints: group.map(endpointOf),
  };
}

/** What is so by default is left out, as there may be many. */
function endpointOf({ ip, node, ready, serving, terminating, zoneHints, nodeHints }: CaseEndpoint): object {
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  const plain = ready && serving && !terminating;
  return {
    addresses: [ip],
    ...(!plain && { conditions: { ready, serving, terminating } }),
    ...(node !== null && { nodeName: node }),
    ...(zoneHints.length + nodeHints.length > 0 && {
      hints: { forZones: named(zoneHints), forNodes: named(nodeHints) },
    }),
  };
}
