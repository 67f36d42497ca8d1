/** The state of ipamd on one node, in simulated seconds. */
import type { Ipv4 } from '../../addressing/ip.ts';
import type { CniEnvironment } from '../environment.ts';
import type { PoolFailure } from '../pool-plan.ts';
import { type PoolShape, type PoolType, poolShape } from '../pool-shape.ts';
import { emptyStore, type Store } from './datastore.ts';
import type { Ec2, SlotKind } from './ec2.ts';
import type { EniSubnets } from './subnets.ts';
import { type Targets, targetsOf } from './targets.ts';

/** Seconds from one look at the pools to the next. */
export const LOOP_INTERVAL = 5;

export interface PoolSettings {
  readonly env: CniEnvironment;
  readonly type: PoolType;
  /** The kubelet's. */
  readonly maxPods: number;
  readonly node: {
    readonly subnet: string;
    readonly address: Ipv4;
    /** The subnet's tags close it to pods. */
    readonly closed?: boolean;
    readonly cordoned?: boolean;
  };
  readonly eniSubnets: EniSubnets;
  /** ENIs of the first card that ipamd leaves alone (tag node.k8s.amazonaws.com/no_manage, EFA only). */
  readonly unmanagedEnis?: number;
  /** Whoever asks sees to the trunk of security groups for pods: only its place is kept. */
  readonly trunkElsewhere?: boolean;
  /** Addresses that only the pods that ask for them by number may have. */
  readonly kept?: ReadonlySet<Ipv4>;
}

/** What happened to the pool of a card since the last pod came or went. */
export interface CardState {
  shrank: boolean;
  /** It grew again after it shrank: its targets let it come to no rest. */
  breathes: boolean;
}

export interface Pool {
  settings: PoolSettings;
  shape: PoolShape;
  targets: readonly Targets[];
  readonly ec2: Ec2;
  readonly store: Store;
  /** Pods without an address, in the order in which they came; the address they ask for. */
  readonly waiting: Map<string, Ipv4 | undefined>;
  cards: readonly CardState[];
  now: number;
  nextLook: number;
  lastDecrease: number;
  /** When EC2 last said that a subnet has too little. */
  lastInsufficient: number;
  /** Something changed since EC2 last said so. */
  changedSince: boolean;
  /** The latest refusal of each subnet and code. */
  readonly failures: Map<string, PoolFailure>;
  /** Why no ENI could be made, where no subnet was even asked; ipamd's words. */
  obstacle: string | undefined;
  /** Why aws-node does not become ready. */
  notReady: string | undefined;
}

export function newPool(settings: PoolSettings, ec2: Ec2): Pool {
  const derived = derive(settings);
  return {
    settings,
    ...derived,
    ec2,
    store: emptyStore(settings.kept),
    waiting: new Map(),
    now: 0,
    nextLook: LOOP_INTERVAL,
    lastDecrease: -Infinity,
    lastInsufficient: -Infinity,
    changedSince: false,
    failures: new Map(),
    obstacle: undefined,
    notReady: undefined,
  };
}

/** What follows from the settings, with nothing seen yet. */
export function derive({
  type,
  env,
  node,
  maxPods,
}: PoolSettings): Pick<Pool, 'shape' | 'targets' | 'cards'> {
  const shape = poolShape(type, env, node.closed);
  const targets = Array.from({ length: shape.cards }, (_, card) => targetsOf(env, shape, maxPods, card));
  return { shape, targets, cards: targets.map(() => ({ shrank: false, breathes: false })) };
}

export function slotKind({ shape }: Pool): SlotKind {
  return shape.perSlot === 1 ? 'address' : 'prefix';
}

/** Whether ipamd may change the node's ENIs now. */
export function mayChangeEnis({ settings: { env, node } }: Pool): boolean {
  return env.managesUnschedulable || !node.cordoned;
}

export function noteFailure(pool: Pool, failure: PoolFailure): void {
  pool.failures.set(`${failure.code} ${failure.subnet}`, failure);
}
