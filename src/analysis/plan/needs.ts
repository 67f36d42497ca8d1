/** The subnets of one zone and what they must hold at the zone's peak, line by line. */
import type { PlanDemand } from './demand.ts';
import { type NodeShare, nodeShare, zoneShare } from './node-share.ts';
import { count, type ZonePeak } from './peak.ts';

export type SubnetKind = 'nodes' | 'pods' | 'public' | 'control-plane';

export interface Use {
  readonly what: string;
  /** Single addresses; 0 of a line about prefixes. */
  readonly addresses: number;
  /** /28 blocks. */
  readonly prefixes: number;
  readonly because: string;
}

export interface SubnetNeed {
  readonly kind: SubnetKind;
  readonly uses: readonly Use[];
}

export interface ZoneNeed {
  readonly subnets: readonly SubnetNeed[];
  /** Network interfaces at the peak. */
  readonly enis: number;
  /** Units of the quota "Network Address Usage". */
  readonly addressUnits: number;
}

/** An Application Load Balancer grows to so many addresses in all its subnets, and wants so many free ones in each (ELB
 *  guide, "Subnets for your load balancer"). */
const BALANCER_ADDRESSES = 100;
const BALANCER_FREE = 8;

/** EKS puts up to four interfaces into the cluster's subnets, and wants up to five free addresses in them for an upgrade
 *  of the control plane (EKS guide, "Networking requirements for VPC and subnets"); a /28 for each zone is its advice. */
const CONTROL_PLANE_ENIS = 4;
const CONTROL_PLANE_UPGRADE = 5;

/** What nodes and pods need of AWS where no way leads to the internet (EKS guide, "Deploy private clusters"); S3 is
 *  reached by a gateway endpoint, which has no address. */
export const INTERFACE_ENDPOINTS = [
  'ec2',
  'ecr.api',
  'ecr.dkr',
  'eks',
  'eks-auth',
  'elasticloadbalancing',
  'logs',
  'sts',
] as const;

/** What a NAT gateway and an endpoint count in the quota (VPC guide, "Network Address Usage"). */
const SERVICE_UNITS = 6;

export function zoneNeed(demand: PlanDemand, peak: ZonePeak): ZoneNeed {
  const share = zoneShare(demand, peak);
  const typical = nodeShare(demand, Math.ceil(peak.pods / peak.nodes));
  const custom = demand.env.customNetworking;
  const nodes: SubnetNeed = {
    kind: 'nodes',
    uses: [
      nodesUse(demand, peak, share),
      ...(custom ? [] : prefixUse(peak, share, typical)),
      ...balancerUses(demand, demand.loadBalancers.internal, 'internal'),
      ...(demand.access === 'isolated' ? [endpointUse()] : []),
    ],
  };
  const pods: SubnetNeed = {
    kind: 'pods',
    uses: [podUse(peak, share, typical), ...prefixUse(peak, share, typical)],
  };
  const open = demand.access !== 'isolated';
  const publicUses = [
    ...balancerUses(demand, demand.loadBalancers.public, 'public'),
    ...(demand.access === 'private' ? [natUse()] : []),
  ];
  const subnets = [
    nodes,
    ...(custom ? [pods] : []),
    ...(open && publicUses.length > 0 ? [{ kind: 'public' as const, uses: publicUses }] : []),
    { kind: 'control-plane' as const, uses: controlPlaneUses() },
  ];
  const gateways = demand.access === 'private' ? 1 : 0;
  const endpoints = demand.access === 'isolated' ? INTERFACE_ENDPOINTS.length : 0;
  const balancers = demand.loadBalancers.internal + (open ? demand.loadBalancers.public : 0);
  const others = gateways + endpoints + balancers * growthPerZone(demand) + CONTROL_PLANE_ENIS;
  const held = share.node + share.pod + share.prefixes;
  return {
    subnets,
    enis: share.enis + others,
    addressUnits: held + others + (gateways + endpoints) * (SERVICE_UNITS - 1),
  };
}

function nodesUse(demand: PlanDemand, peak: ZonePeak, share: NodeShare): Use {
  const { env } = demand;
  const each = nodeShare(demand, Math.ceil(peak.pods / peak.nodes));
  const what = env.customNetworking
    ? 'nodes'
    : env.prefixDelegation
      ? 'nodes and their ENIs'
      : 'nodes, their ENIs and pods';
  const sum = env.customNetworking
    ? `${count(peak.nodes)} nodes, one address each`
    : `${count(peak.nodes)} nodes with ${count(peak.pods)} pods, whichever way they spread: ${each.node} on a node of ${Math.ceil(peak.pods / peak.nodes)} pods (${each.because})`;
  return { what, addresses: share.node, prefixes: 0, because: sum };
}

function podUse(peak: ZonePeak, share: NodeShare, each: NodeShare & { because: string }): Use {
  return {
    what: share.prefixes > 0 ? 'ENIs of nodes for pods' : 'ENIs of nodes for pods, and pods',
    addresses: share.pod,
    prefixes: 0,
    because: `${count(peak.nodes)} nodes with ${count(peak.pods)} pods, whichever way they spread: ${each.pod} on a node of ${Math.ceil(peak.pods / peak.nodes)} pods (${each.because})`,
  };
}

function prefixUse(peak: ZonePeak, share: NodeShare, each: NodeShare & { because: string }): Use[] {
  if (share.prefixes === 0) return [];
  const because = `${count(peak.nodes)} nodes with ${count(peak.pods)} pods, whichever way they spread: ${each.prefixes} on a node of ${Math.ceil(peak.pods / peak.nodes)} pods (${each.because})`;
  return [{ what: 'prefixes for pods', addresses: 0, prefixes: share.prefixes, because }];
}

function growthPerZone({ zones }: PlanDemand): number {
  return Math.ceil(BALANCER_ADDRESSES / zones);
}

function balancerUses(demand: PlanDemand, balancers: number, scheme: string): Use[] {
  if (balancers === 0) return [];
  const each = growthPerZone(demand);
  const lines = `${balancers} ${scheme} load balancer${balancers === 1 ? '' : 's'}`;
  return [
    {
      what: 'load balancers',
      addresses: balancers * each,
      prefixes: 0,
      because: `${lines} may grow to ${BALANCER_ADDRESSES} addresses in ${demand.zones} zones: ${each} here each`,
    },
    {
      what: 'kept free for load balancers',
      addresses: BALANCER_FREE,
      prefixes: 0,
      because: `a load balancer wants ${BALANCER_FREE} free addresses in each of its subnets`,
    },
  ];
}

function natUse(): Use {
  return {
    what: 'NAT gateway',
    addresses: 1,
    prefixes: 0,
    because: 'one in each zone, so that none depends on another',
  };
}

function endpointUse(): Use {
  return {
    what: 'VPC endpoints',
    addresses: INTERFACE_ENDPOINTS.length,
    prefixes: 0,
    because: `${INTERFACE_ENDPOINTS.join(', ')}: one address each in every zone`,
  };
}

function controlPlaneUses(): Use[] {
  return [
    {
      what: 'control plane',
      addresses: CONTROL_PLANE_ENIS,
      prefixes: 0,
      because: `EKS has up to ${CONTROL_PLANE_ENIS} interfaces in the subnets of the cluster`,
    },
    {
      what: 'kept free for upgrades',
      addresses: CONTROL_PLANE_UPGRADE,
      prefixes: 0,
      because: `an upgrade of the control plane wants up to ${CONTROL_PLANE_UPGRADE} free addresses`,
    },
  ];
}
