/** What every EKS cluster runs before anything is deployed: CoreDNS, the VPC CNI and kube-proxy, and the Services
 *  `kubernetes` and `kube-dns`. As in the add-ons for Kubernetes 1.36, as far as it bears on the network and on
 *  placement; CoreDNS's preferred anti-affinity between its pods is left out. */
import { addressAt, type Cidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type {
  Container,
  KubeObject,
  Metadata,
  PodSpec,
  Service,
  ServicePort,
  Toleration,
  Workload,
} from '../api/objects.ts';
import { defaulted } from '../base/origin.ts';

export interface AddonSettings {
  readonly serviceCidr: Cidr;
  readonly coreDnsReplicas: number;
  /** What the manifests have already: a written object takes the place of the shipped one. */
  readonly written: { readonly workloads: readonly Workload[]; readonly services: readonly Service[] };
}

export interface Addons {
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
}

const MIB = 1024 ** 2;

/** The objects that are missing. */
export function eksAddons({ serviceCidr, coreDnsReplicas, written }: AddonSettings): Addons {
  const lacks = (objects: readonly KubeObject[]) => (made: KubeObject) =>
    !objects.some(
      ({ kind, metadata }) =>
        kind === made.kind &&
        metadata.namespace === made.metadata.namespace &&
        metadata.name === made.metadata.name,
    );
  return {
    workloads: [awsNode(), coreDns(coreDnsReplicas), kubeProxy()].filter(lacks(written.workloads)),
    services: [kubernetes(serviceCidr), kubeDns(serviceCidr)].filter(lacks(written.services)),
  };
}

/** The address of kube-dns: the tenth of the Service range; the kubelet puts it into resolv.conf. */
export function clusterDnsAddress(serviceCidr: Cidr): string {
  return formatIpv4(addressAt(serviceCidr, 10));
}

const TOLERATE_ALL: Toleration = { key: '', operator: 'Exists', value: '', effect: '' };

function coreDns(replicas: number): Workload {
  const labels = { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' };
  const container: Container = {
    ...plainContainer('coredns', { cpuMillis: 100, memoryBytes: 70 * MIB }),
    limits: { memoryBytes: 170 * MIB },
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
    ],
    readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' }, exec: false },
    livenessProbe: { httpGet: { path: '/health', port: 8080, scheme: 'HTTP' }, exec: false },
  };
  const spec: PodSpec = {
    ...plainSpec([container]),
    dnsPolicy: 'Default',
    tolerations: [
      { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', value: '', effect: 'NoSchedule' },
      { key: 'CriticalAddonsOnly', operator: 'Exists', value: '', effect: '' },
    ],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'k8s-app': 'kube-dns' }, matchExpressions: [] },
      },
    ],
  };
  return {
    ...workload('Deployment', 'coredns', replicas, labels, spec),
    strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: 1 },
  };
}

function awsNode(): Workload {
  const metrics = { name: 'metrics', containerPort: 61_678, protocol: 'TCP' } as const;
  const agentMetrics = { name: 'agentmetrics', containerPort: 8162, protocol: 'TCP' } as const;
  const containers = [
    { ...plainContainer('aws-node', { cpuMillis: 25 }), ports: [metrics] },
    { ...plainContainer('aws-eks-nodeagent', { cpuMillis: 25 }), ports: [agentMetrics] },
  ];
  return daemon('aws-node', containers);
}

function kubeProxy(): Workload {
  return daemon('kube-proxy', [plainContainer('kube-proxy', { cpuMillis: 100 })]);
}

function daemon(name: string, containers: readonly Container[]): Workload {
  const spec: PodSpec = { ...plainSpec(containers), hostNetwork: true, tolerations: [TOLERATE_ALL] };
  return workload('DaemonSet', name, 1, { 'k8s-app': name }, spec);
}

/** No selector: the API server writes its endpoints itself. */
function kubernetes(serviceCidr: Cidr): Service {
  return service('kubernetes', 'default', formatIpv4(addressAt(serviceCidr, 1)), undefined, [
    { name: 'https', protocol: 'TCP', port: 443, targetPort: 443 },
  ]);
}

function kubeDns(serviceCidr: Cidr): Service {
  const ports: ServicePort[] = [
    { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
    { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
    { name: 'metrics', protocol: 'TCP', port: 9153, targetPort: 9153 },
  ];
  return service('kube-dns', 'kube-system', clusterDnsAddress(serviceCidr), { 'k8s-app': 'kube-dns' }, ports);
}

function workload(
  kind: 'Deployment' | 'DaemonSet',
  name: string,
  replicas: number,
  labels: Readonly<Record<string, string>>,
  spec: PodSpec,
): Workload {
  return {
    kind,
    metadata: metadata(name, 'kube-system', labels),
    replicas,
    selector: { matchLabels: labels, matchExpressions: [] },
    template: { labels, annotations: {}, spec },
    origin: defaulted('EKS', `add-on ${name}`),
  };
}

function plainSpec(containers: readonly Container[]): PodSpec {
  return {
    containers,
    initContainers: [],
    nodeSelector: {},
    requiredNodeTerms: [],
    tolerations: [],
    topologySpreadConstraints: [],
    hostNetwork: false,
    dnsPolicy: 'ClusterFirst',
    readinessGates: [],
  };
}

function plainContainer(name: string, requests: Container['requests']): Container {
  return { name, image: name, ports: [], requests, limits: {} };
}

function service(
  name: string,
  namespace: string,
  clusterIP: string,
  selector: Readonly<Record<string, string>> | undefined,
  ports: readonly ServicePort[],
): Service {
  return {
    kind: 'Service',
    metadata: metadata(name, namespace, {}),
    type: 'ClusterIP',
    clusterIP,
    ports,
    selector,
    externalIPs: [],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    sessionAffinityTimeoutSeconds: 10_800,
    loadBalancerSourceRanges: [],
    allocateLoadBalancerNodePorts: true,
    publishNotReadyAddresses: false,
    loadBalancerIngress: [],
    origin: defaulted('EKS', `Service ${namespace}/${name}`),
  };
}

function metadata(name: string, namespace: string, labels: Readonly<Record<string, string>>): Metadata {
  return { name, namespace, labels, annotations: {} };
}
