/** Stratum: the rules of ip6tables that a node's kernel holds. A node has IPv6 here where it is given an address of it, or
 *  where the cluster has a Service of it; kube-proxy and the kubelet write the same chains there, the VPC CNI none. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import { builtInTables } from '../host/netfilter/built-in-rules.ts';
import type { TableSource } from '../host/rules.ts';
import { familyOf } from '../kube/address-family.ts';
import { kubeProxyRules } from '../kube/kube-proxy.ts';
import { kubeProxyConfig, kubeProxyStarts } from '../kube/kube-proxy-config.ts';
import { kubeProxyJumps } from '../kube/kube-proxy-static.ts';
import { kubeletTables } from '../kube/kubelet-chains.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { NodeRules } from './host-rules.ts';
import type { SizedNode } from './placement.ts';

export interface HostRules6Input {
  readonly cluster: ClusterSpec;
  readonly nodes: readonly SizedNode[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** By node; those without IPv6 are left out. */
export function hostRules6(input: HostRules6Input): ReadonlyMap<string, NodeRules> {
  const everywhere = input.services.some(({ clusterIP }) => familyOf(clusterIP ?? '') === 'IPv6');
  const nodes = input.nodes.filter((node) => everywhere || node.otherAddresses.some(isIpv6));
  const rulesOf = proxies(input);
  return new Map(nodes.map((node) => [node.name, rulesOf(node)]));
}

const NOTHING_ELSE = { sysctls: {}, sets: [] };

/** The rules of a node; nodes with the same configuration share what does not depend on the node. */
function proxies({ cluster, services, slices }: HostRules6Input): (node: SizedNode) => NodeRules {
  const settings = cluster.kubeProxy;
  const kubelet = kubeletTables(cluster.version, 'IPv6');
  // kube-proxy is the only one with rules in built-in chains.
  const fixed = [...builtInTables(kubeProxyJumps, 'IPv6'), ...kubelet];
  const known = new Map<string, (node: SizedNode) => NodeRules>();
  return (node) => {
    const { podCidr, sysctls } = node;
    if (settings.mode !== 'iptables' || !kubeProxyStarts(settings, podCidr !== undefined))
      return { shared: kubelet, own: [], ...NOTHING_ELSE };
    const config = kubeProxyConfig(settings, {
      family: 'IPv6',
      version: cluster.version,
      podCidr: podCidr && formatCidr(podCidr),
      sysctls,
    });
    const key = JSON.stringify(config);
    let rules = known.get(key);
    if (!rules) {
      const write = kubeProxyRules({ config, services, slices });
      const lists = new Map<readonly TableSource[], readonly TableSource[]>();
      rules = (one) => {
        const { shared, own } = write({
          name: one.name,
          zone: one.labels['topology.kubernetes.io/zone'],
          addresses: one.otherAddresses.filter(isIpv6).map(formatIpv4),
          primaryAddress: formatIpv4(one.nodeIps.find(isIpv6) ?? 0),
        });
        const list = lists.get(shared) ?? [...fixed, ...shared];
        lists.set(shared, list);
        return { shared: list, own, ...NOTHING_ELSE };
      };
      known.set(key, rules);
    }
    return rules(node);
  };
}
