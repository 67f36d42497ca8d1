/** Services (core/v1), with the API server's defaults and refusals. */
import { parseCidr } from '../../addressing/cidr.ts';
import { parseIpv4 } from '../../addressing/ip.ts';
import type { Service, ServicePort } from '../../api/objects.ts';
import type { Complaint, Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { isIpv6 } from './ip-text.ts';
import { checkLabels, checkName, readMetadata } from './metadata.ts';
import { type ServiceFile, service } from './schema-service.ts';

/** Three hours. */
const AFFINITY_TIMEOUT_SECONDS = 10800;

type Spec = ServiceFile['spec'];

export function readService(reading: Reading, value: Record<string, unknown>): Service | undefined {
  const written = conform(reading, service, value, 'k8s');
  const metadata = written && readMetadata(reading, written.metadata, { namespaced: true, names: 'label' });
  if (!metadata) return undefined;
  const { spec } = written;
  const path = `Service/${metadata.namespace}/${metadata.name}.spec`;
  const type = spec.type ?? reading.fill(`${path}.type`, 'ClusterIP' as const, 'Kubernetes');
  const clusterIP = readClusterIp(reading, spec, type);
  checkLabels(reading, spec.selector);
  checkUse(reading, spec, type);
  checkAddresses(reading, spec, type);
  const selected = spec.selector && Object.keys(spec.selector).length > 0;
  const { externalName, loadBalancerClass, healthCheckNodePort, trafficDistribution } = spec;
  return {
    kind: 'Service',
    metadata,
    type,
    ...(clusterIP !== undefined && { clusterIP }),
    ports: readPorts(reading, spec, type, clusterIP === 'None'),
    ...(selected && { selector: spec.selector! }),
    externalIPs: spec.externalIPs ?? [],
    ...(externalName !== undefined && { externalName }),
    externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    ...(trafficDistribution !== undefined && { trafficDistribution }),
    sessionAffinity: spec.sessionAffinity ?? 'None',
    sessionAffinityTimeoutSeconds:
      spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_TIMEOUT_SECONDS,
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges ?? [],
    ...(healthCheckNodePort !== undefined && { healthCheckNodePort }),
    allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true,
    publishNotReadyAddresses: spec.publishNotReadyAddresses ?? false,
    loadBalancerIngress: (written.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname, ipMode }) => ({
      ...(ip !== undefined && { ip }),
      ...(hostname !== undefined && { hostname }),
      ...(ipMode !== undefined && { ipMode }),
    })),
    origin: reading.of(value),
  };
}

function readClusterIp(reading: Reading, spec: Spec, type: Service['type']): string | undefined {
  const [key, text] =
    spec.clusterIP !== undefined ? ['clusterIP', spec.clusterIP] : ['clusterIPs', spec.clusterIPs?.[0]];
  if (text === undefined || text === '') return undefined;
  const at = reading.of(spec, key);
  if (type === 'ExternalName' && text !== 'None')
    invalid(reading, at, 'an ExternalName Service has no clusterIP');
  if (text === 'None' && type !== 'ClusterIP' && type !== 'ExternalName')
    invalid(reading, at, `a ${type} Service cannot be headless`, 'leave clusterIP out');
  if (text === 'None' || parseIpv4(text) !== undefined || isIpv6(text)) return text;
  const hint = text.toLowerCase() === 'none' ? 'did you mean None?' : 'an IPv4 address, or None';
  invalid(reading, at, `${JSON.stringify(text)} is not a clusterIP`, hint);
  return undefined;
}

function readPorts(
  reading: Reading,
  spec: Spec,
  type: Service['type'],
  headless: boolean,
): readonly ServicePort[] {
  const ports = spec.ports ?? [];
  if (ports.length === 0 && type !== 'ExternalName' && !headless && !reading.isCut(spec))
    reading.error(reading.of(spec), { code: 'k8s/missing-field', message: 'the Service has no ports' });
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.map((port) => {
    const { name, protocol = 'TCP', nodePort } = port;
    const at = reading.of(port, 'name');
    if (name === undefined && ports.length > 1)
      reading.error(reading.of(port), {
        code: 'k8s/missing-field',
        message: 'each port of a Service with several ports needs a name',
      });
    if (name !== undefined) {
      checkName(reading, port, 'name', name, 'label');
      if (names.has(name))
        duplicate(reading, at, `another port of the Service is named ${JSON.stringify(name)}`);
      names.add(name);
    }
    if (numbers.has(`${protocol}/${port.port}`))
      duplicate(reading, reading.of(port, 'port'), `the Service has port ${port.port}/${protocol} twice`);
    numbers.add(`${protocol}/${port.port}`);
    checkNodePort(reading, port, type);
    return {
      name: name ?? '',
      protocol,
      port: port.port,
      targetPort: readTargetPort(reading, port),
      ...(nodePort !== undefined && nodePort !== 0 && { nodePort }),
    };
  });
}

type PortFile = NonNullable<Spec['ports']>[number];

function readTargetPort(reading: Reading, port: PortFile): number | string {
  const { targetPort } = port;
  if (targetPort === undefined || targetPort === 0 || targetPort === '') return port.port;
  const at = reading.of(port, 'targetPort');
  if (typeof targetPort === 'number') {
    if (targetPort < 1 || targetPort > 65535) invalid(reading, at, `${targetPort} is not a port`);
  } else if (/^\d+$/.test(targetPort))
    invalid(
      reading,
      at,
      `the text "${targetPort}" is not a port name`,
      `leave out the quotes: ${targetPort}`,
    );
  else if (!/^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(targetPort))
    invalid(reading, at, `${JSON.stringify(targetPort)} is not a port name`);
  return targetPort;
}

function checkNodePort(reading: Reading, port: PortFile, type: Service['type']): void {
  const { nodePort } = port;
  if (nodePort === undefined || nodePort === 0) return;
  const at = reading.of(port, 'nodePort');
  if (type !== 'NodePort' && type !== 'LoadBalancer')
    invalid(reading, at, `a ${type} Service has no nodePort`, 'write type: NodePort');
}

/** Fields that only some types may have. */
function checkUse(reading: Reading, spec: Spec, type: Service['type']): void {
  if (type === 'ExternalName' && !spec.externalName) {
    const message = 'an ExternalName Service needs externalName';
    reading.error(reading.of(spec), { code: 'k8s/missing-field', message });
  }
  const external = type === 'NodePort' || type === 'LoadBalancer' || (spec.externalIPs ?? []).length > 0;
  if (spec.externalTrafficPolicy !== undefined && !external)
    invalid(
      reading,
      reading.of(spec, 'externalTrafficPolicy'),
      `a ${type} Service has no externalTrafficPolicy`,
    );
  for (const key of [
    'loadBalancerClass',
    'loadBalancerSourceRanges',
    'allocateLoadBalancerNodePorts',
  ] as const) {
    const value = spec[key];
    if (type === 'LoadBalancer' || value === undefined || (Array.isArray(value) && value.length === 0))
      continue;
    invalid(reading, reading.of(spec, key), `${key} belongs to a LoadBalancer Service, not to a ${type} one`);
  }
  if (spec.sessionAffinityConfig && spec.sessionAffinity !== 'ClientIP') {
    const hint = 'write sessionAffinity: ClientIP';
    invalid(
      reading,
      reading.of(spec, 'sessionAffinityConfig'),
      'there is no session affinity to configure',
      hint,
    );
  }
}

function checkAddresses(reading: Reading, spec: Spec, type: Service['type']): void {
  spec.externalIPs?.forEach((text, index) => {
    if (parseIpv4(text) !== undefined || isIpv6(text)) return;
    invalid(reading, reading.of(spec.externalIPs!, index), `${JSON.stringify(text)} is not an address`);
  });
  if (type !== 'LoadBalancer') return;
  spec.loadBalancerSourceRanges?.forEach((text, index) => {
    const parsed = parseCidr(text.trim());
    // Kubernetes tolerates host bits here.
    if (!('fault' in parsed) || parsed.canonical || isIpv6(text.trim().split('/')[0]!)) return;
    const message = `${JSON.stringify(text)} is not a block`;
    const at = reading.of(spec.loadBalancerSourceRanges!, index);
    reading.error(at, { code: 'cidr/malformed', message, hint: 'such as 203.0.113.0/24' });
  });
}

function invalid(reading: Reading, at: ReturnType<Reading['of']>, message: string, hint?: string): void {
  const complaint: Complaint = { code: 'k8s/invalid-value', message, hint };
  reading.error(at, complaint);
}

function duplicate(reading: Reading, at: ReturnType<Reading['of']>, message: string): void {
  reading.error(at, { code: 'k8s/duplicate', message });
}
