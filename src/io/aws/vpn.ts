/** `describe-vpn-gateways`, `describe-vpn-connections` and `describe-customer-gateways` (EC2 API) as virtual private
 *  gateways, connections and on-premises networks of the topology file. Configurations of customer gateways, which hold
 *  the keys of tunnels, are never looked at. */
import { type Account, all, has, leftOut, made } from './account.ts';
import { flag, part, parts, type Resource, text } from './resource.ts';
import { routesByAttachment } from './transit-routes.ts';

type Value = Record<string, unknown>;

const gone: readonly (string | undefined)[] = ['deleted', 'deleting', 'failed'];

/** The gateway of a VPC: {name, state}; undefined where it has none. */
export function vpnGatewayOf(account: Account, vpc: string): Value | undefined {
  for (const gateway of all(account, 'VpnGateways')) {
    const state = stateIn(gateway, vpc);
    if (state === undefined || gone.includes(text(gateway, 'State'))) continue;
    return made(account, gateway, {
      name: text(gateway, 'VpnGatewayId'),
      state: state === 'attached' ? undefined : state,
    });
  }
  return undefined;
}

function stateIn(gateway: Resource, vpc: string): string | undefined {
  const attachment = parts(gateway, 'VpcAttachments').find((each) => text(each, 'VpcId') === vpc);
  const state = text(attachment, 'State');
  return state === 'detached' ? undefined : (state ?? (attachment && 'attached'));
}

/** Connections whose other side is known, and the networks there. */
export function vpnsOf(account: Account): { readonly connections: Value[]; readonly networks: Value[] } {
  const blocks = new Map<string, Set<string>>();
  const known = all(account, 'VpnConnections').filter((each) => hasGateway(account, each));
  for (const connection of known) {
    const network = networkOf(connection);
    const found = blocks.get(network) ?? new Set<string>();
    for (const block of blocksBehind(account, connection)) found.add(block);
    blocks.set(network, found);
  }
  const reached = known.filter((each) => {
    const some = blocks.get(networkOf(each))!.size > 0;
    if (!some) leftOut(account, each, 'no route says which addresses lie behind it: it is left out');
    return some;
  });
  const networks = [...blocks].flatMap(([name, found]): Value[] => {
    const first = reached.find((each) => networkOf(each) === name);
    return first ? [made(account, first, { name, cidrs: [...found] })] : [];
  });
  return { connections: reached.map((each) => connectionOf(account, each)), networks };
}

function hasGateway(account: Account, connection: Resource): boolean {
  if (gone.includes(text(connection, 'State'))) return false;
  const attached = all(account, 'VpnGateways').find(
    (gateway) => text(gateway, 'VpnGatewayId') === text(connection, 'VpnGatewayId'),
  );
  const vpc = parts(attached, 'VpcAttachments').some((each) => has(account, 'Vpcs', text(each, 'VpcId')));
  if (vpc || has(account, 'TransitGateways', text(connection, 'TransitGatewayId'))) return true;
  leftOut(account, connection, 'no file describes the gateway that it ends at: it is left out');
  return false;
}

function connectionOf(account: Account, connection: Resource): Value {
  const isStatic = flag(part(connection, 'Options'), 'StaticRoutesOnly') === true;
  const tunnels = parts(connection, 'VgwTelemetry').map((each) => text(each, 'Status'));
  const up = tunnels.length === 0 ? text(connection, 'State') === 'available' : tunnels.includes('UP');
  return made(account, connection, {
    name: text(connection, 'VpnConnectionId'),
    type: 'vpn',
    gateway: text(connection, 'VpnGatewayId') ?? text(connection, 'TransitGatewayId'),
    network: networkOf(connection),
    state: up ? undefined : 'down',
    routing: isStatic ? 'static' : 'bgp',
    staticRoutes: isStatic ? staticRoutesOf(connection) : undefined,
  });
}

/** Connections of one virtual private gateway lead to one network: routes that it learnt do not say by which. */
function networkOf(connection: Resource): string {
  const gateway = text(connection, 'VpnGatewayId');
  return gateway === undefined
    ? (text(connection, 'CustomerGatewayId') ?? `behind-${text(connection, 'VpnConnectionId')}`)
    : `behind-${gateway}`;
}

function staticRoutesOf(connection: Resource): readonly string[] {
  return parts(connection, 'Routes').flatMap((each) =>
    text(each, 'State') === 'deleted' ? [] : (text(each, 'DestinationCidrBlock') ?? []),
  );
}

/** What AWS knows to lie behind a connection: its static routes, and what was learnt by BGP into route tables. */
function blocksBehind(account: Account, connection: Resource): readonly string[] {
  const gateway = text(connection, 'VpnGatewayId');
  const learnt =
    gateway === undefined
      ? routesByAttachment(account, text(connection, 'VpnConnectionId'))
      : all(account, 'RouteTables').flatMap((table) =>
          parts(table, 'Routes').flatMap((route) =>
            text(route, 'GatewayId') === gateway && text(route, 'Origin') === 'EnableVgwRoutePropagation'
              ? (text(route, 'DestinationCidrBlock') ?? [])
              : [],
          ),
        );
  return [...staticRoutesOf(connection), ...learnt];
}
