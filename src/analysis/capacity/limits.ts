/** What a growing cluster meets first, second and third: the nodes there are, then groups at their maximum or subnets
 *  that are full, then the subnets if the maximum were raised. */
import { launchAll } from './autoscaler.ts';
import { addressed, type Fleet, membersOf, needing, placeMore, withMembers, withPods } from './fleet.ts';
import { nodeRoom } from './group-room.ts';
import { alikeNodes } from './groups.ts';
import { nextPods } from './growing.ts';
import { type CapacityModel, outcomeOf } from './model.ts';
import type { Limit, Stop } from './report.ts';
import { counted, shortageStop, stopOf } from './stops.ts';

/** Further pods that are tried at most. */
const MOST_PODS = 20_000;

export function limitsOfGrowth(model: CapacityModel): Limit[] {
  const first = climb(model, model.fleet);
  if (!first) return [];
  const limits: Limit[] = [isOfAddresses(first) ? first : onThese(model, first)];
  if (isOfAddresses(first)) return limits;
  const grown = atMaximum(model);
  const second = grown.members.size > model.fleet.members.size ? climb(model, grown) : first;
  if (second) limits.push(isOfAddresses(second) ? second : groupsFull(model, second, grown));
  const last = limits.at(-1)!;
  return last.kind === 'group-max' ? [...limits, ...beyondMaximum(model, last)] : limits;
}

function isOfAddresses({ kind }: Stop): boolean {
  return kind === 'subnet-addresses' || kind === 'prefix-blocks' || kind === 'enis';
}

/** The first pod that gets no node or no address, on these nodes. */
function climb(model: CapacityModel, fleet: Fleet): Limit | undefined {
  const { bindings } = placeMore(fleet, nextPods(model, Math.min(MOST_PODS, slotsOf(fleet) + 1)));
  const refused = bindings.findIndex(({ node }) => node === undefined);
  const placed = refused < 0 ? bindings : bindings.slice(0, refused);
  const nodes = fleet.members.size;
  const without = firstWithoutAddress(model, fleet, placed);
  if (without !== undefined) {
    const { holdings } = outcomeOf(model, withPods(fleet, placed.slice(0, without + 1)));
    const shortage = holdings.shortages.find((one) => one.pods > 0 || one.nodes > 0)!;
    return { ...shortageStop(shortage), pods: podsOf(fleet) + without, nodes };
  }
  if (refused < 0) return undefined;
  return { ...stopOf(bindings[refused]!), pods: podsOf(fleet) + refused, nodes };
}

/** Place of the first pod whose coming leaves some pod without an address, by halving. */
function firstWithoutAddress(
  model: CapacityModel,
  fleet: Fleet,
  placed: ReturnType<typeof placeMore>['bindings'],
): number | undefined {
  const isShort = (count: number): boolean =>
    outcomeOf(model, withPods(fleet, placed.slice(0, count))).holdings.withoutAddress >
    model.today.withoutAddress;
  if (!isShort(placed.length)) return undefined;
  let [fits, short] = [0, placed.length];
  while (short - fits > 1) {
    const middle = (fits + short) >> 1;
    if (isShort(middle)) short = middle;
    else fits = middle;
  }
  return short - 1;
}

/** The scheduler's words for one pod, as a limit of the nodes there are. */
function onThese(model: CapacityModel, limit: Limit): Limit {
  const groups = alikeNodes(model).filter(({ members }) => members.length > 0);
  const at = groups.length === 1 && groups[0]!.group ? `group/${groups[0]!.name}` : 'cluster';
  const nodes = counted(limit.nodes, 'node');
  const [first] = groups;
  const what = {
    'max-pods': `each ${first?.members[0]?.node.instanceType} takes ${first?.members[0]?.node.allocatable.pods} pods (maxPods)`,
    cpu: 'no node has the CPU left that the next pod requests',
    memory: 'no node has the memory left that the next pod requests',
  };
  const words = limit.kind in what ? what[limit.kind as keyof typeof what] : limit.message;
  return {
    ...limit,
    at,
    message: `the ${nodes} of today ${limit.nodes === 1 ? 'is' : 'are'} full: ${words}`,
  };
}

/** Every group at its maximum, as far as the pods that are tried may need. */
function atMaximum({ fleet, cluster }: CapacityModel): Fleet {
  const more = cluster.spec.nodeGroups.flatMap((group) => {
    const room = group.max - membersOf(fleet, group.name).length;
    return room > 0 ? launchAll(fleet, group, Math.min(room, MOST_PODS)) : [];
  });
  let slots = 0;
  const enough = more.filter(({ node, pods }) => {
    const isWanted = slots <= MOST_PODS;
    slots += node.allocatable.pods - pods.length;
    return isWanted;
  });
  return withMembers(fleet, enough);
}

function groupsFull(model: CapacityModel, limit: Limit, grown: Fleet): Limit {
  const groups = model.cluster.spec.nodeGroups;
  if (groups.length === 0) return { ...limit, kind: 'placement', message: 'no node group could add a node' };
  const full = groups.map(({ name, max }) => `${name} (${max})`).join(', ');
  return {
    kind: 'group-max',
    at: groups.length === 1 ? `group/${groups[0]!.name}` : 'cluster',
    message: `${groups.length === 1 ? 'node group' : 'node groups'} ${full} at ${groups.length === 1 ? 'its' : 'their'} maximum: the cluster autoscaler adds no more`,
    pods: limit.pods,
    nodes: grown.members.size,
  };
}

/** What would stop the groups if they had no maximum, each node full of pods. */
function beyondMaximum(model: CapacityModel, { pods, nodes }: Limit): Limit[] {
  const [group] = alikeNodes(model).filter((alike) => alike.group);
  if (!group) return [];
  const { template } = group;
  const perNode = template.node.allocatable.pods - template.pods.length;
  const unlimited = { ...group, group: { ...group.group!, max: Infinity } };
  const room = nodeRoom(model, unlimited, perNode + needing(template.pods));
  const beyond = room.count - (nodes - model.fleet.members.size);
  if (beyond <= 0) return [];
  return [
    {
      ...room.stop,
      message: `with a higher maximum: ${room.stop.message}, after ${counted(nodes + beyond, 'node')} full of pods`,
      pods: pods + beyond * perNode,
      nodes: nodes + beyond,
    },
  ];
}

function slotsOf({ members }: Fleet): number {
  return [...members.values()].reduce(
    (sum, { node, pods }) => sum + Math.max(0, node.allocatable.pods - pods.length),
    0,
  );
}

function podsOf({ members }: Fleet): number {
  return [...members.values()].reduce((sum, { pods }) => sum + addressed(pods), 0);
}
