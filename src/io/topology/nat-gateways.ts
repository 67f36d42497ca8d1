/** NAT gateways (VPC guide, "NAT gateways"): a zonal one stands in a subnet, a regional one in none and is always
 *  public. */
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { NatGatewaySpec, SubnetSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, namesOf } from './names.ts';
import { readAddress } from './values.ts';

type NatFile = NonNullable<VpcFile['natGateways']>[number];
type AddressFile = NonNullable<NatFile['addresses']>[number];

export interface NatContext {
  readonly subnets: readonly SubnetSpec[];
  readonly region: string;
  readonly hasGateway: boolean;
}

export function readNatGateways(
  reading: Reading,
  vpc: VpcFile,
  context: NatContext,
): readonly NatGatewaySpec[] {
  return (vpc.natGateways ?? []).flatMap((nat) => {
    const path = `vpcs.${vpc.name}.natGateways.${nat.name}`;
    const availability = nat.availability ?? reading.fill(`${path}.availability`, 'zonal' as const, 'AWS');
    const connectivity = nat.connectivity ?? reading.fill(`${path}.connectivity`, 'public' as const, 'AWS');
    const state = nat.state ?? reading.fill(`${path}.state`, 'available', 'AWS');
    if (!checkKeys(reading, nat, availability)) return [];
    const known = namesOf(vpc.subnets);
    if (nat.subnet !== undefined && !checkReference(reading, nat, 'subnet', 'subnet', nat.subnet, known))
      return [];
    if (connectivity === 'public' && !context.hasGateway)
      reading.warn(reading.of(nat), {
        code: 'nat/no-internet-gateway',
        message: 'AWS makes no public NAT gateway in a VPC without an internet gateway',
        hint: 'add internetGateway: {name: igw}',
      });
    const subnet = context.subnets.find(({ name }) => name === nat.subnet);
    const addresses = (nat.addresses ?? []).map((each) => readAddresses(reading, each, connectivity, subnet));
    const zones = nat.zones?.filter((zone, index) =>
      inRegion(reading, nat.zones!, index, zone, context.region),
    );
    const { name } = nat;
    return [{ name, subnet: nat.subnet, connectivity, state, zones, addresses, origin: reading.of(nat) }];
  });
}

/** Which keys go with which kind. */
function checkKeys(reading: Reading, nat: NatFile, availability: 'zonal' | 'regional'): boolean {
  const misplaced = (key: 'subnet' | 'connectivity' | 'zones', message: string): false => {
    reading.errorAtKey(reading.of(nat, key), { code: 'topology/misplaced-key', message });
    return false;
  };
  if (availability === 'zonal') {
    if (nat.zones !== undefined) return misplaced('zones', 'only a regional NAT gateway has zones');
    if (nat.subnet !== undefined) return true;
    const message = `NAT gateway ${JSON.stringify(nat.name)} stands in no subnet`;
    const hint = 'add subnet, or availability: regional';
    reading.error(reading.of(nat), { code: 'topology/missing-key', message, hint });
    return false;
  }
  if (nat.subnet !== undefined) return misplaced('subnet', 'a regional NAT gateway stands in no subnet');
  if (nat.connectivity === 'private') return misplaced('connectivity', 'a regional NAT gateway is public');
  return true;
}

function inRegion(
  reading: Reading,
  zones: readonly string[],
  index: number,
  zone: string,
  region: string,
): boolean {
  if (zone.startsWith(region)) return true;
  reading.error(reading.of(zones, index), {
    code: 'topology/unknown-zone',
    message: `${zone} is not a zone of ${region}`,
    hint: `did you mean ${region}${zone.at(-1)}?`,
  });
  return false;
}

function readAddresses(
  reading: Reading,
  written: AddressFile,
  connectivity: 'public' | 'private',
  subnet: SubnetSpec | undefined,
): NatGatewaySpec['addresses'][number] {
  const misplaced = (key: 'private' | 'public', message: string): void =>
    reading.errorAtKey(reading.of(written, key), { code: 'topology/misplaced-key', message });
  if (connectivity === 'private' && written.public !== undefined)
    misplaced('public', 'a private NAT gateway has no public address');
  const outside =
    written.public === undefined ? undefined : readAddress(reading, written, 'public', written.public);
  if (written.private === undefined) return { private: undefined, public: outside };
  if (!subnet) misplaced('private', 'a regional NAT gateway has no private address');
  const inside = readAddress(reading, written, 'private', written.private);
  return { private: inside, public: outside };
}
