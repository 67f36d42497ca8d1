/** What makes a demand impossible before any subnet is laid out: nodes that cannot hold the pods, and quotas. */
import { cidr, formatCidr, overlaps } from '../../addressing/cidr.ts';
import type { Issue } from '../../base/issue.ts';
import { COREDNS_PODS, type PlanDemand, podsOfNode } from './demand.ts';
import type { ZoneNeed } from './needs.ts';
import { nodeShare } from './node-share.ts';
import { count } from './peak.ts';

/** Units of "Network Address Usage" that a VPC may have, and that it may have on request (VPC guide, "Quotas"). */
const ADDRESS_UNITS = 64_000;
const ADDRESS_UNITS_ON_REQUEST = 256_000;

/** IPv4 blocks of a VPC without a request (VPC guide, "Quotas"). */
export const VPC_BLOCKS = 5;

const shared = cidr('100.64.0.0/10');

export function demandFaults(demand: PlanDemand): Issue[] {
  const blocks = [...demand.vpcCidrs, ...(demand.env.customNetworking ? demand.podCidrs : [])];
  return [...nodeFaults(demand), ...serviceFaults(demand), ...blockFaults(blocks)];
}

function nodeFaults(demand: PlanDemand): Issue[] {
  const { nodes, type, maxPods } = demand;
  const pods = demand.pods + COREDNS_PODS;
  const each = podsOfNode(demand);
  if (pods > nodes * each)
    return [
      error(
        'plan/nodes-full',
        `${count(pods)} pods, ${COREDNS_PODS} of them CoreDNS's, do not fit on ${count(nodes)} nodes: ${type.name} takes ${each} with an address of their own (maxPods ${maxPods}), so ${count(nodes * each)} in all`,
        each > 0 ? `--nodes ${Math.ceil(pods / each)}` : undefined,
      ),
    ];
  const perNode = Math.ceil(pods / nodes);
  const { addresses, because } = nodeShare(demand, perNode);
  if (addresses < perNode)
    return [
      error(
        'plan/pool-too-small',
        `the settings of the VPC CNI give a node ${addresses} addresses for the ${perNode} pods it has to take (${because})`,
      ),
    ];
  return [];
}

function serviceFaults({ serviceCidr, vpcCidrs, podCidrs, env }: PlanDemand): Issue[] {
  const clash = [...vpcCidrs, ...(env.customNetworking ? podCidrs : [])].find((block) =>
    overlaps(block, serviceCidr),
  );
  if (!clash) return [];
  return [
    error(
      'plan/service-overlap',
      `the Service range ${formatCidr(serviceCidr)} overlaps ${formatCidr(clash)} of the VPC`,
      'choose a range that neither the VPC nor a peer has, such as 172.20.0.0/16 or 10.100.0.0/16',
    ),
  ];
}

function blockFaults(blocks: PlanDemand['vpcCidrs']): Issue[] {
  if (blocks.length <= VPC_BLOCKS) return [];
  return [
    error(
      'plan/too-many-blocks',
      `${blocks.length} blocks; a VPC has at most ${VPC_BLOCKS} unless AWS raises the quota`,
      `larger blocks, or others out of ${formatCidr(shared)}`,
    ),
  ];
}

/** Errors, and warnings for what AWS gives on request. */
export function quotaFaults(demand: PlanDemand, zone: ZoneNeed): Issue[] {
  const issues: Issue[] = [];
  if (demand.env.podEni)
    issues.push({
      severity: 'warning',
      code: 'plan/branch-enis',
      message:
        'branch ENIs are not planned for: each pod with security groups of its own takes one address more',
    });
  if (zone.enis > demand.eniQuota)
    issues.push(
      error(
        'plan/too-many-enis',
        `a zone needs up to ${count(zone.enis)} network interfaces; the quota is ${count(demand.eniQuota)}`,
        `ask AWS for more, and plan with --eni-quota ${Math.ceil(zone.enis / 1000) * 1000}`,
      ),
    );
  const units = zone.addressUnits * demand.zones;
  if (units > ADDRESS_UNITS_ON_REQUEST)
    issues.push(
      error(
        'plan/too-many-addresses',
        `the VPC needs ${count(units)} units of network address usage; AWS gives at most ${count(ADDRESS_UNITS_ON_REQUEST)}`,
      ),
    );
  else if (units > ADDRESS_UNITS)
    issues.push({
      severity: 'warning',
      code: 'plan/address-quota',
      message: `the VPC needs ${count(units)} units of network address usage; its quota is ${count(ADDRESS_UNITS)}`,
      hint: `ask AWS for more: up to ${count(ADDRESS_UNITS_ON_REQUEST)} are given`,
    });
  return issues;
}

function error(code: string, message: string, hint?: string): Issue {
  return { severity: 'error', code, message, hint };
}
