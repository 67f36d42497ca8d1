/** Stratum: every network interface of a VPC, as AWS would list them. */
import type { Ipv4 } from '../addressing/ip.ts';
import { derived } from '../base/origin.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import type { AddressBook } from './address-book.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { branchEniId, nodeEniId } from './eni-ids.ts';
import type { EniAddress, EniPlan } from './eni-plan.ts';
import { addressesOf, givenEni } from './given-enis.ts';
import type { SizedNode } from './placement.ts';
import type { AddressedPod } from './pod-addresses.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** How many cross-account interfaces EKS puts into the cluster's subnets; 2 to 4 ("Amazon EKS networking requirements"). */
const CONTROL_PLANE_ENIS = 2;

/** In the cluster's first subnets, each in another zone where that can be. */
export function controlPlaneEnis(cluster: ClusterSpec, vpc: VpcSpec, book: AddressBook): EniPlan[] {
  const given = cluster.controlPlaneInterfaces;
  if (given.length > 0)
    return given.map((spec) =>
      givenEni(spec, vpc, {
        host: { kind: 'eks-control-plane', id: spec.name, port: 0 },
        owner: `eks-control-plane/${spec.name}`,
        use: 'control-plane',
      }),
    );
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
        securityGroups: [cluster.securityGroup, ...cluster.controlPlaneGroups],
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
  return pool.enis.map((eni, place) => {
    const { role, subnet, securityGroups, primary, secondary, prefixes } = eni;
    const host = { kind: 'node', id: node.name, port: place + 1 };
    const owner = `node/${node.name}`;
    const use = role === 'primary' ? 'node' : 'interface';
    const given = node.interfaces.find(({ name }) => name === eni.name);
    if (given)
      return { ...givenEni(given, vpc, { host, owner, use, further: podAddress }), metadata: node.metadata };
    return {
      id: nodeEniId(node.name, eni),
      vpc: vpc.name,
      subnet,
      az: node.zone,
      host,
      addresses: [
        { address: primary, use },
        ...secondary.map(podAddress),
        ...prefixes.flatMap((prefix) => addressesOf(prefix).map(podAddress)),
      ],
      prefixes,
      // A public address belongs to the primary address of the primary interface alone.
      publicAddress: role === 'primary' && node.subnet.mapPublicIp ? publicAddresses.next() : undefined,
      securityGroups: securityGroups ?? node.securityGroups,
      sourceDestCheck: true,
      metadata: node.metadata,
      owner,
      origin:
        role === 'primary'
          ? node.origin
          : derived(role === 'trunk' ? 'VPC resource controller' : 'VPC CNI', node.origin),
    };
  });
}

/** The interfaces of pods with security groups of their own, which the node reaches over its trunk. */
export function branchEnis(node: SizedNode, vpc: VpcSpec, pool: IpPoolPlan): EniPlan[] {
  const trunk = pool.enis.find(({ role }) => role === 'trunk');
  if (trunk === undefined) return [];
  return pool.branches.map((branch, place) => {
    const { pod, vlan, subnet, securityGroups, address } = branch;
    return {
      id: branchEniId(node.name, branch),
      vpc: vpc.name,
      subnet,
      az: node.zone,
      host: { kind: 'node', id: node.name, port: 1 + pool.enis.length + place },
      addresses: [{ address, use: 'branch', holder: `pod/${pod}` }],
      prefixes: [],
      publicAddress: undefined,
      securityGroups,
      sourceDestCheck: true,
      metadata: node.metadata,
      owner: `pod/${pod}`,
      branch: { vlan, trunk: nodeEniId(node.name, trunk) },
      origin: derived('VPC resource controller', node.origin),
    };
  });
}
