/** An inventory as the topology file that says the same, so that one reader checks both. */
import { type Account, all } from './account.ts';
import { enisOfInstances, instanceOf, instancesOf } from './instances.ts';
import type { Inventory } from './inventory.ts';
import { peeringOf } from './peerings.ts';
import { prefixListsOf } from './prefix-lists.ts';
import { type RoutedValue, settleTargets } from './route-targets.ts';
import { transitGatewayOf } from './transit-gateways.ts';
import { vpcsOf } from './vpcs.ts';
import { vpnsOf } from './vpn.ts';

export function topologyValue(inventory: Inventory): Record<string, unknown> {
  const account: Account = { reading: inventory.reading, inventory };
  const instances = instancesOf(account);
  const enis = enisOfInstances(account);
  const peerings = all(account, 'VpcPeeringConnections').flatMap((each) => peeringOf(account, each) ?? []);
  const { connections, networks } = vpnsOf(account);
  const reached = new Set(connections.map(({ name }) => name));
  const gateways = all(account, 'TransitGateways').map((each) => transitGatewayOf(account, each, reached));
  const lists = prefixListsOf(account);
  const value = {
    ...(lists.length > 0 && { prefixLists: lists }),
    ...(peerings.length > 0 && { peerings }),
    ...(gateways.length > 0 && { transitGateways: gateways }),
    ...(connections.length > 0 && { connections, onPremises: networks }),
    vpcs: vpcsOf(account, new Set(instances.keys())),
    instances: [...instances.values()].map((instance) => instanceOf(account, instance, enis)),
  };
  settleTargets(account.reading, value as unknown as RoutedValue);
  return value;
}
