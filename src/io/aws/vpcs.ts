/** `describe-vpcs` (EC2 API, Vpc) as VPCs of the topology file, with all that stands in them. */
import { loadBalancersOf } from '../elbv2/load-balancers.ts';
import { type Account, all, byVpc, made } from './account.ts';
import { dnsOf } from './dns.ts';
import { endpointOf } from './endpoints.ts';
import { otherInterfaces } from './interfaces.ts';
import { natGatewayOf } from './nat-gateways.ts';
import { aclsOfSubnets, networkAclOf } from './network-acls.ts';
import { part, parts, type Resource, text } from './resource.ts';
import { routeTableOf, tablesOfSubnets } from './route-tables.ts';
import { securityGroupOf } from './security-groups.ts';
import { ipv6BlocksOf, regionOf, subnetOf } from './subnets.ts';
import { undescribedGroups } from './undescribed-groups.ts';
import { unknownAcl, unknownMainTable } from './unknown.ts';
import { vpnGatewayOf } from './vpn.ts';

type Value = Record<string, unknown>;

export function vpcsOf(account: Account, instances: ReadonlySet<string>): readonly Value[] {
  const subnets = byVpc(account, 'Subnets');
  const routeTables = byVpc(account, 'RouteTables');
  const groups = byVpc(account, 'SecurityGroups');
  const acls = byVpc(account, 'NetworkAcls');
  const nats = byVpc(account, 'NatGateways');
  const interfaces = otherInterfaces(account, instances);
  const balancers = loadBalancersOf(account, instances);
  const attached = (each: Resource): string | undefined => text(parts(each, 'Attachments')[0], 'VpcId');
  const gateways = byVpc(account, 'InternetGateways', attached);
  const egressOnly = byVpc(account, 'EgressOnlyInternetGateways', attached);
  const endpoints = byVpc(account, 'VpcEndpoints');
  const tableOf = tablesOfSubnets(account);
  const aclOf = aclsOfSubnets(account);
  return all(account, 'Vpcs').map((vpc) => {
    const id = text(vpc, 'VpcId')!;
    const own = subnets.get(id) ?? [];
    const gateway = gateways.get(id)?.[0];
    const outward = egressOnly.get(id)?.[0];
    const tables = (routeTables.get(id) ?? []).map((table) => routeTableOf(account, table));
    const open = own.some((subnet) => !aclOf.has(text(subnet, 'SubnetId')!));
    return made(account, vpc, {
      name: id,
      region: regionOf(own) ?? regionIn(vpc.document),
      account: accountOf(vpc),
      cidrs: blocksOf(vpc),
      ipv6Cidrs: ipv6BlocksOf(vpc),
      subnets: own.map((subnet) => subnetOf(account, subnet, { tableOf, aclOf })),
      internetGateway: gateway && internetGatewayOf(account, gateway),
      natGateways: (nats.get(id) ?? []).flatMap((nat) => natGatewayOf(account, nat) ?? []),
      routeTables: withMainTable(account, vpc, own, tableOf, tables),
      securityGroups: [
        ...(groups.get(id) ?? []).map((group) => securityGroupOf(account, group)),
        ...undescribedGroups(account, id),
      ],
      networkAcls: [
        ...(acls.get(id) ?? []).map((acl) => networkAclOf(account, acl)),
        ...(open ? [unknownAcl(account, vpc)] : []),
      ],
      egressOnlyInternetGateway: outward && egressOnlyGatewayOf(account, outward),
      vpnGateway: vpnGatewayOf(account, id),
      endpoints: (endpoints.get(id) ?? []).flatMap((each) => endpointOf(account, each) ?? []),
      interfaces: interfaces.get(id),
      ...dnsOf(account, vpc),
      loadBalancers: balancers.get(id),
    });
  });
}

/** Subnets that no table is associated with have the main one; where no file describes that, nobody knows what it says. */
function withMainTable(
  account: Account,
  vpc: Resource,
  subnets: readonly Resource[],
  tableOf: ReadonlyMap<string, string>,
  tables: readonly Value[],
): readonly Value[] {
  const open = subnets.some((subnet) => !tableOf.has(text(subnet, 'SubnetId')!));
  if (!open || tables.some(({ main }) => main === true)) return tables;
  return [
    ...tables,
    unknownMainTable(
      account,
      vpc,
      subnets.flatMap((each) => [text(each, 'CidrBlock') ?? [], ipv6BlocksOf(each) ?? []].flat()),
    ),
  ];
}

/** The primary block first; blocks that are being taken away or were refused are none. */
function blocksOf(vpc: Resource): readonly string[] {
  const associated = parts(vpc, 'CidrBlockAssociationSet').flatMap((each) => {
    const state = text(part(each, 'CidrBlockState'), 'State') ?? 'associated';
    return state === 'associated' ? (text(each, 'CidrBlock') ?? []) : [];
  });
  const primary = text(vpc, 'CidrBlock');
  return [...new Set([...(primary === undefined ? [] : [primary]), ...associated])];
}

/** The Region that a folder is named after. */
function regionIn(path: string): string | undefined {
  return /(?:^|\/)([a-z]{2,4}(?:-[a-z]+)+-\d)\//.exec(path)?.[1];
}

function accountOf(vpc: Resource): string | undefined {
  const owner = text(vpc, 'OwnerId');
  if (owner !== undefined && /^\d{12}$/.test(owner)) return owner;
  return /(?:^|\/)(\d{12})\//.exec(vpc.document)?.[1];
}

function egressOnlyGatewayOf(account: Account, gateway: Resource): Value {
  return made(account, gateway, { name: text(gateway, 'EgressOnlyInternetGatewayId') });
}

function internetGatewayOf(account: Account, gateway: Resource): Value {
  const state = text(parts(gateway, 'Attachments')[0], 'State');
  return made(account, gateway, {
    name: text(gateway, 'InternetGatewayId'),
    state: state === 'available' || state === 'attached' ? undefined : state,
  });
}
