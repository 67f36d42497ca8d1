/** What changed in the rules and pools of the VPC CNI from version to version (amazon-vpc-cni-k8s, the tagged sources).
 *  Before 1.16 the chains AWS-SNAT-CHAIN and AWS-CONNMARK-CHAIN were several, one a block, of the same effect: not
 *  modelled. */

export interface CniFeatures {
  /** `ip rule` sends a pod's packets to its ENI's table for the VPC's blocks only. */
  readonly podRulesByBlock: boolean;
  /** Connections that leave the VPC are marked, so that they leave by the primary ENI. */
  readonly marksOutbound: boolean;
  /** The mark is restored for SNAT's sake too, not for NodePorts alone. */
  readonly restoresForSnat: boolean;
  /** AWS_EXTERNAL_SERVICE_CIDRS is read. */
  readonly externalServices: boolean;
  /** Nodes whose iptables is that of nftables have the marking in a table of nftables; its comments in iptables are
   *  shorter. */
  readonly nftables: boolean;
  /** ENABLE_PREFIX_DELEGATION is read. */
  readonly prefixes: boolean;
  /** Pools stop growing when they hold an address for every pod that the kubelet takes. */
  readonly stopsAtMaxPods: boolean;
  /** ENABLE_SUBNET_DISCOVERY is read. */
  readonly subnetDiscovery: boolean;
  /** ENABLE_MULTI_NIC is read. */
  readonly multiNic: boolean;
  /** The tag kubernetes.io/role/cni=0 closes the nodes' own subnet too, and subnets of ENIs that are there. */
  readonly closedSubnets: boolean;
}

export function cniFeatures(version: string): CniFeatures {
  const since = (wanted: string) => isAtLeast(version, wanted);
  return {
    podRulesByBlock: !since('1.8.0'),
    marksOutbound: since('1.8.0'),
    restoresForSnat: since('1.12.1'),
    externalServices: since('1.12.6'),
    nftables: since('1.23.0'),
    prefixes: since('1.9.0'),
    stopsAtMaxPods: since('1.16.3'),
    subnetDiscovery: since('1.18.0'),
    multiNic: since('1.20.0'),
    closedSubnets: since('1.22.1'),
  };
}

/** Compares versions such as "1.23.1"; what stands behind the three numbers does not count. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [mine, other] = [version, wanted].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (let i = 0; i < 3; i++) if (mine![i] !== other![i]) return (mine![i] ?? 0) > other![i]!;
  return true;
}
