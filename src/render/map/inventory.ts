/** What stands where, as the map shows it: regions, VPCs, zones, subnets and what is in them, by name. No sizes. */
import { formatCidr } from '../../addressing/cidr.ts';
import { routeGraph } from '../../world/graph.ts';
import type { SubnetSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { SubnetState, World } from '../../world/world.ts';
import { type CardView, cardsOf, collapsed } from './cards.ts';
import { type NodeView, nodesOf } from './nodes.ts';
import { groupBy, isCrowded, order, workloadsOf } from './pods.ts';
import { type Unplaced, unplacedOf } from './unplaced.ts';

export interface Inventory {
  readonly regions: readonly { readonly name: string; readonly vpcs: readonly VpcView[] }[];
  readonly unplaced: readonly Unplaced[];
}

export interface VpcView {
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly account: string;
  readonly gateway: string | undefined;
  readonly zones: readonly ZoneView[];
  readonly routes: readonly RouteView[];
}

export interface ZoneView {
  readonly name: string;
  readonly subnets: readonly SubnetView[];
}

export interface SubnetView {
  readonly state: SubnetState;
  /** Words for its routes, for the tip. */
  readonly routes: readonly string[];
  readonly cards: readonly CardView[];
  readonly nodes: readonly NodeView[];
}

/** A route of a subnet that leads to a gateway: `gateway/NAME` or `nat/NAME`. */
export interface RouteView {
  readonly subnet: string;
  readonly target: string;
}

export function inventoryOf(world: World): Inventory {
  const workloadOf = workloadsOf(world);
  const nodes = nodesOf(world, workloadOf, isCrowded(world));
  const cards = groupBy(cardsOf(world), ({ subnet }) => subnet);
  const states = new Map(world.subnets.map((state) => [state.name, state]));
  const subnetView = (vpc: VpcSpec, spec: SubnetSpec): SubnetView => ({
    state: states.get(spec.name)!,
    routes: routeWords(vpc, spec.routeTable),
    cards: collapsed(cards.get(spec.name) ?? []),
    nodes: nodes.get(spec.name) ?? [],
  });
  const regions = groupBy(world.topology.vpcs, ({ region }) => region);
  return {
    regions: [...regions].map(([name, vpcs]) => ({
      name,
      vpcs: vpcs.map((vpc) => ({
        name: vpc.name,
        cidrs: vpc.cidrs.map(formatCidr),
        account: vpc.account,
        gateway: vpc.internetGateway?.name,
        zones: zonesOf(vpc, (spec) => subnetView(vpc, spec)),
        routes: routesOf(vpc),
      })),
    })),
    unplaced: unplacedOf(world, workloadOf),
  };
}

/** In a zone the public subnets come first: traffic from outside passes them first. */
function zonesOf(vpc: VpcSpec, viewOf: (spec: SubnetSpec) => SubnetView): ZoneView[] {
  return [...groupBy(vpc.subnets, ({ az }) => az)]
    .sort(([a], [b]) => order(a, b))
    .map(([name, specs]) => ({
      name,
      subnets: specs.map(viewOf).sort((a, b) => Number(b.state.public) - Number(a.state.public)),
    }));
}

function routesOf(vpc: VpcSpec): RouteView[] {
  const graph = routeGraph(vpc);
  return vpc.subnets.flatMap(({ name }) =>
    graph
      .outNeighbors(`subnet/${name}`)
      .sort()
      .map((target) => ({ subnet: name, target })),
  );
}

/** "0.0.0.0/0 to nat-a", in the order of the table. */
export function routeWords(vpc: VpcSpec, table: string): string[] {
  const routes = vpc.routeTables.find(({ name }) => name === table)?.routes ?? [];
  return routes.map(({ to, via }) => `${formatCidr(to)} to ${via}`);
}
