/** The range of ClusterIPs: where it may lie, and what it hides (EKS guide "View Amazon EKS networking requirements for
 *  VPC and subnets"). */
import { type Cidr, cidr, covers, formatCidr, overlaps } from '../../addressing/cidr.ts';
import { formatIpv4 } from '../../addressing/ip.ts';
import type { ClusterSpec } from '../../world/cluster-spec.ts';
import type { ClusterFile } from '../../world/schema-cluster.ts';
import type { HostSpec } from '../../world/topology.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import type { Links } from './links.ts';
import { readCidr } from './values.ts';

const ten = cidr('10.0.0.0/8');
const privateBlocks = [ten, cidr('172.16.0.0/12'), cidr('192.168.0.0/16')];

/** EKS takes 172.20.0.0/16 where the VPC uses 10.0.0.0/8, and 10.100.0.0/16 otherwise. */
export function usualServiceCidr(vpcCidrs: readonly Cidr[]): Cidr {
  return cidr(vpcCidrs.some((block) => overlaps(block, ten)) ? '172.20.0.0/16' : '10.100.0.0/16');
}

export function readServiceRange(reading: Reading, cluster: ClusterFile, vpc: VpcSpec | undefined): Cidr {
  const usual = usualServiceCidr(vpc?.cidrs ?? []);
  if (cluster.serviceCidr === undefined)
    return reading.fill('cluster.serviceCidr', usual, 'EKS', formatCidr(usual));
  const block = readCidr(reading, cluster, 'serviceCidr', cluster.serviceCidr);
  if (!block) return usual;
  const text = formatCidr(block);
  const at = reading.of(cluster, 'serviceCidr');
  const clash = vpc?.cidrs.find((other) => overlaps(other, block));
  if (clash)
    reading.error(at, {
      code: 'cidr/overlap',
      message: `the service range ${text} overlaps the VPC's ${formatCidr(clash)}`,
      hint: `EKS would take ${formatCidr(usual)}`,
    });
  else if (block.length < 12 || block.length > 24)
    reading.error(at, {
      code: 'cidr/size',
      message: `${text} is a /${block.length}; a service range is a /12 to a /24`,
    });
  else if (!privateBlocks.some((range) => covers(range, block)))
    reading.error(at, {
      code: 'cidr/not-private',
      message: `EKS takes service ranges inside ${privateBlocks.map(formatCidr).join(', ')} only, not ${text}`,
    });
  return block;
}

/** EKS does not look at peers, and takes such a range. On every node kube-proxy's rules come before routes, so that pods
 *  never reach what lies behind an address of the range. */
export function checkServiceRange(
  reading: Reading,
  written: ClusterFile,
  { serviceCidr, vpc }: ClusterSpec,
  { vpcs, peerings, onPremises }: Links,
  hosts: readonly HostSpec[],
): void {
  const routed = (vpcs.find(({ name }) => name === vpc)?.routeTables ?? []).flatMap(({ name, routes }) =>
    routes
      .filter(({ to }) => to.length > 0)
      .map(({ to, via }) => ({ block: to, what: `the route of ${name} to ${formatCidr(to)} via ${via}` })),
  );
  const others = vpcs
    .filter(({ name }) => name !== vpc)
    .flatMap(({ name, cidrs }) =>
      cidrs.map((block) => ({ block, what: `${formatCidr(block)} of VPC ${name}` })),
    );
  const foreign = peerings
    .flatMap(({ name, requester, accepter }) => [requester, accepter].map((side) => ({ name, ...side })))
    .filter((side) => side.vpc === undefined)
    .flatMap(({ name, cidrs }) =>
      cidrs.map((block) => ({ block, what: `${formatCidr(block)} of the peer behind ${name}` })),
    );
  const networks = onPremises.flatMap(({ name, cidrs }) =>
    cidrs.map((block) => ({ block, what: `${formatCidr(block)} of on-premises network ${name}` })),
  );
  const outside = hosts.map(({ name, address }) => ({
    block: { base: address, length: 32 },
    what: `${formatIpv4(address)} of host ${name}`,
  }));
  const hidden = [...others, ...foreign, ...networks, ...routed, ...outside].filter(({ block }) =>
    overlaps(block, serviceCidr),
  );
  if (hidden.length === 0) return;
  const at = written.serviceCidr === undefined ? reading.of(written) : reading.of(written, 'serviceCidr');
  reading.warn(at, {
    code: 'eks/service-range-hides',
    message: `the service range ${formatCidr(serviceCidr)} overlaps ${hidden.map(({ what }) => what).join(', ')}: nodes take such packets for a Service's, and pods never reach it`,
    hint: 'write a serviceCidr that nothing else uses; it cannot be changed once the cluster is made',
  });
}
