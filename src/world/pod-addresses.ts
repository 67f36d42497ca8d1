/** Stratum: which pod has which address. On each node the CNI's pool hands them out; a hostNetwork pod uses the node's;
 *  a pod that gets none stays in ContainerCreating with the CNI's own words. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Pod } from '../api/objects.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { InstanceTypeLookup } from '../cni/instance-types.ts';
import { planIpPool } from '../cni/ip-pool.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import type { PoolType } from '../cni/pool-shape.ts';
import type { Binding } from '../kube/scheduler.ts';
import type { AddressBook } from './address-book.ts';
import type { Placement, SizedNode } from './placement.ts';
import type { ClusterSpec } from './topology.ts';
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
  readonly reasons: readonly string[];
}

export interface Addressed {
  readonly pods: readonly AddressedPod[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
}

/** Limits of a type that no table knows: one interface with the addresses the smallest Nitro types have. */
const UNKNOWN_TYPE: PoolType = {
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
  for (const node of nodes) {
    const pods = (byNode.get(node.name) ?? [])
      .map(({ pod }) => pod)
      .filter((pod) => !pod.spec.hostNetwork)
      .map((pod) => ({ name: idOf(pod), address: pinned.get(idOf(pod)) }));
    pools.set(
      node.name,
      planIpPool({
        type: typeOf(node.instanceType) ?? UNKNOWN_TYPE,
        env,
        maxPods: node.allocatable.pods,
        primaryAddress: node.address,
        pods,
        subnetName: node.subnet.name,
        subnet: {
          take: (wanted) => book.claim(node.subnet.name, wanted),
          release: (address) => book.release(node.subnet.name, address),
        },
      }),
    );
  }
  const named = new Map(nodes.map((node) => [node.name, node]));
  return { pools, pods: placement.bindings.map((binding) => addressed(binding, named, pools)) };
}

export function idOf(pod: Pod): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`;
}

function addressed(
  binding: Binding,
  nodes: ReadonlyMap<string, SizedNode>,
  pools: ReadonlyMap<string, IpPoolPlan>,
): AddressedPod {
  const { pod } = binding;
  const id = idOf(pod);
  const base = { pod, id, address: undefined, eni: undefined };
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
  const pool = pools.get(node.name)!;
  const own = pool.assigned.find((entry) => entry.pod === id);
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
  const event = pool.waiting.find((entry) => entry.pod === id)?.event ?? 'no address';
  return {
    ...base,
    phase: 'ContainerCreating',
    ready: false,
    node,
    reasons: [`FailedCreatePodSandBox: ${event}`],
  };
}
