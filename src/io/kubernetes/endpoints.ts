/** EndpointSlices, and Endpoints read as slices (the API server mirrors them, KEP-0752). */
import { parseIpv4 } from '../../addressing/ip.ts';
import type { EndpointSlice, SliceEndpoint } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { isIpv6 } from './ip-text.ts';
import { readMetadata } from './metadata.ts';
import { type EndpointSliceFile, type EndpointsFile, endpointSlice, endpoints } from './schema-service.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

export function readEndpointSlice(
  reading: Reading,
  value: Record<string, unknown>,
): EndpointSlice | undefined {
  const written = conform(reading, endpointSlice, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return undefined;
  const service = metadata.labels[SERVICE_LABEL];
  if (service === undefined)
    reading.warn(reading.of(written.metadata), {
      code: 'k8s/slice-without-service',
      message: `no Service uses this EndpointSlice: it has no label ${SERVICE_LABEL}`,
    });
  return {
    kind: 'EndpointSlice',
    metadata,
    service: service ?? '',
    addressType: written.addressType,
    ports: (written.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port }) =>
      port === undefined ? [] : [{ name, protocol, port }],
    ),
    endpoints: (written.endpoints ?? []).map((endpoint) => readEndpoint(reading, written, endpoint)),
    origin: reading.of(value),
  };
}

type EndpointFile = NonNullable<EndpointSliceFile['endpoints']>[number];

function readEndpoint(reading: Reading, slice: EndpointSliceFile, written: EndpointFile): SliceEndpoint {
  written.addresses.forEach((text, index) => {
    const good =
      slice.addressType === 'IPv4'
        ? parseIpv4(text) !== undefined
        : slice.addressType === 'IPv6'
          ? isIpv6(text)
          : text !== '';
    if (good) return;
    const message = `${JSON.stringify(text)} is not an address of type ${slice.addressType}`;
    reading.error(reading.of(written.addresses, index), { code: 'k8s/invalid-value', message });
  });
  const { conditions, nodeName, zone, hints } = written;
  const ready = conditions?.ready ?? true;
  const pod = podOf(written.targetRef, slice.metadata.namespace);
  return {
    addresses: written.addresses,
    ready,
    serving: conditions?.serving ?? ready,
    terminating: conditions?.terminating ?? false,
    ...(nodeName !== undefined && { nodeName }),
    ...(zone !== undefined && { zone }),
    zoneHints: (hints?.forZones ?? []).map(({ name }) => name),
    nodeHints: (hints?.forNodes ?? []).map(({ name }) => name),
    ...(pod !== undefined && { pod }),
  };
}

/** One slice for each subset and address family. */
export function readEndpoints(reading: Reading, value: Record<string, unknown>): readonly EndpointSlice[] {
  const written = conform(reading, endpoints, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return [];
  const labels = { ...metadata.labels, [SERVICE_LABEL]: metadata.name };
  return (written.subsets ?? []).flatMap((subset, index) => {
    const { addresses = [], notReadyAddresses = [] } = subset;
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ].filter(({ address }) => checkIp(reading, address));
    const ports = (subset.ports ?? []).map(({ name = '', protocol = 'TCP', port }) => ({
      name,
      protocol,
      port,
    }));
    return (['IPv4', 'IPv6'] as const).flatMap((addressType): EndpointSlice[] => {
      const members = all.filter(({ address }) => isIpv6(address.ip) === (addressType === 'IPv6'));
      if (members.length === 0) return [];
      const name = [
        metadata.name,
        ...(index > 0 ? [index] : []),
        ...(addressType === 'IPv6' ? ['v6'] : []),
      ].join('-');
      return [
        {
          kind: 'EndpointSlice',
          metadata: { ...metadata, name, labels },
          service: metadata.name,
          addressType,
          ports,
          endpoints: members.map(({ address, ready }) => endpointOf(address, ready, metadata.namespace)),
          origin: reading.of(subset),
        },
      ];
    });
  });
}

type AddressFile = NonNullable<NonNullable<EndpointsFile['subsets']>[number]['addresses']>[number];

function endpointOf(address: AddressFile, ready: boolean, namespace: string): SliceEndpoint {
  const pod = podOf(address.targetRef, namespace);
  const { nodeName } = address;
  return {
    addresses: [address.ip],
    ready,
    serving: ready,
    terminating: false,
    ...(nodeName !== undefined && { nodeName }),
    zoneHints: [],
    nodeHints: [],
    ...(pod !== undefined && { pod }),
  };
}

function checkIp(reading: Reading, address: AddressFile): boolean {
  if (parseIpv4(address.ip) !== undefined || isIpv6(address.ip)) return true;
  const message = `${JSON.stringify(address.ip)} is not an address`;
  reading.error(reading.of(address, 'ip'), { code: 'k8s/invalid-value', message });
  return false;
}

function podOf(
  ref: { kind?: string | undefined; namespace?: string | undefined; name?: string | undefined } | undefined,
  namespace = 'default',
): string | undefined {
  return ref?.kind === 'Pod' && ref.name !== undefined
    ? `${ref.namespace ?? namespace}/${ref.name}`
    : undefined;
}
