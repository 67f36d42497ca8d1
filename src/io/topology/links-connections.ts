/** VPN and Direct Connect connections: each joins a virtual private gateway or a transit gateway with an on-premises
 *  network. */
import type { ConnectionSpec, OnPremisesSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { ConnectionFile } from '../../world/schema-links.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkUnique, namesOf } from './names.ts';
import { readCidr } from './values.ts';

export function readConnections(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
  networks: readonly OnPremisesSpec[],
): readonly ConnectionSpec[] {
  checkUnique(reading, ['connection', file.connections]);
  const gateways = namesOf([
    ...vpcs.flatMap(({ vpnGateway }) => (vpnGateway ? [vpnGateway] : [])),
    ...(file.transitGateways ?? []),
  ]);
  return (file.connections ?? []).flatMap((written) => {
    const { name, gateway, network } = written;
    const path = `connections.${name}`;
    const what = 'virtual private gateway or transit gateway';
    const reached = [
      checkReference(reading, written, 'gateway', what, gateway, gateways),
      checkReference(reading, written, 'network', 'on-premises network', network, namesOf(networks)),
    ];
    const type = written.type ?? reading.fill(`${path}.type`, 'vpn' as const, 'vpcsim');
    const routing = routingOf(reading, written, type);
    const staticRoutes = (written.staticRoutes ?? []).flatMap(
      (text, index) => readCidr(reading, written.staticRoutes!, index, text) ?? [],
    );
    const state = written.state ?? reading.fill(`${path}.state`, 'up' as const, 'vpcsim');
    if (reached.includes(false)) return [];
    return [{ name, type, gateway, network, state, routing, staticRoutes, origin: reading.of(written) }];
  });
}

/** Direct Connect speaks BGP only; a VPN with static routes does not ("Site-to-Site VPN routing options"). */
function routingOf(
  reading: Reading,
  written: ConnectionFile,
  type: ConnectionSpec['type'],
): ConnectionSpec['routing'] {
  const { name, routing, staticRoutes } = written;
  if (type === 'direct-connect' && routing === 'static')
    reading.error(reading.of(written, 'routing'), {
      code: 'connection/routing',
      message: 'Direct Connect knows no static routing: a virtual interface speaks BGP',
    });
  if (staticRoutes && (type === 'direct-connect' || routing === 'bgp'))
    reading.error(reading.of(written, 'staticRoutes'), {
      code: 'connection/routing',
      message: 'static routes belong to a VPN connection with static routing',
      hint: 'the blocks of the on-premises network are what it advertises over BGP',
    });
  const usual = staticRoutes && type === 'vpn' ? 'static' : 'bgp';
  return routing ?? reading.fill(`connections.${name}.routing`, usual, 'AWS');
}
