/** ipamd on one node, as a plan: what its ENIs hold when its pods have come one after the other and nothing changes any
 *  more, and which pod has which address. Addresses come lowest first and pods fill the lowest ENI first, where the real
 *  ipamd goes by random map order. */
import { compareIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { StoreEni } from './ipamd/datastore.ts';
import { addPod, grow, settle, startPool } from './ipamd/machine.ts';
import type { Pool, PoolSettings } from './ipamd/pool.ts';
import { ec2Over, type SubnetAddresses } from './ipamd/subnet-addresses.ts';
import { noAddressEvent } from './no-address-event.ts';
import type { IpPoolPlan, PoolAssignment, PoolEni } from './pool-plan.ts';
import { ADDRESSES_PER_PREFIX, poolShape } from './pool-shape.ts';
import { warmTarget } from './warm-target.ts';

/** A pod that needs an address of the node's pool. */
export interface PoolPod {
  /** `namespace/name`. */
  readonly name: string;
  readonly address?: Ipv4 | undefined;
}

/** The trunk of security groups for pods is planned beside it; its place is kept. */
export interface IpPoolInput extends Omit<PoolSettings, 'kept' | 'trunkElsewhere'> {
  /** In the order in which they start, without host network pods. */
  readonly pods: readonly PoolPod[];
  readonly addresses: SubnetAddresses;
}

export function planIpPool(input: IpPoolInput): IpPoolPlan {
  const { pods, addresses, ...settings } = input;
  const { type, env, maxPods, node } = settings;
  const target = warmTarget({ type, env, maxPods, pods: pods.length, primaryExcluded: node.closed });
  const kept = new Set(pods.flatMap(({ address }) => address ?? []));
  const wanted = kept.size > 0 ? wantedSlots(input, kept, target.addresses) : [];
  const pool = startPool({ ...settings, kept, trunkElsewhere: true }, ec2Over(addresses, wanted, kept));
  for (const { name, address } of pods) {
    addPod(pool, name, address);
    grow(pool);
  }
  settle(pool);
  return read(pool, pods, target.because);
}

/** The slots that pods with fixed addresses ask for. Single addresses: each pod's slot is that of its place among the pods
 *  that fit, so that pods stand on the ENIs they would have got. Prefixes: those of the fixed addresses come first. */
function wantedSlots(
  { type, env, pods, node }: IpPoolInput,
  kept: ReadonlySet<Ipv4>,
  places: number,
): readonly (Ipv4 | undefined)[] {
  if (poolShape(type, env, node.closed).perSlot > 1)
    return [...new Set([...kept].map((address) => (address & -ADDRESSES_PER_PREFIX) >>> 0))];
  let free = places - kept.size;
  return pods.filter(({ address }) => address !== undefined || free-- > 0).map(({ address }) => address);
}

function read(pool: Pool, pods: readonly PoolPod[], because: string): IpPoolPlan {
  const { store } = pool;
  const places = new Map(store.enis.map((eni, place) => [eni, place]));
  const assigned: PoolAssignment[] = [];
  for (const { name } of pods) {
    const own = store.pods.get(name);
    if (own) assigned.push({ pod: name, address: own.address, eni: places.get(own.eni)! });
  }
  return {
    enis: store.enis.map(plannedEni),
    branches: [],
    assigned,
    warm: warmOf(pool),
    waiting: [...pool.waiting.keys()].map((pod) => waitingPod(pool, pod)),
    because: [because, pool.notReady, pool.obstacle].filter((text) => text !== undefined).join('; '),
    obstacle: pool.obstacle,
    failures: [...pool.failures.values()],
  };
}

function plannedEni({
  card,
  device,
  role,
  subnet,
  securityGroups,
  primary,
  singles,
  prefixes,
}: StoreEni): PoolEni {
  return {
    card,
    device,
    role,
    subnet,
    securityGroups,
    primary,
    secondary: singles,
    prefixes: prefixes.map((base) => ({ base, length: 28 })),
  };
}

function warmOf({ store }: Pool): readonly Ipv4[] {
  const warm: Ipv4[] = [];
  for (const { excluded, singles, prefixes } of store.enis) {
    if (excluded) continue;
    for (const address of singles) if (!store.holders.has(address)) warm.push(address);
    for (const base of prefixes)
      for (let i = 0; i < ADDRESSES_PER_PREFIX; i++) if (!store.holders.has(base + i)) warm.push(base + i);
  }
  return warm.sort(compareIpv4);
}

/** Why the node is not ready, in the words of aws-node. */
function obstacleOf({ notReady, obstacle }: Pool): string {
  return obstacle ? `${notReady}: ${obstacle}` : notReady!;
}

function waitingPod(pool: Pool, pod: string): IpPoolPlan['waiting'][number] {
  if (pool.notReady === undefined) return { pod, event: noAddressEvent(pod) };
  return { pod, reason: 'NetworkNotReady', event: `${NETWORK_NOT_READY} (aws-node: ${obstacleOf(pool)})` };
}

/** What the kubelet says of pods on a node whose CNI plugin has not come up. */
const NETWORK_NOT_READY =
  'network is not ready: container runtime network not ready: NetworkReady=false ' +
  'reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
