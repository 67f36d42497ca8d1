/** Stratum: the network interfaces of interface endpoints. */
import type { AddressBook } from './address-book.ts';
import type { EniPlan } from './eni-plan.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** One in each subnet that the endpoint names; none where the subnet is full. */
export function endpointEnis(vpc: VpcSpec, book: AddressBook): EniPlan[] {
  return vpc.endpoints.flatMap(({ name, subnets, addresses, securityGroups, origin }) =>
    subnets.flatMap((place): EniPlan[] => {
      const subnet = vpc.subnets.find((each) => each.name === place)!;
      const address = book.claim(place, addresses?.get(place));
      if (address === undefined) return [];
      const id = `${name}/${subnet.az}`;
      return [
        {
          id,
          vpc: vpc.name,
          subnet: place,
          az: subnet.az,
          host: { kind: 'interface-endpoint', id, port: 0 },
          addresses: [{ address, use: 'endpoint' }],
          prefixes: [],
          publicAddress: undefined,
          securityGroups,
          sourceDestCheck: true,
          owner: `endpoint/${name}`,
          origin,
        },
      ];
    }),
  );
}
