/** What is registered in a target group (endpoint_resolver.go): for type ip the pods of the Service's endpoint slices,
 *  for type instance the nodes with the node port. Health here is what the objects say; whether health checks get
 *  through the network is found by tracing them. Reason codes: Elastic Load Balancing API, TargetHealth. */
import { parseIpv4 } from '../addressing/ip.ts';
import type { EndpointSlice, Service, ServicePort, SliceEndpoint } from '../api/objects.ts';
import type { NodeInfo } from './input.ts';
import type { TargetHealth, TargetPlan } from './plan.ts';
import { type ClusterView, serviceKey } from './view.ts';

/** A target with the groups of its network interface. */
export interface Registered extends TargetPlan {
  readonly securityGroups: readonly string[];
}

interface Registration {
  /** Sorted by label, then port. */
  readonly targets: readonly Registered[];
  readonly leftOut: readonly { readonly label: string; readonly reason: string }[];
}

export interface TargetQuery {
  readonly kind: 'alb' | 'nlb';
  readonly service: Service;
  readonly port: ServicePort;
  readonly enabledZones: readonly string[];
  /** Annotation target-node-labels; empty for all nodes. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** Whether the check asks kube-proxy's health server (healthCheckNodePort) instead of the node port. */
  readonly asksHealthServer: boolean;
}

/** Labels of nodes that take no load balancer traffic (endpoint_utils.go). */
const EXCLUDING_LABELS = [
  'alpha.service-controller.kubernetes.io/exclude-balancer',
  'node-role.kubernetes.io/master',
  'node.kubernetes.io/exclude-from-external-load-balancers',
];

export function podTargets(view: ClusterView, query: TargetQuery): Registration {
  const targets: Registered[] = [];
  const leftOut = new Map<string, string>();
  for (const slice of slicesOf(view, query.service)) {
    for (const port of slice.ports) {
      if (query.port.name !== '' && query.port.name !== port.name) continue;
      for (const endpoint of slice.endpoints) {
        const found = podTarget(view, query, endpoint, port.port);
        if ('reason' in found && !('port' in found)) leftOut.set(found.label, found.reason);
        else targets.push(found);
      }
    }
  }
  return { targets: unique(targets), leftOut: entries(leftOut) };
}

function podTarget(
  view: ClusterView,
  query: TargetQuery,
  endpoint: SliceEndpoint,
  port: number,
): Registered | { label: string; reason: string } {
  const text = endpoint.addresses[0] ?? '';
  if (endpoint.pod === undefined)
    return { label: text, reason: 'no pod behind it: the controller registers pods only' };
  const label = `pod/${endpoint.pod}`;
  const address = parseIpv4(text);
  const pod = view.podsByName.get(endpoint.pod);
  if (!pod || address === undefined) return { label, reason: 'the pod has no address' };
  if (!endpoint.ready) {
    // Readiness gates wait for the target's health, so ready containers are enough to be registered.
    if (!pod.containersReady) return { label, reason: 'the pod is not ready' };
    if (endpoint.terminating) return { label, reason: 'the pod is terminating' };
    if (!view.nodesByName.get(pod.node)?.ready) return { label, reason: 'its node is not ready' };
  }
  return {
    address,
    port,
    az: pod.az,
    label,
    ...health(query, pod.az, pod.containersReady ? '' : 'Target.FailedHealthChecks'),
    securityGroups: pod.securityGroups,
  };
}

export function nodeTargets(view: ClusterView, query: TargetQuery): Registration {
  const targets: Registered[] = [];
  const leftOut = new Map<string, string>();
  const nodePort = query.port.nodePort ?? 0;
  const serving = readyNodes(view, query);
  for (const node of view.nodes) {
    const label = `node/${node.name}`;
    const reason = excluded(node, query.nodeLabels);
    if (reason !== undefined) leftOut.set(label, reason);
    else
      targets.push({
        address: node.address,
        port: nodePort,
        az: node.az,
        label,
        ...health(query, node.az, nodePortReason(query, node, serving)),
        securityGroups: node.securityGroups,
      });
  }
  return { targets: unique(targets), leftOut: entries(leftOut) };
}

function excluded(node: NodeInfo, wanted: Readonly<Record<string, string>>): string | undefined {
  for (const label of EXCLUDING_LABELS) if (label in node.labels) return `label ${label}`;
  if (node.labels['eks.amazonaws.com/compute-type'] === 'fargate') return 'a Fargate node';
  for (const [key, value] of Object.entries(wanted).sort())
    if (node.labels[key] !== value) return `no label ${key}=${value} (target-node-labels)`;
  for (const taint of node.taints)
    if (
      taint.key === 'ToBeDeletedByClusterAutoscaler' ||
      (taint.key === 'karpenter.sh/disrupted' && taint.effect === 'NoSchedule')
    )
      return `taint ${taint.key}`;
  return node.ready ? undefined : 'the node is not ready';
}

/** Names of the nodes with a ready endpoint of the Service's port. */
function readyNodes(view: ClusterView, query: TargetQuery): ReadonlySet<string> {
  const nodes = new Set<string>();
  for (const slice of slicesOf(view, query.service))
    if (slice.ports.some((port) => port.name === query.port.name))
      for (const endpoint of slice.endpoints)
        if (endpoint.ready && endpoint.nodeName !== undefined) nodes.add(endpoint.nodeName);
  return nodes;
}

/** What a health check of the node port meets: kube-proxy rejects where the Service has no endpoint at all, and with
 *  externalTrafficPolicy Local it drops on nodes without a local one, whose health server then answers 503. */
function nodePortReason(query: TargetQuery, node: NodeInfo, serving: ReadonlySet<string>): string {
  const local = query.service.externalTrafficPolicy === 'Local';
  if (local ? serving.has(node.name) : serving.size > 0) return '';
  if (query.kind === 'nlb' || serving.size === 0) return 'Target.FailedHealthChecks';
  return query.asksHealthServer ? 'Target.ResponseCodeMismatch' : 'Target.Timeout';
}

function health(
  query: TargetQuery,
  az: string,
  reason: string,
): { readonly health: TargetHealth; readonly reason: string } {
  if (!query.enabledZones.includes(az)) return { health: 'unused', reason: 'Target.NotInUse' };
  return { health: reason === '' ? 'healthy' : 'unhealthy', reason };
}

function slicesOf(view: ClusterView, service: Service): readonly EndpointSlice[] {
  return view.slicesByService.get(serviceKey(service)) ?? [];
}

function unique(targets: readonly Registered[]): Registered[] {
  const byKey = new Map(targets.map((target) => [`${target.address}:${target.port}`, target]));
  return [...byKey.values()].sort((a, b) =>
    a.label === b.label ? a.port - b.port : a.label < b.label ? -1 : 1,
  );
}

function entries(leftOut: ReadonlyMap<string, string>): { label: string; reason: string }[] {
  return [...leftOut].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, reason]) => ({ label, reason }));
}
