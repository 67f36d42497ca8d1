/** Security groups for pods, as a plan: the trunk ENI of a node, and on it the branch ENIs of its pods
 *  (amazon-vpc-resource-controller-k8s pkg/provider/branch, pkg/aws/ec2/instance.go; amazon-vpc-cni-k8s pkg/ipamd
 *  tryEnableSecurityGroupsForPods). Not modelled: IPv6 addresses of branches, branches that cool down for a minute after
 *  their pods, the limit of security groups of an interface. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { CniEnvironment } from './environment.ts';
import { noAddressEvent } from './no-address-event.ts';
import type { BranchEni, IpPoolPlan, PoolEni, PoolFailure } from './pool-plan.ts';
import { type PoolType, poolShape } from './pool-shape.ts';

/** The node's place among subnets, as the controller sees it: that of its ENIConfig under custom networking. */
export interface TrunkPlace {
  readonly subnet: string;
  readonly securityGroups: readonly string[];
}

/** The trunk, or why there is none, as the component that finds out words it. */
export type TrunkPlan = { readonly trunk: PoolEni } | { readonly none: string };

export interface TrunkInput {
  readonly typeName: string;
  readonly type: PoolType | undefined;
  readonly env: CniEnvironment;
  /** Or why the controller finds none. */
  readonly place: TrunkPlace | { readonly none: string };
  readonly take: (subnet: string) => Ipv4 | undefined;
}

/** Undefined where nobody asks for trunks (ENABLE_POD_ENI). */
export function planTrunk({ typeName, type, env, place, take }: TrunkInput): TrunkPlan | undefined {
  if (!env.podEni) return undefined;
  if (!type?.branchEnis)
    return {
      none: `The instance type ${typeName} is not supported for trunk interface (Security Group for Pods)`,
    };
  if (!poolShape(type, env).trunk) return { none: 'No slot available for a trunk ENI to be attached.' };
  if ('none' in place) return place;
  const primary = take(place.subnet);
  if (primary === undefined) return { none: `Failed to create trunk interface: Error Code: ${NO_ADDRESS}` };
  return {
    trunk: {
      card: 0,
      // The controller takes device numbers from above, ipamd from below (GetHighestUnusedDeviceIndex).
      device: type.maxEnis - 1,
      role: 'trunk',
      subnet: place.subnet,
      securityGroups: place.securityGroups,
      primary,
      secondary: [],
      prefixes: [],
    },
  };
}

/** A pod that asks for a branch ENI. */
export interface BranchPod {
  /** `namespace/name`. */
  readonly name: string;
  /** None: those of the trunk. */
  readonly securityGroups: readonly string[];
  readonly address?: Ipv4 | undefined;
}

export interface BranchPlan {
  readonly branches: readonly BranchEni[];
  readonly waiting: IpPoolPlan['waiting'];
  readonly failures: readonly PoolFailure[];
}

const NO_ADDRESS = 'InsufficientFreeAddressesInSubnet';

/** Branches for pods in the order in which they start, with the lowest VLAN numbers. There are no more pods than the type
 *  takes branches: scheduler and kubelet count them. */
export function planBranches(
  trunk: PoolEni | undefined,
  pods: readonly BranchPod[],
  take: (subnet: string, wanted?: Ipv4) => Ipv4 | undefined,
): BranchPlan {
  // The kubelet takes pods that ask for what its node does not have, and the CNI then finds no trunk.
  if (trunk === undefined)
    return {
      branches: [],
      waiting: pods.map(({ name }) => ({ pod: name, event: noAddressEvent(name) })),
      failures: [],
    };
  const branches: BranchEni[] = [];
  const waiting: IpPoolPlan['waiting'][number][] = [];
  for (const { name, securityGroups, address: wanted } of pods) {
    const address = take(trunk.subnet, wanted);
    if (address === undefined) {
      const event = `failed to allocate branch ENI to pod: creating network interface, ${NO_ADDRESS}: ${NO_ADDRESS_MESSAGE}`;
      waiting.push({ pod: name, reason: 'BranchAllocationFailed', event });
      continue;
    }
    branches.push({
      pod: name,
      vlan: branches.length + 1,
      subnet: trunk.subnet,
      securityGroups: securityGroups.length > 0 ? securityGroups : (trunk.securityGroups ?? []),
      address,
    });
  }
  const refused: PoolFailure = { code: NO_ADDRESS, subnet: trunk.subnet, message: NO_ADDRESS_MESSAGE };
  return { branches, waiting, failures: waiting.length > 0 ? [refused] : [] };
}

const NO_ADDRESS_MESSAGE = 'The specified subnet does not have enough free addresses to satisfy the request.';

/** The pool of ipamd and, beside it, what the controller put on the node. */
export function withBranches(
  pool: IpPoolPlan,
  trunk: PoolEni | undefined,
  { branches, waiting, failures }: BranchPlan,
): IpPoolPlan {
  if (trunk === undefined && waiting.length === 0) return pool;
  const place = pool.enis.filter(({ card }) => card === 0).length;
  return {
    ...pool,
    enis: trunk ? [...pool.enis.slice(0, place), trunk, ...pool.enis.slice(place)] : pool.enis,
    branches,
    assigned: trunk
      ? pool.assigned.map((one) => (one.eni < place ? one : { ...one, eni: one.eni + 1 }))
      : pool.assigned,
    waiting: [...pool.waiting, ...waiting],
    failures: [...pool.failures, ...failures],
  };
}
