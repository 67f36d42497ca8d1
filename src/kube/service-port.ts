/** Services and EndpointSlices as kube-proxy keeps them: one record for each service port of its family, with the
 *  endpoints of all slices in the order of their text. */
import type { EndpointSlice, Service, ServicePort } from '../api/objects.ts';
import { derived, type Origin } from '../base/origin.ts';
import { canonicalRange, type Family, familyOf, withPort } from './address-family.ts';
import { endpointChain, servicePortHash } from './chain-names.ts';
import type { HintUse } from './kube-proxy-config.ts';
import { byName, compareText } from './order.ts';

export interface ProxyEndpoint {
  /** "10.180.0.1:80". */
  readonly text: string;
  readonly address: string;
  /** "KUBE-SEP-SXIVWICOYRO3J4NJ". */
  readonly chain: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Null names no node: never local. */
  readonly node: string | undefined;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  readonly origin: Origin;
}

export interface ProxyServicePort {
  /** "ns/service:port", or "ns/service" where the port has no name. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly hash: string;
  readonly clusterIP: string;
  readonly port: number;
  /** 0 for none. */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  /** Load balancer addresses that kube-proxy serves itself: not those published as host names or as Proxy. */
  readonly loadBalancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly externalLocal: boolean;
  readonly internalLocal: boolean;
  /** 0 for none. */
  readonly healthCheckNodePort: number;
  /** 0 without session affinity. */
  readonly affinitySeconds: number;
  /** Several may have the same address and port, of which a node takes its own or else the first. */
  readonly endpoints: readonly ProxyEndpoint[];
  readonly hasDuplicates: boolean;
  readonly origin: Origin;
}

const WRITER = 'kube-proxy';

/** Labels that make kube-proxy pass over a Service (kube-proxy informer selector). */
const NOT_MINE = ['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'];

const NO_HINTS: readonly string[] = [];
const ALL_HINTS: HintUse = { nodes: true, zonesByAnnotation: false };

/** By Service name, ports in the order of the Service. */
export function servicePorts(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  family: Family,
  hints: HintUse = ALL_HINTS,
): ProxyServicePort[] {
  const slicesOf = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    if (slice.addressType !== family) continue;
    const key = `${slice.metadata.namespace}/${slice.service}`;
    const list = slicesOf.get(key);
    if (list) list.push(slice);
    else slicesOf.set(key, [slice]);
  }
  const ports: ProxyServicePort[] = [];
  for (const service of [...services].sort(byName)) {
    if (!isProxied(service, family)) continue;
    const own = slicesOf.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [];
    for (const port of service.ports) ports.push(servicePort(service, port, own, family, hints));
  }
  return ports;
}

function isProxied({ type, clusterIP, metadata }: Service, family: Family): boolean {
  if (type === 'ExternalName' || !clusterIP || clusterIP === 'None') return false;
  return familyOf(clusterIP) === family && !NOT_MINE.some((label) => label in metadata.labels);
}

function servicePort(
  service: Service,
  port: ServicePort,
  slices: readonly EndpointSlice[],
  family: Family,
  hints: HintUse,
): ProxyServicePort {
  const ofFamily = (text: string) => familyOf(text) === family;
  const { namespace, name: serviceName } = service.metadata;
  const name = port.name === '' ? `${namespace}/${serviceName}` : `${namespace}/${serviceName}:${port.name}`;
  const protocol = port.protocol.toLowerCase() as ProxyServicePort['protocol']; // TCP, UDP or SCTP
  const externalLocal = service.externalTrafficPolicy === 'Local';
  const endpoints = endpointsOf(service, port, slices, name, protocol, hints);
  const balanced = service.type === 'LoadBalancer';
  return {
    name,
    protocol,
    hash: servicePortHash(name, protocol),
    clusterIP: service.clusterIP!,
    port: port.port,
    nodePort: port.nodePort ?? 0,
    externalIPs: service.externalIPs.filter(ofFamily),
    loadBalancerIPs: service.loadBalancerIngress
      .filter(({ ipMode }) => ipMode !== 'Proxy')
      .flatMap(({ ip }) => (ip && ofFamily(ip) ? [ip] : [])),
    sourceRanges: service.loadBalancerSourceRanges
      .map((range) => canonicalRange(range))
      .filter((range) => range !== undefined && ofFamily(range)) as string[], // undefined is filtered out
    externalLocal,
    internalLocal: service.internalTrafficPolicy === 'Local',
    healthCheckNodePort: balanced && externalLocal ? (service.healthCheckNodePort ?? 0) : 0,
    affinitySeconds: service.sessionAffinity === 'ClientIP' ? service.sessionAffinityTimeoutSeconds : 0,
    endpoints,
    hasDuplicates: new Set(endpoints.map(({ text }) => text)).size < endpoints.length,
    origin: derived(WRITER, service.origin),
  };
}

function endpointsOf(
  service: Service,
  port: ServicePort,
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: string,
  hints: HintUse,
): ProxyEndpoint[] {
  const byZone = !hints.zonesByAnnotation || weighsZones(service);
  const found: ProxyEndpoint[] = [];
  for (const slice of slices)
    for (const { name, protocol: transport, port: number } of slice.ports) {
      if (name !== port.name || transport !== port.protocol) continue;
      const origin = derived(WRITER, service.origin, slice.origin);
      for (const {
        addresses,
        ready,
        serving,
        terminating,
        nodeName,
        zoneHints,
        nodeHints,
      } of slice.endpoints) {
        const address = addresses[0]; // kube-proxy takes the first one only
        if (address === undefined) continue;
        const text = withPort(address, number);
        const chain = endpointChain(portName, protocol, text);
        const node = nodeName;
        found.push({
          text,
          address,
          chain,
          ready,
          serving,
          terminating,
          node,
          zoneHints: byZone ? zoneHints : NO_HINTS,
          nodeHints: hints.nodes ? nodeHints : NO_HINTS,
          origin,
        });
      }
    }
  return found.sort((a, b) => compareText(a.text, b.text));
}

/** Topology aware routing (KEP-2433): any value but these switches it on. */
export function weighsZones({ metadata: { annotations } }: Service): boolean {
  const value =
    annotations['service.kubernetes.io/topology-aware-hints'] ??
    annotations['service.kubernetes.io/topology-mode'] ??
    '';
  return !['', 'disabled', 'Disabled'].includes(value);
}
