/** ipamd on one node, as a plan: its ENIs, their addresses, and which pod has which. Addresses come lowest first and
 *  pods fill the lowest ENI first, where the real ipamd goes by random map order. All ENIs are in the node's subnet. */
import { compareIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { CniEnvironment } from './environment.ts';
import { noAddressEvent } from './no-address-event.ts';
import type { IpPoolPlan, PoolAssignment, PoolEni } from './pool-plan.ts';
import type { PoolType } from './pool-shape.ts';
import { type WarmTarget, warmTarget } from './warm-target.ts';

/** Addresses of a subnet, as the plan takes them. */
export interface SubnetAddresses {
  /** That address, or the lowest free one; undefined when it is not to be had. */
  take(wanted?: Ipv4): Ipv4 | undefined;
  release(address: Ipv4): void;
}

/** A pod that needs an address of the node's pool. */
export interface PoolPod {
  /** `namespace/name`. */
  readonly name: string;
  readonly address?: Ipv4 | undefined;
}

export interface IpPoolInput {
  readonly type: PoolType;
  readonly env: CniEnvironment;
  /** The kubelet's. */
  readonly maxPods: number;
  /** The node's own address, which is that of its primary ENI. */
  readonly primaryAddress: Ipv4;
  /** In the order in which they start, without host network pods. */
  readonly pods: readonly PoolPod[];
  readonly subnet: SubnetAddresses;
  readonly subnetName: string;
}

export function planIpPool(input: IpPoolInput): IpPoolPlan {
  const target = warmTarget({ ...input, env: singleAddresses(input.env), pods: input.pods.length });
  const pinned = input.pods.filter(({ address }) => address !== undefined);
  const enis = attachEnis(input, target);
  const held = new Map(
    enis.flatMap(({ secondary }, place) => secondary.map((address) => [address, place] as const)),
  );
  const assigned = new Map<string, PoolAssignment>();
  const assign = (pod: string, address: Ipv4) => {
    assigned.set(pod, { pod, address, eni: held.get(address)! });
    held.delete(address);
  };
  for (const { name, address } of pinned) if (held.has(address!)) assign(name, address!);
  for (const { name, address } of input.pods) {
    if (address !== undefined) continue;
    const [next] = held.keys();
    if (next !== undefined) assign(name, next);
  }
  return {
    enis,
    branches: [],
    assigned: input.pods.flatMap(({ name }) => assigned.get(name) ?? []),
    warm: [...held.keys()].sort(compareIpv4),
    waiting: input.pods
      .filter(({ name }) => !assigned.has(name))
      .map(({ name }) => ({ pod: name, event: noAddressEvent(name) })),
    because: target.because,
    failures:
      enis.reduce((sum, { secondary }) => sum + secondary.length, 0) < target.addresses
        ? [
            {
              code: 'InsufficientFreeAddressesInSubnet',
              subnet: input.subnetName,
              message: 'The specified subnet does not have enough free addresses to satisfy the request.',
            },
          ]
        : [],
  };
}

/** What the plan knows: no prefixes, one subnet, one network card, no trunk. */
function singleAddresses(env: CniEnvironment): CniEnvironment {
  return { ...env, prefixDelegation: false, customNetworking: false, podEni: false, multiNic: false };
}

/** ENI after ENI until the target is met. The addresses of pinned pods fill the first slots, so that the pods stand
 *  on the ENIs they would have got. */
function attachEnis(
  { type, primaryAddress, pods, subnet, subnetName }: IpPoolInput,
  target: WarmTarget,
): PoolEni[] {
  const slots = type.ipv4PerEni - 1;
  const wanted = seated(pods, target.addresses);
  const enis: PoolEni[] = [];
  let left = target.addresses;
  for (let device = 0; device < target.enis; device++) {
    const here = wanted.slice(device * slots, (device + 1) * slots);
    const count = Math.min(slots, left);
    const own =
      device === 0
        ? { primary: primaryAddress, secondary: takeSome(subnet, here, count) }
        : newEni(subnet, here, count);
    if (own === undefined) break;
    enis.push({
      card: 0,
      device,
      role: device === 0 ? 'primary' : 'secondary',
      subnet: subnetName,
      securityGroups: undefined,
      prefixes: [],
      ...own,
    });
    left -= own.secondary.length;
    if (own.secondary.length < count) break;
  }
  return enis;
}

/** The address that each pod with a place in the pool wants, in order; pods with a fixed one have a place first. */
function seated(pods: readonly PoolPod[], places: number): (Ipv4 | undefined)[] {
  let free = places - pods.filter(({ address }) => address !== undefined).length;
  return pods.filter(({ address }) => address !== undefined || free-- > 0).map(({ address }) => address);
}

/** An ENI is created with its addresses, or not at all (CreateNetworkInterface). */
function newEni(
  subnet: SubnetAddresses,
  wanted: readonly (Ipv4 | undefined)[],
  count: number,
): Pick<PoolEni, 'primary' | 'secondary'> | undefined {
  const primary = subnet.take();
  if (primary === undefined) return undefined;
  const secondary = takeSome(subnet, wanted, count);
  if (secondary.length === count) return { primary, secondary };
  for (const address of [primary, ...secondary]) subnet.release(address);
  return undefined;
}

/** As many as there are, up to `count`: for an attached ENI ipamd falls back to single addresses. */
function takeSome(subnet: SubnetAddresses, wanted: readonly (Ipv4 | undefined)[], count: number): Ipv4[] {
  const taken: Ipv4[] = [];
  for (const address of wanted) {
    const got = address === undefined ? undefined : subnet.take(address);
    if (got !== undefined) taken.push(got);
  }
  while (taken.length < count) {
    const next = subnet.take();
    if (next === undefined) break;
    taken.push(next);
  }
  return taken.sort(compareIpv4);
}
