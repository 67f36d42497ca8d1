/** The settings of kube-proxy that change its rules (KubeProxyConfiguration), and those that EKS ships. */
import type { Family } from './address-family.ts';

/** How kube-proxy tells traffic of the cluster's own pods. */
export type LocalDetector =
  | { readonly mode: 'none' }
  | { readonly mode: 'ClusterCIDR'; readonly cidr: string }
  | { readonly mode: 'BridgeInterface'; readonly name: string }
  | { readonly mode: 'InterfaceNamePrefix'; readonly prefix: string };

export interface KubeProxyConfig {
  readonly family: Family;
  readonly detectLocal: LocalDetector;
  /** SNAT for everything that goes to a ClusterIP. */
  readonly masqueradeAll: boolean;
  /** Bit of the packet mark that asks for SNAT. */
  readonly masqueradeBit: number;
  readonly localhostNodePorts: boolean;
  /** Blocks that select the node addresses which accept NodePorts; empty for every local address. */
  readonly nodePortAddresses: readonly string[];
  /** Sysctl net.netfilter.nf_conntrack_tcp_be_liberal at start: then INVALID packets are not dropped. */
  readonly conntrackBeLiberal: boolean;
  /** A kubelet on the node has made KUBE-FIREWALL already, with the same rule. */
  readonly withKubelet: boolean;
}

/** The kube-proxy add-on of EKS: mode ClusterCIDR with an empty CIDR, so there is no detector. */
export const eksKubeProxy: KubeProxyConfig = {
  family: 'IPv4',
  detectLocal: { mode: 'none' },
  masqueradeAll: false,
  masqueradeBit: 14,
  localhostNodePorts: true,
  nodePortAddresses: [],
  conntrackBeLiberal: false,
  withKubelet: true,
};

/** "0x4000/0x4000". */
export function masqueradeMark({ masqueradeBit }: KubeProxyConfig): string {
  const mark = `0x${(2 ** masqueradeBit).toString(16)}`;
  return `${mark}/${mark}`;
}

/** The match for pod traffic, or for everything else; undefined without a detector. */
export function localMatch(
  detector: LocalDetector,
  not: boolean,
): { readonly source: string } | { readonly inInterface: string } | undefined {
  const negated = not ? '! ' : '';
  switch (detector.mode) {
    case 'none':
      return undefined;
    case 'ClusterCIDR':
      return { source: negated + detector.cidr };
    case 'BridgeInterface':
      return { inInterface: negated + detector.name };
    case 'InterfaceNamePrefix':
      return { inInterface: `${negated}${detector.prefix}+` };
  }
}
