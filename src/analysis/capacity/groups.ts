/** Node groups, and nodes outside of groups by their type: what a node of each holds, and how many more fit. */

import { clusterOptions } from '../../cni/max-pods/cluster-options.ts';
import { managedMaxPods, nodeadmMaxPods } from '../../cni/max-pods.ts';
import type { NodeGroupSpec } from '../../world/cluster-spec.ts';
import { templateOf } from './autoscaler.ts';
import { type Member, needing } from './fleet.ts';
import { nodeRoom, podRoom } from './group-room.ts';
import type { CapacityModel } from './model.ts';
import { footprint, nodeShapes } from './node-shape.ts';
import type { GroupCapacity } from './report.ts';

/** Nodes that are alike as far as addresses go. */
export interface Alike {
  readonly name: string;
  /** Undefined for nodes outside of groups. */
  readonly group: NodeGroupSpec | undefined;
  readonly members: readonly Member[];
  /** A node of them with the pods of DaemonSets alone. */
  readonly template: Member;
  readonly subnets: readonly string[];
}

export function groupCapacities(model: CapacityModel): GroupCapacity[] {
  return alikeNodes(model).map((alike) => groupCapacity(model, alike));
}

export function alikeNodes({ cluster, fleet }: CapacityModel): Alike[] {
  const members = [...fleet.members.values()];
  const groups = cluster.spec.nodeGroups.map((group) => ({
    name: group.name,
    group,
    members: members.filter(({ node }) => node.group === group.name),
    template: templateOf(fleet.around, group),
    subnets: group.subnets,
  }));
  const single = members.filter(({ node }) => node.group === undefined);
  const types = new Set(single.map(({ node }) => node.instanceType));
  return [
    ...groups,
    ...[...types].map((name) => {
      const own = single.filter(({ node }) => node.instanceType === name);
      const pods = own[0]!.pods.filter(({ owner }) => owner?.startsWith('DaemonSet/'));
      return {
        name,
        group: undefined,
        members: own,
        template: { ...own[0]!, pods, held: undefined },
        subnets: [...new Set(own.map(({ node }) => node.subnet.name))],
      };
    }),
  ];
}

function groupCapacity(model: CapacityModel, alike: Alike): GroupCapacity {
  const { name, group, members, template, subnets } = alike;
  const { node } = template;
  const shape = nodeShapes(model.fleet.around)(node);
  const maxPods = node.allocatable.pods;
  const launched = needing(template.pods);
  const full = maxPods - (template.pods.length - launched);
  const nodes = nodeRoom(model, alike, launched);
  const fullNodes = nodeRoom(model, alike, full);
  const pods = podRoom(model, alike);
  return {
    name,
    kind: group ? 'node-group' : 'nodes',
    instanceType: node.instanceType,
    nodes: members.length,
    max: group?.max ?? null,
    subnets,
    maxPods,
    maxPodsBecause: whyMaxPods(model, template),
    pods: members.reduce((sum, member) => sum + member.pods.length, 0),
    footprint: { launched: footprint(shape, launched), full: footprint(shape, full) },
    room: {
      nodes: nodes.count,
      stoppedBy: nodes.stop,
      fullNodes: fullNodes.count,
      fullStoppedBy: fullNodes.stop,
      pods: pods.count,
      podsStoppedBy: pods.stop,
      bySubnet: subnets.map((subnet) => ({
        subnet,
        nodes: nodes.bySubnet.get(subnet) ?? 0,
        fullNodes: fullNodes.bySubnet.get(subnet) ?? 0,
      })),
    },
  };
}

function whyMaxPods({ cluster, fleet }: CapacityModel, { node }: Member): string {
  const { pods } = node.allocatable;
  if (node.maxPods !== undefined) return `maxPods ${pods}, as the topology sets it`;
  const type = fleet.around.typeOf(node.instanceType);
  if (!type) return `${node.instanceType} is in no table: the default of the kubelet`;
  const options = clusterOptions(cluster.env, cluster.spec.cni.version);
  return (node.group === undefined ? nodeadmMaxPods(type) : managedMaxPods(type, options)).steps.join('; ');
}
