/** What the nodes of a zone take from its subnets, whichever way its pods spread over them. */
import { warmTarget } from '../../cni/warm-target.ts';
import { type PlanDemand, podsOfNode } from './demand.ts';
import type { ZonePeak } from './peak.ts';

/** Of one node, or of all in a zone. */
export interface NodeShare {
  readonly enis: number;
  /** Single addresses of the node's subnet. */
  readonly node: number;
  /** Single addresses of the pod subnet; 0 without custom networking. */
  readonly pod: number;
  /** /28 blocks: of the pod subnet under custom networking, else of the node's. */
  readonly prefixes: number;
}

const ADDRESSES_PER_PREFIX = 16;

/** Of a node with so many pods, and how many of them get an address. */
export function nodeShare(
  { type, env, maxPods }: PlanDemand,
  pods: number,
): NodeShare & { readonly addresses: number; readonly because: string } {
  const target = warmTarget({ type, env, maxPods, pods });
  // Above 1, WARM_PREFIX_TARGET asks for all of them at once as soon as one is missing.
  const over = target.prefixes > 0 ? Math.max(0, env.warmPrefixTarget - 1) : 0;
  const inPrefixes = target.prefixes * ADDRESSES_PER_PREFIX;
  const { node, pod } = target.subnetAddresses;
  return {
    enis: target.enis,
    node: env.customNetworking ? node : node - inPrefixes,
    pod: env.customNetworking ? pod - inPrefixes : pod,
    prefixes: target.prefixes + over,
    addresses: target.addresses,
    because: target.because,
  };
}

/** The most that `peak.nodes` nodes take together with `peak.pods` pods on them in any distribution: a node's share grows
 *  in steps, so that uneven nodes may take more than even ones. Of a function f of a node's pods no distribution gives
 *  more than nodes x the least concave function above f, at the mean (Jensen). */
export function zoneShare(demand: PlanDemand, peak: ZonePeak): NodeShare {
  const most = Math.min(podsOfNode(demand), peak.pods);
  const shares = Array.from({ length: most + 1 }, (_, pods) => nodeShare(demand, pods));
  const total = (of: keyof NodeShare): number => {
    let most = 0;
    const upTo = shares.map((share) => (most = Math.max(most, share[of])));
    return Math.floor(concaveAt(upTo, peak.pods / peak.nodes) * peak.nodes + 1e-6);
  };
  return { enis: total('enis'), node: total('node'), pod: total('pod'), prefixes: total('prefixes') };
}

/** At `x`, the least concave function that is nowhere below the values of 0, 1, 2 ... */
export function concaveAt(values: readonly number[], x: number): number {
  const hull: { x: number; y: number }[] = [];
  for (const [at, y] of values.entries()) {
    while (hull.length > 1 && below(hull.at(-2)!, hull.at(-1)!, { x: at, y })) hull.pop();
    hull.push({ x: at, y });
  }
  const right = hull.findIndex((point) => point.x >= x);
  if (right < 0) return hull.at(-1)!.y;
  const to = hull[right]!;
  const from = hull[Math.max(0, right - 1)]!;
  return to.x === from.x ? to.y : from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whether `middle` lies on or below the line between the others. */
function below(left: Point, middle: Point, right: Point): boolean {
  return (middle.y - left.y) * (right.x - left.x) <= (right.y - left.y) * (middle.x - left.x);
}
