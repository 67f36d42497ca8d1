/** Which route table a subnet has, and whether it leads to the internet gateway. */
import type { RouteTableSpec, SubnetSpec, VpcSpec } from './topology.ts';

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
