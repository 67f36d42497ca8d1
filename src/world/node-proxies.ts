/** kube-proxy of each node: its configuration, what it sees of the node, the rules it writes. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { NodeView } from '../kube/endpoint-choice.ts';
import { type KubeProxyRules, kubeProxyRules } from '../kube/kube-proxy.ts';
import { kubeProxyConfig, kubeProxyStarts, servesLoopback } from '../kube/kube-proxy-config.ts';
import { kubeProxyJumps } from '../kube/kube-proxy-static.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { SizedNode } from './placement.ts';

export interface KubeProxiesInput {
  readonly cluster: ClusterSpec;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

const NO_RULES: KubeProxyRules = { shared: [], own: [] };

/** What kube-proxy does on nodes that are alike. */
export interface ProxyRules {
  readonly jumps: readonly BuiltInRule[];
  readonly rules: (node: NodeView) => KubeProxyRules;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** Another mode's rules are not modelled, and who waits for its block writes none. */
const WITHOUT_PROXY: ProxyRules = {
  jumps: [],
  rules: () => NO_RULES,
  sysctls: {},
};

/** One for all nodes with the same configuration. */
export function kubeProxies({
  cluster,
  services,
  slices,
}: KubeProxiesInput): (node: SizedNode) => ProxyRules {
  const settings = cluster.kubeProxy;
  const byConfig = new Map<string, ProxyRules>();
  return ({ podCidr, sysctls }) => {
    if (settings.mode !== 'iptables' || !kubeProxyStarts(settings, podCidr !== undefined))
      return WITHOUT_PROXY;
    const config = kubeProxyConfig(settings, {
      family: 'IPv4',
      version: cluster.version,
      podCidr: podCidr && formatCidr(podCidr),
      sysctls,
    });
    const key = JSON.stringify(config);
    let proxy = byConfig.get(key);
    if (!proxy) {
      proxy = {
        jumps: kubeProxyJumps,
        rules: kubeProxyRules({ config, services, slices }),
        sysctls: servesLoopback(config) ? { 'net.ipv4.conf.all.route_localnet': '1' } : {},
      };
      byConfig.set(key, proxy);
    }
    return proxy;
  };
}

/** The node as its kube-proxy sees it. */
export function viewOf(node: SizedNode, { enis }: IpPoolPlan): NodeView {
  const ofFamily = (addresses: readonly Ipv4[]) => addresses.filter((one) => !isIpv6(one)).map(formatIpv4);
  return {
    name: node.name,
    zone: node.labels['topology.kubernetes.io/zone'],
    addresses: ofFamily([...enis.map(({ primary }) => primary), ...node.otherAddresses]),
    primaryAddress: ofFamily(node.nodeIps)[0] ?? formatIpv4(node.address),
  };
}
