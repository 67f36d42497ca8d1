/** `describe-route-tables` (EC2 API, RouteTable and Route) as route tables of the topology file. */
import { type Account, all, described, has, leftOut, made, nowhere } from './account.ts';
import { prefixListName } from './prefix-lists.ts';
import { flag, parts, type Resource, text } from './resource.ts';

export function routeTableOf(account: Account, table: Resource): Record<string, unknown> {
  const associations = parts(table, 'Associations');
  const edge = gatewaysOf(account, table, 'Associations');
  const propagating = gatewaysOf(account, table, 'PropagatingVgws');
  return made(account, table, {
    name: text(table, 'RouteTableId'),
    main: associations.some((each) => flag(each, 'Main')) ? true : undefined,
    edge: edge.length > 0 ? edge : undefined,
    propagatingGateways: propagating.length > 0 ? propagating : undefined,
    routes: parts(table, 'Routes').flatMap((route) => routeOf(account, route)),
  });
}

/** Gateways that the members of a list name, as far as some file describes them. */
function gatewaysOf(account: Account, table: Resource, key: string): readonly string[] {
  return parts(table, key).flatMap((each) => {
    const id = text(each, 'GatewayId');
    if (id === undefined) return [];
    const collection = collectionOfGateway(id);
    return collection === undefined ? [] : described(account, each, collection, [id]);
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

/** Members of a Route that may name its target; an interface goes before the instance it is attached to. */
const targets: readonly string[] = [
  'GatewayId',
  'NatGatewayId',
  'TransitGatewayId',
  'VpcPeeringConnectionId',
  'NetworkInterfaceId',
  'InstanceId',
  'EgressOnlyInternetGatewayId',
  'CarrierGatewayId',
  'LocalGatewayId',
  'CoreNetworkArn',
];

/** What `GatewayId` may name, by how the id begins. */
const gateways: readonly (readonly [prefix: string, collection: string])[] = [
  ['igw-', 'InternetGateways'],
  ['vgw-', 'VpnGateways'],
  ['vpce-', 'VpcEndpoints'],
];

function collectionOfGateway(id: string): string | undefined {
  return gateways.find(([prefix]) => id.startsWith(prefix))?.[1];
}

function routeOf(account: Account, route: Resource): Record<string, unknown>[] {
  const list = text(route, 'DestinationPrefixListId');
  const listed = list === undefined ? undefined : prefixListName(account, list);
  const gateway = text(route, 'GatewayId');
  // The local route of each block is there anyway, and an endpoint writes the one to the prefix list of its service.
  if (gateway === 'local') return [];
  if (listed !== undefined && gateway?.startsWith('vpce-') && has(account, 'VpcEndpoints', gateway))
    return [];
  if (list !== undefined && listed === undefined) return toUnknownList(account, route, list);
  const block = text(route, 'DestinationCidrBlock') ?? text(route, 'DestinationIpv6CidrBlock');
  const to = block ?? (listed && `pl/${listed}`);
  if (to === undefined) {
    leftOut(account, route, 'a route without destination is left out');
    return [];
  }
  const propagated = text(route, 'Origin') === 'EnableVgwRoutePropagation';
  return [made(account, route, { to, via: viaOf(route), by: propagated ? 'propagated' : undefined })];
}

/** Nobody knows which packets it takes: those that no longer block than a default route's would match are undetermined. */
function toUnknownList(account: Account, route: Resource, list: string): Record<string, unknown>[] {
  nowhere(
    account,
    route,
    `the entries of ${list}`,
    'where packets go that the default route would take is undetermined',
  );
  return ['0.0.0.0/1', '128.0.0.0/1'].map((to) => made(account, route, { to, via: `unknown/${list}` }));
}

function viaOf(route: Resource): string {
  if (text(route, 'State') === 'blackhole') return 'blackhole';
  return targets.map((member) => text(route, member)).find((id) => id !== undefined) ?? 'target';
}
