/** Stratum: the rules each node's kernel holds. The kubelet, kube-proxy and the CNI write them; here they are only put
 *  in the order in which a running EKS node has them. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { IpPoolPlan } from '../cni/ip-pool.ts';
import { type CniRules, cniRules } from '../cni/snat-rules.ts';
import type { IpSetSource, TableSource } from '../host/rules.ts';
import type { NodeView } from '../kube/endpoint-choice.ts';
import { type KubeProxyRules, kubeProxyRules } from '../kube/kube-proxy.ts';
import { kubeProxyConfig, kubeProxyStarts, servesLoopback } from '../kube/kube-proxy-config.ts';
import { kubeJumps, kubeletJumps } from '../kube/kube-proxy-static.ts';
import { kubeletTables } from '../kube/kubelet-chains.ts';
import type { SizedNode } from './placement.ts';
import type { ClusterSpec, VpcSpec } from './topology.ts';

export interface NodeRules {
  readonly shared: readonly TableSource[];
  readonly own: readonly TableSource[];
  /** What kube-proxy sets as it starts. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly sets: readonly IpSetSource[];
}

const NO_RULES: KubeProxyRules = { shared: [], own: [] };

export interface HostRulesInput {
  readonly cluster: ClusterSpec;
  readonly vpc: VpcSpec;
  readonly env: CniEnvironment;
  readonly nodes: readonly SizedNode[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

export function hostRules(input: HostRulesInput): ReadonlyMap<string, NodeRules> {
  const { vpc, env, nodes, pools } = input;
  const proxyOf = kubeProxies(input);
  const cni = cniRules({ env, vpcCidrs: vpc.cidrs });
  // One list for all nodes that share the sources: the host then shares what it compiles of them.
  const lists = new Map<readonly TableSource[], Map<readonly TableSource[], readonly TableSource[]>>();
  const sharedList = (
    proxy: ProxyRules,
    kube: readonly TableSource[],
    aws: CniRules,
  ): readonly TableSource[] => {
    let byJumps = lists.get(kube);
    if (!byJumps) {
      byJumps = new Map();
      lists.set(kube, byJumps);
    }
    let list = byJumps.get(aws.jumps);
    if (!list) {
      list = [...proxy.jumps, ...aws.jumps, ...kubeletTables, ...kube, ...aws.shared];
      byJumps.set(aws.jumps, list);
    }
    return list;
  };
  return new Map(
    nodes.map((node) => {
      const proxy = proxyOf(node);
      const enis = pools.get(node.name)!.enis.map(({ primary }) => primary);
      const kube = proxy.rules({
        name: node.name,
        zone: node.labels['topology.kubernetes.io/zone'],
        addresses: [...enis, ...node.otherAddresses].filter((one) => !isIpv6(one)).map(formatIpv4),
        primaryAddress: formatIpv4(node.nodeIps.find((one) => !isIpv6(one)) ?? node.address),
      });
      const aws = cni({ primaryAddress: node.address, primaryInterface: node.primaryInterface });
      return [
        node.name,
        {
          shared: sharedList(proxy, kube.shared, aws),
          own: [...kube.own, ...aws.own],
          sysctls: proxy.sysctls,
          sets: [],
        },
      ];
    }),
  );
}

/** What kube-proxy does on nodes that are alike. */
interface ProxyRules {
  readonly jumps: readonly TableSource[];
  readonly rules: (node: NodeView) => KubeProxyRules;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** Another mode's rules are not modelled, and who waits for its block writes none: the kubelet's jumps are left. */
const WITHOUT_PROXY: ProxyRules = {
  jumps: kubeletJumps,
  rules: () => NO_RULES,
  sysctls: {},
};

/** One for all nodes with the same configuration. */
function kubeProxies({ cluster, services, slices }: HostRulesInput): (node: SizedNode) => ProxyRules {
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
        jumps: kubeJumps(config),
        rules: kubeProxyRules({ config, services, slices }),
        sysctls: servesLoopback(config) ? { 'net.ipv4.conf.all.route_localnet': '1' } : {},
      };
      byConfig.set(key, proxy);
    }
    return proxy;
  };
}
