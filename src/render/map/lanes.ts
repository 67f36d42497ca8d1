/** Lanes of the route lines of one VPC. A line leaves its subnet to the left, follows the zone's gutter, and where the
 *  target is in another zone or on the VPC's border, the lane over all zones. Every target has its own lane, so lines
 *  share a stretch only when they lead to the same gateway. */
import type { VpcView } from './inventory.ts';

export const LANE_STEP = 7;
/** Below the VPC's top: the lane over all zones that is next to it. */
export const FIRST_LANE = 38;
/** From the left of a zone to its first lane. */
export const GUTTER_EDGE = 8;

export interface Lanes {
  /** Targets that are reached over the zones, the top one first. */
  readonly over: readonly string[];
  /** By zone: targets with a line in its gutter, the outer one first. */
  readonly gutters: ReadonlyMap<string, readonly string[]>;
  /** Zone of each NAT gateway that routes lead to. */
  readonly zoneOf: ReadonlyMap<string, string>;
}

export function lanesOf(vpc: VpcView): Lanes {
  const zoneOf = new Map<string, string>();
  const zoneOfSubnet = new Map<string, string>();
  for (const zone of vpc.zones)
    for (const { state, cards } of zone.subnets) {
      zoneOfSubnet.set(state.name, zone.name);
      for (const { id } of cards) if (id.startsWith('nat/')) zoneOf.set(id, zone.name);
    }
  const drawn = vpc.routes.filter(({ target }) => isDrawn(target, zoneOf));
  const targets = [...new Set(drawn.map(({ target }) => target))].sort();
  const over = targets.filter((target) =>
    drawn.some((route) => route.target === target && zoneOfSubnet.get(route.subnet) !== zoneOf.get(target)),
  );
  const gutters = new Map(
    vpc.zones.map(({ name }) => [
      name,
      targets.filter(
        (target) =>
          zoneOf.get(target) === name ||
          drawn.some((route) => route.target === target && zoneOfSubnet.get(route.subnet) === name),
      ),
    ]),
  );
  return { over, gutters, zoneOf };
}

/** Room that a zone's lanes take at its left. */
export function gutterWidth({ gutters }: Lanes, zone: string): number {
  return Math.max(10, GUTTER_EDGE + (gutters.get(zone)?.length ?? 0) * LANE_STEP);
}

/** A NAT gateway without an address has no card to lead to. */
export function isDrawn(target: string, zoneOf: ReadonlyMap<string, string>): boolean {
  return target.startsWith('gateway/') || zoneOf.has(target);
}
