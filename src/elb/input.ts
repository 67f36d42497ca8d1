/** What the controller sees: the Kubernetes API after allocation and scheduling, and AWS's description of the VPC. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { EndpointSlice, Ingress, IngressClass, Service, Taint } from '../api/objects.ts';
import type { Locate } from '../base/origin.ts';

export interface ControllerInput {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcCidrs: readonly Cidr[];
  /** Whether the AWS Load Balancer Controller and its webhooks run. */
  readonly controller: boolean;
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  /** With node ports and health check node ports allocated. */
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly pods: readonly PodInfo[];
  readonly nodes: readonly NodeInfo[];
  /** The subnets of the cluster's VPC. */
  readonly subnets: readonly SubnetInfo[];
  readonly securityGroups: readonly SecurityGroupInfo[];
  readonly locate: Locate;
}

export interface PodInfo {
  /** `ns/name`. */
  readonly pod: string;
  readonly node: string;
  readonly az: string;
  /** All containers ready (not counting readiness gates). */
  readonly containersReady: boolean;
  /** Names of the groups on the network interface that holds the pod's address. */
  readonly securityGroups: readonly string[];
}

export interface NodeInfo {
  readonly name: string;
  /** Primary private address of the primary network interface. */
  readonly address: Ipv4;
  readonly az: string;
  readonly ready: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Names of the groups on the primary network interface. */
  readonly securityGroups: readonly string[];
}

export interface SubnetInfo {
  /** Stands for the subnet's id too: ties are broken by it. */
  readonly name: string;
  readonly cidr: Cidr;
  readonly az: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether its route table has a route to an internet gateway. */
  readonly public: boolean;
  readonly freeAddresses: number;
}

interface SecurityGroupInfo {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}
