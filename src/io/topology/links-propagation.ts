/** Route propagation of virtual private gateways: what a gateway learns over its connections goes into the tables that
 *  enable it ("Route propagation", Amazon VPC guide). A connection that is down advertises nothing over BGP; its static
 *  routes stay. */
import { type Cidr, formatCidr } from '../../addressing/cidr.ts';
import { derived } from '../../base/origin.ts';
import type { ConnectionSpec, OnPremisesSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { RouteSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference } from './names.ts';

/** What the AWS side of a connection knows of the other side. */
export function learnt(connection: ConnectionSpec, networks: readonly OnPremisesSpec[]): readonly Cidr[] {
  if (connection.routing === 'static') return connection.staticRoutes;
  if (connection.state === 'down') return [];
  return networks.find(({ name }) => name === connection.network)?.cidrs ?? [];
}

export function propagate(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
  connections: readonly ConnectionSpec[],
  networks: readonly OnPremisesSpec[],
): readonly VpcSpec[] {
  return vpcs.map((vpc) => {
    const written = (file.vpcs ?? []).find(({ name }) => name === vpc.name)?.routeTables ?? [];
    if (!written.some(({ propagatingGateways }) => propagatingGateways?.length)) return vpc;
    const gateway = vpc.vpnGateway?.name;
    const known = new Set(gateway === undefined ? [] : [gateway]);
    const routes = gateway === undefined ? [] : routesOf(gateway, connections, networks);
    return {
      ...vpc,
      routeTables: vpc.routeTables.map((table) => {
        const list = written.find(({ name }) => name === table.name)?.propagatingGateways ?? [];
        const named = list.filter((name, index) =>
          checkReference(reading, list, index, 'virtual private gateway of this VPC', name, known),
        );
        if (named.length === 0) return table;
        const given = new Set(
          table.routes.filter(({ by }) => by === 'propagated').map(({ to }) => formatCidr(to)),
        );
        const added = routes.filter(({ to }) => !given.has(formatCidr(to)));
        return { ...table, routes: [...table.routes, ...added] };
      }),
    };
  });
}

function routesOf(
  gateway: string,
  connections: readonly ConnectionSpec[],
  networks: readonly OnPremisesSpec[],
): RouteSpec[] {
  const routes = new Map<string, RouteSpec>();
  for (const connection of connections.filter((one) => one.gateway === gateway))
    for (const to of learnt(connection, networks)) {
      const origin = derived(`route propagation of ${gateway}`, connection.origin);
      if (!routes.has(formatCidr(to)))
        routes.set(formatCidr(to), { to, via: gateway, by: 'propagated', origin });
    }
  return [...routes.values()];
}
