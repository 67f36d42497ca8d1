/** Checks between objects and the cluster: service addresses and node ports are given out once, pinned pods
 *  exist. */
import { addressAt, type Cidr, contains, formatCidr } from '../../addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../../addressing/ip.ts';
import type { KubeObjects, Service, ServiceCidr } from '../../api/objects.ts';
import { nearest } from '../../base/nearest.ts';
import type { Origin } from '../../base/origin.ts';
import type { ClusterSpec } from '../../world/cluster-spec.ts';
import type { Reading } from '../reading.ts';

/** Offsets in the service range of the addresses that EKS takes itself. */
const ownServices = [
  { offset: 1, service: 'default/kubernetes' },
  { offset: 10, service: 'kube-system/kube-dns' },
];

export function checkServices(
  reading: Reading,
  services: readonly Service[],
  { serviceCidr: range, nodePortRange: [first, last] }: ClusterSpec,
  further: readonly ServiceCidr[],
): void {
  const addresses = new Map(
    ownServices.map(({ offset, service }) => [formatIpv4(addressAt(range, offset)), service]),
  );
  const nodePorts = new Map<string, string>();
  const ranges = [range, ...further.flatMap(({ cidrs }) => cidrs)];
  for (const service of services) {
    const name = `${service.metadata.namespace}/${service.metadata.name}`;
    checkClusterIp(reading, service, name, ranges, addresses);
    for (const [index, { protocol, nodePort }] of service.ports.entries()) {
      if (nodePort === undefined) continue;
      if (nodePort < first || nodePort > last) {
        const message = `nodePort ${nodePort} is not in the range ${first}-${last}`;
        reading.error(at(service, 'spec', 'ports', index, 'nodePort'), {
          code: 'k8s/invalid-value',
          message,
        });
        continue;
      }
      const key = `${protocol}/${nodePort}`;
      const owner = nodePorts.get(key);
      if (owner !== undefined) {
        const message = `nodePort ${nodePort}/${protocol} belongs to Service ${owner}`;
        reading.error(at(service, 'spec', 'ports', index, 'nodePort'), { code: 'k8s/duplicate', message });
      }
      nodePorts.set(key, owner ?? name);
    }
  }
}

function checkClusterIp(
  reading: Reading,
  service: Service,
  name: string,
  ranges: readonly Cidr[],
  addresses: Map<string, string>,
): void {
  const { clusterIP } = service;
  if (clusterIP?.includes(':'))
    reading.warn(at(service, 'spec', 'clusterIP'), {
      code: 'k8s/ipv6',
      message: `clusterIP ${clusterIP} is IPv6, which is modelled within nodes only`,
    });
  const address = clusterIP === undefined ? undefined : parseIpv4(clusterIP);
  if (clusterIP === undefined || address === undefined) return;
  const place = at(service, 'spec', 'clusterIP');
  if (!ranges.some((range) => contains(range, address))) {
    const message = `clusterIP ${clusterIP} lies outside the service range ${ranges.map(formatCidr).join(', ')}`;
    const hint = 'choose one inside, set cluster.serviceCidr, or add a ServiceCIDR';
    reading.error(place, { code: 'k8s/cluster-ip-range', message, hint });
  }
  const owner = addresses.get(clusterIP);
  if (owner !== undefined && owner !== name)
    reading.error(place, {
      code: 'k8s/duplicate',
      message: `clusterIP ${clusterIP} belongs to Service ${owner}`,
    });
  else addresses.set(clusterIP, name);
}

/** A placement names a bare pod, or one that a workload makes: its name begins with the workload's. */
export function checkPlacements(reading: Reading, cluster: ClusterSpec, objects: KubeObjects): void {
  const pods = objects.pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const makers = objects.workloads.map(({ metadata }) => `${metadata.namespace}/${metadata.name}-`);
  const system = ['kube-system/coredns-', 'kube-system/aws-node-', 'kube-system/kube-proxy-'];
  for (const { pod, origin } of cluster.placements) {
    if (pods.includes(pod) || [...makers, ...system].some((prefix) => pod.startsWith(prefix))) continue;
    const place = origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, 'pod'] } : origin;
    const close = nearest(pod, [...pods, ...makers.map((prefix) => prefix.slice(0, -1))])[0];
    reading.error(place, {
      code: 'topology/unknown-reference',
      message: `there is no pod ${pod}, and no workload that makes it`,
      hint: close ? `did you mean ${close}?` : 'name its manifest under manifests',
    });
  }
}

function at(service: Service, ...path: (string | number)[]): Origin {
  const { origin } = service;
  return origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, ...path] } : origin;
}
