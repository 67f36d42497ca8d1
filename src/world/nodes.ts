/** Stratum: the nodes that exist. A node group's instances are spread over its subnets in turn, as an Auto Scaling
 *  group balances its zones; a node is called by its private DNS name, so groups get their addresses here. */
import type { Cidr } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Taint } from '../api/objects.ts';
import { derived, type Origin } from '../base/origin.ts';
import type { PrimaryInterface } from '../cni/interface-names.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';
import type { AddressBook } from './address-book.ts';
import type { ClusterSpec, NodeGroupSpec, NodeSpec } from './cluster-spec.ts';
import type { InterfaceSpec, SubnetSpec, VpcSpec } from './vpc-spec.ts';

export interface PlannedNode {
  readonly name: string;
  readonly group: string | undefined;
  readonly subnet: SubnetSpec;
  readonly address: Ipv4;
  /** Further addresses of its primary interface, of both families. */
  readonly otherAddresses: readonly number[];
  /** What the Node object says (InternalIP): the address of each family that kube-proxy takes for the node's. */
  readonly nodeIps: readonly number[];
  readonly instanceType: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly securityGroups: readonly string[];
  readonly iptables: 'nft' | 'legacy';
  readonly maxPods: number | undefined;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Its spec.podCIDR; EKS gives none. */
  readonly podCidr: Cidr | undefined;
  readonly primaryInterface: PrimaryInterface;
  readonly metadata: MetadataOptions;
  /** All its interfaces as they are, the primary one first; empty where the CNI plans them. */
  readonly interfaces: readonly InterfaceSpec[];
  readonly origin: Origin;
}

/** A node that could not get an address. */
export interface FailedNode {
  readonly group: string;
  readonly subnet: string;
}

export function planNodes(
  cluster: ClusterSpec,
  vpc: VpcSpec,
  book: AddressBook,
): { nodes: PlannedNode[]; failed: FailedNode[] } {
  const subnets = new Map(vpc.subnets.map((subnet) => [subnet.name, subnet]));
  const nodes: PlannedNode[] = [];
  const failed: FailedNode[] = [];
  for (const spec of cluster.nodes) {
    const subnet = subnets.get(spec.subnet)!;
    const address = spec.interfaces[0]?.addresses[0] ?? book.claim(subnet.name, spec.address);
    if (address === undefined) failed.push({ group: spec.name, subnet: subnet.name });
    else nodes.push(plannedNode(spec, spec.name, undefined, subnet, address, vpc));
  }
  for (const group of cluster.nodeGroups)
    for (let i = 0; i < group.desired; i++) {
      const subnet = subnets.get(group.subnets[i % group.subnets.length]!)!;
      const address = book.claim(subnet.name);
      if (address === undefined) failed.push({ group: group.name, subnet: subnet.name });
      else
        nodes.push(plannedNode(group, privateDnsName(address, vpc.region), group.name, subnet, address, vpc));
    }
  return { nodes, failed };
}

/** The name EC2 gives an instance by its address ("Amazon EC2 instance hostnames", IP name). */
export function privateDnsName(address: Ipv4, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${formatIpv4(address).replaceAll('.', '-')}.${domain}`;
}

/** A node as a group or a node of the topology describes it. */
export function plannedNode(
  spec: NodeGroupSpec | NodeSpec,
  name: string,
  group: string | undefined,
  subnet: SubnetSpec,
  address: Ipv4,
  vpc: VpcSpec,
): PlannedNode {
  const { instanceType, taints, securityGroups, iptables, maxPods, sysctls, primaryInterface, metadata } =
    spec;
  const otherAddresses = 'otherAddresses' in spec ? spec.otherAddresses : [];
  return {
    name,
    group,
    subnet,
    address,
    otherAddresses,
    nodeIps: nodeIpsOf(address, otherAddresses, 'nodeIps' in spec ? spec.nodeIps : []),
    instanceType,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': instanceType,
      'topology.kubernetes.io/region': vpc.region,
      'topology.kubernetes.io/zone': subnet.az,
      ...(group ? { 'eks.amazonaws.com/nodegroup': group } : {}),
      ...spec.labels,
    },
    taints,
    securityGroups,
    iptables,
    maxPods,
    sysctls,
    podCidr: 'podCidr' in spec ? spec.podCidr : undefined,
    primaryInterface,
    metadata,
    interfaces: 'interfaces' in spec ? spec.interfaces : [],
    origin: group ? derived(`node group ${group}`, spec.origin) : spec.origin,
  };
}

/** Where the kubelet is not told: the primary address, and the first of IPv6. */
function nodeIpsOf(address: Ipv4, others: readonly number[], told: readonly number[]): readonly number[] {
  const own = [address, ...others];
  const first = (family: (one: number) => boolean): number[] => {
    const chosen = told.find(family) ?? own.find(family);
    return chosen === undefined ? [] : [chosen];
  };
  return [...first((one) => !isIpv6(one)), ...first(isIpv6)];
}
