/** What the AWS Load Balancer Controller makes out of a cluster's objects: plain data, from which the world builds
 *  network interfaces, listeners, target groups and security group rules. Names refer to topology objects by name. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Issue } from '../base/issue.ts';
import type { Origin } from '../base/origin.ts';

export interface ControllerOutput {
  /** Sorted by name. */
  readonly plans: readonly LoadBalancerPlan[];
  /** The group of the cluster that every managed load balancer carries; absent where none needs it. */
  readonly backendGroup?: ManagedGroup | undefined;
  /** Rules the controller adds to the groups of the targets' network interfaces, merged over all target groups. */
  readonly targetRules: readonly TargetRule[];
  readonly issues: readonly Issue[];
}

export type Scheme = 'internet-facing' | 'internal';

export interface LoadBalancerPlan {
  readonly kind: 'alb' | 'nlb';
  readonly name: string;
  readonly scheme: Scheme;
  readonly dnsName: string;
  /** Hosts of the Ingress rules, wildcards included; empty for an NLB and for rules without a host. */
  readonly hosts: readonly string[];
  /** The objects it was made of: `ingress/ns/name` or `service/ns/name`. */
  readonly of: readonly string[];
  /** One per availability zone, sorted by zone. */
  readonly nodes: readonly LoadBalancerNode[];
  /** Why each subnet of the VPC was taken or not. */
  readonly subnets: readonly SubnetVerdict[];
  /** Names of the groups it carries; empty only for an NLB without any, which admits everything. */
  readonly securityGroups: readonly string[];
  /** The group made for it, among `securityGroups`; absent where the user names groups. */
  readonly frontendGroup?: ManagedGroup | undefined;
  /** Across zones at the load balancer's level. Always true for an ALB. */
  readonly crossZone: boolean;
  readonly listeners: readonly ListenerPlan[];
  readonly targetGroups: readonly TargetGroupPlan[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

export interface LoadBalancerNode {
  readonly az: string;
  readonly subnet: string;
  /** Private address, where an annotation pins it. */
  readonly address?: Ipv4 | undefined;
}

export interface SubnetVerdict {
  readonly subnet: string;
  readonly az: string;
  readonly chosen: boolean;
  readonly reason: string;
}

export interface ManagedGroup {
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
  readonly origin: Origin;
}

export interface GroupRule {
  /** IANA number, or -1 for all (src/packet has it as ANY_PROTOCOL). */
  readonly protocol: number;
  /** Inclusive; for ICMP type and code; absent for all. */
  readonly ports?: readonly [number, number] | undefined;
  readonly peer: { readonly cidr: Cidr } | { readonly group: string };
  readonly description: string;
  readonly origin: Origin;
}

export interface TargetRule extends GroupRule {
  /** The group that receives the rule. */
  readonly group: string;
  /** Names of the target groups that asked for it. */
  readonly targetGroups: readonly string[];
}

type ListenerProtocol = 'HTTP' | 'HTTPS' | 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';

export interface ListenerPlan {
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly certificates: readonly string[];
  /** Ascending by priority; empty for an NLB. */
  readonly rules: readonly ListenerRule[];
  readonly defaultAction: ActionPlan;
  /** Nobody could read its rules. */
  readonly rulesUnknown?: boolean | undefined;
  /** What comes before the default action. */
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

export interface ListenerRule {
  readonly priority: number;
  readonly conditions: readonly ConditionPlan[];
  readonly action: ActionPlan;
  /** Authentication and rewrites that come before the action, target groups whose targets are not known. */
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

/** Values of one condition are OR-ed, conditions AND-ed; `regex` values are regular expressions instead of globs. */
export type ConditionPlan =
  | {
      readonly field: 'host-header' | 'path-pattern';
      readonly values: readonly string[];
      readonly regex: boolean;
    }
  | {
      readonly field: 'http-header';
      readonly name: string;
      readonly values: readonly string[];
      readonly regex: boolean;
    }
  | { readonly field: 'http-request-method'; readonly values: readonly string[] }
  | {
      readonly field: 'query-string';
      readonly values: readonly { readonly key?: string | undefined; readonly value: string }[];
    }
  | { readonly field: 'source-ip'; readonly values: readonly Cidr[] };

export type ActionPlan = ForwardAction | RedirectAction | FixedResponseAction;

interface ForwardAction {
  readonly type: 'forward';
  readonly targetGroups: readonly { readonly name: string; readonly weight: number }[];
  readonly sticky: boolean;
}

/** Parts as AWS writes them, the unchanged ones as their placeholder: `#{host}`, `/#{path}`, `#{port}`. */
export interface RedirectAction {
  readonly type: 'redirect';
  readonly statusCode: 301 | 302;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

export interface FixedResponseAction {
  readonly type: 'fixed-response';
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
}

export interface TargetGroupPlan {
  readonly name: string;
  readonly targetType: 'ip' | 'instance';
  /** Of no importance to packets: every target is registered with its own port. */
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly protocolVersion?: 'HTTP1' | 'HTTP2' | 'GRPC' | undefined;
  /** `ns/name` and port of the Service; absent for a target group made elsewhere. */
  readonly service?: { readonly name: string; readonly port: number } | undefined;
  readonly targets: readonly TargetPlan[];
  /** Pods and nodes that a reader would expect as targets, and why they are not registered. */
  readonly leftOut: readonly { readonly label: string; readonly reason: string }[];
  readonly healthCheck: HealthCheckPlan;
  /** NLB: whether a target sees the client's address. Always false for an ALB, which is a proxy. */
  readonly preserveClientIp: boolean;
  /** The target group's own setting; absent where the load balancer's holds. */
  readonly crossZone?: boolean | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly notModelled: readonly string[];
  readonly origin: Origin;
}

/** `unused`: registered, but in a zone that the load balancer is not enabled in; it gets no traffic. */
export type TargetHealth = 'healthy' | 'unhealthy' | 'unused';

export interface TargetPlan {
  readonly address: Ipv4;
  readonly port: number;
  readonly az: string;
  /** `pod/ns/name` or `node/name`. */
  readonly label: string;
  readonly health: TargetHealth;
  /** AWS's reason code (`Target.Timeout`), empty when healthy. */
  readonly reason: string;
}

export interface HealthCheckPlan {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number | 'traffic-port';
  readonly path?: string | undefined;
  readonly successCodes?: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}
