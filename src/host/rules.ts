/** Host rules as text: what kube-proxy, the CNI, kubelet and dumps write, and what `iptables-save`, `ip rule` and
 *  `ip route` print. Plain data; `compile` and `routing` make it executable. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';

/** One rule in the spelling of iptables-save: "-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp ... -j KUBE-SVC-...". */
export interface RuleLine {
  readonly text: string;
  readonly origin: Origin;
}

/** A chain of a table. Built-in chains have a policy, user chains none. */
export interface ChainSource {
  readonly name: string;
  readonly policy?: 'ACCEPT' | 'DROP' | undefined;
  readonly rules: readonly RuleLine[];
}

/** The tables of iptables. */
export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** What one writer puts into a table. Shared by identity between hosts where they have the same rules. */
export interface TableSource {
  readonly table: TableName;
  readonly chains: readonly ChainSource[];
}

/** One entry of `ip rule`: the first, by priority, whose table has a route decides. */
export interface IpRule {
  readonly priority: number;
  readonly from?: Cidr | undefined;
  readonly to?: Cidr | undefined;
  readonly fwmark?: number | undefined;
  /** All bits where absent. */
  readonly fwmask?: number | undefined;
  readonly iif?: string | undefined;
  /** "local", "main", "default", or a number. */
  readonly table: string;
  readonly origin: Origin;
}

/** One entry of `ip route show table T`. */
export interface IpRoute {
  readonly table: string;
  readonly to: Cidr;
  readonly via?: Ipv4 | undefined;
  /** Name of the interface; empty for a type that has none (unreachable, blackhole, prohibit). */
  readonly dev: string;
  readonly scope?: 'link' | 'host' | 'global' | undefined;
  /** Preferred source address of packets the host makes itself. */
  readonly src?: Ipv4 | undefined;
  /** `unicast` where absent. */
  readonly type?: 'unicast' | 'local' | 'unreachable' | 'blackhole' | 'prohibit' | undefined;
  readonly origin: Origin;
}
