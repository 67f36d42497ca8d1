/** Routes of transit gateways as `search-transit-gateway-routes` prints them (EC2 API, TransitGatewayRoute), and which
 *  attachments propagate to which tables. */
import { type Account, all } from './account.ts';
import { flag, parts, type Resource, text } from './resource.ts';

/** The routes of a table; undefined where no file has all of them. */
export function routesOfTable(account: Account, table: string): readonly Resource[] | undefined {
  const found = account.inventory.of('TransitGatewayStaticRoutes')?.get(table);
  if (!found || flag(found, 'AdditionalRoutesAvailable') === true) return undefined;
  return parts(found, 'Routes');
}

/** Attachments that propagate to a table; undefined where no file says it. */
export function propagatingTo(account: Account, table: string): readonly string[] | undefined {
  const found = account.inventory.of('TransitGatewayPropagations')?.get(table);
  if (found)
    return parts(found, 'TransitGatewayRouteTablePropagations').flatMap((each) =>
      (text(each, 'State') ?? 'enabled') === 'enabled'
        ? (text(each, 'TransitGatewayAttachmentId') ?? [])
        : [],
    );
  const routes = account.inventory.of('TransitGatewayStaticRoutes')?.get(table);
  // A search finds propagated routes too; a list of static routes does not have them.
  const learnt = parts(routes, 'Routes').filter((each) => text(each, 'Type') === 'propagated');
  return learnt.length > 0 ? [...new Set(learnt.flatMap(attachmentsOf))] : undefined;
}

/** Attachments that a route leads to; of several, packets of a flow take one. */
export function attachmentsOf(route: Resource): readonly string[] {
  return parts(route, 'TransitGatewayAttachments').flatMap(
    (each) => text(each, 'TransitGatewayAttachmentId') ?? [],
  );
}

/** Blocks of propagated routes to what is attached: a VPN connection, a Direct Connect gateway. */
export function routesByAttachment(account: Account, resource: string | undefined): readonly string[] {
  return all(account, 'TransitGatewayStaticRoutes').flatMap((table) =>
    parts(table, 'Routes').flatMap((route) => {
      const here = parts(route, 'TransitGatewayAttachments').some(
        (each) => text(each, 'ResourceId') === resource,
      );
      return here && text(route, 'Type') === 'propagated' ? (text(route, 'DestinationCidrBlock') ?? []) : [];
    }),
  );
}
