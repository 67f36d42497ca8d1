/** The world: the immutable network built from a topology, and the state of the cluster on it. Built once, traced
 *  many times; what a trace needs is in the devices' own records, the rest is for listings and for names. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { EndpointSlice, KubeObject, Pod, Service } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { PrimaryInterface } from '../cni/interface-names.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import type { HostDump } from '../host/rules.ts';
import type { Network } from '../trace/device.ts';
import type { SecurityGroupInput } from '../vpc/security-group.ts';
import type { EniAddress } from './eni-plan.ts';
import type { NodeRules } from './host-rules.ts';
import type { Strata } from './strata.ts';
import type { Topology } from './topology.ts';

export interface World extends Network {
  readonly topology: Topology;
  /** What the next build may keep. */
  readonly strata: Strata;
  readonly cluster?: ClusterState | undefined;
  readonly loadBalancers: readonly LoadBalancerState[];
  /** ENIs in order of their ids. */
  readonly enis: readonly EniState[];
  readonly subnets: readonly SubnetState[];
  readonly instances: readonly InstanceState[];
  readonly endpoints: readonly EndpointState[];
  /** Public endpoints of AWS services, of each Region that has a VPC. */
  readonly awsServices: readonly AwsServiceState[];
  /** Those of the topology, and those that controllers made, with the rules they added. */
  readonly securityGroups: readonly { readonly vpc: string; readonly group: SecurityGroupInput }[];
  /** `kind/id` to device index. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** What the controllers would complain about: no subnet for a load balancer, an Ingress nobody serves. */
  readonly warnings: readonly Issue[];
}

export interface ClusterState {
  readonly name: string;
  /** Of the public API endpoint, where the cluster has one. */
  readonly apiAddress: Ipv4 | undefined;
  /** EKS's cross-account network interfaces, and what stands behind them. */
  readonly controlPlane: readonly { readonly address: Ipv4; readonly device: number }[];
  readonly nodes: readonly NodeState[];
  readonly pods: readonly PodState[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly workloads: readonly KubeObject[];
}

export interface NodeState {
  readonly name: string;
  readonly group: string | undefined;
  readonly instanceType: string;
  readonly subnet: string;
  readonly az: string;
  readonly address: Ipv4;
  readonly publicAddress: Ipv4 | undefined;
  readonly device: number;
  /** `eni/ID` of its interfaces, the primary one first. */
  readonly enis: readonly string[];
  readonly maxPods: number;
  /** Of the default network card; undefined where the type is not known. */
  readonly mostEnis: number | undefined;
  /** What its interfaces hold, and why. */
  readonly pool: IpPoolPlan;
  readonly primaryInterface: PrimaryInterface;
  /** The rules its kernel holds, in the tables' text form: those all nodes share, and its own. Those of ip6tables are
   *  among them where the node has IPv6. */
  readonly rules: NodeRules;
}

export type PodPhase = 'Running' | 'Pending' | 'ContainerCreating';

export interface PodState {
  /** What it holds in a network namespace of its own, where the topology says. */
  readonly dump: HostDump | undefined;
  readonly pod: Pod;
  /** `namespace/name`. */
  readonly id: string;
  readonly phase: PodPhase;
  readonly ready: boolean;
  readonly node: string | undefined;
  readonly address: Ipv4 | undefined;
  /** ENI that holds the address. */
  readonly eni: string | undefined;
  /** Pod namespace, the node itself for a hostNetwork pod, or an unplaced pod. */
  readonly device: number;
  /** Why it is where it is, or why it is nowhere: the scheduler's and the CNI's own words. */
  readonly reasons: readonly string[];
}

export interface EniState {
  /** "node-1", "node-1/1", "alb/NAME/us-east-1a". */
  readonly id: string;
  readonly device: number;
  /** The device behind it. */
  readonly host: number;
  readonly subnet: string;
  readonly addresses: readonly EniAddress[];
  readonly ipv6Addresses: readonly number[];
  readonly prefixes: readonly Cidr[];
  readonly publicAddress: Ipv4 | undefined;
  readonly securityGroups: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly owner: string;
  /** Of a branch ENI: its VLAN, and the trunk by which the node reaches it. */
  readonly branch: { readonly vlan: number; readonly trunk: string } | undefined;
}

export interface InstanceState {
  readonly name: string;
  readonly address: Ipv4;
  readonly ipv6Address: number | undefined;
  readonly publicAddress: Ipv4 | undefined;
  readonly device: number;
  readonly subnet: string;
}

export interface EndpointState {
  readonly name: string;
  readonly vpc: string;
  readonly service: string;
  readonly type: 'gateway' | 'interface';
  readonly state: string;
  readonly privateDns: boolean;
  /** Of a gateway endpoint: the tables that have its routes. */
  readonly routeTables: readonly string[];
  readonly securityGroups: readonly string[];
  /** Of an interface endpoint: its network interfaces. */
  readonly addresses: readonly {
    readonly subnet: string;
    readonly az: string;
    readonly address: Ipv4;
    readonly device: number;
  }[];
  /** Of a gateway endpoint, which has no interface. */
  readonly device: number | undefined;
}

export interface AwsServiceState {
  readonly service: string;
  readonly region: string;
  /** Stands for all its public addresses. */
  readonly address: Ipv4;
  readonly device: number;
}

export interface SubnetState {
  readonly name: string;
  readonly vpc: string;
  readonly cidr: string;
  readonly az: string;
  readonly routeTable: string;
  readonly networkAcl: string;
  readonly public: boolean;
  readonly free: number;
  readonly used: number;
}

export interface LoadBalancerState {
  readonly kind: 'alb' | 'nlb';
  readonly name: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly dnsName: string;
  /** Host names that its rules speak of, and those people use for it. */
  readonly hosts: readonly string[];
  readonly nodes: readonly {
    readonly az: string;
    readonly address: Ipv4;
    readonly publicAddress: Ipv4 | undefined;
    readonly device: number;
  }[];
  readonly listeners: readonly { readonly port: number; readonly protocol: string }[];
  /** `ingress/ns/name` or `service/ns/name`. */
  readonly for: string;
}
