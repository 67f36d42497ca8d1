/** What stands beside the cluster: EC2 instances, hosts outside every VPC, and the flows that are expected. */
import { contains, formatCidr } from '../../addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../../addressing/ip.ts';
import { ipv6 } from '../../addressing/ip6.ts';
import { defaulted } from '../../base/origin.ts';
import type { ExpectationFile, TopologyFile } from '../../world/schema.ts';
import type { Expectation, HostSpec, InstanceSpec } from '../../world/topology.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { HostDumps } from '../host-dumps.ts';
import type { Reading } from '../reading.ts';
import { readInterfaces } from './interfaces.ts';
import { readInstanceIpv6 } from './ipv6.ts';
import { INSTANCE_METADATA, readMetadata } from './metadata.ts';
import { checkReference, checkReferences, checkUnique, namesOf } from './names.ts';
import { DEFAULT_GROUP } from './rule-peers.ts';
import { readAddress, readAnyAddress, readListen, readProtocol } from './values.ts';
import { vpcOfInstance } from './vpcs.ts';

/** A client somewhere on the internet; the address is kept for documentation (RFC 5737). */
const INTERNET = { name: 'internet', address: ipv4('198.51.100.7') };
/** Its address of IPv6, where some VPC has such (RFC 3849). */
const INTERNET_6 = '2001:db8:ffff::7';

export function readInstances(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
  dumps: HostDumps,
): readonly InstanceSpec[] {
  checkUnique(reading, ['instance', file.instances]);
  const all = namesOf(vpcs);
  // Accounts have thousands of instances.
  const homes = new Map(
    vpcs.map((vpc) => [
      vpc.name,
      { vpc, subnets: namesOf(vpc.subnets), groups: namesOf(vpc.securityGroups) },
    ]),
  );
  const taken = new Map<number, string>();
  return (file.instances ?? []).flatMap((written) => {
    const path = `instances.${written.name}`;
    const name = vpcOfInstance(file, written);
    if (written.vpc !== undefined && !checkReference(reading, written, 'vpc', 'VPC', written.vpc, all))
      return [];
    const home = name === undefined ? undefined : homes.get(name);
    const subnets = home?.subnets ?? new Set([...homes.values()].flatMap((one) => [...one.subnets]));
    if (!checkReference(reading, written, 'subnet', 'subnet', written.subnet, subnets)) return [];
    if (!home) {
      const message = `more than one VPC has a subnet named ${JSON.stringify(written.subnet)}`;
      const hint = 'name the VPC with the key vpc';
      reading.error(reading.of(written, 'subnet'), { code: 'topology/ambiguous-reference', message, hint });
      return [];
    }
    const { vpc, groups: known } = home;
    if (written.vpc === undefined) reading.fill(`${path}.vpc`, vpc.name, 'vpcsim');
    const ipv6Address = readInstanceIpv6(reading, written, vpc.subnets, taken);
    const text = written.address;
    const address = text === undefined ? undefined : readAddress(reading, written, 'address', text);
    const open = written.publicAddress;
    const publicAddress =
      open === undefined ? undefined : readAddress(reading, written, 'publicAddress', open);
    const groups = written.securityGroups;
    const securityGroups = groups?.length
      ? checkReferences(reading, groups, 'security group', known)
      : [reading.fill(`${path}.securityGroups`, DEFAULT_GROUP, 'AWS')];
    return [
      {
        name: written.name,
        vpc: vpc.name,
        subnet: written.subnet,
        ...(address !== undefined && { address }),
        securityGroups,
        sourceDestCheck: written.sourceDestCheck ?? reading.fill(`${path}.sourceDestCheck`, true, 'AWS'),
        forwarding: written.forwarding ?? reading.fill(`${path}.forwarding`, false, 'Linux'),
        listen: readListen(reading, written.listen),
        tags: written.tags ?? {},
        primaryInterface:
          written.primaryInterface ?? reading.fill(`${path}.primaryInterface`, 'ens5' as const, 'AWS'),
        ...(ipv6Address !== undefined && { ipv6Address }),
        metadata: readMetadata(reading, path, written.metadata, INSTANCE_METADATA),
        ...(written.mtu !== undefined && { mtu: written.mtu }),
        ...(publicAddress !== undefined && { publicAddress }),
        state: written.state ?? 'running',
        interfaces: readInterfaces(reading, written.interfaces, 1, {
          subnets,
          securityGroups: known,
          ownGroups: securityGroups,
        }),
        ...(written.rules !== undefined && { rules: dumps.of(written, 'rules', written.rules) }),
        origin: reading.of(written),
      },
    ];
  });
}

export function readHosts(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
): readonly HostSpec[] {
  checkUnique(reading, ['host', file.hosts]);
  const owners = new Map<number, string>();
  const hosts = (file.hosts ?? []).flatMap((written) => {
    const address = readAddress(reading, written, 'address', written.address);
    const listen = readListen(reading, written.listen);
    if (address === undefined) return [];
    const at = reading.of(written, 'address');
    const owner = owners.get(address);
    if (owner !== undefined) {
      const message = `${written.address} is the address of host ${JSON.stringify(owner)}`;
      reading.error(at, { code: 'address/duplicate', message });
    }
    owners.set(address, written.name);
    const block = vpcs.flatMap(({ cidrs }) => cidrs).find((one) => contains(one, address));
    if (block) {
      const message = `${written.address} lies inside the VPC block ${formatCidr(block)}`;
      const hint = 'a host stands outside every VPC; what stands inside belongs under instances';
      reading.error(at, { code: 'address/inside-vpc', message, hint });
    }
    const ipv6Address =
      written.ipv6Address === undefined
        ? undefined
        : readAnyAddress(reading, written, 'ipv6Address', written.ipv6Address);
    return [
      {
        name: written.name,
        address,
        ...(ipv6Address !== undefined && { ipv6Address }),
        listen,
        origin: reading.of(written),
      },
    ];
  });
  if (owners.has(INTERNET.address) || hosts.some(({ name }) => name === INTERNET.name)) return hosts;
  reading.fill('hosts.internet', INTERNET, 'vpcsim', formatIpv4(INTERNET.address));
  const six = vpcs.some(({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
  const ipv6Address = six ? { ipv6Address: ipv6(INTERNET_6) } : {};
  return [
    ...hosts,
    { ...INTERNET, ...ipv6Address, listen: [], origin: defaulted('vpcsim', 'a client on the internet') },
  ];
}

/** The flows to check: a variant that has a list of its own replaces the file's. */
export function readExpectations(
  reading: Reading,
  list: readonly ExpectationFile[] | undefined,
): readonly Expectation[] {
  return (list ?? []).map((written) => {
    const { protocol, ...rest } = written;
    if (protocol !== undefined) readProtocol(reading, written, 'protocol', protocol);
    return {
      ...rest,
      ...(protocol !== undefined && { protocol: String(protocol).toLowerCase() }),
      origin: reading.of(written),
    };
  });
}
