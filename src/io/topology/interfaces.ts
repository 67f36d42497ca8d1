/** Network interfaces that are given as they are. Whether their addresses have a place is checked with all others. */
import { formatIpv4, type Ipv4 } from '../../addressing/ip.ts';
import type { NodeInterfaceFile, ServiceInterfaceFile } from '../../world/schema-interfaces.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { InterfaceSpec, SecurityGroupSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkReferences, namesOf } from './names.ts';
import { DEFAULT_GROUP } from './rule-peers.ts';
import { readAddress, readCidr } from './values.ts';

export interface InterfaceContext {
  readonly subnets: ReadonlySet<string> | undefined;
  readonly securityGroups: ReadonlySet<string> | undefined;
  /** Groups of an interface that names none. */
  readonly ownGroups: readonly string[];
}

/** `vpcs[].interfaces`. */
export function readServiceInterfaces(
  reading: Reading,
  vpc: VpcFile,
  made: readonly SecurityGroupSpec[],
): VpcSpec['interfaces'] {
  const context: InterfaceContext = {
    subnets: namesOf(vpc.subnets),
    securityGroups: namesOf([...(vpc.securityGroups ?? []), ...made]).add(DEFAULT_GROUP),
    ownGroups: [DEFAULT_GROUP],
  };
  return (vpc.interfaces ?? []).flatMap((written) => {
    const read = readInterface(reading, written, 0, context);
    return read ? [{ ...read, owner: written.owner ?? 'unknown' }] : [];
  });
}

/** Interfaces of one machine, the primary one first. `first`: the device number of the first that has none written. */
export function readInterfaces(
  reading: Reading,
  written: readonly NodeInterfaceFile[] = [],
  first: number,
  context: InterfaceContext,
): readonly InterfaceSpec[] {
  const places = new Map<string, string>();
  const read = written.flatMap((each, index) => {
    const spec = readInterface(reading, each, first + index, context);
    if (!spec) return [];
    const place = spec.type === 'branch' ? `VLAN ${spec.vlan}` : `device ${spec.device} of card ${spec.card}`;
    const other = places.get(place);
    if (other !== undefined)
      reading.error(reading.of(each), {
        code: 'topology/same-device',
        message: `${JSON.stringify(other)} already is ${place}`,
        hint: spec.type === 'branch' ? 'each branch has a vlan of its own' : 'write device and card',
      });
    places.set(place, spec.name);
    return [spec];
  });
  const place = ({ type, card, device, vlan = 0 }: InterfaceSpec): number =>
    type === 'branch' ? 1_000_000 + vlan : card * 1000 + device;
  return read.sort((a, b) => place(a) - place(b));
}

function readInterface(
  reading: Reading,
  written: ServiceInterfaceFile | NodeInterfaceFile,
  device: number,
  { subnets, securityGroups, ownGroups }: InterfaceContext,
): InterfaceSpec | undefined {
  const { name, subnet, state = 'in-use', sourceDestCheck = true, securityGroups: groups } = written;
  const addresses = written.addresses.flatMap(
    (text, index) => readAddress(reading, written.addresses, index, text) ?? [],
  );
  const prefixes = (written.prefixes ?? []).flatMap(
    (text, index) => readCidr(reading, written.prefixes!, index, text) ?? [],
  );
  const type = 'type' in written ? (written.type ?? 'interface') : 'interface';
  const vlan = 'vlan' in written ? written.vlan : undefined;
  if ((type === 'branch') !== (vlan !== undefined))
    reading.error(reading.of(written), {
      code: 'topology/misplaced-key',
      message: type === 'branch' ? 'a branch has a vlan' : 'only an interface of type branch has a vlan',
    });
  if (!checkReference(reading, written, 'subnet', 'subnet', subnet, subnets)) return undefined;
  if (addresses.length < written.addresses.length) return undefined;
  return {
    name,
    subnet,
    addresses,
    prefixes,
    publicAddresses: readPublicAddresses(reading, written, addresses),
    securityGroups: groups ? checkReferences(reading, groups, 'security group', securityGroups) : ownGroups,
    sourceDestCheck,
    state,
    device: ('device' in written ? written.device : undefined) ?? device,
    card: ('card' in written ? written.card : undefined) ?? 0,
    type,
    ...(vlan !== undefined && { vlan }),
    origin: reading.of(written),
  };
}

function readPublicAddresses(
  reading: Reading,
  { publicAddresses = {} }: ServiceInterfaceFile,
  own: readonly Ipv4[],
): ReadonlyMap<Ipv4, Ipv4> {
  const read = new Map<Ipv4, Ipv4>();
  for (const [key, text] of Object.entries(publicAddresses)) {
    const inside = own.find((address) => formatIpv4(address) === key);
    const outside = readAddress(reading, publicAddresses, key, text);
    if (inside === undefined)
      reading.error(reading.of(publicAddresses, key), {
        code: 'topology/unknown-reference',
        message: `the interface has no address ${key}`,
        hint: `its addresses are ${own.map(formatIpv4).join(', ')}`,
      });
    else if (outside !== undefined) read.set(inside, outside);
  }
  return read;
}
