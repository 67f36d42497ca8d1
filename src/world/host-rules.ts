/** Stratum: the rules each node's kernel holds. The kubelet, kube-proxy and the CNI write them; here they are only put
 *  in the order in which a running EKS node has them. */
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import { podPortTables, portMapJumps, portMapTables } from '../cni/port-map.ts';
import { type CniRules, cniRules } from '../cni/snat-rules.ts';
import { type BuiltInRule, builtInTables } from '../host/netfilter/built-in-rules.ts';
import type { IpSetSource, TableSource } from '../host/rules.ts';
import { kubeletJumps, kubeletTables } from '../kube/kubelet-chains.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { mappedPods, portSysctls } from './host-ports.ts';
import { kubeProxies, type ProxyRules, viewOf } from './node-proxies.ts';
import type { SizedNode } from './placement.ts';
import type { AddressedPod } from './pod-addresses.ts';
import { type RuleWriter, START_ORDER } from './start-order.ts';
import type { VpcSpec } from './vpc-spec.ts';

export interface NodeRules {
  readonly shared: readonly TableSource[];
  readonly own: readonly TableSource[];
  /** What those who write the rules set beside them. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly sets: readonly IpSetSource[];
}

export interface HostRulesInput {
  readonly cluster: ClusterSpec;
  readonly vpc: VpcSpec;
  readonly env: CniEnvironment;
  readonly nodes: readonly SizedNode[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
  readonly pods: readonly AddressedPod[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

export function hostRules(input: HostRulesInput): ReadonlyMap<string, NodeRules> {
  const { cluster, vpc, env, nodes, pods } = input;
  const proxyOf = kubeProxies(input);
  const cni = cniRules({ env, vpcCidrs: vpc.cidrs });
  const mapped = mappedPods(pods, env);
  const sharedList = sharedLists(kubeletTables(cluster.version, 'IPv4'));
  return new Map(
    nodes.map((node) => {
      const proxy = proxyOf(node);
      const kube = proxy.rules(viewOf(node, input.pools.get(node.name)!));
      const aws = cni({
        primaryAddress: node.address,
        primaryInterface: node.primaryInterface,
        iptables: node.iptables,
      });
      const ports = mapped.get(node.name) ?? [];
      return [
        node.name,
        {
          shared: sharedList({ proxy, kube: kube.shared, aws, maps: ports.length > 0 }),
          own: [...kube.own, ...aws.own, ...(ports.length > 0 ? podPortTables(ports) : [])],
          sysctls: {
            ...proxy.sysctls,
            ...cniSysctls(env, node.primaryInterface),
            ...portSysctls(ports),
          },
          sets: [],
        },
      ];
    }),
  );
}

/** What nodes may have in common. */
interface SharedParts {
  readonly proxy: ProxyRules;
  readonly kube: readonly TableSource[];
  readonly aws: CniRules;
  /** Some pod has host ports. */
  readonly maps: boolean;
}

/** One list for all nodes that share the sources: the host then shares what it compiles of them. */
function sharedLists(kubelet: readonly TableSource[]): (parts: SharedParts) => readonly TableSource[] {
  const known: { readonly parts: SharedParts; readonly list: readonly TableSource[] }[] = [];
  return (parts) => {
    const { kube, aws, maps } = parts;
    const same = known.find(
      (one) => one.parts.kube === kube && one.parts.aws.jumps === aws.jumps && one.parts.maps === maps,
    );
    if (same) return same.list;
    const jumps = jumpsOf(parts);
    const list = [
      ...builtInTables(START_ORDER.flatMap((writer) => jumps[writer])),
      ...kubelet,
      ...kube,
      ...aws.shared,
      ...(maps ? portMapTables : []),
    ];
    known.push({ parts, list });
    return list;
  };
}

function jumpsOf({ proxy, aws, maps }: SharedParts): Readonly<Record<RuleWriter, readonly BuiltInRule[]>> {
  return {
    kubelet: kubeletJumps,
    'kube-proxy': proxy.jumps,
    'VPC CNI': aws.jumps,
    portmap: maps ? portMapJumps : [],
  };
}

/** Of the CNI's init container (cmd/aws-vpc-cni-init). */
function cniSysctls(
  { disableTcpEarlyDemux }: CniEnvironment,
  primaryInterface: string,
): Record<string, string> {
  return {
    [`net.ipv4.conf.${primaryInterface}.rp_filter`]: '2',
    'net.ipv4.tcp_early_demux': disableTcpEarlyDemux ? '0' : '1',
  };
}
