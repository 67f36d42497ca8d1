/** What the sides of a connection tell each other. */
import type { Cidr } from '../addressing/cidr.ts';
import type { ConnectionSpec } from './link-spec.ts';
import type { Topology } from './topology.ts';

/** The blocks that AWS advertises over a connection: those of the VPC of a virtual private gateway, and of a transit
 *  gateway the routes of the table that the connection's attachment is associated with. A network with static routes is
 *  taken to have written the same. What is down says nothing over BGP. */
export function advertised(connection: ConnectionSpec, topology: Topology): readonly Cidr[] {
  const { vpcs, transitGateways } = topology;
  if (connection.state === 'down' && connection.routing === 'bgp') return [];
  const vpc = vpcs.find(({ vpnGateway }) => vpnGateway?.name === connection.gateway);
  if (vpc) return vpc.cidrs;
  const gateway = transitGateways.find(({ name }) => name === connection.gateway);
  const attachment = gateway?.attachments.find(
    ({ resource }) => 'connection' in resource && resource.connection === connection.name,
  );
  const table = gateway?.routeTables.find(({ name }) => name === attachment?.association);
  if (!table) return [];
  // Routes that nobody could read: whatever is attached may be told.
  if (!table.routes)
    return gateway!.attachments.flatMap(({ resource }) =>
      resource.type === 'vpc' ? (vpcs.find(({ name }) => name === resource.vpc)?.cidrs ?? []) : [],
    );
  return table.routes.filter(({ via }) => via !== undefined && via !== attachment!.name).map(({ to }) => to);
}

/** The blocks that a connection's gateway knows behind it: static routes, or those the network advertises. */
export function known(
  connection: ConnectionSpec,
  { onPremises }: Topology,
): { readonly cidrs: readonly Cidr[]; readonly withdrawn: readonly Cidr[] } {
  if (connection.routing === 'static') return { cidrs: connection.staticRoutes, withdrawn: [] };
  const cidrs = onPremises.find(({ name }) => name === connection.network)?.cidrs ?? [];
  return connection.state === 'up' ? { cidrs, withdrawn: [] } : { cidrs: [], withdrawn: cidrs };
}
