/** Stratum: which pod has which address. On each node the CNI's pool hands them out; a hostNetwork pod uses the node's;
 *  a pod that gets none stays in ContainerCreating with the CNI's own words. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Pod } from '../api/objects.ts';
import { planBranches, withBranches } from '../cni/branch-enis.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { InstanceTypeLookup } from '../cni/instance-types.ts';
import { planIpPool } from '../cni/ip-pool.ts';
import type { BranchEni, IpPoolPlan, PoolAssignment } from '../cni/pool-plan.ts';
import type { PoolType } from '../cni/pool-shape.ts';
import { type GroupsOf, wantsBranch } from '../cni/security-group-policies.ts';
import { vethName, vethPrefix } from '../cni/veth-name.ts';
import type { Binding } from '../kube/scheduler.ts';
import type { AddressBook } from './address-book.ts';
import type { EniPlaces } from './eni-subnets.ts';
import type { Placement, SizedNode } from './placement.ts';
import type { ClusterSpec } from './topology.ts';
import type { NodeTrunk } from './trunks.ts';
import type { PodPhase } from './world.ts';

export interface AddressedPod {
  readonly pod: Pod;
  /** `namespace/name`. */
  readonly id: string;
  readonly phase: PodPhase;
  readonly ready: boolean;
  readonly node: SizedNode | undefined;
  readonly address: Ipv4 | undefined;
  /** Place, in its node's pool, of the ENI that holds the address. */
  readonly eni: number | undefined;
  /** Its own interface, where it has security groups of its own. */
  readonly branch: BranchEni | undefined;
  readonly reasons: readonly string[];
}

export interface Addressed {
  readonly pods: readonly AddressedPod[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
}

/** Limits of a type that no table knows: one interface with the addresses the smallest Nitro types have. */
export const UNKNOWN_TYPE: PoolType = {
  maxEnis: 2,
  ipv4PerEni: 4,
  networkCards: 1,
  hypervisor: 'nitro',
  bareMetal: false,
  branchEnis: 0,
};

export function addressPods(
  placement: Placement,
  nodes: readonly SizedNode[],
  cluster: ClusterSpec,
  env: CniEnvironment,
  book: AddressBook,
  typeOf: InstanceTypeLookup,
  trunks: ReadonlyMap<string, NodeTrunk>,
  groupsOf: GroupsOf,
  places: EniPlaces,
): Addressed {
  const pinned = new Map(cluster.placements.map(({ pod, address }) => [pod, address]));
  const byNode = new Map<string, Binding[]>();
  for (const binding of placement.bindings) {
    if (binding.node === undefined) continue;
    const list = byNode.get(binding.node) ?? [];
    list.push(binding);
    byNode.set(binding.node, list);
  }
  const pools = new Map<string, IpPoolPlan>();
  const found = new Map<Pod, InPool>();
  for (const node of nodes) {
    const own = (byNode.get(node.name) ?? []).map(({ pod }) => pod).filter((pod) => !pod.spec.hostNetwork);
    const branched = new Set(env.podEni ? own.filter(wantsBranch) : []);
    const named = (pod: Pod) => {
      const name = idOf(pod);
      return { pod, name, address: pinned.size === 0 ? undefined : pinned.get(name) };
    };
    const pods = own.filter((pod) => !branched.has(pod)).map(named);
    const withBranch = [...branched].map((pod) => ({ ...named(pod), securityGroups: groupsOf(pod) }));
    const trunk = trunks.get(node.name);
    const branches = planBranches(trunk?.eni, withBranch, (subnet, wanted) => book.claim(subnet, wanted));
    const pool = withBranches(
      planIpPool({
        type: typeOf(node.instanceType) ?? UNKNOWN_TYPE,
        // What others provision is taken for what ipamd would; traces through such nodes are undetermined.
        env: { ...env, fixedPool: false },
        maxPods: node.allocatable.pods,
        node: {
          subnet: node.subnet.name,
          address: node.address,
          closed: places.isClosed(node.subnet),
        },
        eniSubnets: places.of(node),
        pods,
        addresses: book,
      }),
      trunk?.eni,
      branches,
    );
    pools.set(node.name, pool);
    find(pool, [...pods, ...withBranch], found);
  }
  const named = new Map(nodes.map((node) => [node.name, node]));
  return { pools, pods: placement.bindings.map((binding) => addressed(binding, named, found)) };
}

/** What the pool of its node says of a pod. */
interface InPool {
  readonly own?: PoolAssignment;
  readonly branch?: BranchEni;
  readonly waiting?: IpPoolPlan['waiting'][number];
}

/** Addresses and branches are in the order of the pods: few pods are looked for by their names. */
function find(
  { assigned, branches, waiting }: IpPoolPlan,
  pods: readonly { readonly pod: Pod; readonly name: string }[],
  found: Map<Pod, InPool>,
): void {
  const next = { own: 0, branch: 0 };
  const refused = new Map(waiting.map((entry) => [entry.pod, entry]));
  for (const { pod, name } of pods) {
    if (assigned[next.own]?.pod === name) found.set(pod, { own: assigned[next.own++]! });
    else if (branches[next.branch]?.pod === name) found.set(pod, { branch: branches[next.branch++]! });
    else if (refused.has(name)) found.set(pod, { waiting: refused.get(name)! });
  }
}

export function idOf(pod: Pod): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`;
}

/** The host side of a pod's pair. */
export function vethOf(
  { pod: { metadata }, branch }: Pick<AddressedPod, 'pod' | 'branch'>,
  env: CniEnvironment,
): string {
  return vethName(vethPrefix(env, branch !== undefined), metadata.namespace, metadata.name);
}

function addressed(
  binding: Binding,
  nodes: ReadonlyMap<string, SizedNode>,
  found: ReadonlyMap<Pod, InPool>,
): AddressedPod {
  const { pod } = binding;
  const id = idOf(pod);
  const base = { pod, id, address: undefined, eni: undefined, branch: undefined };
  if (binding.node === undefined)
    return {
      ...base,
      phase: 'Pending',
      ready: false,
      node: undefined,
      reasons: [binding.unschedulable ?? 'not scheduled'],
    };
  const node = nodes.get(binding.node)!;
  const ready = pod.declaredReady ?? true;
  const because = `on ${node.name}: ${binding.because}`;
  if (pod.spec.hostNetwork)
    return {
      ...base,
      phase: 'Running',
      ready,
      node,
      address: node.address,
      eni: 0,
      reasons: [because],
    };
  const { own, branch, waiting }: InPool = found.get(pod) ?? {};
  if (own)
    return {
      ...base,
      phase: 'Running',
      ready,
      node,
      address: own.address,
      eni: own.eni,
      reasons: [because],
    };
  if (branch)
    return {
      ...base,
      phase: 'Running',
      ready,
      node,
      address: branch.address,
      branch,
      reasons: [because],
    };
  const { reason = 'FailedCreatePodSandBox', event = 'no address' } = waiting ?? {};
  return {
    ...base,
    phase: 'ContainerCreating',
    ready: false,
    node,
    reasons: [`${reason}: ${event}`],
  };
}
