/** Addresses that the topology pins: each inside its subnet, none that AWS keeps or others occupy, none twice. Prefixes
 *  of interfaces are sixteen of them. */
import { addressAt, type Cidr, contains, covers, formatCidr, sizeOf } from '../../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../../addressing/ip.ts';
import type { Origin } from '../../base/origin.ts';
import type { LoadBalancerSpec } from '../../world/balancer-spec.ts';
import type { ClusterSpec } from '../../world/cluster-spec.ts';
import type { InstanceSpec } from '../../world/topology.ts';
import type {
  EndpointSpec,
  InterfaceSpec,
  NatGatewaySpec,
  SubnetSpec,
  VpcSpec,
} from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { reservedAddress } from './values.ts';

interface Pin {
  readonly who: string;
  readonly address: Ipv4;
  readonly vpc: VpcSpec;
  /** Where it must lie; any subnet of the VPC where absent. */
  readonly subnet?: SubnetSpec | undefined;
  /** The VPC does not know it, so it may lie anywhere. */
  readonly unknown?: true;
  readonly origin: Origin;
}

/** EC2 delegates blocks of this length ("Assign prefixes to Amazon EC2 network interfaces"). */
const PREFIX_LENGTH = 28;

export function checkAddresses(
  reading: Reading,
  vpcs: readonly VpcSpec[],
  cluster: ClusterSpec | undefined,
  instances: readonly InstanceSpec[],
): void {
  const taken = new Map<string, string>();
  for (const pin of pins(reading, vpcs, cluster, instances)) {
    const fault = pin.unknown ? undefined : placeFault(pin);
    if (fault) reading.error(pin.origin, fault);
    const key = `${pin.vpc.name} ${pin.address}`;
    const owner = taken.get(key);
    if (owner !== undefined)
      reading.error(pin.origin, {
        code: 'address/duplicate',
        message: `${formatIpv4(pin.address)} is the address of ${owner}`,
      });
    else taken.set(key, pin.who);
  }
}

function* pins(
  reading: Reading,
  vpcs: readonly VpcSpec[],
  cluster: ClusterSpec | undefined,
  instances: readonly InstanceSpec[],
): Generator<Pin> {
  const home = vpcs.find(({ name }) => name === cluster?.vpc);
  for (const instance of instances) {
    const vpc = vpcs.find(({ name }) => name === instance.vpc)!;
    const who = `instance ${instance.name}`;
    yield* primaryPin(reading, who, vpc, instance);
    for (const each of instance.interfaces) yield* interfacePins(reading, vpc, each);
  }
  for (const vpc of vpcs) {
    for (const each of vpc.interfaces) yield* interfacePins(reading, vpc, each);
    for (const nat of vpc.natGateways) yield* natPins(vpc, nat);
    for (const each of vpc.loadBalancers) yield* balancerPins(vpc, each);
    for (const each of vpc.endpoints) yield* endpointPins(vpc, each);
  }
  if (!cluster || !home) return;
  for (const node of cluster.nodes) {
    const who = `node ${node.name}`;
    yield* primaryPin(reading, who, home, node);
    for (const each of node.interfaces) yield* interfacePins(reading, home, each);
    for (const address of node.otherAddresses)
      yield { who, address, vpc: home, unknown: true, origin: withAddress(node.origin) };
  }
  for (const each of cluster.controlPlaneInterfaces) yield* interfacePins(reading, home, each);
  yield* placementPins(reading, cluster, home);
}

function* natPins(vpc: VpcSpec, { name, subnet: place, addresses, origin }: NatGatewaySpec): Generator<Pin> {
  const subnet = vpc.subnets.find((one) => one.name === place);
  for (const [index, { private: address }] of addresses.entries())
    if (address !== undefined)
      yield {
        who: `NAT gateway ${name}`,
        address,
        vpc,
        subnet,
        origin: memberOf(origin, 'addresses', index, 'private'),
      };
}

function* endpointPins(vpc: VpcSpec, { name, addresses, origin }: EndpointSpec): Generator<Pin> {
  for (const [place, address] of addresses ?? []) {
    const subnet = vpc.subnets.find((one) => one.name === place);
    yield { who: `endpoint ${name}`, address, vpc, subnet, origin: memberOf(origin, 'addresses', place) };
  }
}

interface Machine {
  readonly subnet: string;
  readonly address?: Ipv4 | undefined;
  readonly interfaces: readonly InterfaceSpec[];
  readonly origin: Origin;
}

/** The address of its own, unless its primary interface is given, which then must say the same. */
function* primaryPin(reading: Reading, who: string, vpc: VpcSpec, machine: Machine): Generator<Pin> {
  const { subnet: name, address, interfaces, origin } = machine;
  const primary = interfaces.find(({ card, device, type }) => card + device === 0 && type === 'interface');
  if (!primary) {
    if (address === undefined) return;
    const subnet = vpc.subnets.find((one) => one.name === name);
    yield { who, address, vpc, subnet, origin: withAddress(origin) };
    return;
  }
  if (primary.subnet !== name || (address ?? primary.addresses[0]) !== primary.addresses[0])
    reading.error(primary.origin, {
      code: 'address/not-primary',
      message:
        `${who} is in subnet ${name}${address === undefined ? '' : ` with the address ${formatIpv4(address)}`}, ` +
        `and its primary interface ${primary.name} in ${primary.subnet} with ${formatIpv4(primary.addresses[0]!)}`,
    });
}

function* balancerPins(vpc: VpcSpec, { name, nodes, origin }: LoadBalancerSpec): Generator<Pin> {
  for (const [index, { subnet: place, address }] of nodes.entries()) {
    if (address === undefined) continue;
    const subnet = vpc.subnets.find((one) => one.name === place);
    const at = memberOf(origin, 'subnets', index, 'address');
    yield { who: `load balancer ${name}`, address, vpc, subnet, origin: at };
  }
}

/** Its addresses, and those of its prefixes. */
function* interfacePins(reading: Reading, vpc: VpcSpec, spec: InterfaceSpec): Generator<Pin> {
  const subnet = vpc.subnets.find(({ name }) => name === spec.subnet);
  const who = `network interface ${spec.name}`;
  for (const [index, address] of spec.addresses.entries())
    yield { who, address, vpc, subnet, origin: memberOf(spec.origin, 'addresses', index) };
  for (const [index, prefix] of spec.prefixes.entries()) {
    const origin = memberOf(spec.origin, 'prefixes', index);
    const fault = subnet && prefixFault(prefix, subnet);
    if (fault) reading.error(origin, fault);
    else
      for (let i = 0; i < sizeOf(prefix); i++)
        yield { who, address: addressAt(prefix, i), vpc, unknown: true, origin };
  }
}

function prefixFault(prefix: Cidr, subnet: SubnetSpec) {
  if (prefix.length !== PREFIX_LENGTH)
    return {
      code: 'cidr/size',
      message: `${formatCidr(prefix)} is no prefix of an interface`,
      hint: 'EC2 delegates blocks of 16 addresses: a /28',
    };
  if (!covers(subnet.cidr, prefix))
    return {
      code: 'cidr/outside-subnet',
      message: `${formatCidr(prefix)} lies outside subnet ${JSON.stringify(subnet.name)}, ${formatCidr(subnet.cidr)}`,
    };
  return undefined;
}

/** Pods are pinned to free addresses; where a node's interfaces are given, to one that they hold. */
function* placementPins(reading: Reading, cluster: ClusterSpec, vpc: VpcSpec): Generator<Pin> {
  const given = new Map(cluster.nodes.map(({ name, interfaces }) => [name, interfaces]));
  const holders = new Map<Ipv4, string>();
  for (const { pod, node, address, origin } of cluster.placements) {
    if (address === undefined) continue;
    const at = withAddress(origin);
    const interfaces = given.get(node) ?? [];
    if (interfaces.length === 0) {
      yield { who: `pod ${pod}`, address, vpc, origin: at };
      continue;
    }
    const holder = holders.get(address);
    if (holder !== undefined)
      reading.error(at, {
        code: 'address/duplicate',
        message: `${formatIpv4(address)} is the address of pod ${holder}`,
      });
    holders.set(address, pod);
    if (!interfaces.some((each) => holds(each, address)))
      reading.error(at, {
        code: 'address/not-on-node',
        message: `no interface of node ${node} holds ${formatIpv4(address)}, the address of pod ${pod}`,
        hint: `they are ${interfaces.map(({ name }) => name).join(', ')}`,
      });
  }
}

/** As an address of its pods. */
function holds({ type, addresses, prefixes }: InterfaceSpec, address: Ipv4): boolean {
  if (type === 'branch') return addresses[0] === address;
  return addresses.indexOf(address) > 0 || prefixes.some((prefix) => contains(prefix, address));
}

function placeFault(pin: Pin) {
  const text = formatIpv4(pin.address);
  const subnet = pin.subnet ?? pin.vpc.subnets.find((one) => contains(one.cidr, pin.address));
  if (!subnet)
    return {
      code: 'address/outside-subnet',
      message: `${text} lies in no subnet of VPC ${JSON.stringify(pin.vpc.name)}`,
      hint: `its subnets are ${pin.vpc.subnets.map((one) => formatCidr(one.cidr)).join(', ')}`,
    };
  if (!contains(subnet.cidr, pin.address))
    return {
      code: 'address/outside-subnet',
      message: `${text} lies outside subnet ${JSON.stringify(subnet.name)}, ${formatCidr(subnet.cidr)}`,
    };
  const taken = subnet.occupied.find(({ cidr }) => contains(cidr, pin.address));
  if (taken) return { code: 'address/duplicate', message: `${text} is occupied: ${taken.by} has it` };
  const use = reservedAddress(subnet.cidr, pin.address);
  if (!use) return undefined;
  return {
    code: 'address/reserved',
    message: `AWS keeps ${text} in subnet ${JSON.stringify(subnet.name)}: it is ${use}`,
    hint: 'the first four addresses of a subnet and the last are not to be had',
  };
}

function withAddress(origin: Origin): Origin {
  return memberOf(origin, 'address');
}

function memberOf(origin: Origin, ...keys: readonly (string | number)[]): Origin {
  return origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, ...keys] } : origin;
}
