/** Stratum: Services with what the API server allocates, and the endpoints behind them. */
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import { endpointSlices, kubernetesSlice, type PodStatus } from '../kube/endpoint-slices.ts';
import { allocateServices } from '../kube/services.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { AddressedPod } from './pod-addresses.ts';
import type { Topology } from './topology.ts';

export interface Served {
  readonly services: readonly Service[];
  /** Made when they are first asked for: questions about addresses do without them. */
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
  const kubernetes = services.find(
    ({ metadata }) => metadata.namespace === 'default' && metadata.name === 'kubernetes',
  );
  let slices: readonly EndpointSlice[] | undefined;
  return {
    services,
    issues,
    get slices() {
      const { endpointSlices: written } = topology.objects;
      const told = written.some(
        ({ service, metadata }) => service === 'kubernetes' && metadata.namespace === 'default',
      );
      const given = [
        ...written,
        ...(kubernetes && !told ? [kubernetesSlice(kubernetes, controlPlane.map(formatIpv4))] : []),
      ];
      // Where nobody makes objects, slices are those that are there.
      slices ??=
        !cluster.controllers && written.length > 0
          ? given
          : endpointSlices(services, pods.map(statusOf), given);
      return slices;
    },
  };
}

function statusOf({ pod, address, node, ready }: AddressedPod): PodStatus {
  return {
    pod,
    address: address === undefined ? undefined : formatIpv4(address),
    node: node?.name,
    zone: node?.zone,
    ready,
  };
}
