/** Makes transit gateways and their attachments. */
import type { Cidr } from '../addressing/cidr.ts';
import { tgwAttachment } from '../vpc/tgw-attachment.ts';
import { transitGateway } from '../vpc/transit-gateway.ts';
import { compileTransitTable, type RouteRank, type TransitRoute } from '../vpc/transit-route-table.ts';
import type { TransitAttachmentSpec, TransitGatewaySpec, TransitRouteSpec } from './link-spec.ts';
import type { Roster } from './roster.ts';
import type { Topology } from './topology.ts';

export function wireTransitGateways(topology: Topology, roster: Roster): void {
  for (const gateway of topology.transitGateways) {
    const { name, origin, state, attachments, routeTables } = gateway;
    const zones = zonesOf(gateway, topology);
    roster.place(transitGateway, {
      index: roster.index('transit-gateway', name),
      kind: 'transit-gateway',
      id: name,
      name,
      origin,
      state,
      tables: routeTables.map((table) =>
        compileTransitTable(
          table.name,
          table.routes?.map((route) => routeOf(route, attachments, roster)),
          table.origin,
        ),
      ),
      attachments: attachments.map((one) => roster.index('tgw-attachment', one.name)),
    });
    for (const attachment of attachments) wireAttachment(attachment, gateway, zones, topology, roster);
  }
}

/** Of the subnets of all attachments, in order of their names. */
function zonesOf({ attachments }: TransitGatewaySpec, { vpcs }: Topology): readonly string[] {
  const zones = attachments.flatMap(({ resource }) =>
    resource.type === 'vpc'
      ? vpcs
          .flatMap(({ subnets }) => subnets)
          .filter(({ name }) => resource.subnets.includes(name))
          .map(({ az }) => az)
      : [],
  );
  return [...new Set(zones)].sort();
}

const propagatedRanks: Readonly<Record<TransitAttachmentSpec['resource']['type'], RouteRank>> = {
  vpc: 'VPC',
  'direct-connect': 'Direct Connect',
  vpn: 'VPN',
  peering: 'VPC',
};

function routeOf(
  { to, via, type, prefixList, origin }: TransitRouteSpec,
  attachments: readonly TransitAttachmentSpec[],
  roster: Roster,
): TransitRoute {
  const attachment = attachments.find(({ name }) => name === via);
  const propagated = propagatedRanks[attachment?.resource.type ?? 'vpc'];
  return {
    to,
    via: via ?? 'blackhole',
    attachment: attachment ? roster.index('tgw-attachment', attachment.name) : -1,
    rank: type === 'propagated' ? propagated : prefixList === undefined ? 'static' : 'prefix list',
    origin,
  };
}

function wireAttachment(
  { name, resource, state, association, origin }: TransitAttachmentSpec,
  gateway: TransitGatewaySpec,
  zones: readonly string[],
  topology: Topology,
  roster: Roster,
): void {
  const subnets =
    resource.type === 'vpc'
      ? topology.vpcs
          .find((vpc) => vpc.name === resource.vpc)!
          .subnets.filter((subnet) => resource.subnets.includes(subnet.name))
      : [];
  roster.place(tgwAttachment, {
    index: roster.index('tgw-attachment', name),
    kind: 'tgw-attachment',
    id: name,
    name,
    origin,
    resource: resource.type,
    state,
    gateway: roster.index('transit-gateway', gateway.name),
    table: gateway.routeTables.findIndex((table) => table.name === association),
    zones,
    feet: new Map(
      subnets
        .map((subnet) => [zones.indexOf(subnet.az) + 1, roster.index('subnet', subnet.name)] as const)
        .sort(([a], [b]) => a - b),
    ),
    applianceMode: resource.type === 'vpc' && resource.applianceMode,
    // Of what is attached otherwise there are no groups to speak of; a peering of gateways loses them.
    keepsGroups:
      resource.type === 'vpc'
        ? gateway.securityGroupReferencing && resource.securityGroupReferencing
        : resource.type !== 'peering',
    next: nextOf(resource, gateway, topology, roster),
    cidrs: blocksBehind(resource, topology),
    region: gateway.region,
  });
}

function nextOf(
  resource: TransitAttachmentSpec['resource'],
  { name }: TransitGatewaySpec,
  { transitGateways, connections }: Topology,
  roster: Roster,
): number {
  if (resource.type === 'vpc') return -1;
  if (resource.type !== 'peering') {
    const connection = connections.find((one) => one.name === resource.connection);
    return connection ? roster.index(deviceKind(connection.type), connection.name) : -1;
  }
  const back = transitGateways
    .find((one) => one.name === resource.transitGateway)
    ?.attachments.find((one) => one.resource.type === 'peering' && one.resource.transitGateway === name);
  return back ? roster.index('tgw-attachment', back.name) : -1;
}

export function deviceKind(type: 'vpn' | 'direct-connect'): 'vpn-connection' | 'direct-connect' {
  return type === 'vpn' ? 'vpn-connection' : type;
}

function blocksBehind(resource: TransitAttachmentSpec['resource'], topology: Topology): readonly Cidr[] {
  const { vpcs, connections, onPremises } = topology;
  if (resource.type === 'vpc') {
    const vpc = vpcs.find(({ name }) => name === resource.vpc);
    return vpc ? [...vpc.cidrs, ...vpc.ipv6Cidrs] : [];
  }
  if (resource.type === 'peering') return [];
  const network = connections.find(({ name }) => name === resource.connection)?.network;
  return onPremises.find(({ name }) => name === network)?.cidrs ?? [];
}
