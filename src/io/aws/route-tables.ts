/** `describe-route-tables` (EC2 API, RouteTable and Route) as route tables of the topology file. */
import { type Account, all, has, leftOut, made, nowhere } from './account.ts';
import { flag, parts, type Resource, text } from './resource.ts';

/** A route as the topology file writes it, with what leads to something nobody described as `unknown/ID`. */
export function routeTableOf(account: Account, table: Resource): Record<string, unknown> {
  const associations = parts(table, 'Associations');
  const edge = associations.flatMap((each) => text(each, 'GatewayId') ?? []);
  const propagating = parts(table, 'PropagatingVgws').flatMap((each) => text(each, 'GatewayId') ?? []);
  return made(account, table, {
    name: text(table, 'RouteTableId'),
    main: associations.some((each) => flag(each, 'Main')) ? true : undefined,
    edge: edge.length > 0 ? edge : undefined,
    propagatingGateways: propagating.length > 0 ? propagating : undefined,
    routes: parts(table, 'Routes').flatMap((route) => routeOf(account, route)),
  });
}

/** Subnet -> name of the route table that an association gives it. */
export function tablesOfSubnets(account: Account): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const table of all(account, 'RouteTables'))
    for (const association of parts(table, 'Associations')) {
      const subnet = text(association, 'SubnetId');
      if (subnet !== undefined) tables.set(subnet, text(table, 'RouteTableId')!);
    }
  return tables;
}

/** Member of a Route that names its target -> where that is described. */
const targets: readonly (readonly [member: string, collection: string])[] = [
  ['NatGatewayId', 'NatGateways'],
  ['TransitGatewayId', 'TransitGateways'],
  ['VpcPeeringConnectionId', 'VpcPeeringConnections'],
  ['NetworkInterfaceId', 'NetworkInterfaces'],
  ['EgressOnlyInternetGatewayId', 'EgressOnlyInternetGateways'],
];

/** What `GatewayId` may name, by how the id begins. */
const gateways: readonly (readonly [prefix: string, collection: string])[] = [
  ['igw-', 'InternetGateways'],
  ['vgw-', 'VpnGateways'],
  ['vpce-', 'VpcEndpoints'],
];

function routeOf(account: Account, route: Resource): Record<string, unknown>[] {
  const list = text(route, 'DestinationPrefixListId');
  const to = text(route, 'DestinationCidrBlock') ?? (list && `pl/${list}`);
  const gateway = text(route, 'GatewayId');
  // The local route of each block is there anyway, and an endpoint writes the one to the prefix list of its service.
  if (gateway === 'local' || (list !== undefined && gateway?.startsWith('vpce-') === true)) return [];
  if (to === undefined) {
    if (text(route, 'DestinationIpv6CidrBlock') === undefined)
      leftOut(account, route, 'a route without destination is left out');
    return [];
  }
  const propagated = text(route, 'Origin') === 'EnableVgwRoutePropagation';
  return [
    made(account, route, { to, via: viaOf(account, route), by: propagated ? 'propagated' : undefined }),
  ];
}

function viaOf(account: Account, route: Resource): string {
  if (text(route, 'State') === 'blackhole') return 'blackhole';
  const gateway = text(route, 'GatewayId');
  const collection = gateways.find(([prefix]) => gateway?.startsWith(prefix))?.[1];
  if (gateway !== undefined && collection !== undefined && has(account, collection, gateway)) return gateway;
  for (const [member, where] of targets) {
    const id = text(route, member);
    if (id !== undefined && has(account, where, id)) return id;
  }
  const named = Object.entries(route.value).find(
    ([key, value]) => /(?:Id|Arn)$/.test(key) && !/^Destination|Owner/.test(key) && typeof value === 'string',
  );
  const id = String(named?.[1] ?? 'target').replaceAll('/', '.');
  nowhere(account, route, id, 'what its packets meet is undetermined');
  return `unknown/${id}`;
}
