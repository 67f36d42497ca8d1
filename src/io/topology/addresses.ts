/** Addresses that the topology pins: each inside its subnet, none that AWS keeps or others occupy, none twice. */
import { contains, formatCidr } from '../../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../../addressing/ip.ts';
import type { Origin } from '../../base/origin.ts';
import type { ClusterSpec, InstanceSpec, SubnetSpec, VpcSpec } from '../../world/topology.ts';
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

export function checkAddresses(
  reading: Reading,
  vpcs: readonly VpcSpec[],
  cluster: ClusterSpec | undefined,
  instances: readonly InstanceSpec[],
): void {
  const taken = new Map<string, string>();
  for (const pin of pins(vpcs, cluster, instances)) {
    const fault = pin.unknown ? undefined : placeFault(pin);
    const at = withAddress(pin.origin);
    if (fault) reading.error(at, fault);
    const key = `${pin.vpc.name} ${pin.address}`;
    const owner = taken.get(key);
    if (owner !== undefined)
      reading.error(at, {
        code: 'address/duplicate',
        message: `${formatIpv4(pin.address)} is the address of ${owner}`,
      });
    else taken.set(key, pin.who);
  }
}

function pins(
  vpcs: readonly VpcSpec[],
  cluster: ClusterSpec | undefined,
  instances: readonly InstanceSpec[],
): Pin[] {
  const found: Pin[] = [];
  const add = (who: string, vpcName: string, subnetName: string | undefined, spec: PinnedSpec): void => {
    const vpc = vpcs.find(({ name }) => name === vpcName);
    if (spec.address === undefined || !vpc) return;
    const subnet = vpc.subnets.find(({ name }) => name === subnetName);
    found.push({ who, address: spec.address, vpc, subnet, origin: spec.origin });
  };
  for (const instance of instances) add(`instance ${instance.name}`, instance.vpc, instance.subnet, instance);
  for (const node of cluster?.nodes ?? []) add(`node ${node.name}`, cluster!.vpc, node.subnet, node);
  for (const node of cluster?.nodes ?? []) {
    const vpc = vpcs.find(({ name }) => name === cluster!.vpc);
    for (const address of vpc ? node.otherAddresses : [])
      found.push({ who: `node ${node.name}`, address, vpc: vpc!, unknown: true, origin: node.origin });
  }
  for (const placement of cluster?.placements ?? [])
    add(`pod ${placement.pod}`, cluster!.vpc, undefined, placement);
  return found;
}

interface PinnedSpec {
  readonly address?: Ipv4 | undefined;
  readonly origin: Origin;
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
  return origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, 'address'] } : origin;
}
