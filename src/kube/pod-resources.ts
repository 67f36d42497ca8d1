/** What a pod asks of a node: the larger of the containers that run together and each init container with the
 *  sidecars started before it (component-helpers resource.PodRequests). */
import type { Container, PodSpec } from '../api/objects.ts';

export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Of POD_ENI_RESOURCE. */
  readonly podEnis: number;
}

const NOTHING: Resources = { cpuMillis: 0, memoryBytes: 0, podEnis: 0 };

/** What a container without requests counts for when nodes are scored (scheduler util.DefaultMilliCPURequest and
 *  DefaultMemoryRequest). */
const UNSTATED: Resources = { cpuMillis: 100, memoryBytes: 200 * 1024 * 1024, podEnis: 0 };

/** The requests that must fit on the node. */
export function requested(spec: PodSpec): Resources {
  return total(spec, NOTHING);
}

/** The requests that nodes are scored by. */
export function scoredRequest(spec: PodSpec): Resources {
  return total(spec, UNSTATED);
}

function total(spec: PodSpec, unstated: Resources): Resources {
  return {
    cpuMillis: sum(spec, (container) => container.requests.cpuMillis ?? unstated.cpuMillis),
    memoryBytes: sum(spec, (container) => container.requests.memoryBytes ?? unstated.memoryBytes),
    podEnis: sum(spec, (container) => container.requests.podEnis ?? 0),
  };
}

function sum(spec: PodSpec, of: (container: Container) => number): number {
  let sidecars = 0;
  let starting = 0;
  for (const container of spec.initContainers) {
    starting = Math.max(starting, sidecars + of(container));
    if (container.restartPolicy === 'Always') sidecars += of(container);
  }
  const running = spec.containers.reduce((soFar, container) => soFar + of(container), sidecars);
  return Math.max(running, starting);
}

/** Neither requests nor limits anywhere: quality of service BestEffort. */
export function isBestEffort(spec: PodSpec): boolean {
  return [...spec.containers, ...spec.initContainers].every(({ requests, limits }) =>
    [requests.cpuMillis, requests.memoryBytes, limits.cpuMillis, limits.memoryBytes].every((value) => !value),
  );
}
