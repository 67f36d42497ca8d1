/** The topology: the plain, validated description that a user writes or imports, defaults filled in.
 *  Names are unique where they are referred to; references have been checked; addresses are numbers. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { KubeObjects, Taint } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate, Origin } from '../base/origin.ts';
import type { InstanceType } from '../cni/instance-types.ts';
import type { PrimaryInterface } from '../cni/interface-names.ts';
import type { HostDump } from '../host/rules.ts';
import type { KubeProxySettings } from '../kube/kube-proxy-config.ts';

export interface Topology {
  readonly name: string;
  readonly vpcs: readonly VpcSpec[];
  readonly cluster?: ClusterSpec | undefined;
  /** Types that the topology describes itself; they go before those of the table. */
  readonly instanceTypes: readonly InstanceType[];
  readonly objects: KubeObjects;
  readonly hosts: readonly HostSpec[];
  readonly instances: readonly InstanceSpec[];
  readonly expectations: readonly Expectation[];
  /** Names of the variants that `--variant` accepts. */
  readonly variants: readonly string[];
  /** What was filled in, in the order of the file. */
  readonly defaults: readonly AppliedDefault[];
  readonly warnings: readonly Issue[];
  readonly locate: Locate;
}

export interface AppliedDefault {
  /** "vpcs.main.subnets.a.mapPublicIp". */
  readonly path: string;
  readonly value: string;
  /** Whose default: AWS, EKS, Kubernetes, eksctl, VPC CNI, vpcsim. */
  readonly by: string;
}

interface Named {
  readonly name: string;
  readonly origin: Origin;
}

export interface VpcSpec extends Named {
  readonly region: string;
  readonly account: string;
  /** The first is the primary one. */
  readonly cidrs: readonly Cidr[];
  readonly subnets: readonly SubnetSpec[];
  readonly internetGateway?: Named | undefined;
  readonly natGateways: readonly NatGatewaySpec[];
  /** Exactly one has `main`. */
  readonly routeTables: readonly RouteTableSpec[];
  readonly securityGroups: readonly SecurityGroupSpec[];
  /** The first is the default one. */
  readonly networkAcls: readonly NetworkAclSpec[];
  /** Kept and named; packets for them are undetermined until endpoints are modelled. */
  readonly endpoints: readonly EndpointSpec[];
}

export interface SubnetSpec extends Named {
  readonly cidr: Cidr;
  readonly az: string;
  /** Name of its route table (the main one where none is written). */
  readonly routeTable: string;
  readonly networkAcl: string;
  readonly mapPublicIp: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Subnet CIDR reservations, disjoint. */
  readonly reservations: readonly CidrReservationSpec[];
  /** Addresses that something holds which the topology does not have: databases, functions, other clusters. */
  readonly occupied: readonly OccupiedSpec[];
}

export interface CidrReservationSpec {
  readonly cidr: Cidr;
  /** `prefix`: prefixes are taken from it; `explicit`: only addresses that are asked for by number. */
  readonly type: 'prefix' | 'explicit';
  readonly origin: Origin;
}

/** A block, or one address as a /32. */
export interface OccupiedSpec {
  readonly cidr: Cidr;
  /** "RDS"; "other" where nothing is written. */
  readonly by: string;
  readonly origin: Origin;
}

export interface NatGatewaySpec extends Named {
  readonly subnet: string;
  readonly connectivity: 'public' | 'private';
}

export interface RouteTableSpec extends Named {
  readonly main: boolean;
  /** Without the local routes, which every table has. */
  readonly routes: readonly RouteSpec[];
}

export interface RouteSpec {
  readonly to: Cidr;
  /** `blackhole`, or the name of a gateway, NAT gateway or instance of the VPC. */
  readonly via: string;
  readonly origin: Origin;
}

export interface SecurityGroupSpec extends Named {
  readonly ingress: readonly SecurityGroupRuleSpec[];
  readonly egress: readonly SecurityGroupRuleSpec[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecurityGroupRuleSpec {
  /** IANA number, or ANY_PROTOCOL. */
  readonly protocol: number;
  /** Inclusive; absent for all ports, and for protocols without ports. For ICMP: type and code, -1 for any. */
  readonly ports?: readonly [number, number] | undefined;
  readonly peer: { readonly cidr: Cidr } | { readonly group: string };
  readonly description: string;
  readonly origin: Origin;
}

export interface NetworkAclSpec extends Named {
  /** Ascending by rule number; without the final deny. */
  readonly ingress: readonly NetworkAclRuleSpec[];
  readonly egress: readonly NetworkAclRuleSpec[];
}

export interface NetworkAclRuleSpec {
  readonly rule: number;
  readonly protocol: number;
  readonly ports?: readonly [number, number] | undefined;
  readonly cidr: Cidr;
  readonly action: 'allow' | 'deny';
  readonly origin: Origin;
}

export interface EndpointSpec extends Named {
  readonly service: string;
  readonly type: 'gateway' | 'interface';
  /** Where an interface endpoint has a network interface, each with one address. */
  readonly subnets: readonly string[];
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

/** A machine outside every VPC. */
export interface HostSpec extends Named {
  readonly address: Ipv4;
  readonly listen: readonly { readonly protocol: number; readonly port: number }[];
}

/** An EC2 instance that is no cluster node: a bastion, a database, a middlebox. */
export interface InstanceSpec extends Named {
  readonly vpc: string;
  readonly subnet: string;
  readonly address?: Ipv4 | undefined;
  readonly securityGroups: readonly string[];
  readonly sourceDestCheck: boolean;
  /** net.ipv4.ip_forward: routes packets that are not its own (a middlebox). */
  readonly forwarding: boolean;
  readonly listen: readonly { readonly protocol: number; readonly port: number }[];
  readonly primaryInterface: PrimaryInterface;
  /** What it holds; none where absent. */
  readonly rules?: HostDump | undefined;
}

/** A flow and what must come of it; keys that are absent are not checked. */
export interface Expectation {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string | undefined;
  readonly port?: number | undefined;
  readonly sourcePort?: number | undefined;
  readonly ttl?: number | undefined;
  readonly strictListen?: boolean | undefined;
  readonly seenClient?: boolean | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly oneWay?: boolean | undefined;
  /** Name of the load balancer to enter by. */
  readonly via?: string | undefined;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly sourceIp?: string | undefined;
  readonly arrivingAt?: string | undefined;
  readonly verdict?: string | undefined;
  readonly code?: string | undefined;
  /** `kind/id` where the path ends. */
  readonly device?: string | undefined;
  readonly symptom?: string | undefined;
  readonly disposition?: string | undefined;
  /** How many paths. */
  readonly paths?: number | undefined;
  readonly origin: Origin;
}
