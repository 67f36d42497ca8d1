/** The pool of a node whose network interfaces are given as they are: nobody plans, ipamd has done it. Pods with an
 *  address are on the interface that holds it; others get the addresses that are left, lowest interface first. */
import { addressAt, type Cidr, sizeOf } from '../addressing/cidr.ts';
import { compareIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { PoolPod } from './ip-pool.ts';
import { noAddressEvent } from './no-address-event.ts';
import type { BranchEni, IpPoolPlan, PoolAssignment, PoolEni } from './pool-plan.ts';

export interface GivenInterface {
  readonly name: string;
  readonly card: number;
  readonly device: number;
  readonly type: 'interface' | 'trunk' | 'branch';
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  /** The primary one first. */
  readonly addresses: readonly Ipv4[];
  readonly prefixes: readonly Cidr[];
  readonly vlan?: number | undefined;
}

export interface GivenPoolOptions {
  /** The primary interface holds no pods (custom networking). */
  readonly closed?: boolean;
  /** Pods without an address have none, and get none. */
  readonly asTheyAre?: boolean;
}

export function givenPool(
  interfaces: readonly GivenInterface[],
  pods: readonly PoolPod[],
  { closed = false, asTheyAre = false }: GivenPoolOptions = {},
): IpPoolPlan {
  const enis = interfaces.filter(({ type }) => type !== 'branch').map(givenEni);
  const branchAt = new Map(
    interfaces.flatMap((each) => (each.type === 'branch' ? [[each.addresses[0]!, each] as const] : [])),
  );
  const eniAt = new Map<Ipv4, number>();
  enis.forEach(({ secondary, prefixes }, place) => {
    for (const address of [...secondary, ...prefixes.flatMap(addressesOf)]) eniAt.set(address, place);
  });
  const wanted = new Set(pods.flatMap(({ address }) => address ?? []));
  const free = [...eniAt]
    .filter(([address, eni]) => !wanted.has(address) && !(closed && eni === 0))
    .sort(([a, eniOfA], [b, eniOfB]) => eniOfA - eniOfB || compareIpv4(a, b));
  const assigned: PoolAssignment[] = [];
  const branches: BranchEni[] = [];
  const waiting: IpPoolPlan['waiting'][number][] = [];
  for (const { name: pod, address: own } of pods) {
    const branch = own === undefined ? undefined : branchAt.get(own);
    const next = asTheyAre ? undefined : free[0];
    const [address, eni] = own === undefined ? (next ?? []) : ([own, eniAt.get(own)] as const);
    if (own === undefined && next) free.shift();
    if (branch) branches.push(branchOf(branch, pod));
    else if (address !== undefined && eni !== undefined) assigned.push({ pod, address, eni });
    else if (asTheyAre)
      waiting.push({ pod, reason: 'ContainerCreating', event: 'its status shows no address of this node' });
    else waiting.push({ pod, event: noAddressEvent(pod) });
  }
  const held = eniAt.size;
  return {
    enis,
    branches,
    assigned,
    warm: free.map(([address]) => address).sort(compareIpv4),
    waiting,
    because: `as given: ${enis.length} ${enis.length === 1 ? 'interface' : 'interfaces'} with ${held} ${held === 1 ? 'address' : 'addresses'} for pods`,
    failures: [],
  };
}

function givenEni(given: GivenInterface): PoolEni {
  const { name, card, device, type, subnet, securityGroups, addresses, prefixes } = given;
  return {
    name,
    card,
    device,
    role: type === 'trunk' ? 'trunk' : card + device === 0 ? 'primary' : 'secondary',
    subnet,
    securityGroups,
    primary: addresses[0]!,
    secondary: addresses.slice(1),
    prefixes,
  };
}

function branchOf({ name, vlan, subnet, securityGroups, addresses }: GivenInterface, pod: string): BranchEni {
  return { name, pod, vlan: vlan!, subnet, securityGroups, address: addresses[0]! };
}

function addressesOf(prefix: Cidr): Ipv4[] {
  return Array.from({ length: sizeOf(prefix) }, (_, i) => addressAt(prefix, i));
}
