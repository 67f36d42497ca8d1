/** Containers: ports, probes and resource requests, with the API server's defaults and checks. */
import {
  type Container,
  type ContainerPort,
  POD_ENI_RESOURCE,
  type Probe,
  type ResourceRequests,
} from '../../api/objects.ts';
import { parseBytes, parseCount, parseCpuMillis } from '../../api/quantities.ts';
import type { Reading } from '../reading.ts';
import { checkName } from './metadata.ts';
import type { ContainerFile, ProbeFile } from './schema-pod.ts';

/** IANA service name (RFC 6335 section 5.1): at most 15 characters, with at least one letter. */
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

export function readContainers(
  reading: Reading,
  written: readonly ContainerFile[] | undefined,
  hostNetwork: boolean,
  names: Set<string>,
): readonly Container[] {
  return (written ?? []).map((container) => {
    checkName(reading, container, 'name', container.name, 'label');
    if (names.has(container.name))
      reading.error(reading.of(container, 'name'), {
        code: 'k8s/duplicate',
        message: `the pod has another container named ${JSON.stringify(container.name)}`,
      });
    names.add(container.name);
    const { readinessProbe, livenessProbe, startupProbe, restartPolicy } = container;
    return {
      name: container.name,
      image: container.image ?? '',
      ports: readPorts(reading, container, hostNetwork),
      ...readResources(reading, container),
      ...(readinessProbe && { readinessProbe: readProbe(reading, readinessProbe) }),
      ...(livenessProbe && { livenessProbe: readProbe(reading, livenessProbe) }),
      ...(startupProbe && { startupProbe: readProbe(reading, startupProbe) }),
      ...(restartPolicy === 'Always' && { restartPolicy }),
    };
  });
}

function readPorts(
  reading: Reading,
  container: ContainerFile,
  hostNetwork: boolean,
): readonly ContainerPort[] {
  const names = new Set<string>();
  return (container.ports ?? []).map((written) => {
    const { name, containerPort, hostIP } = written;
    if (name !== undefined) {
      if (!portName.test(name))
        reading.error(reading.of(written, 'name'), {
          code: 'k8s/invalid-name',
          message: `${JSON.stringify(name)} is not a port name`,
          hint: 'at most 15 lower-case letters, digits and dashes, with at least one letter',
        });
      if (names.has(name)) {
        const message = `the container has another port named ${JSON.stringify(name)}`;
        reading.error(reading.of(written, 'name'), { code: 'k8s/duplicate', message });
      }
      names.add(name);
    }
    const hostPort = written.hostPort ?? (hostNetwork ? containerPort : undefined);
    if (hostNetwork && hostPort !== containerPort)
      reading.error(reading.of(written, 'hostPort'), {
        code: 'k8s/invalid-value',
        message: `hostPort must equal containerPort ${containerPort}, because the pod uses the host's network`,
      });
    return {
      ...(name !== undefined && { name }),
      containerPort,
      ...(hostPort !== undefined && { hostPort }),
      ...(hostIP !== undefined && { hostIP }),
      protocol: written.protocol ?? 'TCP',
    };
  });
}

/** A limit without a request is the request as well (Kubernetes "Resource Management"). */
function readResources(
  reading: Reading,
  container: ContainerFile,
): { requests: ResourceRequests; limits: ResourceRequests } {
  const { resources } = container;
  const limits = readQuantities(reading, resources?.limits);
  const requests = { ...limits, ...readQuantities(reading, resources?.requests) };
  for (const [key, resource] of [
    ['cpuMillis', 'cpu'],
    ['memoryBytes', 'memory'],
  ] as const) {
    const limit = limits[key];
    const request = requests[key];
    if (limit !== undefined && request !== undefined && request > limit)
      reading.error(reading.of(resources!.requests!, resource), {
        code: 'k8s/invalid-value',
        message: `the ${resource} request is above the ${resource} limit`,
      });
  }
  return { requests, limits };
}

function readQuantities(
  reading: Reading,
  written: Readonly<Record<string, string | number>> | undefined,
): ResourceRequests {
  const cpuMillis = readQuantity(reading, written, 'cpu', parseCpuMillis, 'such as 250m or 0.5');
  const memoryBytes = readQuantity(reading, written, 'memory', parseBytes, 'such as 128Mi or 1Gi');
  const podEnis = readQuantity(reading, written, POD_ENI_RESOURCE, parseCount, 'a whole number');
  return {
    ...(cpuMillis !== undefined && { cpuMillis }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(podEnis !== undefined && { podEnis }),
  };
}

function readQuantity(
  reading: Reading,
  written: Readonly<Record<string, string | number>> | undefined,
  key: string,
  parse: (text: string | number) => number | undefined,
  hint: string,
): number | undefined {
  const text = written?.[key];
  if (written === undefined || text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined) {
    const message = `${JSON.stringify(text)} is not a quantity of ${key}`;
    reading.error(reading.of(written, key), { code: 'k8s/invalid-quantity', message, hint });
  }
  return value;
}

function readProbe(reading: Reading, written: ProbeFile): Probe {
  const { httpGet, tcpSocket, grpc } = written;
  const exec = Object.hasOwn(written, 'exec');
  const handlers = [httpGet, tcpSocket, grpc, exec || undefined].filter((handler) => handler !== undefined);
  if (handlers.length !== 1) {
    const message = `a probe needs exactly one of httpGet, tcpSocket, grpc and exec, not ${handlers.length}`;
    reading.error(reading.of(written), { code: 'k8s/invalid-value', message });
  }
  return {
    ...(httpGet && {
      httpGet: { path: httpGet.path ?? '/', port: httpGet.port, scheme: httpGet.scheme ?? 'HTTP' },
    }),
    ...(tcpSocket && { tcpSocket: { port: tcpSocket.port } }),
    ...(grpc && { grpc: { port: grpc.port } }),
    exec,
  };
}
