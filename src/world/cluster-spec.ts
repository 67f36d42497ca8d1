/** The cluster, as part of the topology: plain, validated, defaults filled in. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Taint } from '../api/objects.ts';
import type { Origin } from '../base/origin.ts';
import type { PrimaryInterface } from '../cni/interface-names.ts';
import type { HostDump } from '../host/rules.ts';
import type { KubeProxySettings } from '../kube/kube-proxy-config.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';
import type { InterfaceSpec } from './vpc-spec.ts';

interface Named {
  readonly name: string;
  readonly origin: Origin;
}

export interface ClusterSpec extends Named {
  /** "1.34". */
  readonly version: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly serviceCidr: Cidr;
  /** First and last, inclusive. */
  readonly nodePortRange: readonly [number, number];
  /** Name of the cluster security group; EKS makes it where the topology does not write it. */
  readonly securityGroup: string;
  /** Additional security groups of the control plane's network interfaces. */
  readonly controlPlaneGroups: readonly string[];
  readonly endpointAccess: {
    readonly public: boolean;
    readonly private: boolean;
    readonly publicCidrs: readonly Cidr[];
  };
  readonly cni: { readonly version: string; readonly env: Readonly<Record<string, string>> };
  readonly kubeProxy: KubeProxySettings;
  readonly networkPolicy: 'none' | 'aws' | 'upstream';
  /** Whether the AWS Load Balancer Controller runs; without it nothing serves an Ingress of class alb. */
  readonly loadBalancerController: boolean;
  /** Whether the controllers of workloads and the scheduler run; otherwise pods are what the objects say, where they say. */
  readonly controllers: boolean;
  /** EKS's cross-account interfaces as they are; empty: the model places them. */
  readonly controlPlaneInterfaces: readonly InterfaceSpec[];
  readonly coreDnsReplicas: number;
  readonly nodeGroups: readonly NodeGroupSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly placements: readonly PlacementSpec[];
  /** What real nodes hold, in place of what the model would write. */
  readonly nodeRules: readonly DumpSpec[];
  /** Of the network namespaces of pods; `name` is `namespace/name` of a pod or of what it belongs to. */
  readonly podRules: readonly DumpSpec[];
}

interface NodeTemplate {
  readonly instanceType: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Names; the cluster security group where none is written. */
  readonly securityGroups: readonly string[];
  readonly iptables: 'nft' | 'legacy';
  readonly sysctls: Readonly<Record<string, string>>;
  readonly primaryInterface: PrimaryInterface;
  readonly metadata: MetadataOptions;
  /** The kubelet's maxPods, where the topology sets it. */
  readonly maxPods?: number | undefined;
}

export interface NodeGroupSpec extends Named, NodeTemplate {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly subnets: readonly string[];
}

export interface NodeSpec extends Named, NodeTemplate {
  readonly subnet: string;
  /** Primary private address, where pinned. */
  readonly address?: Ipv4 | undefined;
  /** The node's spec.podCIDR; EKS gives none. */
  readonly podCidr?: Cidr | undefined;
  /** Further addresses of its primary interface, of both families, which the VPC does not know. */
  readonly otherAddresses: readonly number[];
  /** The kubelet's --node-ip, at most one of each family; the primary address, and the first of IPv6, where empty. */
  readonly nodeIps: readonly number[];
  /** All its interfaces as they are, the primary one first; empty: the CNI's plan says. */
  readonly interfaces: readonly InterfaceSpec[];
}

export interface PlacementSpec {
  /** `namespace/name`. */
  readonly pod: string;
  readonly node: string;
  readonly address?: Ipv4 | undefined;
  readonly origin: Origin;
}

/** The dumps of one host. */
export interface DumpSpec extends Named {
  readonly dump: HostDump;
}
