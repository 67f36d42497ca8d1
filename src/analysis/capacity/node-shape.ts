/** What a node's ENIs come to for a number of pods, before any subnet is asked: the closed forms of the pool, computed
 *  once for nodes that are alike. */
import { type PoolShape, type PoolType, poolShape } from '../../cni/pool-shape.ts';
import { type WarmTarget, warmTarget } from '../../cni/warm-target.ts';
import type { SizedNode } from '../../world/placement.ts';
import { UNKNOWN_TYPE } from '../../world/pod-addresses.ts';
import type { Surroundings } from './fleet.ts';
import type { Footprint } from './report.ts';

export interface NodeShape {
  readonly type: PoolType;
  readonly pool: PoolShape;
  readonly target: (pods: number) => WarmTarget;
}

export type ShapeOf = (node: Pick<SizedNode, 'instanceType' | 'allocatable'>) => NodeShape;

/** Nodes of equal type and maxPods are of one shape. */
export function nodeShapes({ env, typeOf }: Pick<Surroundings, 'env' | 'typeOf'>): ShapeOf {
  const shapes = new Map<string, NodeShape>();
  return ({ instanceType: name, allocatable }) => {
    const maxPods = allocatable.pods;
    const key = `${name} ${maxPods}`;
    const known = shapes.get(key);
    if (known) return known;
    const type = typeOf(name) ?? UNKNOWN_TYPE;
    const targets: WarmTarget[] = [];
    const target = (pods: number): WarmTarget => {
      targets[pods] ??= warmTarget({ type, env, maxPods, pods });
      return targets[pods];
    };
    const made: NodeShape = { type, pool: poolShape(type, env), target };
    shapes.set(key, made);
    return made;
  };
}

/** Addresses that a node with so many pods of its pool holds at rest; the node's own is among them. */
export function footprint({ target }: NodeShape, pods: number): Footprint {
  const { prefixes, addresses, ...wanted } = target(pods);
  const enis = Math.max(1, wanted.enis);
  return { pods, enis, prefixes, addresses: enis + addresses };
}
