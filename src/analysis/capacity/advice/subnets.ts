/** Advice on more address space: a secondary block with custom networking, further subnets. */
import { addressAt, type Cidr, cidr, formatCidr, overlaps, sizeOf } from '../../../addressing/cidr.ts';
import { defaulted } from '../../../base/origin.ts';
import type { SubnetSpec } from '../../../world/vpc-spec.ts';
import type { CapacityModel } from '../model.ts';
import { type Candidate, effectOf, numbersOf } from './candidate.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { variantOf } from './variant.ts';
import { changesOf } from './warm-targets.ts';

/** Shared address space (RFC 6598): routed nowhere else, and allowed beside every block that a VPC begins with. */
const SHARED = cidr('100.64.0.0/10');
const SECONDARY = cidr('100.64.0.0/16');

/** Most further address space that a zone is offered. */
const LARGEST_SUBNET = 18;

export function secondaryCidrAdvice(model: CapacityModel, before: Metrics): Candidate[] {
  const { vpc, env } = model.cluster;
  if (env.customNetworking || vpc.cidrs.some((block) => overlaps(block, SHARED))) return [];
  const zones = zonesOfNodes(model);
  const length = Math.max(LARGEST_SUBNET, SECONDARY.length + Math.ceil(Math.log2(Math.max(1, zones.length))));
  const added = zones.map((zone, place) => {
    const block: Cidr = { base: addressAt(SECONDARY, place * 2 ** (32 - length)), length };
    return likeSubnet(model, zone, `pods-${zone}`, block);
  });
  const variables = {
    AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
    ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
  };
  const after = metricsOf(
    variantOf(model, { env: variables, subnets: added, podSubnets: podSubnets(model, added) }),
  );
  if (effectOf(before, after) <= 0) return [];
  return [
    {
      kind: 'secondary-cidr',
      title: `give pods a block of their own, ${formatCidr(SECONDARY)}, by custom networking: nodes keep one address each in their subnets`,
      changes: [
        {
          where: `vpcs.${vpc.name}.cidrs`,
          from: vpc.cidrs.map(formatCidr).join(', '),
          to: [...vpc.cidrs, SECONDARY].map(formatCidr).join(', '),
        },
        ...added.map((subnet) => ({
          where: `vpcs.${vpc.name}.subnets.${subnet.name}`,
          from: null,
          to: `{ cidr: ${formatCidr(subnet.cidr)}, az: ${subnet.az} }`,
        })),
        ...added.map((subnet) => ({
          where: `manifests: ENIConfig ${subnet.az}`,
          from: null,
          to: `{ subnet: ${subnet.name} }`,
        })),
        ...changesOf(model, variables),
      ],
      numbers: numbersOf(before, after),
      costs: [
        'the primary ENI carries no pods: one ENI less for them, and a lower maxPods without prefix delegation',
        'nodes are replaced; the new subnets need routes to what pods reach, and peers and VPNs do not route 100.64.0.0/10',
      ],
      effect: effectOf(before, after),
    },
  ];
}

/** Subnets cannot be resized: further ones in the same zones, which the CNI finds by their tag. */
export function furtherSubnetAdvice(model: CapacityModel, before: Metrics): Candidate[] {
  const { vpc, env } = model.cluster;
  if (env.customNetworking || !env.subnetDiscovery) return [];
  const taken = vpc.subnets.map((subnet) => subnet.cidr);
  const added: SubnetSpec[] = [];
  for (const zone of zonesOfNodes(model)) {
    const block = largestGap(vpc.cidrs, taken);
    if (!block) return [];
    taken.push(block);
    added.push(likeSubnet(model, zone, `more-${zone}`, block));
  }
  const after = metricsOf(variantOf(model, { subnets: added, podSubnets: podSubnets(model, added) }));
  if (effectOf(before, after) <= 0) return [];
  const list = added.map((subnet) => `${formatCidr(subnet.cidr)} in ${subnet.az}`).join(', ');
  return [
    {
      kind: 'larger-subnets',
      title: `add subnets from what the VPC has left, tagged kubernetes.io/role/cni=1: ${list}`,
      changes: added.map((subnet) => ({
        where: `vpcs.${vpc.name}.subnets.${subnet.name}`,
        from: null,
        to: `{ cidr: ${formatCidr(subnet.cidr)}, az: ${subnet.az}, tags: { kubernetes.io/role/cni: "1" } }`,
      })),
      numbers: numbersOf(before, after),
      costs: [
        'only new ENIs stand in the new subnets; routes, network ACLs and security groups must allow them what the others have',
      ],
      effect: effectOf(before, after),
    },
  ];
}

function zonesOfNodes({ fleet }: CapacityModel): string[] {
  return [...new Set([...fleet.members.values()].map(({ node }) => node.zone))].sort();
}

function likeSubnet({ cluster }: CapacityModel, az: string, name: string, block: Cidr): SubnetSpec {
  const like = cluster.vpc.subnets.find((subnet) => subnet.az === az)!;
  return {
    ...like,
    name,
    cidr: block,
    reservations: [],
    occupied: [],
    origin: defaulted('vpcsim', `advice ${name}`),
  };
}

function podSubnets({ cluster }: CapacityModel, added: readonly SubnetSpec[]): Map<string, string> {
  return new Map(
    cluster.vpc.subnets.flatMap((subnet) => {
      const own = added.find(({ az }) => az === subnet.az);
      return own ? [[subnet.name, own.name] as const] : [];
    }),
  );
}

/** The lowest of the largest aligned blocks that no subnet has. */
function largestGap(blocks: readonly Cidr[], taken: readonly Cidr[]): Cidr | undefined {
  for (let length = LARGEST_SUBNET; length <= 27; length++)
    for (const block of blocks)
      for (let offset = 0; offset < sizeOf(block); offset += 2 ** (32 - length)) {
        const candidate: Cidr = { base: addressAt(block, offset), length };
        if (block.length <= length && !taken.some((one) => overlaps(one, candidate))) return candidate;
      }
  return undefined;
}
