/** Advice on nodes: fewer and larger ones, and a higher maximum. */
import { type InstanceType, instanceTypes } from '../../../cni/instance-types.ts';
import { requested } from '../../../kube/pod-resources.ts';
import { totalOf } from '../counts.ts';
import { membersOf, needing, newMember } from '../fleet.ts';
import type { CapacityModel } from '../model.ts';
import { footprint, nodeShapes } from '../node-shape.ts';
import type { Limit } from '../report.ts';
import type { Candidate } from './candidate.ts';

/** Sizes with up to so many times the CPUs are offered. */
const LARGEST_STEP = 8;

/** The same pods on larger nodes of the family: fewer first addresses and fewer warm ones. */
export function largerNodesAdvice(model: CapacityModel): Candidate[] {
  const groups = model.cluster.spec.nodeGroups.map((group) => ({
    group,
    members: membersOf(model.fleet, group.name),
  }));
  const [largest] = groups.sort((a, b) => b.members.length - a.members.length);
  if (!largest || largest.members.length < 3) return [];
  const { group, members } = largest;
  const { around } = model.fleet;
  const present = around.typeOf(group.instanceType);
  if (!present?.vcpus) return [];
  const before = members.reduce(
    (sum, { held }) => sum + [...(held?.counts.bySubnet.values() ?? [])].reduce((a, b) => a + totalOf(b), 0),
    0,
  );
  const zones = new Set(members.map(({ node }) => node.zone)).size;
  const subnet = members[0]!.node.subnet;
  const pods = members
    .flatMap((member) => member.pods)
    .filter(({ owner }) => !owner?.startsWith('DaemonSet/'));
  const asked = pods.map(({ spec }) => requested(spec));
  const options = largerSizes(present).map((type) => {
    const { node, pods: daemons } = newMember(
      around,
      { ...group, instanceType: type.name, maxPods: undefined },
      subnet,
      'larger',
    );
    const taken = daemons.map(({ spec }) => requested(spec));
    const share = (of: (one: { cpuMillis: number; memoryBytes: number }) => number, whole: number): number =>
      asked.reduce((sum, one) => sum + of(one), 0) /
      Math.max(1, whole - taken.reduce((sum, one) => sum + of(one), 0));
    const count = Math.ceil(
      Math.max(
        zones,
        pods.length / (node.allocatable.pods - daemons.length),
        share(({ cpuMillis }) => cpuMillis, node.allocatable.cpuMillis),
        share(({ memoryBytes }) => memoryBytes, node.allocatable.memoryBytes),
      ),
    );
    const each = Math.ceil(needing(pods) / count) + needing(daemons);
    return { type, count, held: count * footprint(nodeShapes(around)(node), each).addresses };
  });
  const [best] = options
    .filter(({ held, count }) => held < 0.9 * before && count < members.length)
    .sort((a, b) => a.held - b.held);
  if (!best) return [];
  return [
    {
      kind: 'larger-nodes',
      title: `use ${best.count} ${best.type.name} in place of ${members.length} ${group.instanceType} in node group ${group.name}`,
      changes: [
        {
          where: `cluster.nodeGroups.${group.name}.instanceType`,
          from: group.instanceType,
          to: best.type.name,
        },
        {
          where: `cluster.nodeGroups.${group.name}.desired`,
          from: String(members.length),
          to: String(best.count),
        },
      ],
      numbers: [
        { what: 'nodes', before: members.length, after: best.count },
        { what: `addresses held by ${group.name}`, before, after: best.held },
      ],
      costs: [
        'a node that fails takes more pods with it, and DaemonSets, PodDisruptionBudgets and spread have fewer nodes to work with',
      ],
      effect: before - best.held,
    },
  ];
}

/** Larger sizes of the same family with known CPUs, by size. */
function largerSizes({ name, vcpus, bareMetal }: InstanceType): InstanceType[] {
  const family = name.slice(0, name.indexOf('.') + 1);
  return [...instanceTypes().values()]
    .filter(
      (type) => type.name.startsWith(family) && type.bareMetal === bareMetal && type.vcpus !== undefined,
    )
    .filter((type) => type.vcpus! > vcpus! && type.vcpus! <= vcpus! * LARGEST_STEP)
    .sort((a, b) => a.vcpus! - b.vcpus!);
}

/** Where the maximum of groups binds long before the subnets do. */
export function groupMaxAdvice(model: CapacityModel, limits: readonly Limit[]): Candidate[] {
  const bound = limits.find(({ kind }) => kind === 'group-max');
  const next = limits[limits.indexOf(bound!) + 1];
  const [group] = model.cluster.spec.nodeGroups;
  if (!bound || !next || !group || model.cluster.spec.nodeGroups.length > 1) return [];
  const to = Math.min(next.nodes, 2 * group.max);
  const pods =
    bound.pods + Math.floor(((next.pods - bound.pods) * (to - bound.nodes)) / (next.nodes - bound.nodes));
  return [
    {
      kind: 'group-max',
      title: `raise the maximum of node group ${group.name}: the subnets have room for ${next.nodes} nodes full of pods`,
      changes: [{ where: `cluster.nodeGroups.${group.name}.max`, from: String(group.max), to: String(to) }],
      numbers: [{ what: 'pods with an address of their own', before: bound.pods, after: pods }],
      costs: ['more nodes cost more'],
      effect: pods - bound.pods,
    },
  ];
}
