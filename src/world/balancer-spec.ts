/** Load balancers that exist by themselves, as elbv2 describes them: part of the topology, plain and validated. Listeners
 *  are those of the load balancer controller's plans. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';
import type { ListenerPlan, Scheme, TargetGroupPlan, TargetHealth } from '../elb/plan.ts';
import type { ResourceState } from './link-spec.ts';

export interface LoadBalancerSpec {
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly scheme: Scheme;
  readonly dnsName: string;
  /** `active`, or what AWS says instead. */
  readonly state: ResourceState;
  readonly nodes: readonly BalancerNodeSpec[];
  /** Empty: none was attached, which an NLB may do; everything passes. */
  readonly securityGroups: readonly string[];
  readonly crossZone: boolean;
  readonly listeners: readonly ListenerPlan[];
  readonly targetGroups: readonly TargetGroupSpec[];
  /** The object of the cluster that it was made for: `ingress/ns/name`, `service/ns/name`, or `ingress/GROUP`. */
  readonly for: string | undefined;
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

/** Its network interface in a subnet; an Application Load Balancer may have several in one. */
export interface BalancerNodeSpec {
  readonly subnet: string;
  /** Name of the interface, where it is known. */
  readonly interface: string | undefined;
  /** Taken by the model where absent, and so is the public address of an internet-facing one. */
  readonly address: Ipv4 | undefined;
  readonly publicAddress: Ipv4 | undefined;
}

export interface TargetGroupSpec {
  readonly name: string;
  readonly targetType: 'instance' | 'ip' | 'alb';
  readonly protocol: TargetGroupPlan['protocol'];
  readonly port: number;
  readonly preserveClientIp: boolean;
  /** Absent where the load balancer's holds. */
  readonly crossZone?: boolean | undefined;
  /** Undefined where nobody could read them. */
  readonly targets: readonly TargetSpec[] | undefined;
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

export interface TargetSpec {
  /** One of: an instance or node by name, an address, an Application Load Balancer by name. */
  readonly at: { readonly machine: string } | { readonly address: Ipv4 } | { readonly loadBalancer: string };
  readonly port: number;
  /** Where AWS says it; `all` serves every zone. */
  readonly zone: string | undefined;
  readonly health: TargetHealth;
  /** AWS's reason code, empty when healthy. */
  readonly reason: string;
}
