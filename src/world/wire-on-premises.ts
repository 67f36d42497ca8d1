/** Makes virtual private gateways, VPN and Direct Connect connections, and the networks at their other side. */
import { prefixTable } from '../addressing/prefix-table.ts';
import { directConnect } from '../vpc/direct-connect.ts';
import { type OnPremisesRoute, onPremises } from '../vpc/on-premises.ts';
import { GATEWAY_FROM_CONNECTION, GATEWAY_FROM_VPC, NETWORK_FROM_HOST, NO_TABLE } from '../vpc/ports.ts';
import { vpnConnection } from '../vpc/vpn-connection.ts';
import { vpnGateway } from '../vpc/vpn-gateway.ts';
import { advertised, known } from './advertised.ts';
import type { ConnectionSpec, OnPremisesSpec } from './link-spec.ts';
import type { Roster } from './roster.ts';
import type { Topology } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';
import { wireOutsideHosts } from './wire-outside-hosts.ts';
import { deviceKind } from './wire-transit.ts';

export function wireOnPremises(topology: Topology, roster: Roster): void {
  topology.vpcs.forEach((vpc, place) => {
    wireVpnGateway(vpc, place + 1, topology, roster);
  });
  for (const connection of topology.connections) wireConnection(connection, topology, roster);
  for (const network of topology.onPremises) wireNetwork(network, topology, roster);
}

function wireVpnGateway(vpc: VpcSpec, segment: number, topology: Topology, roster: Roster): void {
  const spec = vpc.vpnGateway;
  if (!spec) return;
  const edge = vpc.routeTables.findIndex((table) => table.edge.includes(spec.name));
  roster.place(vpnGateway, {
    index: roster.index('vpn-gateway', spec.name),
    kind: 'vpn-gateway',
    id: spec.name,
    name: spec.name,
    origin: spec.origin,
    state: spec.state,
    segment,
    cidrs: vpc.cidrs,
    router: roster.index('vpc-router', vpc.name),
    routerPort: edge < 0 ? NO_TABLE : edge,
    connections: topology.connections
      .filter(({ gateway }) => gateway === spec.name)
      .map((connection) => ({
        device: indexOf(connection, roster),
        up: connection.state === 'up',
        rank: rankOf(connection),
        ...known(connection, topology),
      })),
  });
}

/** Direct Connect, then VPN with static routes, then VPN with BGP. */
function rankOf({ type, routing }: ConnectionSpec): number {
  return type === 'direct-connect' ? 0 : routing === 'static' ? 1 : 2;
}

function indexOf({ type, name }: ConnectionSpec, roster: Roster): number {
  return roster.index(deviceKind(type), name);
}

function wireConnection(connection: ConnectionSpec, topology: Topology, roster: Roster): void {
  const { name, origin, type, state, network } = connection;
  const attachment = topology.transitGateways
    .find((one) => one.name === connection.gateway)
    ?.attachments.find(({ resource }) => 'connection' in resource && resource.connection === name);
  const record = {
    index: indexOf(connection, roster),
    id: name,
    name,
    origin,
    up: state === 'up',
    gateway: attachment
      ? roster.index('tgw-attachment', attachment.name)
      : roster.index('vpn-gateway', connection.gateway),
    gatewayPort: attachment ? GATEWAY_FROM_VPC : GATEWAY_FROM_CONNECTION,
    network: roster.index('on-premises', network),
  };
  if (type === 'vpn') roster.place(vpnConnection, { ...record, kind: 'vpn-connection' });
  else roster.place(directConnect, { ...record, kind: 'direct-connect' });
}

function wireNetwork(network: OnPremisesSpec, topology: Topology, roster: Roster): void {
  const { name, origin, cidrs, hosts, routes } = network;
  const index = roster.index('on-premises', name);
  roster.place(onPremises, {
    index,
    kind: 'on-premises',
    id: name,
    name,
    origin,
    cidrs,
    hosts: new Map(hosts.map((host) => [host.address, roster.index('host', host.name)])),
    routes: prefixTable(routesOf(network, topology, roster).map((value) => ({ cidr: value.to, value }))),
    written: routes !== undefined,
  });
  wireOutsideHosts(hosts, index, NETWORK_FROM_HOST, roster);
}

/** Those it writes, or what AWS advertises: over Direct Connect before VPN, over what is up before what is down. */
function routesOf(network: OnPremisesSpec, topology: Topology, roster: Roster): OnPremisesRoute[] {
  const own = topology.connections.filter((one) => one.network === network.name);
  if (network.routes)
    return network.routes.map(({ to, via, origin }) => {
      const connection = own.find(({ name }) => name === via);
      return { to, via, connection: connection ? indexOf(connection, roster) : -1, origin };
    });
  return [...own]
    .sort((a, b) => (a.state === b.state ? rankOf(a) - rankOf(b) : a.state === 'up' ? -1 : 1))
    .flatMap((connection) =>
      advertised(connection, topology).map((to) => ({
        to,
        via: connection.name,
        connection: indexOf(connection, roster),
        origin: connection.origin,
      })),
    );
}
