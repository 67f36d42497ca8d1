/** A VPC and all that stands in it, as part of the topology: plain, validated, defaults filled in. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';
import type { BlockPublicAccess, Exclusion } from '../vpc/block-public-access.ts';
import type { SecurityGroupPeer } from '../vpc/security-group.ts';
import type { LoadBalancerSpec } from './balancer-spec.ts';
import type { ResourceState, VpnGatewaySpec } from './link-spec.ts';

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
