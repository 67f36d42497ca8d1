/** Stratum: every network interface of a VPC, as AWS would list them. */
import { type Cidr, sizeOf } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { derived } from '../base/origin.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import type { AddressBook } from './address-book.ts';
import { branchEniId, nodeEniId } from './eni-ids.ts';
import type { EniAddress, EniPlan } from './eni-plan.ts';
import type { SizedNode } from './placement.ts';
import type { AddressedPod } from './pod-addresses.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { ClusterSpec, InstanceSpec, VpcSpec } from './topology.ts';
import type { InstancePlan } from './wire-hosts.ts';

/** How many cross-account interfaces EKS puts into the cluster's subnets; 2 to 4 ("Amazon EKS networking requirements"). */
const CONTROL_PLANE_ENIS = 2;

export function natEnis(vpc: VpcSpec, book: AddressBook, publicAddresses: PublicAddresses): EniPlan[] {
  return vpc.natGateways.flatMap((nat) => {
    const subnet = vpc.subnets.find(({ name }) => name === nat.subnet);
    const address = subnet && book.claim(subnet.name);
    if (address === undefined) return [];
    return [
      {
        id: nat.name,
        vpc: vpc.name,
        subnet: subnet!.name,
        az: subnet!.az,
        host: { kind: 'nat-gateway', id: nat.name, port: 0 },
        addresses: [{ address, use: 'nat-gateway' }],
        prefixes: [],
        publicAddress: nat.connectivity === 'public' ? publicAddresses.next() : undefined,
        securityGroups: null,
        sourceDestCheck: false,
        owner: `nat-gateway/${nat.name}`,
        origin: nat.origin,
      },
    ];
  });
}

/** In the cluster's first subnets, each in another zone where that can be. */
export function controlPlaneEnis(cluster: ClusterSpec, vpc: VpcSpec, book: AddressBook): EniPlan[] {
  const subnets = cluster.subnets.map((name) => vpc.subnets.find((subnet) => subnet.name === name)!);
  const zones = new Set<string>();
  const spread = [...subnets].sort((a, b) => {
    const rank = (az: string): number => (zones.has(az) ? 1 : 0);
    return rank(a.az) - rank(b.az);
  });
  const chosen = spread.filter(({ az }) => !zones.has(az) && zones.add(az)).slice(0, CONTROL_PLANE_ENIS);
  for (const subnet of subnets)
    if (chosen.length < CONTROL_PLANE_ENIS && !chosen.includes(subnet)) chosen.push(subnet);
  return chosen.flatMap((subnet, index) => {
    const address = book.claim(subnet.name);
    if (address === undefined) return [];
    const id = `${cluster.name}-${index + 1}`;
    return [
      {
        id: `eks-${id}`,
        vpc: vpc.name,
        subnet: subnet.name,
        az: subnet.az,
        host: { kind: 'eks-control-plane', id, port: 0 },
        addresses: [{ address, use: 'control-plane' }],
        prefixes: [],
        publicAddress: undefined,
        securityGroups: [cluster.securityGroup],
        sourceDestCheck: true,
        owner: `eks-control-plane/${id}`,
        origin: derived('EKS', cluster.origin),
      },
    ];
  });
}

/** A node's interfaces: the primary one, and those the CNI attached, with the same security groups unless an ENIConfig
 *  names others. */
export function nodeEnis(
  node: SizedNode,
  vpc: VpcSpec,
  pool: IpPoolPlan,
  pods: ReadonlyMap<number, AddressedPod>,
  publicAddresses: PublicAddresses,
): EniPlan[] {
  const podAddress = (address: Ipv4): EniAddress => {
    const pod = pods.get(address);
    return pod ? { address, use: 'pod', holder: `pod/${pod.id}` } : { address, use: 'warm' };
  };
  return pool.enis.map(
    ({ card, device, role, subnet, securityGroups, primary, secondary, prefixes }, place) => ({
      id: nodeEniId(node.name, card, device),
      vpc: vpc.name,
      subnet,
      az: node.zone,
      host: { kind: 'node', id: node.name, port: place + 1 },
      addresses: [
        { address: primary, use: role === 'primary' ? 'node' : 'interface' },
        ...secondary.map(podAddress),
        ...prefixes.flatMap((prefix) => addressesOf(prefix).map(podAddress)),
      ],
      prefixes,
      // A public address belongs to the primary address of the primary interface alone.
      publicAddress: role === 'primary' && node.subnet.mapPublicIp ? publicAddresses.next() : undefined,
      securityGroups: securityGroups ?? node.securityGroups,
      sourceDestCheck: true,
      owner: `node/${node.name}`,
      origin:
        role === 'primary'
          ? node.origin
          : derived(role === 'trunk' ? 'VPC resource controller' : 'VPC CNI', node.origin),
    }),
  );
}

function addressesOf(prefix: Cidr): Ipv4[] {
  return Array.from({ length: sizeOf(prefix) }, (_, i) => prefix.base + i);
}

/** The interfaces of pods with security groups of their own, which the node reaches over its trunk. */
export function branchEnis(node: SizedNode, vpc: VpcSpec, pool: IpPoolPlan): EniPlan[] {
  const trunk = pool.enis.find(({ role }) => role === 'trunk');
  if (trunk === undefined) return [];
  return pool.branches.map(({ pod, vlan, subnet, securityGroups, address }, place) => ({
    id: branchEniId(node.name, vlan),
    vpc: vpc.name,
    subnet,
    az: node.zone,
    host: { kind: 'node', id: node.name, port: 1 + pool.enis.length + place },
    addresses: [{ address, use: 'branch', holder: `pod/${pod}` }],
    prefixes: [],
    publicAddress: undefined,
    securityGroups,
    sourceDestCheck: true,
    owner: `pod/${pod}`,
    branch: { vlan, trunk: nodeEniId(node.name, trunk.card, trunk.device) },
    origin: derived('VPC resource controller', node.origin),
  }));
}

export function planInstances(
  specs: readonly InstanceSpec[],
  vpc: VpcSpec,
  book: AddressBook,
): InstancePlan[] {
  return specs.flatMap((spec) => {
    const subnet = vpc.subnets.find(({ name }) => name === spec.subnet)!;
    const address = book.claim(subnet.name, spec.address);
    return address === undefined ? [] : [{ spec, subnet, address }];
  });
}

export function instanceEni(
  { spec, subnet, address }: InstancePlan,
  vpc: VpcSpec,
  publicAddresses: PublicAddresses,
): EniPlan {
  return {
    id: spec.name,
    vpc: vpc.name,
    subnet: subnet.name,
    az: subnet.az,
    host: { kind: 'instance', id: spec.name, port: 1 },
    addresses: [{ address, use: 'instance' }],
    prefixes: [],
    publicAddress: subnet.mapPublicIp ? publicAddresses.next() : undefined,
    securityGroups: spec.securityGroups,
    sourceDestCheck: spec.sourceDestCheck,
    owner: `instance/${spec.name}`,
    origin: spec.origin,
  };
}
