/** kube-proxy in iptables mode: the rule set of each node, as text. Whatever does not depend on the node is one object
 *  for the whole cluster; nodes that see a service port alike share its chains. */
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { ChainSource, RuleLine, TableSource } from '../host/rules.ts';
import type { Family } from './address-family.ts';
import type { NodeView } from './endpoint-choice.ts';
import type { KubeProxyConfig } from './kube-proxy-config.ts';
import {
  fixedFilterChains,
  fixedMangleTable,
  fixedNatChains,
  nodePortsDependOnNode,
  nodePortTail,
  ofFamily,
} from './kube-proxy-static.ts';
import { lazyChain } from './rule-text.ts';
import { type ProxyServicePort, servicePorts } from './service-port.ts';
import { type ChainWriting, servicePortChains } from './service-port-chains.ts';
import { type ServicePortEntries, servicePortEntries } from './service-port-entries.ts';
import { dependsOnNode, type ServicePortView, viewKeyOf, viewServicePort } from './service-port-view.ts';

export interface KubeProxyState {
  readonly config: KubeProxyConfig;
  /** With ClusterIPs and NodePorts filled in. */
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

export interface KubeProxyRules {
  /** The same objects for every node of the cluster. */
  readonly shared: readonly TableSource[];
  /** What this node and nodes like it have besides; no chain occurs in both. */
  readonly own: readonly TableSource[];
}

/** kube-proxy leaves comments off endpoint rules beyond this many endpoints, counted over all service ports
 *  (largeClusterEndpointsThreshold). */
const LARGE_CLUSTER_ENDPOINTS = 1000;

/** Rules of any node of the cluster. */
export function kubeProxyRules({
  config,
  services,
  slices,
}: KubeProxyState): (node: NodeView) => KubeProxyRules {
  const ports = servicePorts(services, slices, config.family, config.hints);
  const endpoints = ports.reduce((sum, port) => sum + port.endpoints.length, 0);
  const writing = { config, large: endpoints > LARGE_CLUSTER_ENDPOINTS };
  const fixed = ports.filter((port) => !dependsOnNode(port));
  const varying = ports.filter(dependsOnNode);
  const tails = nodePortsDependOnNode(config);
  const mixed = mixedChains(varying, tails);
  const keys = new Map(varying.map((port) => [port, viewKeyOf(port)]));
  const treat = memoizedTreatment(writing, keys);
  let shared: readonly TableSource[] | undefined;
  const ownByKey = new Map<string, readonly TableSource[]>();
  return (node) => {
    const chainsOf = (only: (name: keyof ServicePortEntries) => boolean) =>
      commonChains(ports, (port) => treat(port, node), nodePortTail(config, node), only);
    shared ??= tables(
      config.family,
      [...fixedNatChains(config), ...chainsOf((name) => !mixed.has(name)).nat, ...chains(fixed, treat, node)],
      [...fixedFilterChains(config), ...chainsOf((name) => !mixed.has(name)).filter],
      [fixedMangleTable],
    );
    if (varying.length === 0 && !tails) return { shared, own: NONE };
    const key = [...keys.values(), () => (tails ? node.addresses.join() : '')]
      .map((of) => of(node))
      .join('\n');
    let own = ownByKey.get(key);
    if (!own) {
      const { nat, filter } = chainsOf((name) => mixed.has(name));
      own = tables(config.family, [...nat, ...chains(varying, treat, node)], filter, []);
      ownByKey.set(key, own);
    }
    return { shared, own };
  };
}

const NONE: readonly TableSource[] = [];

/** Chains common to all services that differ between nodes: those in which a service port that depends on the node
 *  has lines that come and go with its local endpoints, and the one that names the node's addresses. */
function mixedChains(
  varying: readonly ProxyServicePort[],
  tails: boolean,
): ReadonlySet<keyof ServicePortEntries> {
  const mixed = new Set<keyof ServicePortEntries>();
  if (varying.some((port) => port.internalLocal)) mixed.add('natServices').add('filterServices');
  if (varying.some((port) => port.externalLocal)) mixed.add('filterExternal');
  if (varying.some((port) => port.hasDuplicates))
    mixed.add('natServices').add('natNodePorts').add('filterServices').add('filterExternal');
  if (tails) mixed.add('natServices');
  return mixed;
}

interface Treatment {
  readonly entries: () => ServicePortEntries;
  readonly chains: readonly ChainSource[];
}

type Treat = (port: ProxyServicePort, node: NodeView) => Treatment;

/** One treatment for all nodes that see a service port alike; `keys` has the ports that nodes can see differently. */
function memoizedTreatment(
  writing: ChainWriting,
  keys: ReadonlyMap<ProxyServicePort, (node: NodeView) => string>,
): Treat {
  const known = new Map<ProxyServicePort, Map<string, Treatment>>();
  return (port, node) => {
    let byKey = known.get(port);
    if (!byKey) {
      byKey = new Map();
      known.set(port, byKey);
    }
    const key = keys.get(port)?.(node) ?? '';
    let treatment = byKey.get(key);
    if (!treatment) {
      treatment = treatmentOf(viewServicePort(port, node), writing);
      byKey.set(key, treatment);
    }
    return treatment;
  };
}

function treatmentOf(view: ServicePortView, writing: ChainWriting): Treatment {
  let entries: ServicePortEntries | undefined;
  return {
    entries: () => {
      entries ??= servicePortEntries(view, writing.config);
      return entries;
    },
    chains: servicePortChains(view, writing),
  };
}

function chains(ports: readonly ProxyServicePort[], treat: Treat, node: NodeView): ChainSource[] {
  return ports.flatMap((port) => treat(port, node).chains);
}

/** The chains that all service ports have lines in, of those that `only` lets through. */
function commonChains(
  ports: readonly ProxyServicePort[],
  treat: (port: ProxyServicePort) => Treatment,
  tail: readonly RuleLine[],
  only: (name: keyof ServicePortEntries) => boolean,
): { readonly nat: ChainSource[]; readonly filter: ChainSource[] } {
  const common = (name: string, of: keyof ServicePortEntries, last: readonly RuleLine[] = []) =>
    only(of) ? [lazyChain(name, () => [...ports.flatMap((port) => treat(port).entries()[of]), ...last])] : [];
  return {
    nat: [...common('KUBE-SERVICES', 'natServices', tail), ...common('KUBE-NODEPORTS', 'natNodePorts')],
    filter: [
      ...common('KUBE-SERVICES', 'filterServices'),
      ...common('KUBE-EXTERNAL-SERVICES', 'filterExternal'),
      ...common('KUBE-NODEPORTS', 'filterNodePorts'),
      ...common('KUBE-PROXY-FIREWALL', 'filterFirewall'),
    ],
  };
}

function tables(
  family: Family,
  nat: readonly ChainSource[],
  filter: readonly ChainSource[],
  others: readonly TableSource[],
): TableSource[] {
  const made: TableSource[] = [
    { table: 'nat', chains: nat },
    { table: 'filter', chains: filter },
  ];
  return ofFamily(family, [...others, ...made.filter((table) => table.chains.length > 0)]);
}
