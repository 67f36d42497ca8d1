/** What the cluster autoscaler does about pods without a place: it adds nodes of a group that would take them, up to
 *  the group's maximum; of several groups that with the least waste of CPU and memory (expander least-waste). An Auto
 *  Scaling group keeps its zones even, and goes to another where a zone's subnet has no address. */
import type { Pod } from '../../api/objects.ts';
import { requested } from '../../kube/pod-resources.ts';
import { type Binding, scheduleMore } from '../../kube/scheduler.ts';
import type { NodeGroupSpec } from '../../world/cluster-spec.ts';
import type { SubnetSpec } from '../../world/vpc-spec.ts';
import {
  type Fleet,
  type Member,
  membersOf,
  newMember,
  placeMore,
  type Surroundings,
  withMembers,
  withoutMembers,
} from './fleet.ts';
import { holdingsOf } from './holdings.ts';
import { type CapacityModel, freeOf } from './model.ts';
import type { Stop } from './report.ts';
import { stopOf } from './stops.ts';

export interface Settled {
  readonly fleet: Fleet;
  /** Pods that get no place, however many nodes may be added. */
  readonly unplaced: readonly Binding[];
  /** Nodes added, by group. */
  readonly added: ReadonlyMap<string, number>;
  /** Subnets without an address for a node that was to be launched there. */
  readonly full: ReadonlySet<string>;
  /** Why the others stay without, one for each kind. */
  readonly stops: readonly Stop[];
}

/** Places pods on the nodes there are, then on those that are added for them. */
export function settle(model: CapacityModel, fleet: Fleet, pods: readonly Pod[]): Settled {
  const placed = placeMore(fleet, pods);
  return addNodes(model, placed.fleet, placed.unplaced);
}

/** Adds nodes for pods that no node takes. */
export function addNodes(model: CapacityModel, fleet: Fleet, waiting: readonly Binding[]): Settled {
  const full = new Set<string>();
  const added = new Map<string, number>();
  const stops: Stop[] = [];
  const hopeless: Binding[] = [];
  let now = fleet;
  let left = [...waiting];
  while (left.length > 0) {
    const first = left[0]!;
    const alike = left.filter(({ pod }) => classOf(pod) === classOf(first.pod));
    const choice = chooseGroup(now, first.pod, alike.length, full);
    const more = 'stop' in choice ? [] : launchAll(now, choice.group, choice.nodes, full);
    if (more.length === 0) {
      stops.push('stop' in choice ? choice.stop : noSubnet(choice.group));
      hopeless.push(...alike);
      left = left.filter((binding) => !alike.includes(binding));
      continue;
    }
    const launched = withLaunched(model, withMembers(now, more), more, full);
    if (launched.count === 0) continue;
    const { group } = choice as Choice; // `more` is of it
    added.set(group.name, (added.get(group.name) ?? 0) + launched.count);
    // What the new nodes have left is for the others.
    const placed = placeMore(
      launched.fleet,
      left.map(({ pod }) => pod),
    );
    now = placed.fleet;
    left = [...placed.unplaced];
    const stillOut = left.filter(({ pod }) => classOf(pod) === classOf(first.pod));
    if (stillOut.length < alike.length) continue;
    stops.push(stopOf(first));
    hopeless.push(...stillOut);
    left = left.filter((binding) => !stillOut.includes(binding));
  }
  return { fleet: now, unplaced: hopeless, added, full, stops: distinct(stops) };
}

/** Pods of one owner are alike. */
function classOf({ metadata, owner }: Pod): string {
  return `${metadata.namespace}/${owner ?? metadata.name}`;
}

interface Choice {
  readonly group: NodeGroupSpec;
  readonly nodes: number;
}

function chooseGroup(
  fleet: Fleet,
  pod: Pod,
  count: number,
  full: ReadonlySet<string>,
): Choice | { readonly stop: Stop } {
  const { nodeGroups } = fleet.around.spec;
  const options: (Choice & { readonly waste: number })[] = [];
  const maxed: NodeGroupSpec[] = [];
  let refusal: Binding | undefined;
  for (const group of nodeGroups) {
    const template = templateOf(fleet.around, group);
    const binding = tryOn(fleet.around, template, pod);
    if (binding.node === undefined) {
      refusal = binding;
      continue;
    }
    const room = group.max - membersOf(fleet, group.name).length;
    if (room <= 0) maxed.push(group);
    else if (group.subnets.some((name) => !full.has(name)))
      options.push({ group, ...fill(template, pod, count, room) });
    else refusal ??= binding;
  }
  const [best] = options.sort((a, b) => a.waste - b.waste);
  if (best) return best;
  const [group] = maxed;
  if (group) return { stop: atMaximum(maxed) };
  if (nodeGroups.length === 0)
    return { stop: { kind: 'placement', at: 'cluster', message: 'no node group could grow' } };
  return { stop: refusal?.node === undefined && refusal ? stopOf(refusal) : noSubnet(nodeGroups[0]!) };
}

function atMaximum(groups: readonly NodeGroupSpec[]): Stop {
  const [first] = groups;
  const message =
    groups.length === 1
      ? `node group ${first!.name} is at its maximum of ${first!.max} nodes`
      : `node groups ${groups.map(({ name, max }) => `${name} (${max})`).join(', ')} are at their maximum`;
  return { kind: 'group-max', at: `group/${first!.name}`, message };
}

function noSubnet(group: NodeGroupSpec): Stop {
  return {
    kind: 'subnet-addresses',
    at: `subnet/${group.subnets[0]}`,
    message: `no subnet of node group ${group.name} (${group.subnets.join(', ')}) has an address for another node`,
  };
}

export function templateOf(around: Surroundings, group: NodeGroupSpec): Member {
  return newMember(around, group, subnetNamed(around, group.subnets[0]!), `${group.name}-template`);
}

function tryOn({ admit, services, replicated }: Surroundings, { node, pods }: Member, pod: Pod): Binding {
  const [binding] = scheduleMore({
    nodes: [node],
    standing: [[node.name, pods]],
    pods: [admit(pod)],
    services,
    workloads: replicated,
  });
  return binding!;
}

/** How many nodes the pods need, and the share of them that stays unused. */
function fill(
  { node, pods }: Member,
  pod: Pod,
  count: number,
  room: number,
): { readonly nodes: number; readonly waste: number } {
  const { allocatable } = node;
  const asked = requested(pod.spec);
  const taken = pods.map(({ spec }) => requested(spec));
  const cpu = allocatable.cpuMillis - taken.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0);
  const memory = allocatable.memoryBytes - taken.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  const perNode = Math.max(
    1,
    Math.min(
      allocatable.pods - pods.length,
      asked.cpuMillis > 0 ? Math.floor(cpu / asked.cpuMillis) : Infinity,
      asked.memoryBytes > 0 ? Math.floor(memory / asked.memoryBytes) : Infinity,
      asked.podEnis > 0 ? Math.floor(allocatable.podEnis / asked.podEnis) : Infinity,
    ),
  );
  const nodes = Math.min(room, Math.ceil(count / perNode));
  const used = Math.min(count, nodes * perNode);
  const waste =
    1 - (used * asked.cpuMillis) / (nodes * cpu) + (1 - (used * asked.memoryBytes) / (nodes * memory));
  return { nodes, waste };
}

/** So many new nodes of a group, in the zones with the fewest of it. */
export function launchAll(
  fleet: Fleet,
  group: NodeGroupSpec,
  nodes: number,
  full: ReadonlySet<string> = new Set(),
): Member[] {
  const counts = new Map(group.subnets.filter((name) => !full.has(name)).map((name) => [name, 0]));
  const before = membersOf(fleet, group.name);
  for (const { node } of before) {
    const { name } = node.subnet;
    if (counts.has(name)) counts.set(name, counts.get(name)! + 1);
  }
  return Array.from({ length: counts.size > 0 ? nodes : 0 }, (_, i) => {
    const [subnet] = [...counts].reduce((a, b) => (b[1] < a[1] ? b : a));
    counts.set(subnet, counts.get(subnet)! + 1);
    const name = `${group.name}-new-${before.length + i + 1}`;
    return newMember(fleet.around, group, subnetNamed(fleet.around, subnet), name);
  });
}

/** Takes back the nodes that get no address, and remembers their subnets. */
function withLaunched(
  model: CapacityModel,
  fleet: Fleet,
  more: readonly Member[],
  full: Set<string>,
): { readonly fleet: Fleet; readonly count: number } {
  const failed = new Set(holdingsOf(fleet, freeOf(model)).notLaunched);
  const lost = more.filter(({ node }) => failed.has(node.name));
  for (const { node } of lost) full.add(node.subnet.name);
  const kept = lost.length === 0 ? fleet : withoutMembers(fleet, ({ node }) => failed.has(node.name));
  return { fleet: kept, count: more.length - lost.length };
}

function subnetNamed({ vpc }: Surroundings, name: string): SubnetSpec {
  return vpc.subnets.find((subnet) => subnet.name === name)!;
}

function distinct(stops: readonly Stop[]): Stop[] {
  return [...new Map(stops.map((stop) => [stop.message, stop])).values()];
}
