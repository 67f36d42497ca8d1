/** The cluster of a topology as it is, and what comes of it when nodes and pods change: one computation for the peaks,
 *  for growth, for what is asked, and for advice. */
import type { ClusterPlan } from '../../world/sites.ts';
import type { Topology } from '../../world/topology.ts';
import { addTo, type Counts, countsOf, linesOf, SubnetCounts, totalOf } from './counts.ts';
import { addressed, type Fleet, fleetOf } from './fleet.ts';
import { FreeAddresses } from './free-addresses.ts';
import { type Holdings, holdingsOf } from './holdings.ts';
import type { Snapshot, SubnetCapacity } from './report.ts';
import { codeOf, type SubnetMap } from './subnet-map.ts';

export interface CapacityModel {
  readonly cluster: ClusterPlan;
  readonly fleet: Fleet;
  readonly maps: readonly SubnetMap[];
  /** Of the cluster's VPC: all lines, by subnet. */
  readonly lines: ReadonlyMap<string, Counts>;
  /** What those subnets have left; copied before anything is taken. */
  readonly free: ReadonlyMap<string, FreeAddresses>;
  readonly today: Holdings;
}

export interface Outcome {
  readonly fleet: Fleet;
  readonly holdings: Holdings;
  /** By subnet: all lines after the change. */
  readonly lines: ReadonlyMap<string, Counts>;
  readonly free: ReadonlyMap<string, FreeAddresses>;
}

export function capacityModel(
  topology: Topology,
  cluster: ClusterPlan,
  maps: readonly SubnetMap[],
  subnets: readonly SubnetCapacity[],
): CapacityModel {
  const fleet = fleetOf(topology, cluster);
  const own = subnets.filter(({ vpc }) => vpc === cluster.vpc.name);
  const free = new Map(own.map((subnet) => [subnet.name, FreeAddresses.of(subnet)]));
  return {
    cluster,
    fleet,
    maps,
    lines: new Map(own.map(({ name, lines }) => [name, countsOf(lines)])),
    free,
    today: holdingsOf(fleet, copied(free)),
  };
}

/** What the subnets have today, to be taken from. */
export function freeOf({ free }: CapacityModel): Map<string, FreeAddresses> {
  return copied(free);
}

function copied(free: CapacityModel['free']): Map<string, FreeAddresses> {
  return new Map([...free].map(([subnet, left]) => [subnet, left.copy()]));
}

/** `besides`: addresses that others than nodes and pods take first, by subnet and use. */
export function outcomeOf(model: CapacityModel, fleet: Fleet, besides = new SubnetCounts()): Outcome {
  const free = freeOf(model);
  for (const [subnet, counts] of besides.bySubnet) free.get(subnet)!.take(totalOf(counts));
  for (const [name, { held }] of model.fleet.members)
    if (held && !fleet.members.has(name))
      for (const [subnet, counts] of held.counts.bySubnet) free.get(subnet)?.give(counts);
  const holdings = holdingsOf(fleet, free);
  const lines = new Map<string, Counts>();
  for (const [name, before] of model.lines) {
    const counts = Int32Array.from(before);
    addTo(counts, holdings.counts.of(name));
    addTo(counts, model.today.counts.of(name), -1);
    addTo(counts, besides.of(name));
    const left = free.get(name)!;
    counts[codeOf['prefix-reservation']]! -= left.takenOfReservations;
    // Nodes that have gone leave theirs free.
    counts[codeOf.free] = 0;
    counts[codeOf.free] = totalOf(before) - totalOf(counts);
    lines.set(name, counts);
  }
  return { fleet, holdings, lines, free };
}

export function snapshotOf({ fleet, holdings, lines }: Outcome, unschedulable: number): Snapshot {
  const members = [...fleet.members.values()];
  return {
    pods: members.reduce((sum, { pods }) => sum + addressed(pods), 0),
    nodes: members.length - holdings.notLaunched.length,
    unschedulable,
    withoutAddress: holdings.withoutAddress,
    subnets: [...lines].map(([subnet, counts]) => ({ subnet, lines: linesOf(counts) })),
  };
}

/** Addresses of a subnet that anything may take today. */
export function freeIn({ lines }: CapacityModel, subnet: string): number {
  return lines.get(subnet)![codeOf.free]!;
}
