/** Stratum: EC2 instances that are no nodes, with their interfaces. */
import type { Ipv4 } from '../addressing/ip.ts';
import { interfaceName } from '../cni/interface-names.ts';
import type { NetworkInterface } from '../host/ec2-net-utils.ts';
import type { AddressBook } from './address-book.ts';
import type { EniPlan } from './eni-plan.ts';
import { givenEni } from './given-enis.ts';
import { Ipv6Addresses } from './ipv6-addresses.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { InstanceSpec } from './topology.ts';
import type { InterfaceSpec, SubnetSpec, VpcSpec } from './vpc-spec.ts';

export interface InstancePlan {
  readonly spec: InstanceSpec;
  readonly subnet: SubnetSpec;
  readonly address: Ipv4;
  /** Of its primary interface. */
  readonly ipv6Address: number | undefined;
  /** The primary one first. */
  readonly interfaces: readonly InstanceInterface[];
}

export interface InstanceInterface extends NetworkInterface {
  /** Id of its network interface. */
  readonly eni: string;
  /** Where the topology gives it. */
  readonly given: InterfaceSpec | undefined;
}

export function planInstances(
  specs: readonly InstanceSpec[],
  vpc: VpcSpec,
  book: AddressBook,
): InstancePlan[] {
  const subnetOf = (name: string): SubnetSpec => vpc.subnets.find((subnet) => subnet.name === name)!;
  const ipv6 = new Ipv6Addresses(specs);
  return specs.flatMap((spec) => {
    const primary = spec.interfaces.find(isPrimary);
    const subnet = subnetOf(spec.subnet);
    const address = primary ? primary.addresses[0] : book.claim(subnet.name, spec.address);
    if (address === undefined) return [];
    const given = spec.interfaces.map(
      (each): InstanceInterface => ({
        eni: each.name,
        given: each,
        name: interfaceName(each.device, spec.primaryInterface, each.card),
        device: each.device + each.card * DEVICES_PER_CARD,
        addresses: each.addresses,
        prefixes: each.prefixes,
        subnet: subnetOf(each.subnet).cidr,
      }),
    );
    const own: InstanceInterface = {
      eni: spec.name,
      given: undefined,
      name: spec.primaryInterface,
      device: 0,
      addresses: [address],
      prefixes: [],
      subnet: subnet.cidr,
    };
    const ipv6Address = ipv6.next(spec, subnet);
    return [{ spec, subnet, address, ipv6Address, interfaces: primary ? given : [own, ...given] }];
  });
}

/** Rules and tables have one row of numbers for all cards. */
const DEVICES_PER_CARD = 100;

function isPrimary({ card, device }: InterfaceSpec): boolean {
  return card + device === 0;
}

export function instanceEnis(
  { spec, subnet, address, ipv6Address, interfaces }: InstancePlan,
  vpc: VpcSpec,
  publicAddresses: PublicAddresses,
): EniPlan[] {
  const owner = `instance/${spec.name}`;
  return interfaces.map(({ eni, given }, place): EniPlan => {
    const host = { kind: 'instance', id: spec.name, port: 1 + place };
    const down = spec.state === 'running' ? undefined : spec.state;
    const { metadata } = spec;
    const ipv6Addresses = place === 0 && ipv6Address !== undefined ? [ipv6Address] : undefined;
    if (given)
      return { ...givenEni(given, vpc, { host, owner, use: 'instance' }), ipv6Addresses, metadata, down };
    return {
      id: eni,
      vpc: vpc.name,
      subnet: subnet.name,
      az: subnet.az,
      host,
      addresses: [{ address, use: 'instance' }],
      ipv6Addresses,
      prefixes: [],
      publicAddress: spec.publicAddress ?? (subnet.mapPublicIp ? publicAddresses.next() : undefined),
      securityGroups: spec.securityGroups,
      sourceDestCheck: spec.sourceDestCheck,
      metadata: spec.metadata,
      owner,
      down,
      origin: spec.origin,
    };
  });
}
