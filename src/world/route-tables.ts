/** Which route table a subnet or a gateway has, and whether it leads to the internet gateway. */
import { cidr } from '../addressing/cidr.ts';
import { defaulted } from '../base/origin.ts';
import { NO_TABLE } from '../vpc/ports.ts';
import type { RouteTableSpec, SubnetSpec, VpcSpec } from './vpc-spec.ts';

const anywhere = cidr('0.0.0.0/0');

/** Those of the topology, and after them those that AWS makes for regional NAT gateways: to the internet. */
export function allRouteTables({
  routeTables,
  natGateways,
  internetGateway,
}: VpcSpec): readonly RouteTableSpec[] {
  const own = natGateways.filter(
    ({ name, subnet }) => subnet === undefined && !routeTables.some(({ edge }) => edge.includes(name)),
  );
  const origin = defaulted('AWS', 'route table of a regional NAT gateway');
  const routes = internetGateway
    ? [{ to: anywhere, via: internetGateway.name, by: 'static' as const, origin }]
    : [];
  return [...routeTables, ...own.map(({ name }) => ({ name, main: false, edge: [name], routes, origin }))];
}

/** Number of the table that a gateway asks for what comes in by it, among those of `allRouteTables`, or NO_TABLE. */
export function edgeTable(vpc: VpcSpec, gateway: string): number {
  const number = allRouteTables(vpc).findIndex(({ edge }) => edge.includes(gateway));
  return number < 0 ? NO_TABLE : number;
}

export function tableOf(vpc: VpcSpec, subnet: SubnetSpec): RouteTableSpec {
  return (
    vpc.routeTables.find(({ name }) => name === subnet.routeTable) ??
    vpc.routeTables.find(({ main }) => main)!
  );
}

/** Names of the public subnets: those whose table has a route to the internet gateway ("Subnet types"). */
export function publicSubnets(vpc: VpcSpec): ReadonlySet<string> {
  const { internetGateway, natGateways, subnets } = vpc;
  const gateway = natGateways.some(({ name }) => name === internetGateway?.name)
    ? undefined
    : internetGateway;
  if (!gateway) return new Set();
  const open = subnets.filter((subnet) =>
    tableOf(vpc, subnet).routes.some(({ via }) => via === gateway.name),
  );
  return new Set(open.map(({ name }) => name));
}
