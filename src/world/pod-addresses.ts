/** Stratum: which pod has which address. On each node the CNI's pool hands them out; a hostNetwork pod uses the node's;
 *  a pod that gets none stays in ContainerCreating with the CNI's own words. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Pod } from '../api/objects.ts';
import { planBranches, withBranches } from '../cni/branch-enis.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import { givenPool } from '../cni/given-pool.ts';
import type { InstanceTypeLookup } from '../cni/instance-types.ts';
import { planIpPool } from '../cni/ip-pool.ts';
import type { BranchEni, IpPoolPlan, PoolAssignment } from '../cni/pool-plan.ts';
import type { PoolType } from '../cni/pool-shape.ts';
import { type GroupsOf, wantsBranch } from '../cni/security-group-policies.ts';
import { vethName, vethPrefix } from '../cni/veth-name.ts';
import type { Binding } from '../kube/scheduler.ts';
import type { AddressBook } from './address-book.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { EniPlaces } from './eni-subnets.ts';
import type { Placement, SizedNode } from './placement.ts';
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
  const { bindings } = placement;
  const ids = bindings.map(({ pod }) => idOf(pod));
  /** Places in `bindings`. */
  const byNode = new Map<string, number[]>();
  bindings.forEach(({ pod, node }, place) => {
    if (node === undefined || pod.spec.hostNetwork) return;
    const list = byNode.get(node);
    if (list) list.push(place);
    else byNode.set(node, [place]);
  });
  const pools = new Map<string, IpPoolPlan>();
  const found: InPool[] = new Array(bindings.length);
  for (const node of nodes) {
    const own = (byNode.get(node.name) ?? []).map((place) => {
      const name = ids[place]!;
      return {
        place,
        name,
        pod: bindings[place]!.pod,
        address: pinned.size === 0 ? undefined : pinned.get(name),
      };
    });
    if (node.interfaces.length > 0) {
      const pool = givenPool(node.interfaces, own, {
        closed: places.isClosed(node.subnet),
        asTheyAre: !cluster.controllers,
      });
      pools.set(node.name, pool);
      find(pool, own, found);
      continue;
    }
    const branched = env.podEni ? own.filter(({ pod }) => wantsBranch(pod)) : [];
    const pods = env.podEni ? own.filter(({ pod }) => !wantsBranch(pod)) : own;
    const withBranch = branched.map((each) => ({ ...each, securityGroups: groupsOf(each.pod) }));
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
    find(pool, pods, found);
    find(pool, withBranch, found);
  }
  const named = new Map(
    nodes.map((node) => [node.name, { node, because: new Map<string, readonly string[]>() }]),
  );
  return {
    pools,
    pods: bindings.map((binding, place) => addressed(binding, ids[place]!, named, found[place])),
  };
}

/** What the pool of its node says of a pod; undefined where it says nothing. */
type InPool =
  | { readonly own: PoolAssignment }
  | { readonly branch: BranchEni }
  | { readonly waiting: IpPoolPlan['waiting'][number] }
  | undefined;

/** Addresses and branches are in the order of the pods: few pods are looked for by their names. */
function find(
  { assigned, branches, waiting }: IpPoolPlan,
  pods: readonly { readonly place: number; readonly name: string }[],
  found: InPool[],
): void {
  const next = { own: 0, branch: 0 };
  const refused = new Map(waiting.map((entry) => [entry.pod, entry]));
  for (const { place, name } of pods) {
    if (assigned[next.own]?.pod === name) found[place] = { own: assigned[next.own++]! };
    else if (branches[next.branch]?.pod === name) found[place] = { branch: branches[next.branch++]! };
    else if (refused.has(name)) found[place] = { waiting: refused.get(name)! };
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

/** A node, and why pods are on it, in words that they share. */
interface NamedNode {
  readonly node: SizedNode;
  readonly because: Map<string, readonly string[]>;
}

function addressed(
  { pod, node: name, because, unschedulable }: Binding,
  id: string,
  nodes: ReadonlyMap<string, NamedNode>,
  found: InPool,
): AddressedPod {
  if (name === undefined) return unaddressed(pod, id, 'Pending', undefined, unschedulable ?? 'not scheduled');
  const named = nodes.get(name)!;
  const { node } = named;
  if (pod.spec.hostNetwork) return running(pod, id, named, because, node.address, 0, undefined);
  if (found && 'own' in found)
    return running(pod, id, named, because, found.own.address, found.own.eni, undefined);
  if (found && 'branch' in found)
    return running(pod, id, named, because, found.branch.address, undefined, found.branch);
  const { reason = 'FailedCreatePodSandBox', event = 'no address' } = found?.waiting ?? {};
  return unaddressed(pod, id, 'ContainerCreating', node, `${reason}: ${event}`);
}

function running(
  pod: Pod,
  id: string,
  { node, because }: NamedNode,
  why: string,
  address: Ipv4,
  eni: number | undefined,
  branch: BranchEni | undefined,
): AddressedPod {
  const reasons = because.get(why) ?? [`on ${node.name}: ${why}`];
  because.set(why, reasons);
  return { pod, id, phase: 'Running', ready: pod.declaredReady ?? true, node, address, eni, branch, reasons };
}

function unaddressed(
  pod: Pod,
  id: string,
  phase: PodPhase,
  node: SizedNode | undefined,
  reason: string,
): AddressedPod {
  const none = undefined;
  return { pod, id, phase, ready: false, node, address: none, eni: none, branch: none, reasons: [reason] };
}
