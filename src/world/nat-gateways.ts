/** Stratum: addresses of NAT gateways, and how many pods send from which subnet, as NAT gateways see them. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { AddressBook } from './address-book.ts';
import type { EniPlan } from './eni-plan.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { NatGatewaySpec, VpcSpec } from './vpc-spec.ts';

/** Of zonal ones; where nothing is written, each has one address. */
export function natEnis(vpc: VpcSpec, book: AddressBook, publicAddresses: PublicAddresses): EniPlan[] {
  return vpc.natGateways.flatMap((nat): EniPlan[] => {
    const subnet = vpc.subnets.find(({ name }) => name === nat.subnet);
    if (!subnet) return [];
    const pairs = givenOrOne(nat).flatMap((given) => {
      const inside = book.claim(subnet.name, given.private);
      if (inside === undefined) return [];
      const outside = nat.connectivity === 'public' ? (given.public ?? publicAddresses.next()) : undefined;
      return [{ inside, outside }];
    });
    if (pairs.length === 0) return [];
    return [
      {
        id: nat.name,
        vpc: vpc.name,
        subnet: subnet.name,
        az: subnet.az,
        host: { kind: 'nat-gateway', id: nat.name, port: 0 },
        addresses: pairs.map(({ inside }) => ({ address: inside, use: 'nat-gateway' })),
        prefixes: [],
        publicAddress: pairs[0]!.outside,
        morePublic: pairs
          .slice(1)
          .flatMap(({ inside, outside }) => (outside === undefined ? [] : [[inside, outside] as const])),
        securityGroups: null,
        sourceDestCheck: false,
        owner: `nat-gateway/${nat.name}`,
        origin: nat.origin,
      },
    ];
  });
}

/** Public addresses of regional ones, by name: they have no others, and stand in no subnet. */
export function regionalAddresses(
  vpc: VpcSpec,
  publicAddresses: PublicAddresses,
): ReadonlyMap<string, readonly Ipv4[]> {
  const regional = vpc.natGateways.filter(({ subnet }) => subnet === undefined);
  return new Map(
    regional.map((nat) => [nat.name, givenOrOne(nat).map((given) => given.public ?? publicAddresses.next())]),
  );
}

function givenOrOne({ addresses }: NatGatewaySpec): NatGatewaySpec['addresses'] {
  return addresses.length > 0 ? addresses : [{ private: undefined, public: undefined }];
}

/** How many pods send from each subnet what leaves the VPC: from that of their interface or, where the node puts its own
 *  address in, from that of the node's primary one. Pods on the host's network are not counted. */
export function sendingPods(enis: readonly EniPlan[], externalSnat: boolean): ReadonlyMap<string, number> {
  const home = new Map(
    enis.flatMap(({ host, addresses, subnet }) => (addresses[0]!.use === 'node' ? [[host.id, subnet]] : [])),
  );
  const counts = new Map<string, number>();
  for (const { addresses, branch, host, subnet } of enis) {
    const pods = addresses.filter(({ holder }) => holder !== undefined).length;
    if (pods === 0) continue;
    const from = externalSnat || branch !== undefined ? subnet : (home.get(host.id) ?? subnet);
    counts.set(from, (counts.get(from) ?? 0) + pods);
  }
  return counts;
}
