/** What would do where a demand cannot be met: the same demand with one thing changed, planned again. Only changes that
 *  fit are told, each with the words of the command line and what it takes. */
import { type Cidr, formatCidr, maskOf, overlaps, sizeOf } from '../../addressing/cidr.ts';
import { instanceTypes } from '../../cni/instance-types.ts';
import { takesPrefixes } from '../../cni/pool-shape.ts';
import { mayJoin } from '../../io/topology/vpc-cidrs.ts';
import { demandOf, nodesFor, type PlanRequest } from './demand.ts';
import { VPC_BLOCKS } from './faults.ts';
import { count } from './peak.ts';
import { type AddressPlan, planAddresses } from './plan.ts';

export interface Alternative {
  /** What to write on the command line in addition, or instead. */
  readonly words: string;
  /** What it takes. */
  readonly because: string;
}

interface Change {
  readonly words: string;
  readonly changed: Partial<PlanRequest>;
}

export function alternatives(request: PlanRequest): Alternative[] {
  const fits = ({ words, changed }: Change): Alternative[] => {
    const planned = planAddresses(demandOf({ ...request, ...changed }));
    return planned.ok ? [{ words, because: taken(planned.plan) }] : [];
  };
  const first = (changes: readonly Change[]): Alternative[] => {
    for (const change of changes) {
      const [alternative] = fits(change);
      if (alternative) return [alternative];
    }
    return [];
  };
  return [
    ...first(blockChanges(request)),
    ...settingChanges(request).flatMap(first),
    ...first(nodeChanges(request)),
    ...typeChanges(request).flatMap(first),
  ];
}

function taken({ subnets, zone, demand, cidrs }: AddressPlan): string {
  const addresses = subnets.reduce((sum, { cidr }) => sum + sizeOf(cidr), 0);
  return `${count(addresses)} addresses in ${cidrs.map(formatCidr).join(', ')}; up to ${count(zone.enis)} ENIs in each of ${demand.zones} zones`;
}

/** A larger primary block; then more blocks of its range. */
function blockChanges({ vpcCidrs, serviceCidr }: PlanRequest): Change[] {
  const [first, ...others] = vpcCidrs;
  if (!first) return [];
  const changes: Change[] = [];
  for (let length = first.length - 1; length >= 16; length--) {
    const larger = { base: first.base & maskOf(length), length };
    if (others.some((other) => overlaps(other, larger)) || overlaps(larger, serviceCidr)) break;
    changes.push({ words: `--vpc-cidr ${formatCidr(larger)}`, changed: { vpcCidrs: [larger, ...others] } });
  }
  const blocks: Cidr[] = [...vpcCidrs];
  for (const next of neighbours(first)) {
    if (blocks.length === VPC_BLOCKS) break;
    if (overlaps(next, serviceCidr)) continue;
    if (!blocks.every((block) => mayJoin(block, next) && !overlaps(block, next))) continue;
    blocks.push(next);
    const words = blocks.map((block) => `--vpc-cidr ${formatCidr(block)}`).join(' ');
    changes.push({ words, changed: { vpcCidrs: [...blocks] } });
  }
  return changes;
}

/** The /16s after that of a block. */
function neighbours({ base }: Cidr): Cidr[] {
  const own = base & maskOf(16);
  return Array.from({ length: 2 * VPC_BLOCKS }, (_, index) => ({
    base: (own + (index + 1) * 2 ** 16) | 0,
    length: 16,
  }));
}

/** Each with variants, of which the first that fits is told. */
function settingChanges(request: PlanRequest): (readonly Change[])[] {
  const { prefixDelegation, customNetworking, cni, type } = request;
  const delegates = !prefixDelegation && takesPrefixes(type);
  const exact = cni.WARM_IP_TARGET === undefined && cni.MINIMUM_IP_TARGET === undefined;
  const prefixes: Change = { words: '--prefix-delegation', changed: { prefixDelegation: true } };
  return [
    exact ? [{ words: '--cni WARM_IP_TARGET=5', changed: { cni: { ...cni, WARM_IP_TARGET: '5' } } }] : [],
    delegates ? [prefixes] : [],
    podBlockChanges(request),
    delegates && !customNetworking
      ? podBlockChanges(request).map(({ words, changed }) => ({
          words: `${prefixes.words} ${words}`,
          changed: { ...prefixes.changed, ...changed },
        }))
      : [],
  ];
}

/** Custom networking, with as few blocks for pods as do. */
function podBlockChanges({ customNetworking, podCidrs, vpcCidrs }: PlanRequest): Change[] {
  const changes: Change[] = customNetworking
    ? []
    : [{ words: '--custom-networking', changed: { customNetworking: true } }];
  const blocks = [...podCidrs];
  for (const next of neighbours(podCidrs[0]!)) {
    if (vpcCidrs.length + blocks.length >= VPC_BLOCKS) break;
    if (blocks.some((block) => overlaps(block, next))) continue;
    blocks.push(next);
    const words = blocks.map((block) => `--pod-cidr ${formatCidr(block)}`).join(' ');
    changes.push({
      words: customNetworking ? words : `--custom-networking ${words}`,
      changed: { customNetworking: true, podCidrs: [...blocks] },
    });
  }
  return changes;
}

/** As many nodes as the pods need. */
function nodeChanges(request: PlanRequest): Change[] {
  const needed = nodesFor(request);
  if (needed === undefined || needed <= request.nodes) return [];
  return [{ words: `--nodes ${needed}`, changed: { nodes: needed } }];
}

/** Larger types of the family: first with as many vCPUs in all on fewer nodes, then with as many nodes. */
function typeChanges({ type, nodes, zones }: PlanRequest): [readonly Change[], readonly Change[]] {
  const vcpus = type.vcpus ?? Number.POSITIVE_INFINITY;
  const [family] = type.name.split('.');
  const larger = [...instanceTypes().values()]
    .filter((one) => one.name.startsWith(`${family}.`) && !one.bareMetal && (one.vcpus ?? 0) > vcpus)
    .sort((a, b) => a.vcpus! - b.vcpus!);
  const fewer = larger.map((one): Change => {
    const number = Math.max(zones, Math.ceil((nodes * vcpus) / one.vcpus!));
    return {
      words: `--instance-type ${one.name} --nodes ${number}`,
      changed: { type: one, nodes: number, maxPods: undefined },
    };
  });
  const asMany = larger.map((one): Change => {
    return { words: `--instance-type ${one.name}`, changed: { type: one, maxPods: undefined } };
  });
  return [fewer, asMany];
}
