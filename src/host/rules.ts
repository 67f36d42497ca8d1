/** Host rules as text: what kube-proxy, the CNI, kubelet and dumps write, and what `iptables-save`, `nft list ruleset`,
 *  `ipset save`, `ip rule` and `ip route` print. Plain data; `compile` and `routing` make it executable. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';

/** Address family of rules and addresses. */
export type Family = 'IPv4' | 'IPv6';

/** One rule in the spelling of iptables-save: "-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp ... -j KUBE-SVC-...";
 *  in a table of nftables in that of nft: "iifname \"eni*\" jump snat-mark". */
export interface RuleLine {
  readonly text: string;
  readonly origin: Origin;
}

/** A chain of a table. Built-in chains have a policy, user chains none. */
export interface ChainSource {
  readonly name: string;
  readonly policy?: 'ACCEPT' | 'DROP' | undefined;
  /** Of a base chain of nftables; iptables' built-in chains are known by their names. */
  readonly base?: BaseChain | undefined;
  readonly rules: readonly RuleLine[];
}

/** Where a base chain of nftables hooks in: "type nat hook prerouting priority -90". */
export interface BaseChain {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: number;
}

/** The tables of iptables. */
export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** A table of nftables by its family and name: "ip aws-cni". */
export type NftTableName = `${'ip' | 'ip6' | 'inet'} ${string}`;

/** What one writer puts into a table. Shared by identity between hosts where they have the same rules. */
export interface TableSource {
  readonly table: TableName | NftTableName;
  /** Of a table of iptables, IPv4 where absent; ip6tables has tables of the same names. */
  readonly family?: Family | undefined;
  readonly chains: readonly ChainSource[];
  /** Named sets and maps of a table of nftables, which its rules look up as "@NAME". */
  readonly sets?: readonly NftSetSource[] | undefined;
  /** What else a table of nftables has, as printed: counters, quotas, limits, conntrack helpers. */
  readonly objects?: readonly NftObjectSource[] | undefined;
}

/** "limit l1" with "rate 10/second". */
export interface NftObjectSource {
  readonly head: string;
  readonly lines: readonly string[];
}

/** A named set or map of nftables, as `nft list table` prints it. */
export interface NftSetSource {
  readonly name: string;
  readonly kind: 'set' | 'map';
  /** Of its keys: "ipv4_addr . inet_service", or what they are taken from: "ip saddr . tcp dport". */
  readonly type: string;
  /** Of a map's values: "verdict". */
  readonly to?: string | undefined;
  /** "interval", "timeout", "dynamic". */
  readonly flags: readonly string[];
  /** As printed: "size 65535", "timeout 1h", "auto-merge". */
  readonly options?: readonly string[] | undefined;
  /** As printed: "10.0.0.0/24", "10.0.0.1 . 80"; of a map "\"br0\" : jump forward-br0". */
  readonly elements: readonly string[];
  readonly origin: Origin;
}

/** One entry of `ip rule`: the first, by priority, whose table has a route decides. */
export interface IpRule {
  readonly priority: number;
  /** Everything else must not hold. */
  readonly not?: boolean | undefined;
  readonly from?: Cidr | undefined;
  readonly to?: Cidr | undefined;
  readonly fwmark?: number | undefined;
  /** All bits where absent. */
  readonly fwmask?: number | undefined;
  readonly iif?: string | undefined;
  /** Interface that a socket is bound to. */
  readonly oif?: string | undefined;
  readonly tos?: number | undefined;
  readonly ipProtocol?: number | undefined;
  /** First and last port. */
  readonly sourcePorts?: readonly [number, number] | undefined;
  readonly destinationPorts?: readonly [number, number] | undefined;
  /** First and last user number. */
  readonly users?: readonly [number, number] | undefined;
  /** For interfaces of a VRF. */
  readonly l3mdev?: boolean | undefined;
  /** `lookup` where absent. */
  readonly action?: 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | undefined;
  /** Priority of the rule to go on with. */
  readonly goto?: number | undefined;
  /** "local", "main", "default", or a number; empty for an action. */
  readonly table: string;
  /** Routes with a prefix of this length or shorter don't count. */
  readonly suppressPrefixLength?: number | undefined;
  /** Routes by interfaces of this group don't count. */
  readonly suppressGroup?: string | undefined;
  readonly origin: Origin;
}

/** One entry of `ip route show table T`. */
export interface IpRoute {
  readonly table: string;
  readonly to: Cidr;
  /** Only for packets with this type of service; for all where absent. */
  readonly tos?: number | undefined;
  readonly via?: Ipv4 | undefined;
  /** Name of the interface; empty for a type that has none (unreachable, blackhole, prohibit, throw). */
  readonly dev: string;
  readonly scope?: 'link' | 'host' | 'global' | undefined;
  /** Preferred source address of packets the host makes itself. */
  readonly src?: Ipv4 | undefined;
  /** Bytes; that of the interface where absent. */
  readonly mtu?: number | undefined;
  /** Of equal prefixes the lowest wins. Default: 0. */
  readonly metric?: number | undefined;
  /** The gateway is taken to be on the link whatever the addresses say. */
  readonly onlink?: boolean | undefined;
  /** Several ways, one of them for each flow; then `via` and `dev` are those of the first. */
  readonly nexthops?: readonly NextHop[] | undefined;
  /** `unicast` where absent. */
  readonly type?:
    | 'unicast'
    | 'local'
    | 'broadcast'
    | 'anycast'
    | 'multicast'
    | 'unreachable'
    | 'blackhole'
    | 'prohibit'
    | 'throw'
    | undefined;
  readonly origin: Origin;
}

export interface NextHop {
  readonly via?: Ipv4 | undefined;
  readonly dev: string;
  readonly weight: number;
}

/** A set as `ipset save` prints it. */
export interface IpSetSource {
  readonly name: string;
  /** "hash:net,port". */
  readonly type: string;
  readonly family: Family;
  /** As printed behind the type: "family inet hashsize 1024 maxelem 65536 netmask 24". */
  readonly options?: string | undefined;
  /** As printed behind the name: "10.0.0.0/24", "10.0.0.1,tcp:80", "10.0.1.0/24 nomatch". */
  readonly members: readonly string[];
  readonly origin: Origin;
}

/** Something of a host that decides about packets and is not modelled, and which destinations it decides about. */
export interface Absent {
  readonly what: string;
  readonly to: Cidr;
  /** Destination ports; all where absent. */
  readonly ports?: ReadonlySet<number> | undefined;
}

/** What somebody found on a real host, or wants it to have, in place of what the model would write. An absent part
 *  leaves the model's; tables of iptables replace all of iptables' of their family, tables of nftables all of nftables'. */
export interface HostDump {
  readonly tables?: readonly TableSource[] | undefined;
  /** Where single tables of iptables were listed (`iptables -S`): only these replace the model's. All where absent. */
  readonly listed?: readonly TableName[] | undefined;
  /** nftables was listed: `tables` holds all that is in it, be it nothing. */
  readonly nftables?: boolean | undefined;
  readonly sets?: readonly IpSetSource[] | undefined;
  /** All of `ip rule`. */
  readonly ipRules?: readonly IpRule[] | undefined;
  readonly ipRoutes?: readonly IpRoute[] | undefined;
  /** `ipRoutes` are those of these routing tables only (`ip route`, without "table all"). All tables where absent. */
  readonly routeTables?: readonly string[] | undefined;
  /** What the dump holds and nobody here understands. */
  readonly absent?: readonly Absent[] | undefined;
  /** Interfaces that rules and routes name. */
  readonly interfaces?: readonly string[] | undefined;
}
