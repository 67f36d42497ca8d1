/** Makes the services of AWS: one device for each service and Region, which answers at an address of the internet. */
import { addressAt, type Cidr, cidr, contains } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { assert } from '../base/assert.ts';
import { defaulted } from '../base/origin.ts';
import { awsService } from '../vpc/aws-service.ts';
import { awsServiceNames, portsOf } from './aws-services.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Roster } from './roster.ts';
import type { Topology } from './topology.ts';
import type { AwsServiceState } from './world.ts';

/** Which public addresses a service has changes by the hour. Where no prefix list says a block, addresses stand for them
 *  that belong to nobody: the end of the range for benchmarks (RFC 2544), of which `PublicAddresses` takes the beginning. */
const STAND_INS = cidr('198.18.240.0/20');

export function wireAwsServices(
  topology: Topology,
  internet: number,
  publicOwners: Map<number, number>,
  roster: Roster,
): AwsServiceState[] {
  const regions = [...new Set(topology.vpcs.map(({ region }) => region))].sort();
  const standIn = standIns(publicOwners);
  return regions.flatMap((region) =>
    awsServiceNames.map((service) => {
      const list = prefixListNamed(topology.prefixLists, service, region);
      const address = (list && addressIn(list.cidrs)) ?? standIn();
      const id = `${service}.${region}`;
      const index = roster.index('aws-service', id);
      roster.place(awsService, {
        index,
        kind: 'aws-service',
        id,
        name: `${service} in ${region}`,
        origin: defaulted('AWS', `public endpoint of ${service} in ${region}`),
        address,
        ports: portsOf(service),
        internet,
      });
      if (!publicOwners.has(address)) publicOwners.set(address, index);
      return { service, region, address, device: index };
    }),
  );
}

/** In the largest of the blocks, where most of a service's addresses are. */
function addressIn(blocks: readonly Cidr[]): Ipv4 | undefined {
  const [largest] = [...blocks].sort((a, b) => a.length - b.length);
  return largest && addressAt(largest, largest.length < 31 ? 1 : 0);
}

function standIns(taken: ReadonlyMap<number, number>): () => Ipv4 {
  let next = 0;
  return () => {
    for (;;) {
      const address = addressAt(STAND_INS, ++next);
      assert(contains(STAND_INS, address), 'no addresses left for AWS services');
      if (!taken.has(address)) return address;
    }
  };
}
