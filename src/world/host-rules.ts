/** Stratum: the rules each node's kernel holds. The kubelet, kube-proxy and the CNI write them; here they are only put
 *  in the order in which a running EKS node has them. */
import { formatIpv4 } from '../addressing/ip.ts';
import type { EndpointSlice, Service } from '../api/objects.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import { interfaceName } from '../cni/interface-names.ts';
import { type CniRules, cniRules } from '../cni/snat-rules.ts';
import type { TableSource } from '../host/rules.ts';
import { kubeProxyRules } from '../kube/kube-proxy.ts';
import { eksKubeProxy } from '../kube/kube-proxy-config.ts';
import { kubeJumps } from '../kube/kube-proxy-static.ts';
import { kubeletTables } from '../kube/kubelet-chains.ts';
import type { SizedNode } from './placement.ts';
import type { VpcSpec } from './topology.ts';

/** Nodes run AL2023, whose interfaces are called by their PCI slot. */
export const NODE_IMAGE = 'al2023';

export interface NodeRules {
  readonly shared: readonly TableSource[];
  readonly own: readonly TableSource[];
}

export function hostRules(
  vpc: VpcSpec,
  env: CniEnvironment,
  nodes: readonly SizedNode[],
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): ReadonlyMap<string, NodeRules> {
  const proxy = kubeProxyRules({ config: eksKubeProxy, services, slices });
  const cni = cniRules({ env, vpcCidrs: vpc.cidrs });
  const jumps = kubeJumps(eksKubeProxy);
  // One list for all nodes that share the sources: the host then shares what it compiles of them.
  const lists = new Map<readonly TableSource[], readonly TableSource[]>();
  const sharedList = (kube: readonly TableSource[], aws: CniRules): readonly TableSource[] => {
    let list = lists.get(aws.jumps);
    if (!list) {
      list = [...jumps, ...aws.jumps, ...kubeletTables, ...kube, ...aws.shared];
      lists.set(aws.jumps, list);
    }
    return list;
  };
  return new Map(
    nodes.map((node) => {
      const address = formatIpv4(node.address);
      const kube = proxy({ name: node.name, zone: node.zone, addresses: [address], primaryAddress: address });
      const aws = cni({ primaryAddress: node.address, primaryInterface: interfaceName(0, NODE_IMAGE) });
      return [
        node.name,
        {
          shared: sharedList(kube.shared, aws),
          own: [...kube.own, ...aws.own],
        },
      ];
    }),
  );
}
