/** The same pods on the same nodes under other settings or in other subnets: the nodes are made anew, one after the
 *  other, and their ENIs get what ipamd then asks for. */
import { addressAt, type Cidr, sizeOf } from '../../../addressing/cidr.ts';
import type { Pod } from '../../../api/objects.ts';
import { readEnvironment, type Variables } from '../../../cni/environment.ts';
import type { SubnetSpec } from '../../../world/vpc-spec.ts';
import { settle } from '../autoscaler.ts';
import { countsOf } from '../counts.ts';
import { type Member, sized } from '../fleet.ts';
import { FreeAddresses } from '../free-addresses.ts';
import { holdingsOf } from '../holdings.ts';
import type { CapacityModel } from '../model.ts';
import { startedAgain } from '../more-pods.ts';
import type { CapacityUse } from '../report.ts';
import { AWS_OFFSETS, codeOf, type SubnetMap } from '../subnet-map.ts';
import { subnetCapacity } from '../subnets.ts';

export interface Change {
  /** Variables of aws-node, in place of those that are set. */
  readonly env?: Variables;
  /** Subnets that are added. */
  readonly subnets?: readonly SubnetSpec[];
  /** Where further ENIs stand, by the node's subnet. */
  readonly podSubnets?: ReadonlyMap<string, string>;
  /** Subnets of every node group, in place of theirs. */
  readonly groupSubnets?: (subnets: readonly string[]) => readonly string[];
}

/** What nodes and pods hold. */
export const OF_NODES: readonly CapacityUse[] = [
  'node',
  'interface',
  'trunk',
  'branch',
  'pod',
  'prefix-pod',
  'cooling',
  'warm',
  'prefix-warm',
];

/** Pods beyond a node's new maxPods go to further nodes, whatever the maximum of their group. */
export function variantOf(model: CapacityModel, change: Change): CapacityModel {
  const anew = madeAnew(model, change);
  const over = new Map<string, Member>();
  const evicted: Pod[] = [];
  for (const [name, member] of anew.fleet.members) {
    const surplus = member.pods.length - member.node.allocatable.pods;
    const moving = surplus > 0 ? startedAgain(member.pods).slice(-surplus) : [];
    if (moving.length === 0) continue;
    const going = new Set(moving.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    const pods = member.pods.filter(
      ({ metadata }) => !going.has(`${metadata.namespace}/${metadata.name}-again`),
    );
    over.set(name, { ...member, pods });
    evicted.push(...moving);
  }
  if (evicted.length === 0) return anew;
  const { around, members } = anew.fleet;
  const nodeGroups = around.spec.nodeGroups.map((group) => ({ ...group, max: Infinity }));
  const roomy = { ...around, spec: { ...around.spec, nodeGroups } };
  const fleet = {
    around: roomy,
    members: new Map([...members].map(([name, one]) => [name, over.get(name) ?? one])),
  };
  const settled = settle(anew, fleet, evicted);
  return madeAnew({ ...model, fleet: { ...settled.fleet, around: model.fleet.around } }, change);
}

function madeAnew(model: CapacityModel, change: Change): CapacityModel {
  const { cluster, fleet } = model;
  const env = { ...cluster.spec.cni.env, ...change.env };
  const nodeGroups = cluster.spec.nodeGroups.map((group) => ({
    ...group,
    subnets: change.groupSubnets?.(group.subnets) ?? group.subnets,
  }));
  const spec = { ...cluster.spec, nodeGroups, cni: { ...cluster.spec.cni, env } };
  const vpc = { ...cluster.vpc, subnets: [...cluster.vpc.subnets, ...(change.subnets ?? [])] };
  const around = {
    ...fleet.around,
    spec,
    vpc,
    env: readEnvironment(env, spec.cni.version),
    podSubnets: change.podSubnets ?? fleet.around.podSubnets,
  };
  const maps = [...model.maps.map(emptied), ...(change.subnets ?? []).map(emptySubnet)];
  const subnets = maps.map((map) => subnetCapacity(map, vpc.name));
  const left = new Map(subnets.map((subnet) => [subnet.name, FreeAddresses.of(subnet)]));
  const made = new Map(
    [...fleet.members].map(([name, member]) => [
      name,
      { ...member, node: sized(around, member.node), held: undefined },
    ]),
  );
  const holdings = holdingsOf({ around, members: made }, left);
  const members = new Map(
    [...made].flatMap(([name, member]) => {
      const held = holdings.held.get(name);
      return held ? [[name, { ...member, held }] as const] : [];
    }),
  );
  const lines = new Map(
    subnets.map(({ name, lines: all }) => {
      const counts = countsOf(all);
      const held = holdings.counts.of(name);
      for (let code = 0; code < counts.length; code++) counts[code]! += held[code]!;
      const rest = left.get(name)!;
      counts[codeOf['prefix-reservation']]! -= rest.takenOfReservations;
      counts[codeOf.free] = rest.addresses;
      return [name, counts] as const;
    }),
  );
  return {
    cluster: { ...cluster, spec, vpc, env: around.env },
    fleet: { around, members },
    maps,
    lines,
    free: new Map([...left].map(([name, rest]) => [name, rest.copy()])),
    today: holdings,
  };
}

function emptied(map: SubnetMap): SubnetMap {
  const codes = new Set(OF_NODES.map((use) => codeOf[use]));
  const { reservations, cidr } = map.subnet;
  const uses = map.uses.map((code) => (codes.has(code) ? codeOf.free : code));
  for (const { cidr: block, type } of reservations)
    for (let i = 0; i < sizeOf(block); i++) {
      const offset = (addressAt(block, i) - cidr.base) >>> 0;
      if (uses[offset] === codeOf.free)
        uses[offset] = codeOf[type === 'prefix' ? 'prefix-reservation' : 'explicit-reservation'];
    }
  return { ...map, uses };
}

export function emptySubnet(subnet: SubnetSpec): SubnetMap {
  const uses = new Uint8Array(sizeOf(subnet.cidr)).fill(codeOf.free);
  for (const offset of AWS_OFFSETS) uses.set([codeOf.aws], offsetIn(subnet.cidr, offset));
  return { subnet, uses, holderAt: (offset) => (uses[offset] === codeOf.aws ? 'AWS' : undefined) };
}

function offsetIn(cidr: Cidr, offset: number): number {
  return offset < 0 ? sizeOf(cidr) + offset : offset;
}
