/** Networks outside AWS, behind VPN or Direct Connect, with the hosts in them that have a name. */
import { contains, formatCidr, overlaps } from '../../addressing/cidr.ts';
import type { OnPremisesSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { OnPremisesFile } from '../../world/schema-links.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkUnique } from './names.ts';
import { readAddress, readCidr, readListen } from './values.ts';

export function readOnPremises(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
): readonly OnPremisesSpec[] {
  const written = file.onPremises ?? [];
  checkUnique(reading, ['on-premises network', written]);
  checkUnique(
    reading,
    ['host', file.hosts],
    ['host on premises', written.flatMap(({ hosts }) => hosts ?? [])],
  );
  return written.map((network) => {
    const cidrs = network.cidrs.flatMap((text, index) => readCidr(reading, network.cidrs, index, text) ?? []);
    for (const vpc of vpcs) {
      const clash = cidrs.find((one) => vpc.cidrs.some((two) => overlaps(one, two)));
      if (clash)
        reading.warn(reading.of(network, 'cidrs'), {
          code: 'cidr/overlap',
          message: `${formatCidr(clash)} overlaps VPC ${JSON.stringify(vpc.name)}: there the local route goes before any other`,
        });
    }
    return {
      name: network.name,
      cidrs,
      routes: readRoutes(reading, file, network),
      hosts: readHosts(reading, network, cidrs),
      origin: reading.of(network),
    };
  });
}

function readRoutes(reading: Reading, file: TopologyFile, network: OnPremisesFile): OnPremisesSpec['routes'] {
  const own = new Set(
    (file.connections ?? []).filter((one) => one.network === network.name).map(({ name }) => name),
  ).add('blackhole');
  return network.routes?.flatMap((route) => {
    const to = readCidr(reading, route, 'to', route.to);
    const known = checkReference(reading, route, 'via', 'connection of this network', route.via, own);
    return to && known ? [{ to, via: route.via, origin: reading.of(route) }] : [];
  });
}

function readHosts(
  reading: Reading,
  network: OnPremisesFile,
  cidrs: OnPremisesSpec['cidrs'],
): OnPremisesSpec['hosts'] {
  const owners = new Map<number, string>();
  return (network.hosts ?? []).flatMap((host) => {
    const address = readAddress(reading, host, 'address', host.address);
    const listen = readListen(reading, host.listen);
    if (address === undefined) return [];
    const at = reading.of(host, 'address');
    const owner = owners.get(address);
    if (owner !== undefined)
      reading.error(at, {
        code: 'address/duplicate',
        message: `${host.address} is the address of host ${JSON.stringify(owner)}`,
      });
    owners.set(address, host.name);
    if (!cidrs.some((block) => contains(block, address)))
      reading.error(at, {
        code: 'address/outside-network',
        message: `${host.address} lies outside the network ${JSON.stringify(network.name)}`,
        hint: `it has ${cidrs.map(formatCidr).join(', ')}`,
      });
    return [{ name: host.name, address, listen, origin: reading.of(host) }];
  });
}
