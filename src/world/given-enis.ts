/** Network interfaces that the topology gives as they are. */
import { addressAt, type Cidr, sizeOf } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { AddressUse, EniAddress, EniPlan } from './eni-plan.ts';
import type { Topology } from './topology.ts';
import type { InterfaceSpec, VpcSpec } from './vpc-spec.ts';

/** Status of an interface that something holds (EC2 API, NetworkInterface). */
const attachedStates: readonly string[] = ['in-use', 'associated'];

/** What an interface is there for. */
export interface GivenEniOf {
  readonly host: EniPlan['host'];
  readonly owner: string;
  /** Of its primary address, and of the others. */
  readonly use: AddressUse;
  readonly further?: ((address: Ipv4) => EniAddress) | undefined;
}

export function givenEni(spec: InterfaceSpec, vpc: VpcSpec, of: GivenEniOf): EniPlan {
  const { name, subnet, addresses, prefixes, publicAddresses, securityGroups, sourceDestCheck, origin } =
    spec;
  const { host, owner, use, further = (address) => ({ address, use }) } = of;
  const [primary, ...others] = addresses;
  const own = publicAddresses.get(primary!);
  return {
    id: name,
    vpc: vpc.name,
    subnet,
    az: vpc.subnets.find((each) => each.name === subnet)!.az,
    host,
    addresses: [
      { address: primary!, use },
      ...others.map(further),
      ...prefixes.flatMap((prefix) => addressesOf(prefix).map(further)),
    ],
    prefixes,
    publicAddress: own,
    morePublic: [...publicAddresses].filter(([address]) => address !== primary),
    securityGroups: securityGroups.length > 0 ? securityGroups : null,
    sourceDestCheck,
    owner,
    detached: attachedStates.includes(spec.state) ? undefined : spec.state,
    origin,
  };
}

/** Interfaces of what the topology does not have otherwise. */
export function serviceEnis(vpc: VpcSpec): EniPlan[] {
  return vpc.interfaces.map((spec) =>
    givenEni(spec, vpc, {
      host: { kind: 'aws-managed', id: spec.name, port: 0 },
      owner: `aws-managed/${spec.owner}`,
      use: 'service',
    }),
  );
}

/** Every address that an interface of this VPC is given, with those of prefixes, gateways and endpoints. */
export function givenAddresses(topology: Topology, vpc: VpcSpec): Ipv4[] {
  const { cluster, instances } = topology;
  const own = cluster?.vpc === vpc.name ? cluster : undefined;
  const nodes = own?.nodes ?? [];
  const given = [
    ...vpc.interfaces,
    ...instances.filter((each) => each.vpc === vpc.name).flatMap(({ interfaces }) => interfaces),
    ...nodes.flatMap(({ interfaces }) => interfaces),
    ...(own?.controlPlaneInterfaces ?? []),
  ];
  return [
    ...given.flatMap(({ addresses, prefixes }) => [...addresses, ...prefixes.flatMap(addressesOf)]),
    ...vpc.natGateways.flatMap((nat) => nat.addresses.flatMap((each) => each.private ?? [])),
    ...vpc.loadBalancers.flatMap(({ nodes: feet }) => feet.flatMap(({ address }) => address ?? [])),
    ...vpc.endpoints.flatMap(({ addresses }) => [...(addresses?.values() ?? [])]),
  ];
}

/** Public addresses that are given to interfaces, which nothing else may get. */
export function givenPublicAddresses({ vpcs, cluster, instances }: Topology): Ipv4[] {
  const given = [...vpcs, ...instances, ...(cluster?.nodes ?? [])].flatMap(({ interfaces }) => interfaces);
  return [
    ...given.flatMap(({ publicAddresses }) => [...publicAddresses.values()]),
    ...instances.flatMap(({ publicAddress }) => publicAddress ?? []),
    ...vpcs
      .flatMap(({ natGateways }) => natGateways)
      .flatMap((nat) => nat.addresses.flatMap((each) => each.public ?? [])),
    ...vpcs.flatMap(({ loadBalancers }) =>
      loadBalancers.flatMap(({ nodes }) => nodes.flatMap(({ publicAddress }) => publicAddress ?? [])),
    ),
  ];
}

/** All addresses of a block, ascending. */
export function addressesOf(block: Cidr): Ipv4[] {
  return Array.from({ length: sizeOf(block) }, (_, i) => addressAt(block, i));
}
