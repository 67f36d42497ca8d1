/** The few numbers by which advice is judged. */

import { needing } from '../fleet.ts';
import { nodeRoom, podRoom } from '../group-room.ts';
import { alikeNodes } from '../groups.ts';
import type { CapacityModel } from '../model.ts';
import { codeOf } from '../subnet-map.ts';
import { OF_NODES } from './variant.ts';

export interface Metrics {
  /** Addresses that nodes and pods hold. */
  readonly held: number;
  /** Free addresses of the subnet of nodes or pods that has the fewest. */
  readonly tightest: { readonly subnet: string; readonly free: number } | undefined;
  /** Free addresses by subnet. */
  readonly free: ReadonlyMap<string, number>;
  readonly withoutAddress: number;
  /** More nodes full of pods that the subnets could take, whatever the maximum of groups. */
  readonly nodes: number;
  /** More pods on the nodes there are. */
  readonly pods: number;
  /** Pods a node takes, the least of all groups. */
  readonly maxPods: number;
}

export function metricsOf(model: CapacityModel): Metrics {
  const held = [...model.lines.values()].reduce(
    (sum, counts) => sum + OF_NODES.reduce((of, use) => of + counts[codeOf[use]]!, 0),
    0,
  );
  const used = [...model.lines].filter(([, counts]) => OF_NODES.some((use) => counts[codeOf[use]]! > 0));
  const frees = used.map(([subnet, counts]) => ({ subnet, free: counts[codeOf.free]! }));
  const groups = alikeNodes(model).filter(({ members }) => members.length > 0);
  const nodes = groups.map((alike) => {
    const { template, group } = alike;
    const launched = needing(template.pods);
    const full = template.node.allocatable.pods - (template.pods.length - launched);
    return nodeRoom(model, { ...alike, group: group && { ...group, max: Infinity } }, full).count;
  });
  return {
    held,
    tightest: frees.reduce<Metrics['tightest']>((a, b) => (a && a.free <= b.free ? a : b), undefined),
    free: new Map([...model.lines].map(([subnet, counts]) => [subnet, counts[codeOf.free]!])),
    withoutAddress: model.today.withoutAddress,
    nodes: Math.max(0, ...nodes),
    pods: groups.reduce((sum, alike) => sum + podRoom(model, alike).count, 0),
    maxPods: Math.min(...groups.map(({ template }) => template.node.allocatable.pods)),
  };
}
