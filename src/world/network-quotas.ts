/** VPCs, subnets, routes and NAT gateways beyond AWS's default quotas: AWS refuses them unless the quota was raised
 *  ("Amazon VPC quotas"). */
import type { Issue } from '../base/issue.ts';
import { type Origin, source } from '../base/origin.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Topology } from './topology.ts';
import type { NatGatewaySpec, RouteTableSpec, VpcSpec } from './vpc-spec.ts';

const VPCS_OF_REGION = 5;
const BLOCKS_OF_VPC = 5;
const SUBNETS_OF_VPC = 200;
const TABLES_OF_VPC = 200;
/** Static ones; it was 50 until 2025. A prefix list counts for as many as it may hold. */
const ROUTES_OF_TABLE = 500;
/** Cannot be raised. */
const PROPAGATED_ROUTES = 100;
const NAT_GATEWAYS_OF_ZONE = 5;
const ADDRESSES_OF_NAT_GATEWAY = 8;
const PUBLIC_ADDRESSES_OF_NAT_GATEWAY = 2;

interface Excess {
  readonly code: string;
  readonly origin: Origin | undefined;
  readonly message: string;
}

/** A warning for each quota that is passed. */
export function networkQuotaWarnings(topology: Topology): Issue[] {
  const found = [
    ...regionsOver(topology.vpcs),
    ...topology.vpcs.flatMap((vpc) => [
      ...vpcOver(vpc),
      ...vpc.routeTables.flatMap((table) => tableOver(table, vpc, topology)),
      ...zonesOver(vpc),
      ...vpc.natGateways.flatMap(natOver),
    ]),
  ];
  return found.map(({ code, origin, message }) => {
    const written = source(origin);
    return { severity: 'warning', code, at: written && topology.locate(written), message };
  });
}

const overDefault = (what: string, count: number, things: string, quota: number): string =>
  `${what} has ${count} ${things}: the default quota is ${quota}`;

function regionsOver(vpcs: readonly VpcSpec[]): Excess[] {
  const regions = grouped(vpcs, ({ account, region }) => `account ${account} in ${region}`);
  return [...regions].flatMap(([place, some]) =>
    some.length <= VPCS_OF_REGION
      ? []
      : [
          {
            code: 'quota/vpcs-of-region',
            origin: some[VPCS_OF_REGION]!.origin,
            message: overDefault(place, some.length, 'VPCs', VPCS_OF_REGION),
          },
        ],
  );
}

function vpcOver({ name, cidrs, subnets, routeTables, origin }: VpcSpec): Excess[] {
  const over = (code: string, count: number, things: string, quota: number): Excess[] =>
    count > quota ? [{ code, origin, message: overDefault(`VPC ${name}`, count, things, quota) }] : [];
  return [
    ...over('quota/blocks-of-vpc', cidrs.length, 'IPv4 blocks', BLOCKS_OF_VPC),
    ...over('quota/subnets-of-vpc', subnets.length, 'subnets', SUBNETS_OF_VPC),
    ...over('quota/tables-of-vpc', routeTables.length, 'route tables', TABLES_OF_VPC),
  ];
}

/** Local routes count for nothing. */
function tableOver(
  { name, routes, origin }: RouteTableSpec,
  { region }: VpcSpec,
  { prefixLists }: Topology,
): Excess[] {
  const propagated = routes.filter(({ by }) => by === 'propagated').length;
  const written = routes.filter(({ by, prefixList }) => by === 'static' && prefixList === undefined).length;
  const lists = new Set(routes.flatMap(({ prefixList }) => prefixList ?? []));
  const listed = [...lists].reduce(
    (sum, list) => sum + (prefixListNamed(prefixLists, list, region)?.maxEntries ?? 1),
    0,
  );
  const over: Excess[] = [];
  if (written + listed > ROUTES_OF_TABLE) {
    const message = `rtb/${name} counts for ${written + listed} static routes: the default quota is ${ROUTES_OF_TABLE}`;
    over.push({ code: 'quota/routes-of-table', origin, message });
  }
  if (propagated > PROPAGATED_ROUTES) {
    const message = `rtb/${name} has ${propagated} propagated routes: ${PROPAGATED_ROUTES} is the most that AWS allows`;
    over.push({ code: 'quota/propagated-routes', origin, message });
  }
  return over;
}

function zonesOver({ name, natGateways, subnets }: VpcSpec): Excess[] {
  const zoneOf = new Map(subnets.map((subnet) => [subnet.name, subnet.az]));
  const zonal = natGateways.filter(({ subnet }) => subnet !== undefined);
  return [...grouped(zonal, ({ subnet }) => zoneOf.get(subnet!) ?? '')].flatMap(([zone, some]) =>
    some.length <= NAT_GATEWAYS_OF_ZONE
      ? []
      : [
          {
            code: 'quota/nat-gateways-of-zone',
            origin: some[NAT_GATEWAYS_OF_ZONE]!.origin,
            message: overDefault(`${zone} of VPC ${name}`, some.length, 'NAT gateways', NAT_GATEWAYS_OF_ZONE),
          },
        ],
  );
}

function natOver({ name, subnet, connectivity, addresses, origin }: NatGatewaySpec): Excess[] {
  if (subnet === undefined) return [];
  const count = addresses.length;
  if (count > ADDRESSES_OF_NAT_GATEWAY) {
    const message = overDefault(`NAT gateway ${name}`, count, 'addresses', ADDRESSES_OF_NAT_GATEWAY);
    return [{ code: 'quota/addresses-of-nat-gateway', origin, message }];
  }
  if (connectivity === 'private' || count <= PUBLIC_ADDRESSES_OF_NAT_GATEWAY) return [];
  const message = overDefault(
    `NAT gateway ${name}`,
    count,
    'Elastic IP addresses',
    PUBLIC_ADDRESSES_OF_NAT_GATEWAY,
  );
  return [{ code: 'quota/addresses-of-nat-gateway', origin, message }];
}

function grouped<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
