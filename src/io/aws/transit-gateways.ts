/** `describe-transit-gateways` and what belongs to them (EC2 API, TransitGateway, TransitGatewayAttachment,
 *  TransitGatewayRouteTable, TransitGatewayRoute) as transit gateways of the topology file. */
import { type Account, all, has, leftOut, made } from './account.ts';
import { part, parts, type Resource, tagsOf, text, texts } from './resource.ts';

type Value = Record<string, unknown>;

export function transitGatewayOf(account: Account, gateway: Resource): Value {
  const id = text(gateway, 'TransitGatewayId')!;
  const of = (collection: string): readonly Resource[] =>
    all(account, collection).filter((each) => text(each, 'TransitGatewayId') === id);
  const state = text(gateway, 'State');
  const tables = of('TransitGatewayRouteTables');
  return made(account, gateway, {
    name: id,
    region: text(gateway, 'TransitGatewayArn')?.split(':')[3],
    account: text(gateway, 'OwnerId'),
    state: state === 'available' ? undefined : state,
    securityGroupReferencing:
      text(part(gateway, 'Options'), 'SecurityGroupReferencingSupport') === 'enable' ? true : undefined,
    routeTables: tables.map((table) => routeTableOf(account, table)),
    attachments: attachmentsOf(account, id),
    tags: tagsOf(gateway),
  });
}

/** Routes that somebody wrote, and `unknown` where no file has the routes of the table. */
function routeTableOf(account: Account, table: Resource): Value {
  const id = text(table, 'TransitGatewayRouteTableId')!;
  const found = account.inventory.of('TransitGatewayStaticRoutes')?.get(id);
  return made(account, table, {
    name: id,
    routes: found ? parts(found, 'Routes').flatMap((route) => routeOf(account, route)) : 'unknown',
  });
}

/** A static route; propagated ones follow from what propagates. */
function routeOf(account: Account, route: Resource): Value[] {
  const list = text(route, 'PrefixListId');
  const to = text(route, 'DestinationCidrBlock') ?? (list && `pl/${list}`);
  if (to === undefined || text(route, 'Type') === 'propagated') return [];
  const via = parts(route, 'TransitGatewayAttachments').map((each) =>
    text(each, 'TransitGatewayAttachmentId'),
  )[0];
  const blackhole = text(route, 'State') === 'blackhole' || via === undefined;
  return [made(account, route, { to, via: blackhole ? 'blackhole' : via })];
}

/** What is attached: one list has all kinds, and others say more of VPCs and of peerings. */
function attachmentsOf(account: Account, gateway: string): Value[] {
  const ids = new Set<string>();
  for (const collection of ['TransitGatewayAttachments', 'TransitGatewayVpcAttachments'])
    for (const [id, each] of account.inventory.of(collection) ?? [])
      if (text(each, 'TransitGatewayId') === gateway && !isGone(each)) ids.add(id);
  return [...ids].flatMap((id): Value[] => {
    const made = attachmentOf(account, id);
    return made ? [made] : [];
  });
}

function isGone(attachment: Resource): boolean {
  return ['deleted', 'failed', 'rejected'].includes(text(attachment, 'State') ?? '');
}

function attachmentOf(account: Account, id: string): Value | undefined {
  const { inventory } = account;
  const whole = inventory.of('TransitGatewayAttachments')?.get(id);
  const ofVpc = inventory.of('TransitGatewayVpcAttachments')?.get(id);
  const resource = whole ?? ofVpc!;
  const state = text(resource, 'State');
  const common = {
    name: id,
    association: associationOf(account, whole),
    propagations: propagationsOf(account, id),
    state: state === 'available' ? undefined : state,
  };
  const type = text(whole, 'ResourceType') ?? 'vpc';
  const other = text(whole, 'ResourceId') ?? text(ofVpc, 'VpcId');
  if (type === 'vpc' && has(account, 'Vpcs', other))
    return made(account, resource, { ...common, vpc: other, ...vpcOptions(ofVpc) });
  if (type === 'peering') return made(account, resource, { ...common, transitGateway: other });
  if (type === 'vpn' && has(account, 'VpnConnections', other))
    return made(account, resource, { ...common, connection: other });
  leftOut(
    account,
    resource,
    `an attachment of ${type} ${other ?? '?'}, which no file describes, is left out`,
  );
  return undefined;
}

function vpcOptions(attachment: Resource | undefined): Value {
  const options = part(attachment, 'Options');
  return {
    subnets: texts(attachment, 'SubnetIds'),
    applianceMode: text(options, 'ApplianceModeSupport') === 'enable' ? true : undefined,
    securityGroupReferencing:
      text(options, 'SecurityGroupReferencingSupport') === 'enable' ? true : undefined,
  };
}

function associationOf(account: Account, whole: Resource | undefined): string | undefined {
  const association = part(whole, 'Association');
  const table = text(association, 'TransitGatewayRouteTableId');
  const state = text(association, 'State') ?? 'associated';
  return has(account, 'TransitGatewayRouteTables', table) && state === 'associated' ? table : undefined;
}

/** Tables that the attachment propagates to. */
function propagationsOf(account: Account, id: string): readonly string[] | undefined {
  const found = all(account, 'TransitGatewayPropagations').flatMap((table) =>
    parts(table, 'TransitGatewayRouteTablePropagations').flatMap((each) => {
      const enabled = (text(each, 'State') ?? 'enabled') === 'enabled';
      const name = text(table, 'TransitGatewayRouteTableId');
      const here = text(each, 'TransitGatewayAttachmentId') === id && enabled;
      return here && has(account, 'TransitGatewayRouteTables', name) ? [name!] : [];
    }),
  );
  return found.length > 0 ? found : undefined;
}
