import type { Ipv4 } from '../addressing/ip.ts';
import type { KubeObjects } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate, Origin } from '../base/origin.ts';
import type { InstanceType } from '../cni/instance-types.ts';
import type { PrimaryInterface } from '../cni/interface-names.ts';
import type { HostDump } from '../host/rules.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type {
  ConnectionSpec,
  OnPremisesSpec,
  PeeringSpec,
  ResourceState,
  TransitGatewaySpec,
} from './link-spec.ts';
import type { BlockPublicAccessSpec, InterfaceSpec, PrefixListSpec, VpcSpec } from './vpc-spec.ts';

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
