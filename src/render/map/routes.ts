/** The ways of a VPC's routes: from the left edge of a subnet by lanes to an internet gateway or a NAT gateway. */
import { absolute, type Block, type Line } from './block.ts';
import type { RouteView, VpcView } from './inventory.ts';
import { FIRST_LANE, GUTTER_EDGE, isDrawn, LANE_STEP, type Lanes } from './lanes.ts';
import { groupBy } from './pods.ts';
import { treeOf } from './tree.ts';

/** From the top of a subnet to where its first route begins. */
const FIRST_START = 12;

/** Relative to the VPC, whose blocks must have their places. */
export function routeLines(vpc: VpcView, lanes: Lanes, body: Block): readonly Line[] {
  const places = new Map([...absolute({ ...body, x: 0, y: 0 })].map((each) => [each.id, each]));
  const drawn = vpc.routes.filter(({ target }) => isDrawn(target, lanes.zoneOf));
  return [...groupBy(drawn, ({ target }) => target).values()].flatMap((routes) =>
    treeOf(
      routes.map((route) => ({
        ends: true,
        look: lanes.zoneOf.has(route.target) ? 'nat' : 'gateway',
        tip: `subnet ${route.subnet} to ${route.target}`,
        points: way(route, vpc, lanes, places),
      })),
    ),
  );
}

function way(
  { subnet, target }: RouteView,
  vpc: VpcView,
  { over, gutters, zoneOf }: Lanes,
  places: ReadonlyMap<string, Block>,
): Line['points'] {
  const zone = vpc.zones.find(({ subnets }) => subnets.some(({ state }) => state.name === subnet))!.name;
  const gutter = (of: string): number =>
    places.get(`az/${vpc.name}/${of}`)!.x + GUTTER_EDGE + gutters.get(of)!.indexOf(target) * LANE_STEP;
  const lane = FIRST_LANE + over.indexOf(target) * LANE_STEP;
  const from = places.get(`subnet/${subnet}`)!;
  const to = places.get(target)!;
  const y = from.y + FIRST_START + gutters.get(zone)!.indexOf(target) * LANE_STEP;
  const targetZone = zoneOf.get(target);
  const leave = [
    [from.x, y],
    [gutter(zone), y],
  ] as const;
  if (targetZone === undefined) return [...leave, [gutter(zone), lane], [to.x + to.width, lane]];
  const middle = to.y + to.height / 2;
  const arrive = [
    [gutter(targetZone), middle],
    [to.x, middle],
  ] as const;
  if (targetZone === zone) return [...leave, ...arrive];
  return [...leave, [gutter(zone), lane], [gutter(targetZone), lane], ...arrive];
}
