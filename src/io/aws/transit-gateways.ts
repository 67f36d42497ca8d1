/** `describe-transit-gateways` and what belongs to them (EC2 API, TransitGateway, TransitGatewayAttachment,
 *  TransitGatewayRouteTable) as transit gateways of the topology file. */
import { type Account, all, described, has, leftOut, made } from './account.ts';
import { prefixListName } from './prefix-lists.ts';
import { part, parts, type Resource, text, texts } from './resource.ts';
import { attachmentsOf, propagatingTo, routesOfTable } from './transit-routes.ts';

type Value = Record<string, unknown>;

/** `connections`: names of those that are described well enough. */
export function transitGatewayOf(
  account: Account,
  gateway: Resource,
  connections: ReadonlySet<unknown>,
): Value {
  const id = text(gateway, 'TransitGatewayId')!;
  const state = text(gateway, 'State');
  const tables = all(account, 'TransitGatewayRouteTables').filter(
    (each) => text(each, 'TransitGatewayId') === id && !isGone(each),
  );
  const attachments = attachmentsTo(account, id).flatMap((each): Value[] => {
    const found = attachmentOf(account, each, connections);
    return found ? [found] : [];
  });
  const names = new Set(attachments.map(({ name }) => name));
  return made(account, gateway, {
    name: id,
    region: text(gateway, 'TransitGatewayArn')?.split(':')[3],
    account: text(gateway, 'OwnerId'),
    state: state === 'available' ? undefined : state,
    securityGroupReferencing:
      text(part(gateway, 'Options'), 'SecurityGroupReferencingSupport') === 'enable' ? true : undefined,
    routeTables: tables.map((table) => routeTableOf(account, table, id, names)),
    attachments,
  });
}

function isGone(resource: Resource): boolean {
  return ['deleted', 'deleting', 'failed', 'rejected'].includes(text(resource, 'State') ?? '');
}

/** Its static routes; `unknown` where they, what propagates, or what a route leads to is not known. */
function routeTableOf(
  account: Account,
  table: Resource,
  gateway: string,
  names: ReadonlySet<unknown>,
): Value {
  const name = text(table, 'TransitGatewayRouteTableId')!;
  const routes = routesOfTable(account, name);
  const known = (attachment: string): boolean => names.has(attachmentName(account, attachment, gateway));
  const sources = propagatingTo(account, name);
  const written = routes
    ?.filter((route) => text(route, 'Type') !== 'propagated')
    .map((route) => routeOf(account, route, gateway, known));
  const complete = sources?.every(known) === true && written?.every((route) => route !== undefined) === true;
  if (!complete) leftOut(account, table, `what ${name} routes is not fully described: it is unknown`);
  return made(account, table, { name, routes: complete ? written : 'unknown' });
}

/** Undefined where the route is not understood. */
function routeOf(
  account: Account,
  route: Resource,
  gateway: string,
  known: (attachment: string) => boolean,
): Value | undefined {
  const list = text(route, 'PrefixListId');
  const block = text(route, 'DestinationCidrBlock');
  const listed = list === undefined ? undefined : prefixListName(account, list);
  const to = block ?? (listed && `pl/${listed}`);
  const [attachment, ...others] = attachmentsOf(route);
  if (to === undefined || others.length > 0) return undefined;
  if (text(route, 'State') === 'blackhole' || attachment === undefined)
    return made(account, route, { to, via: 'blackhole' });
  if (!known(attachment)) return undefined;
  return made(account, route, { to, via: attachmentName(account, attachment, gateway) });
}

/** One list has attachments of all kinds, another says more of those to VPCs. */
function attachmentsTo(account: Account, gateway: string): readonly Resource[] {
  const found = new Map<string, Resource>();
  for (const collection of ['TransitGatewayVpcAttachments', 'TransitGatewayAttachments'])
    for (const each of all(account, collection))
      if (text(each, 'TransitGatewayId') === gateway && !isGone(each))
        found.set(text(each, 'TransitGatewayAttachmentId')!, each);
  return [...found.values()];
}

/** Both sides of a peering have one id: that of the second gateway goes by both. */
function attachmentName(account: Account, id: string, gateway: string): string {
  const first = all(account, 'TransitGatewayAttachments').find(
    (each) => text(each, 'TransitGatewayAttachmentId') === id,
  );
  const owner = text(first, 'TransitGatewayId') ?? gateway;
  return owner === gateway ? id : `${id}.${gateway}`;
}

function attachmentOf(
  account: Account,
  attachment: Resource,
  connections: ReadonlySet<unknown>,
): Value | undefined {
  const id = text(attachment, 'TransitGatewayAttachmentId')!;
  const gateway = text(attachment, 'TransitGatewayId')!;
  const state = text(attachment, 'State');
  const type = text(attachment, 'ResourceType') ?? 'vpc';
  const other = text(attachment, 'ResourceId') ?? text(attachment, 'VpcId');
  const resource = resourceOf(account, id, type, other, connections);
  if (!resource) {
    const message = `an attachment of ${type} ${other ?? '?'}, which no file describes well enough, is left out`;
    leftOut(account, attachment, message);
    return undefined;
  }
  return made(account, attachment, {
    name: attachmentName(account, id, gateway),
    ...resource,
    association: associationOf(account, attachment),
    propagations: propagationsOf(account, id, gateway, type),
    state: state === 'available' ? undefined : state,
  });
}

function resourceOf(
  account: Account,
  id: string,
  type: string,
  other: string | undefined,
  connections: ReadonlySet<unknown>,
): Value | undefined {
  if (type === 'vpc') {
    const details = account.inventory.of('TransitGatewayVpcAttachments')?.get(id);
    const subnets = details && described(account, details, 'Subnets', texts(details, 'SubnetIds'));
    if (!subnets?.length || !has(account, 'Vpcs', other)) return undefined;
    return { vpc: other, subnets, ...vpcOptions(details) };
  }
  if (type === 'vpn') return connections.has(other) ? { connection: other } : undefined;
  if (type !== 'peering' && type !== 'tgw-peering') return undefined;
  const sides = all(account, 'TransitGatewayAttachments').filter(
    (each) => text(each, 'TransitGatewayAttachmentId') === id && !isGone(each),
  );
  const both = sides.length > 1 && has(account, 'TransitGateways', other);
  return { transitGateway: both ? other : {} };
}

function vpcOptions(attachment: Resource | undefined): Value {
  const options = part(attachment, 'Options');
  const referencing = text(options, 'SecurityGroupReferencingSupport');
  return {
    applianceMode: text(options, 'ApplianceModeSupport') === 'enable' ? true : undefined,
    securityGroupReferencing: referencing === 'disable' ? false : undefined,
  };
}

function associationOf(account: Account, attachment: Resource): string | undefined {
  const association = part(attachment, 'Association');
  const table = text(association, 'TransitGatewayRouteTableId') ?? associatedTable(account, attachment);
  const state = text(association, 'State') ?? 'associated';
  return has(account, 'TransitGatewayRouteTables', table) && state === 'associated' ? table : undefined;
}

/** As `get-transit-gateway-route-table-associations` has it. */
function associatedTable(account: Account, attachment: Resource): string | undefined {
  const id = text(attachment, 'TransitGatewayAttachmentId');
  for (const [table, found] of account.inventory.of('TransitGatewayAssociations') ?? [])
    for (const each of parts(found, 'Associations'))
      if (text(each, 'TransitGatewayAttachmentId') === id && text(each, 'State') === 'associated')
        return table;
  return undefined;
}

/** Tables that the attachment propagates to. */
function propagationsOf(
  account: Account,
  id: string,
  gateway: string,
  type: string,
): readonly string[] | undefined {
  if (type !== 'vpc' && type !== 'vpn') return undefined;
  const found = all(account, 'TransitGatewayRouteTables').flatMap((table) => {
    const name = text(table, 'TransitGatewayRouteTableId')!;
    const here = text(table, 'TransitGatewayId') === gateway;
    return here && propagatingTo(account, name)?.includes(id) ? [name] : [];
  });
  return found.length > 0 ? found : undefined;
}
