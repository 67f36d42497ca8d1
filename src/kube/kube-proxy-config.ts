/** The settings of kube-proxy that change its rules (kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration), and those
 *  that EKS ships. */
import { type Family, familyOf, inRange, single } from './address-family.ts';

/** kube-proxy's configuration as far as it bears on packets, whatever the node and the family. Blocks are texts without
 *  host bits, of both families. */
export interface KubeProxySettings {
  readonly mode: 'iptables' | 'ipvs' | 'nftables';
  /** At most one of each family. */
  readonly clusterCidrs: readonly string[];
  readonly detectLocalMode: 'ClusterCIDR' | 'NodeCIDR' | 'BridgeInterface' | 'InterfaceNamePrefix';
  /** Empty where the mode is another one. */
  readonly bridgeInterface: string;
  /** Empty where the mode is another one. */
  readonly interfaceNamePrefix: string;
  readonly masqueradeAll: boolean;
  readonly masqueradeBit: number;
  readonly localhostNodePorts: boolean;
  readonly nodePortAddresses: NodePortAddresses;
  readonly tcpBeLiberal: boolean;
  readonly featureGates: Readonly<Record<string, boolean>>;
}

/** Blocks that select the node addresses which accept NodePorts, none for every local address; `primary`: the address
 *  that the node goes by, alone. */
export type NodePortAddresses = readonly string[] | 'primary';

/** The add-on of EKS (ConfigMap kube-system/kube-proxy-config). */
export const eksKubeProxySettings: KubeProxySettings = {
  mode: 'iptables',
  clusterCidrs: [],
  detectLocalMode: 'ClusterCIDR',
  bridgeInterface: '',
  interfaceNamePrefix: '',
  masqueradeAll: false,
  masqueradeBit: 14,
  localhostNodePorts: true,
  nodePortAddresses: [],
  tcpBeLiberal: false,
  featureGates: {},
};

/** How kube-proxy tells traffic of the cluster's own pods. */
export type LocalDetector =
  | { readonly mode: 'none' }
  | { readonly mode: 'ClusterCIDR'; readonly cidr: string }
  | { readonly mode: 'BridgeInterface'; readonly name: string }
  | { readonly mode: 'InterfaceNamePrefix'; readonly prefix: string };

/** The settings of one instance of kube-proxy: of one family, on nodes that are alike. */
export interface KubeProxyConfig {
  readonly family: Family;
  readonly detectLocal: LocalDetector;
  /** SNAT for everything that goes to a ClusterIP. */
  readonly masqueradeAll: boolean;
  /** Bit of the packet mark that asks for SNAT. */
  readonly masqueradeBit: number;
  readonly localhostNodePorts: boolean;
  readonly nodePortAddresses: NodePortAddresses;
  /** Sysctl net.netfilter.nf_conntrack_tcp_be_liberal at start: then INVALID packets are not dropped. */
  readonly conntrackBeLiberal: boolean;
  /** A kubelet on the node has made KUBE-FIREWALL already, with the same rule; it does so for IPv4. */
  readonly withKubelet: boolean;
  readonly hints: HintUse;
  /** kube-proxy counts packets of two rules by the kernel's accounting (nfnetlink_acct). */
  readonly nfacct: boolean;
}

/** Whether nodes have nfnetlink_acct. kube-proxy 1.32 and later then names counters in two rules, which match the same
 *  packets all the same. Unsure for AL2023: kubeadm's clusters have it. */
const NFACCT_AVAILABLE = false;

/** Which hints of EndpointSlices count. */
export interface HintUse {
  /** Those for nodes (KEP-3015, feature gate PreferSameTrafficDistribution). */
  readonly nodes: boolean;
  /** Those for zones only where the Service is annotated for topology aware routing. */
  readonly zonesByAnnotation: boolean;
}

/** What decides about kube-proxy's rules beside its configuration. */
export interface KubeProxyNode {
  readonly family: Family;
  /** Of Kubernetes: "1.34". */
  readonly version: string;
  readonly podCidr?: string | undefined;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** From this minor version of Kubernetes on, hints for nodes count without a gate: beta in 1.34 (KEP-3015). */
const NODE_HINTS_SINCE = 34;
/** From this one on, hints for zones count without an annotation (gate ServiceTrafficDistribution beta, KEP-4444). */
const ZONE_HINTS_SINCE = 31;

const BE_LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';

export function kubeProxyConfig(settings: KubeProxySettings, node: KubeProxyNode): KubeProxyConfig {
  const { masqueradeAll, masqueradeBit, localhostNodePorts, nodePortAddresses, featureGates } = settings;
  const minor = Number(node.version.split('.')[1]);
  const sysctl = node.sysctls[BE_LIBERAL] ?? node.sysctls[BE_LIBERAL.replaceAll('.', '/')];
  return {
    family: node.family,
    detectLocal: detectorOf(settings, node),
    masqueradeAll,
    masqueradeBit,
    localhostNodePorts,
    nodePortAddresses,
    conntrackBeLiberal: settings.tcpBeLiberal || Number(sysctl ?? 0) !== 0,
    withKubelet: node.family === 'IPv4',
    nfacct: NFACCT_AVAILABLE,
    hints: {
      nodes: featureGates.PreferSameTrafficDistribution ?? minor >= NODE_HINTS_SINCE,
      zonesByAnnotation: !(featureGates.ServiceTrafficDistribution ?? minor >= ZONE_HINTS_SINCE),
    },
  };
}

/** Whether kube-proxy gets as far as to write rules: in mode NodeCIDR it waits for the node's block, and gives up
 *  (cmd/kube-proxy/app/server_linux.go waitForPodCIDR). */
export function kubeProxyStarts({ detectLocalMode }: KubeProxySettings, hasPodCidr: boolean): boolean {
  return detectLocalMode !== 'NodeCIDR' || hasPodCidr;
}

function detectorOf(settings: KubeProxySettings, { family, podCidr }: KubeProxyNode): LocalDetector {
  const byCidr = (blocks: readonly string[]): LocalDetector => {
    const cidr = blocks.find((block) => familyOf(block) === family);
    return cidr === undefined ? { mode: 'none' } : { mode: 'ClusterCIDR', cidr };
  };
  switch (settings.detectLocalMode) {
    case 'ClusterCIDR':
      return byCidr(settings.clusterCidrs);
    case 'NodeCIDR':
      return byCidr(podCidr === undefined ? [] : [podCidr]);
    case 'BridgeInterface':
      return { mode: 'BridgeInterface', name: settings.bridgeInterface };
    case 'InterfaceNamePrefix':
      return { mode: 'InterfaceNamePrefix', prefix: settings.interfaceNamePrefix };
  }
}

/** The kube-proxy add-on of EKS: mode ClusterCIDR with an empty CIDR, so there is no detector. */
export const eksKubeProxy: KubeProxyConfig = kubeProxyConfig(eksKubeProxySettings, {
  family: 'IPv4',
  version: '1.34',
  sysctls: {},
});

/** The blocks of this family that select the addresses which accept NodePorts; undefined where all do
 *  (pkg/proxy/util NewNodePortAddresses: a family without a block of its own has all). */
export function nodePortBlocks(
  { family, nodePortAddresses }: KubeProxyConfig,
  primaryAddress: string,
): readonly string[] | undefined {
  if (nodePortAddresses === 'primary') return [single(primaryAddress)];
  const own = nodePortAddresses.filter((block) => familyOf(block) === family);
  return own.length === 0 || own.some((block) => block.endsWith('/0')) ? undefined : own;
}

/** Whether NodePorts answer on 127.0.0.0/8. Then kube-proxy sets net.ipv4.conf.all.route_localnet and writes
 *  KUBE-FIREWALL. */
export function servesLoopback(config: KubeProxyConfig): boolean {
  if (config.family !== 'IPv4' || !config.localhostNodePorts) return false;
  const blocks = nodePortBlocks(config, '0.0.0.0');
  return (
    !blocks || blocks.some((block) => inRange('127.0.0.0/8', addressOf(block)) || inRange(block, '127.0.0.0'))
  );
}

function addressOf(block: string): string {
  return block.slice(0, block.indexOf('/'));
}

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
