/** How many more nodes and pods nodes that are alike have room for, and what stops the next one. */
import { needing } from './fleet.ts';
import type { Alike } from './groups.ts';
import { assign, copyOf, grow, launched } from './held.ts';
import { subnetsOf } from './holdings.ts';
import { type CapacityModel, freeOf } from './model.ts';
import { nodeShapes } from './node-shape.ts';
import type { Stop } from './report.ts';
import { addressStop } from './stops.ts';

export interface Room {
  readonly count: number;
  readonly stop: Stop;
  readonly bySubnet: ReadonlyMap<string, number>;
}

/** More nodes with so many pods each, whose ENIs get all that ipamd asks for. The zones are kept even. */
export function nodeRoom(
  model: CapacityModel,
  { name, group, members, template, subnets }: Alike,
  pods: number,
): Room {
  const shape = nodeShapes(model.fleet.around)(template.node);
  const specs = new Map(model.cluster.vpc.subnets.map((subnet) => [subnet.name, subnet]));
  const standing = new Map(subnets.map((subnet) => [subnet, 0]));
  for (const { node } of members) standing.set(node.subnet.name, (standing.get(node.subnet.name) ?? 0) + 1);
  const bySubnet = new Map<string, number>();
  const most = group ? group.max - members.length : Infinity;
  let free = freeOf(model);
  let count = 0;
  let stop: Stop = {
    kind: 'group-max',
    at: `group/${name}`,
    message: `node group ${name} is at its maximum of ${group?.max} nodes`,
  };
  while (count < most && standing.size > 0) {
    const [subnet, there] = [...standing].reduce((a, b) => (b[1] < a[1] ? b : a));
    const trial = new Map([...free].map(([key, value]) => [key, value.copy()]));
    const where = subnetsOf(model.fleet, {
      node: { ...template.node, subnet: specs.get(subnet)! },
      held: undefined,
    });
    const held = launched(subnet, trial.get(subnet)!);
    const lacking = held
      ? grow(held, shape, pods, where, trial)
      : ({ kind: 'subnet-addresses', addresses: 1 } as const);
    if (lacking) {
      standing.delete(subnet);
      const full = held ? where.pod : subnet;
      stop = {
        kind: lacking.kind,
        at: `subnet/${full}`,
        message:
          lacking.kind === 'prefix-blocks'
            ? `subnet ${full} has no whole /28 for another node (InsufficientCidrBlocks)`
            : `subnet ${full} has too few addresses for another node`,
      };
      continue;
    }
    free = trial;
    count++;
    standing.set(subnet, there + 1);
    bySubnet.set(subnet, (bySubnet.get(subnet) ?? 0) + 1);
  }
  return { count, stop, bySubnet };
}

/** More pods without requests on the nodes there are. */
export function podRoom(model: CapacityModel, { members, name, group }: Alike): Room {
  const shapeOf = nodeShapes(model.fleet.around);
  const free = freeOf(model);
  const bySubnet = new Map<string, number>();
  const lacks = new Map<string, { stop: Stop; pods: number }>();
  let count = 0;
  for (const member of members) {
    const slots = Math.max(0, member.node.allocatable.pods - member.pods.length);
    const held = copyOf(member.held!);
    const wanted = needing(member.pods) + slots;
    const where = subnetsOf(model.fleet, member);
    const lacking = grow(held, shapeOf(member.node), wanted, where, free);
    const without = Math.min(slots, assign(held, wanted));
    count += slots - without;
    bySubnet.set(where.pod, (bySubnet.get(where.pod) ?? 0) + slots - without);
    if (without === 0) continue;
    const stop = addressStop(lacking?.kind ?? 'enis', where.pod);
    const one = lacks.get(stop.message);
    lacks.set(stop.message, { stop, pods: (one?.pods ?? 0) + without });
  }
  const [most] = [...lacks.values()].sort((a, b) => b.pods - a.pods);
  const maxPods = members[0]?.node.allocatable.pods;
  const atMaximum: Stop = {
    kind: 'max-pods',
    at: group ? `group/${name}` : `nodes/${name}`,
    message: maxPods === undefined ? `${name} has no nodes` : `each node takes ${maxPods} pods (maxPods)`,
  };
  return { count, stop: most?.stop ?? atMaximum, bySubnet };
}
