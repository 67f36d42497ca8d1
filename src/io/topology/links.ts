/** What joins VPCs with each other and with networks outside AWS, read once the VPCs are. */
import type { TopologyFile } from '../../world/schema.ts';
import type { Topology } from '../../world/topology.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readConnections } from './links-connections.ts';
import { readOnPremises } from './links-on-premises.ts';
import { readPeerings } from './links-peerings.ts';
import { propagate } from './links-propagation.ts';
import { readTransitGateways } from './links-transit-gateways.ts';

export type Links = Pick<Topology, 'vpcs' | 'peerings' | 'transitGateways' | 'connections' | 'onPremises'>;

/** The links, and the VPCs with the routes that they propagate into their tables. */
export function readLinks(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
  prefixLists: Topology['prefixLists'],
): Links {
  const onPremises = readOnPremises(reading, file, vpcs);
  const connections = readConnections(reading, file, vpcs, onPremises);
  return {
    vpcs: propagate(reading, file, vpcs, connections, onPremises),
    peerings: readPeerings(reading, file, vpcs),
    transitGateways: readTransitGateways(reading, file, { vpcs, connections, onPremises, prefixLists }),
    connections,
    onPremises,
  };
}
