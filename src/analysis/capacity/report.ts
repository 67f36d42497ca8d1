/** What `vpcsim capacity` finds, as plain data: the same for text, JSON, CSV and the drawings. Addresses and blocks are
 *  text, counts are whole numbers, and nothing refers to objects of the model. Lists are in a stable order. */

/** Name and version of the format; a change that breaks readers gets another number. */
export const CAPACITY_SCHEMA = 'vpcsim.capacity/v1';

/** What an address of a subnet is taken by, in the order in which lines stand, with the words of tables and charts.
 *  Each address counts in exactly one line, so that the lines of a subnet sum to its size. */
export const capacityUses = {
  aws: 'reserved by AWS',
  'control-plane': 'control plane ENIs',
  'load-balancer': 'load balancers',
  'nat-gateway': 'NAT gateways',
  endpoint: 'interface endpoints',
  instance: 'instances',
  occupied: 'others',
  node: 'nodes',
  interface: 'ENI primaries',
  trunk: 'trunk ENIs',
  branch: 'branch ENIs',
  pod: 'pods',
  'prefix-pod': 'pods, in prefixes',
  cooling: 'cooling',
  warm: 'warm',
  'prefix-warm': 'warm, in prefixes',
  'explicit-reservation': 'held back: explicit reservation',
  'prefix-reservation': 'free, for prefixes only',
  free: 'free',
} as const;

export type CapacityUse = keyof typeof capacityUses;

export interface UseLine {
  readonly use: CapacityUse;
  readonly addresses: number;
}

export interface CapacityReport {
  readonly schema: typeof CAPACITY_SCHEMA;
  /** Name of the topology. */
  readonly topology: string;
  /** Everything that exists now has its place and its addresses. */
  readonly fits: boolean;
  /** The answer: what runs out, when, what to do; the most urgent first. */
  readonly findings: readonly Finding[];
  readonly cluster: ClusterFacts | null;
  readonly subnets: readonly SubnetCapacity[];
  /** Node groups, then nodes outside of groups by instance type. */
  readonly groups: readonly GroupCapacity[];
  /** What is there and has no place or no address. */
  readonly waiting: readonly Waiting[];
  /** What stops the cluster as all its Deployments grow alike, in the order in which it is met. */
  readonly limits: readonly Limit[];
  /** How many more replicas of each Deployment and StatefulSet fit, the others as they are. */
  readonly workloads: readonly WorkloadRoom[];
  readonly peaks: readonly Peak[];
  /** What was asked for by replicas and nodes; null where nothing was. */
  readonly scenario: Scenario | null;
  /** Null where no growth was asked for. */
  readonly growth: Growth | null;
  /** Only what helps, by effect. */
  readonly advice: readonly Advice[];
  /** What the figures leave out or suppose, one sentence each. */
  readonly assumptions: readonly string[];
}

export interface Finding {
  /** `now`: something waits; `peak`: something would wait in one of the peaks; `later`: as it grows. */
  readonly urgency: 'now' | 'peak' | 'later' | 'none';
  readonly message: string;
  /** What to do. */
  readonly cure: string | null;
}

export interface ClusterFacts {
  readonly name: string;
  /** How the CNI fills ENIs: single addresses or /28 prefixes. */
  readonly mode: 'secondary-ip' | 'prefix-delegation';
  readonly customNetworking: boolean;
  readonly podEni: boolean;
  /** Variables of aws-node that set the pool, as they count: WARM_ENI_TARGET and so on. */
  readonly settings: Readonly<Record<string, string>>;
  readonly nodes: number;
  /** Those that need an address of their own; pods of the host network are not among them. */
  readonly pods: number;
  readonly hostNetworkPods: number;
}

export interface SubnetCapacity {
  readonly name: string;
  readonly vpc: string;
  readonly az: string;
  readonly cidr: string;
  readonly size: number;
  /** Uses with at least one address, in the order of `capacityUses`. */
  readonly lines: readonly UseLine[];
  /** What anything may take; reservations are not among it. */
  readonly free: number;
  /** The largest aligned block of free addresses; null in a full subnet. */
  readonly largestFreeBlock: string | null;
  readonly prefixes: PrefixBlocks;
  /** Who the addresses of the line `occupied` belong to. */
  readonly occupiedBy: readonly { readonly by: string; readonly addresses: number }[];
}

/** The /28 blocks of a subnet: what prefix delegation can take. */
export interface PrefixBlocks {
  readonly total: number;
  /** Wholly free, or free in a reservation of type prefix. */
  readonly free: number;
  /** Delegated to ENIs. */
  readonly delegated: number;
  /** Free addresses in blocks that something touches: no prefix can have them. */
  readonly stranded: number;
  /** One letter a block, the lowest first; see `blockLetters`. */
  readonly map: string;
  /** Blocks with free addresses that nothing but a few addresses keep from being delegated, the lowest first. */
  readonly touched: readonly TouchedBlock[];
  /** The reservation of type prefix that keeps the most blocks for prefixes; null where there is one already or where it
   *  would keep none. */
  readonly reservation: PrefixReservation | null;
}

/** Letters of `PrefixBlocks.map`. */
export const blockLetters = {
  '.': 'free',
  r: 'free, reserved for prefixes',
  P: 'delegated',
  '-': 'held back by an explicit reservation',
  '+': 'touched: some addresses are free',
  '#': 'full',
} as const;

export interface TouchedBlock {
  readonly cidr: string;
  readonly free: number;
  /** Who has the others: "pod/default/web", "RDS", "AWS". */
  readonly by: readonly string[];
}

export interface PrefixReservation {
  readonly cidr: string;
  /** /28 blocks in it. */
  readonly blocks: number;
  /** How many of them are whole or delegated now. */
  readonly usable: number;
  /** How many can be once what touches them has gone. */
  readonly later: number;
  /** Addresses in it that something other than a prefix holds: nodes that are replaced and others that move give
   *  them up. */
  readonly taken: number;
  /** Who has those. */
  readonly by: readonly string[];
}

/** What stops growth. */
export type LimitKind =
  | 'max-pods'
  | 'enis'
  | 'cpu'
  | 'memory'
  | 'placement'
  | 'subnet-addresses'
  | 'prefix-blocks'
  | 'group-max'
  | 'branch-enis';

export interface Stop {
  readonly kind: LimitKind;
  /** "group/workers", "subnet/private-a". */
  readonly at: string;
  /** With its numbers. */
  readonly message: string;
}

/** Addresses that one node holds at rest. */
export interface Footprint {
  readonly pods: number;
  readonly enis: number;
  /** Delegated /28 blocks. */
  readonly prefixes: number;
  /** All of them, those of prefixes included. */
  readonly addresses: number;
}

export interface GroupCapacity {
  readonly name: string;
  readonly kind: 'node-group' | 'nodes';
  readonly instanceType: string;
  readonly nodes: number;
  /** Null for nodes outside of groups. */
  readonly max: number | null;
  readonly subnets: readonly string[];
  readonly maxPods: number;
  /** What sets maxPods, with the arithmetic. */
  readonly maxPodsBecause: string;
  /** All pods on its nodes, those of the host network too. */
  readonly pods: number;
  /** Of a node with the pods of DaemonSets alone, and of one that is full. */
  readonly footprint: { readonly launched: Footprint; readonly full: Footprint };
  readonly room: {
    /** More nodes that could be launched, and what stops the next one. */
    readonly nodes: number;
    readonly stoppedBy: Stop;
    /** The same where every node is full of pods. */
    readonly fullNodes: number;
    readonly fullStoppedBy: Stop;
    /** More pods without requests on the nodes there are, and what stops the next one. */
    readonly pods: number;
    readonly podsStoppedBy: Stop;
    readonly bySubnet: readonly {
      readonly subnet: string;
      readonly nodes: number;
      readonly fullNodes: number;
    }[];
  };
}

export interface Waiting {
  /** `unschedulable`: no node takes it; `address`: it has a node and no address; `node`: a node of a group that could
   *  not be launched. */
  readonly kind: 'unschedulable' | 'address' | 'node';
  readonly count: number;
  /** One of them. */
  readonly example: string;
  readonly message: string;
}

export interface Limit extends Stop {
  /** Pods with addresses of their own, and nodes, when it is met. */
  readonly pods: number;
  readonly nodes: number;
}

export interface WorkloadRoom {
  /** "deploy/NS/NAME", "statefulset/NS/NAME". */
  readonly workload: string;
  readonly replicas: number;
  /** More replicas on the nodes there are. */
  readonly more: number;
  readonly stoppedBy: Stop;
}

export type PeakKind =
  | 'rolling-update'
  | 'rolling-update-of-all'
  | 'node-group-update'
  | 'node-replacement'
  | 'zone-loss'
  | 'control-plane-upgrade'
  | 'load-balancer-growth'
  | 'terminating-nodes'
  | 'cooldown'
  | 'branch-cooldown';

/** The worst moment of something that happens to every cluster. */
export interface Peak {
  readonly kind: PeakKind;
  /** "deploy/production/web", "group/workers", "zone/us-east-1a", "cluster/prod", "alb/NAME". */
  readonly of: string;
  readonly fits: boolean;
  /** Addresses beyond today's, over all subnets. */
  readonly addresses: number;
  /** How long they are held, where a rule says so. */
  readonly seconds: number | null;
  /** Nodes beyond today's. */
  readonly nodes: number;
  readonly pods: {
    /** Beyond today's, those that move included. */
    readonly extra: number;
    readonly unschedulable: number;
    readonly withoutAddress: number;
  };
  readonly subnets: readonly PeakSubnet[];
  /** What does not fit. */
  readonly stops: readonly Stop[];
  /** The arithmetic, one sentence each. */
  readonly because: readonly string[];
}

export interface PeakSubnet {
  readonly subnet: string;
  /** Addresses beyond today's, by use. */
  readonly extra: readonly UseLine[];
  readonly addresses: number;
  /** Free today. */
  readonly free: number;
  /** What is missing; 0 where it fits. */
  readonly short: number;
}

/** The cluster after a change. */
export interface Scenario {
  readonly replicas: readonly { readonly workload: string; readonly from: number; readonly to: number }[];
  readonly nodes: readonly { readonly group: string; readonly from: number; readonly to: number }[];
  /** Nodes that the cluster autoscaler adds for pods without a place. */
  readonly added: readonly { readonly group: string; readonly nodes: number }[];
  readonly after: Snapshot;
  readonly fits: boolean;
  readonly stops: readonly Stop[];
}

export interface Snapshot {
  readonly pods: number;
  readonly nodes: number;
  readonly unschedulable: number;
  readonly withoutAddress: number;
  readonly subnets: readonly { readonly subnet: string; readonly lines: readonly UseLine[] }[];
}

export interface Growth {
  readonly percent: number;
  readonly per: 'day' | 'week' | 'month';
  /** In days, weeks or months from now: the first in which a pod or a node has no place or no address. Null where that
   *  is past the last point of the timeline. */
  readonly runsOut: { readonly at: number; readonly stop: Stop } | null;
  /** When each subnet has no address left that is wanted. */
  readonly bySubnet: readonly { readonly subnet: string; readonly at: number | null }[];
  readonly events: readonly GrowthEvent[];
  readonly timeline: readonly TimelinePoint[];
}

export interface GrowthEvent {
  readonly at: number;
  readonly kind: 'node-added' | 'group-max' | 'subnet-full' | 'no-place' | 'no-address';
  readonly message: string;
}

export interface TimelinePoint extends Snapshot {
  /** Days, weeks or months from now; the first is 0. */
  readonly at: number;
}

export type AdviceKind =
  | 'warm-ip-target'
  | 'warm-eni-target'
  | 'prefix-delegation'
  | 'secondary-cidr'
  | 'larger-subnets'
  | 'larger-nodes'
  | 'prefix-reservation'
  | 'group-max';

export interface Advice {
  readonly kind: AdviceKind;
  /** What to do, one sentence. */
  readonly title: string;
  /** Where in the topology, with what is there now and what to write. */
  readonly changes: readonly { readonly where: string; readonly from: string | null; readonly to: string }[];
  /** What the same computation gives for the changed topology. */
  readonly numbers: readonly { readonly what: string; readonly before: number; readonly after: number }[];
  readonly costs: readonly string[];
}
