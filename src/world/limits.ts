/** What a cluster uses that is not modelled: named once as a warning, and where it could change the fate of a packet it
 *  makes the paths that meet it undetermined. */
import { type Cidr, cidr } from '../addressing/cidr.ts';
import { type Ipv4, parseIpv4 } from '../addressing/ip.ts';
import type { KubeObjects, Service } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { Absent } from '../host/rules.ts';
import { kubeProxyStarts } from '../kube/kube-proxy-config.ts';
import { weighsZones } from '../kube/service-port.ts';
import type { ClusterSpec } from './cluster-spec.ts';

export interface Limits {
  /** Of a node. */
  readonly nodes: (node: LimitedNode) => readonly Absent[];
  /** Of every pod. */
  readonly pods: readonly Absent[];
  readonly warnings: readonly Issue[];
}

/** What decides about a node's limits. */
export interface LimitedNode {
  readonly podCidr: Cidr | undefined;
  /** Of all its interfaces. */
  readonly addresses: readonly Ipv4[];
}

const everywhere = cidr('0.0.0.0/0');
const loopback = cidr('127.0.0.0/8');

export function limitsOf(
  cluster: ClusterSpec,
  env: CniEnvironment,
  objects: KubeObjects,
  services: readonly Service[],
): Limits {
  const policies = objects.ignored.find(({ kind }) => kind === 'NetworkPolicy')?.count ?? 0;
  const proxy = missingProxy(cluster, services);
  const settings = asksForCards(objects) ? [...env.notModelled, SEVERAL_CARDS] : env.notModelled;
  const enforced = cluster.networkPolicy !== 'none' && policies > 0;
  const warn = (code: string, message: string, hint?: string): Issue => ({
    severity: 'warning',
    code,
    message,
    hint,
  });
  return {
    nodes: (node) => [
      ...proxy.of(node),
      ...settings.map((name) => ({ what: `the VPC CNI with ${name}`, to: everywhere })),
    ],
    pods: enforced
      ? [
          {
            what: `NetworkPolicy (${policies} in the manifests, enforcer ${cluster.networkPolicy})`,
            to: everywhere,
          },
        ]
      : [],
    warnings: [
      ...proxy.warnings.map((message) => warn('cluster/not-modelled', message)),
      ...services
        .filter(weighsZones)
        .map(({ metadata: { namespace, name } }) =>
          warn(
            'cluster/not-modelled',
            `Service ${namespace}/${name} asks for topology aware routing, which is not modelled: its endpoints get no hints for zones`,
            'spec.trafficDistribution is modelled',
          ),
        ),
      ...settings.map((name) =>
        warn('cluster/not-modelled', `${name} is not modelled: traces through nodes are undetermined`),
      ),
      ...(enforced
        ? [
            warn(
              'cluster/not-modelled',
              `NetworkPolicy is not modelled: with ${policies} in the manifests, traces of pods are undetermined`,
            ),
          ]
        : []),
      ...(policies > 0 && !enforced
        ? [
            warn(
              'cluster/policy-not-enforced',
              `${policies} NetworkPolicy ${policies === 1 ? 'exists' : 'objects exist'} and nothing enforces ${policies === 1 ? 'it' : 'them'}: every packet passes`,
              'cluster.networkPolicy says which enforcer runs',
            ),
          ]
        : []),
    ],
  };
}

const SEVERAL_CARDS = 'a pod with an interface of each network card (k8s.amazonaws.com/nicConfig)';

/** Does a pod ask for one address of every network card? */
function asksForCards({ pods, workloads }: KubeObjects): boolean {
  const asks = (annotations: Readonly<Record<string, string>>): boolean =>
    annotations['k8s.amazonaws.com/nicConfig'] === 'multi-nic-attachment';
  return (
    pods.some(({ metadata }) => asks(metadata.annotations)) ||
    workloads.some(({ template }) => asks(template.annotations))
  );
}

interface MissingProxy {
  readonly of: (node: LimitedNode) => readonly Absent[];
  readonly warnings: readonly string[];
}

/** Where kube-proxy has another mode, or none of its rules, everything that belongs to a Service: ClusterIPs, external
 *  and load balancer addresses, and the NodePorts of the node's own addresses. */
function missingProxy(cluster: ClusterSpec, services: readonly Service[]): MissingProxy {
  const { kubeProxy } = cluster;
  const { mode } = kubeProxy;
  if (mode !== 'iptables') {
    const what = `kube-proxy in ${mode} mode`;
    return {
      of: ({ addresses }) => serviceTraffic(what, cluster, services, addresses),
      warnings: [`${what} is not modelled: traces to Services are undetermined`],
    };
  }
  if (kubeProxyStarts(kubeProxy, false)) return { of: () => [], warnings: [] };
  const what = 'kube-proxy that waits for spec.podCIDR';
  const without = [
    ...cluster.nodeGroups.filter(({ desired }) => desired > 0).map(({ name }) => `node group ${name}`),
    ...cluster.nodes.filter(({ podCidr }) => !podCidr).map(({ name }) => `node ${name}`),
  ];
  return {
    of: ({ podCidr, addresses }) => (podCidr ? [] : serviceTraffic(what, cluster, services, addresses)),
    warnings: without.map(
      (name) =>
        `${name} has no podCIDR, as EKS gives none: with detectLocalMode NodeCIDR kube-proxy waits for it and ends, and traces to Services are undetermined`,
    ),
  };
}

function serviceTraffic(
  what: string,
  { serviceCidr }: ClusterSpec,
  services: readonly Service[],
  nodeAddresses: readonly Ipv4[],
): Absent[] {
  const outside = services.flatMap(({ externalIPs, loadBalancerIngress }) => [
    ...externalIPs,
    ...loadBalancerIngress.flatMap(({ ip }) => ip ?? []),
  ]);
  const blocks = outside.flatMap((address) => {
    const number = parseIpv4(address);
    return number === undefined ? [] : [{ base: number, length: 32 }];
  });
  const ports = new Set(
    services.flatMap((service) => service.ports.flatMap(({ nodePort }) => nodePort ?? [])),
  );
  return [
    { what, to: serviceCidr },
    ...blocks.map((to) => ({ what, to })),
    ...[...nodeAddresses.map((base) => ({ base, length: 32 })), loopback].map((to) => ({ what, to, ports })),
  ];
}
