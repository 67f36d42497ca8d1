/** Peaks of nodes: a managed node group is updated, a node is replaced, nodes end, a zone is lost. */
import { compareText } from '../../kube/order.ts';
import type { NodeGroupSpec } from '../../world/cluster-spec.ts';
import { addNodes } from './autoscaler.ts';
import { totalOf } from './counts.ts';
import { type Member, membersOf, newMember, placeMore, withMembers, withoutMembers } from './fleet.ts';
import { type CapacityModel, freeIn, outcomeOf } from './model.ts';
import { startedAgain } from './more-pods.ts';
import { peakOf } from './peak.ts';
import type { Peak, Stop } from './report.ts';
import { counted } from './stops.ts';

export function nodePeaks(model: CapacityModel): Peak[] {
  const groups = model.cluster.spec.nodeGroups.filter(({ name }) => membersOf(model.fleet, name).length > 0);
  return [
    ...groups.map((group) => groupUpdate(model, group)),
    ...groups.map((group) => replacement(model, group)),
    ...zonesOf(model).map((zone) => zoneLoss(model, zone)),
    ...groups.map((group) => terminating(model, group)),
  ];
}

/** EKS raises a group by up to two nodes a zone, or by maxUnavailable where that is more, waits for them, and then
 *  drains the old ones, maxUnavailable at a time ("Understand each phase of node updates"). The maximum of the group
 *  is raised as well. */
const UPDATE_NODES_PER_ZONE = 2;
const UPDATE_MAX_UNAVAILABLE = 1;

function groupUpdate(model: CapacityModel, group: NodeGroupSpec): Peak {
  const zones = new Set(group.subnets.map((name) => zoneOf(model, name)));
  const count = Math.max(UPDATE_NODES_PER_ZONE * zones.size, UPDATE_MAX_UNAVAILABLE);
  const more = Array.from({ length: count }, (_, i) =>
    member(model, group, group.subnets[i % group.subnets.length]!, i),
  );
  const fresh = new Set(more.map(({ node }) => node.name));
  const drained = fullest(membersOf(model.fleet, group.name)).slice(0, UPDATE_MAX_UNAVAILABLE);
  const pods = startedAgain(drained.flatMap((one) => one.pods));
  // The old nodes of the group take nothing any more.
  const placed = placeMore(
    withMembers(model.fleet, more),
    pods,
    ({ name, group: of }) => of !== group.name || fresh.has(name),
  );
  return peakOf(model, {
    kind: 'node-group-update',
    of: `group/${group.name}`,
    outcome: outcomeOf(model, placed.fleet),
    unplaced: placed.unplaced,
    extraPods: pods.length,
    because: [
      `EKS first launches ${counted(count, 'node')}, up to ${UPDATE_NODES_PER_ZONE} a zone, with warm pools, then drains the old ones one by one`,
    ],
  });
}

/** A node ends and another takes its place: the pods start again before its addresses are given back. */
function replacement(model: CapacityModel, group: NodeGroupSpec): Peak {
  const [old] = fullest(membersOf(model.fleet, group.name));
  const fresh = member(model, group, old!.node.subnet.name, 0);
  const pods = startedAgain(old!.pods);
  const placed = placeMore(withMembers(model.fleet, [fresh]), pods, ({ name }) => name !== old!.node.name);
  return peakOf(model, {
    kind: 'node-replacement',
    of: `group/${group.name}`,
    outcome: outcomeOf(model, placed.fleet),
    unplaced: placed.unplaced,
    extraPods: pods.length,
    because: [`the pods of ${old!.node.name} start elsewhere before its addresses are free`],
  });
}

/** EC2 gives the addresses of an instance back when it has terminated, not when it is told to. */
function terminating(model: CapacityModel, group: NodeGroupSpec): Peak {
  const all = membersOf(model.fleet, group.name).map(({ node, held }) => ({
    node,
    addresses: held
      ? [...held.counts.bySubnet.values()].reduce((sum, counts) => sum + totalOf(counts), 0)
      : 0,
  }));
  const most = all.reduce((a, b) => (b.addresses > a.addresses ? b : a));
  const { subnet } = most.node;
  const free = freeIn(model, subnet.name);
  return {
    kind: 'terminating-nodes',
    of: `group/${group.name}`,
    fits: true,
    addresses: most.addresses,
    seconds: null,
    nodes: 0,
    pods: { extra: 0, unschedulable: 0, withoutAddress: 0 },
    subnets: [{ subnet: subnet.name, extra: [], addresses: most.addresses, free, short: 0 }],
    stops: [],
    because: ['its addresses are held until EC2 has terminated it'],
  };
}

/** The nodes of a zone are gone, with their pods. Auto Scaling groups launch as many in the zones they have left. */
function zoneLoss(model: CapacityModel, zone: string): Peak {
  const lost = [...model.fleet.members.values()].filter(({ node }) => node.zone === zone);
  const left = withoutMembers(model.fleet, ({ node }) => node.zone === zone);
  const stops: Stop[] = [];
  const more = model.cluster.spec.nodeGroups.flatMap((group) => {
    const count = lost.filter(({ node }) => node.group === group.name).length;
    const others = group.subnets.filter((name) => zoneOf(model, name) !== zone);
    if (count > 0 && others.length === 0)
      stops.push({
        kind: 'placement',
        at: `group/${group.name}`,
        message: `node group ${group.name} has subnets in ${zone} only: its ${counted(count, 'node')} cannot move`,
      });
    return Array.from({ length: others.length > 0 ? count : 0 }, (_, i) =>
      member(model, group, others[i % others.length]!, i),
    );
  });
  const pods = startedAgain(lost.flatMap((one) => one.pods));
  const placed = placeMore(withMembers(left, more), pods);
  const settled = addNodes(model, inOtherZones(placed.fleet, model, zone), placed.unplaced);
  return peakOf(model, {
    kind: 'zone-loss',
    of: `zone/${zone}`,
    outcome: outcomeOf(model, settled.fleet),
    unplaced: settled.unplaced,
    stops: [...stops, ...settled.stops],
    extraPods: pods.length,
    subnets: (name) => zoneOf(model, name) !== zone,
    because: [
      `${counted(lost.length, 'node')} and ${counted(pods.length, 'pod')} move to the other zones`,
      ...[...settled.added].map(
        ([group, count]) => `the cluster autoscaler adds ${counted(count, 'node')} to ${group}`,
      ),
    ],
  });
}

/** Groups that launch nodes in the zones that are left only. */
function inOtherZones(fleet: CapacityModel['fleet'], model: CapacityModel, zone: string): typeof fleet {
  const { spec } = fleet.around;
  const nodeGroups = spec.nodeGroups
    .map((group) => ({ ...group, subnets: group.subnets.filter((name) => zoneOf(model, name) !== zone) }))
    .filter(({ subnets }) => subnets.length > 0);
  return { ...fleet, around: { ...fleet.around, spec: { ...spec, nodeGroups } } };
}

function zonesOf({ fleet }: CapacityModel): string[] {
  const zones = new Set([...fleet.members.values()].map(({ node }) => node.zone));
  return zones.size < 2 ? [] : [...zones].sort(compareText);
}

function zoneOf({ cluster }: CapacityModel, subnet: string): string {
  return cluster.vpc.subnets.find(({ name }) => name === subnet)!.az;
}

function fullest(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => b.pods.length - a.pods.length);
}

function member(model: CapacityModel, group: NodeGroupSpec, subnet: string, index: number): Member {
  const spec = model.cluster.vpc.subnets.find(({ name }) => name === subnet)!;
  return newMember(model.fleet.around, group, spec, `${group.name}-new-${index + 1}`);
}
