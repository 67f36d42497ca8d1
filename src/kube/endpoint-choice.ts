/** Which endpoints of a service port kube-proxy uses on one node (kube-proxy pkg/proxy/topology.go
 *  CategorizeEndpoints): ready ones that the topology hints keep, and the local ones where a policy is Local. When no
 *  ready one is left, terminating ones that still serve (KEP-1669). */
import type { ProxyEndpoint, ProxyServicePort } from './service-port.ts';

/** The node whose rules are written. */
export interface NodeView {
  readonly name: string;
  /** Its label topology.kubernetes.io/zone. */
  readonly zone?: string | undefined;
  /** Its own addresses, loopback left out. */
  readonly addresses: readonly string[];
  readonly primaryAddress: string;
}

export interface EndpointChoice {
  /** Undefined where the service port never uses all endpoints of the cluster. */
  readonly cluster: readonly ProxyEndpoint[] | undefined;
  /** Undefined where no policy is Local. */
  readonly local: readonly ProxyEndpoint[] | undefined;
  /** Their union, in order: what needs a chain. */
  readonly reachable: readonly ProxyEndpoint[];
  /** Some endpoint is usable somewhere: without any, packets are rejected, not dropped. */
  readonly hasEndpoints: boolean;
}

export function isExternallyAccessible(port: ProxyServicePort): boolean {
  return port.nodePort !== 0 || port.loadBalancerIPs.length > 0 || port.externalIPs.length > 0;
}

export function usesCluster(port: ProxyServicePort): boolean {
  return !port.internalLocal || isExternallyAccessible(port);
}

export function usesLocal(port: ProxyServicePort): boolean {
  return port.internalLocal || (port.externalLocal && isExternallyAccessible(port));
}

export function chooseEndpoints(port: ProxyServicePort, node: NodeView): EndpointChoice {
  const endpoints = merged(port, node);
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  const draining = endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
  let cluster: readonly ProxyEndpoint[] | undefined;
  let local: readonly ProxyEndpoint[] | undefined;
  if (usesCluster(port)) {
    const kept = withinTopology(ready, topologyOf(hintsOf(ready), node));
    cluster = kept.length > 0 ? kept : draining;
  }
  if (usesLocal(port)) {
    const here = ready.filter((endpoint) => endpoint.node === node.name);
    local = here.length > 0 ? here : draining.filter((endpoint) => endpoint.node === node.name);
  }
  const used = new Set([...(cluster ?? []), ...(local ?? [])]);
  return {
    cluster,
    local,
    reachable: endpoints.filter((endpoint) => used.has(endpoint)),
    hasEndpoints:
      (cluster?.length ?? 0) > 0 || (local !== undefined && (ready.length > 0 || draining.length > 0)),
  };
}

/** Of endpoints with the same address and port the node's own counts, else the first (kube-proxy
 *  endpointslicecache.go addEndpoints). */
function merged(port: ProxyServicePort, node: NodeView): readonly ProxyEndpoint[] {
  if (!port.hasDuplicates) return port.endpoints;
  const byText = new Map<string, ProxyEndpoint>();
  for (const endpoint of port.endpoints)
    if (!byText.has(endpoint.text) || endpoint.node === node.name) byText.set(endpoint.text, endpoint);
  return [...byText.values()];
}

type Topology = { readonly node: string } | { readonly zone: string } | undefined;

/** What the ready endpoints' hints name; undefined where not all of them have one. */
interface Hints {
  readonly nodes: ReadonlySet<string> | undefined;
  readonly zones: ReadonlySet<string> | undefined;
}

function hintsOf(ready: readonly ProxyEndpoint[]): Hints {
  const named = (of: 'nodeHints' | 'zoneHints') =>
    ready.every((endpoint) => endpoint[of].length > 0)
      ? new Set(ready.flatMap((endpoint) => endpoint[of]))
      : undefined;
  return { nodes: named('nodeHints'), zones: named('zoneHints') };
}

/** Hints count only where every ready endpoint has one and some name this node, or else its zone (KEP-2433,
 *  KEP-3015). */
function topologyOf({ nodes, zones }: Hints, { name, zone }: NodeView): Topology {
  if (nodes?.has(name)) return { node: name };
  return zone && zones?.has(zone) ? { zone } : undefined;
}

function withinTopology(ready: readonly ProxyEndpoint[], topology: Topology): readonly ProxyEndpoint[] {
  if (topology === undefined) return ready;
  return 'node' in topology
    ? ready.filter(({ nodeHints }) => nodeHints.includes(topology.node))
    : ready.filter(({ zoneHints }) => zoneHints.includes(topology.zone));
}

/** Whether nodes can differ in which endpoints they use. */
export function choiceDependsOnNode(port: ProxyServicePort): boolean {
  const hinted = port.endpoints.some(({ zoneHints, nodeHints }) => zoneHints.length + nodeHints.length > 0);
  return usesLocal(port) || port.hasDuplicates || hinted;
}

/** A key that is equal for nodes that choose the same endpoints. */
export function choiceKeyOf(port: ProxyServicePort): (node: NodeView) => string {
  const ready = port.endpoints.filter((endpoint) => endpoint.ready);
  const hints = usesCluster(port) && !port.hasDuplicates ? hintsOf(ready) : undefined;
  const localMatters = usesLocal(port) || port.hasDuplicates;
  const holders = new Set(localMatters ? port.endpoints.map(({ node }) => node) : []);
  return (node) => {
    const topology = port.hasDuplicates
      ? topologyOf(hintsOf(merged(port, node).filter((endpoint) => endpoint.ready)), node)
      : hints && topologyOf(hints, node);
    const scope =
      topology === undefined ? '' : 'node' in topology ? `node ${node.name}` : `zone ${node.zone}`;
    return holders.has(node.name) ? `${scope} local ${node.name}` : scope;
  };
}
