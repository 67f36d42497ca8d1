/** Host ports: what a pod takes on its node, and whether another pod has it (scheduler plugin nodeports). */
import type { ContainerPort, PodSpec } from '../api/objects.ts';

/** The ports a pod takes on its node: hostPorts, and all container ports of a host network pod. */
export function hostPortsOf(spec: PodSpec): ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const container of spec.containers)
    for (const port of container.ports) {
      const hostPort = spec.hostNetwork ? port.containerPort : port.hostPort;
      if (hostPort) ports.push({ ...port, hostPort });
    }
  return ports;
}

/** Whether one of the wanted ports is among those taken. */
export function portsTaken(wanted: readonly ContainerPort[], taken: readonly ContainerPort[]): boolean {
  return wanted.some((port) => taken.some((other) => clashes(port, other)));
}

const ANY_ADDRESS = '0.0.0.0';

/** Same protocol and port, and the same address or any on either side. */
function clashes(a: ContainerPort, b: ContainerPort): boolean {
  const x = a.hostIP || ANY_ADDRESS;
  const y = b.hostIP || ANY_ADDRESS;
  return (
    a.hostPort === b.hostPort &&
    a.protocol === b.protocol &&
    (x === y || x === ANY_ADDRESS || y === ANY_ADDRESS)
  );
}
