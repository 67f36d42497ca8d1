/** The lab: which Linux network namespaces, links, routes and rules stand for a world. Plain data; `files.ts` writes
 *  the scripts. A namespace for each node, pod, instance and outside host, one for the fabric of each VPC, and one for
 *  the internet between them. */
import type { Ipv4 } from '../../addressing/ip.ts';
import type { IpRoute, IpRule, IpSetSource, TableSource } from '../../host/rules.ts';

export interface Lab {
  readonly title: string;
  /** What the names of all its namespaces begin with. */
  readonly prefix: string;
  readonly namespaces: readonly LabNamespace[];
  readonly links: readonly LabLink[];
  /** What the world has and the lab has not, in words. */
  readonly leftOut: readonly string[];
}

export interface LabNamespace {
  /** As `ip netns` knows it; without the prefix also the name of its folder. */
  readonly name: string;
  readonly folder: string;
  /** `kind/id` of the device it stands for; `fabric/VPC`, `internet`. */
  readonly device: string;
  /** What a reader should know it by: "pod dev/client, 10.1.0.7". */
  readonly label: string;
  readonly addresses: readonly { readonly dev: string; readonly address: Ipv4 }[];
  /** `ip rule`, without those that the kernel starts with. */
  readonly rules: readonly IpRule[];
  /** Those of `kernelRules` that are not there. */
  readonly missingRules: readonly IpRule[];
  /** Without the local routes that come with addresses. */
  readonly routes: readonly IpRoute[];
  /** Permanent entries. */
  readonly neighbours: readonly { readonly dev: string; readonly address: Ipv4; readonly mac: string }[];
  /** Paths below /proc/sys with values, in the order to be written. */
  readonly sysctls: readonly (readonly [path: string, value: string])[];
  /** Null: nothing is ever loaded, so that its kernel does not track connections. */
  readonly tables: readonly TableSource[] | null;
  /** What `-m set` looks into. */
  readonly sets: readonly IpSetSource[];
  /** Rules that only the lab needs, as iptables-restore reads them. */
  readonly restore?: string | undefined;
  readonly listening: readonly { readonly protocol: number; readonly port: number }[];
}

export interface LabEnd {
  readonly namespace: string;
  readonly dev: string;
  readonly mac: string;
}

/** A veth pair. */
export interface LabLink {
  readonly a: LabEnd;
  readonly b: LabEnd;
}

/** Addresses of links that nobody chose: unicast, locally administered. */
export function macOf(link: number, end: 0 | 1): string {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `02:0${end === 0 ? 'a' : 'b'}:00:${hex(link >> 16)}:${hex((link >> 8) & 255)}:${hex(link & 255)}`;
}
