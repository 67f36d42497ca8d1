/** Stratum: Services with what the API server allocates, and the endpoints behind them. */
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import { endpointSlices, kubernetesSlice } from '../kube/endpoint-slices.ts';
import { allocateServices } from '../kube/services.ts';
import type { AddressedPod } from './pod-addresses.ts';
import type { ClusterSpec, Topology } from './topology.ts';

export interface Served {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly issues: readonly Issue[];
}

export function serve(
  topology: Topology,
  cluster: ClusterSpec,
  written: readonly Service[],
  pods: readonly AddressedPod[],
  controlPlane: readonly Ipv4[],
): Served {
  const { services, issues } = allocateServices({
    services: written,
    serviceCidr: cluster.serviceCidr,
    furtherRanges: topology.objects.serviceCidrs.flatMap(({ cidrs }) => cidrs),
    nodePortRange: cluster.nodePortRange,
    locate: topology.locate,
  });
  const statuses = pods.map(({ pod, address, node, ready }) => ({
    pod,
    address: address === undefined ? undefined : formatIpv4(address),
    node: node?.name,
    zone: node?.zone,
    ready,
  }));
  const kubernetes = services.find(
    ({ metadata }) => metadata.namespace === 'default' && metadata.name === 'kubernetes',
  );
  const slices = endpointSlices(services, statuses, [
    ...topology.objects.endpointSlices,
    ...(kubernetes ? [kubernetesSlice(kubernetes, controlPlane.map(formatIpv4))] : []),
  ]);
  return { services, slices, issues };
}
