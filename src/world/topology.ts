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
import type { BlockPublicAccess, Exclusion } from '../vpc/block-public-access.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';
import type { SecurityGroupPeer } from '../vpc/security-group.ts';
import type { LoadBalancerSpec } from './balancer-spec.ts';
import type {
  ConnectionSpec,
  OnPremisesSpec,
  PeeringSpec,
  ResourceState,
  TransitGatewaySpec,
  VpnGatewaySpec,
} from './link-spec.ts';

export interface Topology {
  readonly name: string;
  readonly vpcs: readonly VpcSpec[];
  /** Managed prefix lists, and those of AWS in the Regions of the VPCs. */
  readonly prefixLists: readonly PrefixListSpec[];
  readonly peerings: readonly PeeringSpec[];
  readonly transitGateways: readonly TransitGatewaySpec[];
  readonly connections: readonly ConnectionSpec[];
  /** Where VPC Block Public Access is on: at most one of each account and Region. */
  readonly blockPublicAccess: readonly BlockPublicAccessSpec[];
  readonly onPremises: readonly OnPremisesSpec[];
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
  readonly ipv6Cidrs: readonly Cidr[];
  readonly subnets: readonly SubnetSpec[];
  readonly internetGateway?: InternetGatewaySpec | undefined;
  readonly egressOnlyInternetGateway?: EgressOnlyInternetGatewaySpec | undefined;
  readonly vpnGateway?: VpnGatewaySpec | undefined;
  readonly natGateways: readonly NatGatewaySpec[];
  /** Exactly one has `main`. */
  readonly routeTables: readonly RouteTableSpec[];
  readonly securityGroups: readonly SecurityGroupSpec[];
  /** The first is the default one. */
  readonly networkAcls: readonly NetworkAclSpec[];
  readonly endpoints: readonly EndpointSpec[];
  /** VPC attributes enableDnsSupport and enableDnsHostnames. */
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  /** DNS servers of its DHCP options; undefined for AmazonProvidedDNS. */
  readonly dhcpDns?: readonly Ipv4[] | undefined;
  /** Interfaces of what the topology does not have otherwise: databases, functions, what an account's dump holds. */
  readonly interfaces: readonly (InterfaceSpec & { readonly owner: string })[];
  /** Those that exist by themselves; a cluster's controller makes others. */
  readonly loadBalancers: readonly LoadBalancerSpec[];
}

export interface InternetGatewaySpec extends Named {
  /** Of its attachment to the VPC: `available`, or what AWS says instead. */
  readonly state: ResourceState;
}

export interface BlockPublicAccessSpec {
  readonly account: string;
  readonly region: string;
  readonly mode: BlockPublicAccess['mode'];
  /** Each of a VPC, or of a subnet of the VPC. */
  readonly exclusions: readonly {
    readonly vpc: string;
    readonly subnet: string | undefined;
    readonly mode: Exclusion;
  }[];
  readonly origin: Origin;
}

export interface EgressOnlyInternetGatewaySpec extends Named {}

export interface PrefixListSpec extends Named {
  /** Where absent, every Region has it. */
  readonly region?: string | undefined;
  readonly owner: 'AWS' | 'customer';
  readonly cidrs: readonly Cidr[];
  /** What a rule that names it counts for against quotas. */
  readonly maxEntries: number;
}

/** An elastic network interface whose addresses are given, not planned. */
export interface InterfaceSpec extends Named {
  readonly subnet: string;
  /** The primary one first. */
  readonly addresses: readonly Ipv4[];
  readonly prefixes: readonly Cidr[];
  /** Public or Elastic IP addresses, by the private address each belongs to. */
  readonly publicAddresses: ReadonlyMap<Ipv4, Ipv4>;
  readonly securityGroups: readonly string[];
  readonly sourceDestCheck: boolean;
  /** `in-use`, or what AWS says instead. */
  readonly state: ResourceState;
  /** Number on its network card; device 0 of card 0 is the primary interface. */
  readonly device: number;
  readonly card: number;
  /** `trunk` carries the branches of its node; `branch` is the interface of one pod. */
  readonly type: 'interface' | 'trunk' | 'branch';
  /** Of a branch, on its node's trunk. */
  readonly vlan?: number | undefined;
}

export interface SubnetSpec extends Named {
  readonly cidr: Cidr;
  readonly ipv6Cidr?: Cidr | undefined;
  /** New interfaces get an address of IPv6 (AssignIpv6AddressOnCreation). */
  readonly assignIpv6Address?: boolean | undefined;
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
  /** Undefined for a regional one, which is in no subnet. */
  readonly subnet: string | undefined;
  readonly connectivity: 'public' | 'private';
  readonly state: ResourceState;
  /** Of a regional one: the only zones it serves, where somebody chose them. */
  readonly zones: readonly string[] | undefined;
  /** The primary one first; what is undefined the model takes. Empty: one. */
  readonly addresses: readonly { readonly private: Ipv4 | undefined; readonly public: Ipv4 | undefined }[];
}

export interface RouteTableSpec extends Named {
  readonly main: boolean;
  /** Names of the gateways that it is the gateway route table of ("edge association"). */
  readonly edge: readonly string[];
  /** Without the local routes, which every table has; of propagated ones those that are known. */
  readonly routes: readonly RouteSpec[];
}

export interface RouteSpec {
  readonly to: Cidr;
  /** `blackhole`, or the name of a gateway, NAT gateway, endpoint, peering, transit gateway, interface or instance. */
  readonly via: string;
  /** `propagated`: learnt from a virtual private gateway. */
  readonly by: 'static' | 'propagated';
  /** The route stands for one block of this prefix list. */
  readonly prefixList?: string | undefined;
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
  readonly peer: SecurityGroupPeer;
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
  /** `unknown`: nobody could read what the ACL says. */
  readonly action: 'allow' | 'deny' | 'unknown';
  readonly origin: Origin;
}

export interface EndpointSpec extends Named {
  /** "s3", "ecr.dkr": the last part of com.amazonaws.REGION.SERVICE. */
  readonly service: string;
  readonly type: 'gateway' | 'interface';
  /** Tables that get its route; of a gateway endpoint. */
  readonly routeTables: readonly string[];
  /** Where an interface endpoint has a network interface, each with one address. */
  readonly subnets: readonly string[];
  /** By subnet, where pinned. */
  readonly addresses?: ReadonlyMap<string, Ipv4> | undefined;
  readonly securityGroups: readonly string[];
  /** Zones in which the service is offered; undefined for all. */
  readonly zones?: readonly string[] | undefined;
  readonly privateDns: boolean;
  readonly state: ResourceState;
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

/** A machine outside every VPC. */
export interface HostSpec extends Named {
  readonly address: Ipv4;
  /** Its address of IPv6, where it has one. */
  readonly ipv6Address?: number | undefined;
  readonly listen: readonly { readonly protocol: number; readonly port: number }[];
}

/** An EC2 instance that is no cluster node: a bastion, a database, a middlebox. */
export interface InstanceSpec extends Named {
  readonly vpc: string;
  readonly subnet: string;
  readonly address?: Ipv4 | undefined;
  readonly securityGroups: readonly string[];
  readonly sourceDestCheck: boolean;
  /** net.ipv4.ip_forward: routes packets that are not its own (a middlebox); `unknown` where nobody could see it. */
  readonly forwarding: boolean | 'unknown';
  readonly listen: readonly { readonly protocol: number; readonly port: number }[];
  readonly primaryInterface: PrimaryInterface;
  /** Address of IPv6 of its primary interface: pinned, or any of its subnet. */
  readonly ipv6Address?: number | 'auto' | undefined;
  /** Bytes, of its interface. Default: 9001. */
  readonly mtu?: number | undefined;
  /** People may call it by its tag `Name`. */
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: MetadataOptions;
  /** Public or Elastic IP address, where pinned. */
  readonly publicAddress?: Ipv4 | undefined;
  /** `running`, or what AWS says instead. */
  readonly state: ResourceState;
  /** Interfaces beside the primary one; the primary one itself, first, where it is given with all its addresses. */
  readonly interfaces: readonly InterfaceSpec[];
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
  readonly size?: number | undefined;
  readonly df?: boolean | undefined;
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
  /** Part of what a remark says. */
  readonly remark?: string | undefined;
  readonly origin: Origin;
}
