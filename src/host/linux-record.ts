/** The record of a Linux network namespace: a node, a pod or an instance, ready to treat packets. */
import type { Ipv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { DeviceRecord } from '../trace/device.ts';
import type { ListeningPort } from '../trace/listening.ts';
import type { RuleSet } from './netfilter/rule-set.ts';
import type { Routing } from './routing/routing.ts';
import type { Absent } from './rules.ts';

/** A network interface. Its number is its place in `LinuxHost.interfaces`, and the port by which packets come. */
export interface Interface {
  readonly name: string;
  /** `eni` leads to an elastic network interface, `vlan` to one behind a trunk, `veth` to a namespace of the same
   *  machine. */
  readonly kind: 'lo' | 'eni' | 'vlan' | 'veth' | 'other';
  /** Device at the other end and the port by which packets reach it; -1 where nothing is attached. */
  readonly peer: number;
  readonly peerPort: number;
  /** Bytes. Default: 9001 as on EC2, and 65536 of lo. */
  readonly mtu?: number | undefined;
  /** The primary address first. */
  readonly addresses: readonly Ipv4[];
}

/** net.ipv4.conf.NAME of an interface, joined with .all as the kernel joins them. */
export interface InterfaceSettings {
  /** rp_filter: 0 off, 1 strict, 2 loose. */
  readonly reversePathFilter: 0 | 1 | 2;
  readonly routeLocalnet: boolean;
  readonly acceptLocal: boolean;
  /** src_valid_mark. */
  readonly sourceMark: boolean;
  readonly sendRedirects: boolean;
  /** Whether what comes in by it is forwarded: .forwarding, which ip_forward sets for all. */
  readonly forwards: boolean;
}

export interface LinuxHost extends DeviceRecord {
  /** The first is lo. */
  readonly interfaces: readonly Interface[];
  readonly routing: Routing;
  /** Null where no rule was ever loaded: no chains, no connection tracking. */
  readonly netfilter: RuleSet | null;
  /** net.ipv4.ip_forward; `unknown` where nobody could see it. */
  readonly forwarding: boolean | 'unknown';
  readonly listening: readonly ListeningPort[];
  /** As `sysctl` names them; what is absent has the kernel's default. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** By interface. Hosts with the same settings share them. */
  readonly settings: readonly InterfaceSettings[];
  readonly absent: readonly Absent[];
  /** Of a node of a real cluster: whether its rules are those of a dump, or those that the components would write. */
  readonly heldRules?: 'dump' | 'written' | undefined;
  /** The same host as packets of IPv6 find it: its own addresses, routes and rules. Chains have one numbering in both.
   *  Undefined where the host has no IPv6. */
  readonly ipv6?: LinuxHost | undefined;
  /** Of the side of IPv6: what it sends is followed beyond the host. */
  readonly beyond?: boolean | undefined;
}

/** The host as packets to this address find it. */
export function sideFor(host: LinuxHost, destination: number): LinuxHost | undefined {
  return isIpv6(destination) ? host.ipv6 : host;
}
