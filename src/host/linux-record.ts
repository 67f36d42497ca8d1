/** The record of a Linux network namespace: a node, a pod or an instance, ready to treat packets. */
import type { Ipv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { DeviceRecord } from '../trace/device.ts';
import type { ListeningPort } from '../trace/listening.ts';
import type { Routing } from './routing.ts';
import type { RuleSet } from './rule-set.ts';
import type { Absent } from './rules.ts';

/** A network interface. Its number is its place in `LinuxHost.interfaces`, and the port by which packets come. */
export interface Interface {
  readonly name: string;
  /** `eni` leads to an elastic network interface, `veth` to a namespace of the same machine. */
  readonly kind: 'lo' | 'eni' | 'veth' | 'other';
  /** Device at the other end and the port by which packets reach it; -1 where nothing is attached. */
  readonly peer: number;
  readonly peerPort: number;
  /** The primary address first. */
  readonly addresses: readonly Ipv4[];
}

export interface LinuxHost extends DeviceRecord {
  /** The first is lo. */
  readonly interfaces: readonly Interface[];
  readonly routing: Routing;
  /** Null where no rule was ever loaded: no chains, no connection tracking. */
  readonly netfilter: RuleSet | null;
  /** net.ipv4.ip_forward. */
  readonly forwarding: boolean;
  readonly listening: readonly ListeningPort[];
  /** As `sysctl` names them; what is absent has the kernel's default. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** net.ipv4.conf.{all,NAME}.rp_filter by interface: 0 off, 1 strict, 2 loose. */
  readonly reversePathFilter: readonly (0 | 1 | 2)[];
  /** net.ipv4.conf.{all,NAME}.route_localnet by interface. */
  readonly routeLocalnet: readonly boolean[];
  /** .accept_local, .src_valid_mark, .send_redirects likewise. */
  readonly acceptLocal: readonly boolean[];
  readonly sourceMark: readonly boolean[];
  readonly sendRedirects: readonly boolean[];
  /** Whether what comes in by an interface is forwarded: net.ipv4.conf.NAME.forwarding, which ip_forward sets for all. */
  readonly forwards: readonly boolean[];
  readonly absent: readonly Absent[];
  /** The same host as packets of IPv6 find it: its own addresses, routes and rules. Chains have one numbering in both.
   *  Undefined where the host has no IPv6. */
  readonly ipv6?: LinuxHost | undefined;
}

/** The host as packets to this address find it. */
export function sideFor(host: LinuxHost, destination: number): LinuxHost | undefined {
  return isIpv6(destination) ? host.ipv6 : host;
}
