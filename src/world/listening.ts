/** Which ports a process takes, as far as manifests say: containerPorts, probe ports, and the ports that a Service's
 *  targetPort resolves to. */
import { formatIpv4 } from '../addressing/ip.ts';
import type { Container, EndpointSlice, Probe } from '../api/objects.ts';
import { parseProtocol, TCP } from '../packet/protocol.ts';
import type { ListeningPort } from '../trace/listening.ts';
import type { AddressedPod } from './pod-addresses.ts';

/** What listens on every node's own address (Kubernetes "Ports and Protocols"). */
const nodePorts: readonly ListeningPort[] = [
  { protocol: TCP, port: 10250, by: 'kubelet API' },
  { protocol: TCP, port: 10256, by: 'kube-proxy health check' },
];

/** By `namespace/name`. */
export function podListening(
  pods: readonly AddressedPod[],
  slices: readonly EndpointSlice[],
): ReadonlyMap<string, readonly ListeningPort[]> {
  const byTarget = new Map<string, ListeningPort[]>();
  for (const slice of slices)
    for (const endpoint of slice.endpoints)
      for (const address of endpoint.addresses) {
        const list = byTarget.get(address) ?? [];
        for (const { protocol, port } of slice.ports)
          list.push({
            protocol: parseProtocol(protocol)!,
            port,
            by: `targetPort of Service ${slice.metadata.namespace}/${slice.service}`,
          });
        byTarget.set(address, list);
      }
  return new Map(
    pods.map((pod) => [
      pod.id,
      distinct([
        ...pod.pod.spec.containers.flatMap(declared),
        ...(pod.address === undefined || pod.pod.spec.hostNetwork
          ? []
          : (byTarget.get(formatIpv4(pod.address)) ?? [])),
      ]),
    ]),
  );
}

/** A node's own ports, and those of the hostNetwork pods on it. */
export function nodeListening(pods: readonly AddressedPod[]): ListeningPort[] {
  return distinct([
    ...nodePorts,
    ...pods
      .filter(({ pod }) => pod.spec.hostNetwork)
      .flatMap(({ pod }) => pod.spec.containers.flatMap(declared)),
  ]);
}

function declared(container: Container): ListeningPort[] {
  const ports = container.ports.map(({ protocol, containerPort }) => ({
    protocol: parseProtocol(protocol)!,
    port: containerPort,
    by: `containerPort of container ${container.name}`,
  }));
  const probes = [container.readinessProbe, container.livenessProbe, container.startupProbe].flatMap(
    (probe) => {
      const port = probe && probePort(probe, container);
      return port === undefined ? [] : [{ protocol: TCP, port, by: `probe of container ${container.name}` }];
    },
  );
  return [...ports, ...probes];
}

function probePort(probe: Probe, container: Container): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  if (typeof port !== 'string') return port;
  return container.ports.find(({ name }) => name === port)?.containerPort;
}

function distinct(ports: readonly ListeningPort[]): ListeningPort[] {
  return ports.filter(
    (port, index) =>
      ports.findIndex((other) => other.port === port.port && other.protocol === port.protocol) === index,
  );
}
