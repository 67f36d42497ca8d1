/** Stratum: the trunk ENIs of nodes, for security groups for pods. They come before pods are placed, as what they can
 *  carry is what the scheduler counts. */
import type { EniConfig } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import { planTrunk, type TrunkPlace } from '../cni/branch-enis.ts';
import { eniConfigName } from '../cni/eni-config.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import { givenPool } from '../cni/given-pool.ts';
import type { InstanceTypeLookup } from '../cni/instance-types.ts';
import type { PoolEni } from '../cni/pool-plan.ts';
import type { AddressBook } from './address-book.ts';
import type { PlannedNode } from './nodes.ts';
import type { VpcSpec } from './vpc-spec.ts';

export interface NodeTrunk {
  readonly eni: PoolEni;
  /** How many branches it takes: the node's capacity of POD_ENI_RESOURCE. */
  readonly branches: number;
}

export interface Trunks {
  /** By name of the node. */
  readonly trunks: ReadonlyMap<string, NodeTrunk>;
  readonly warnings: readonly Issue[];
}

export function planTrunks(
  nodes: readonly PlannedNode[],
  typeOf: InstanceTypeLookup,
  env: CniEnvironment,
  vpc: VpcSpec,
  eniConfigs: readonly EniConfig[],
  book: AddressBook,
): Trunks {
  const trunks = new Map<string, NodeTrunk>();
  const without = new Map<string, string[]>();
  for (const node of nodes) {
    const type = typeOf(node.instanceType);
    if (node.interfaces.length > 0) {
      const given = node.interfaces.filter(({ type: kind }) => kind === 'branch').length;
      const own = givenPool(node.interfaces, []).enis.find(({ role }) => role === 'trunk');
      if (own) trunks.set(node.name, { eni: own, branches: Math.max(type?.branchEnis ?? 0, given) });
      continue;
    }
    const plan = planTrunk({
      typeName: node.instanceType,
      type,
      env,
      place: placeOf(node, env, vpc, eniConfigs),
      take: (subnet) => book.claim(subnet),
    });
    if (plan === undefined) continue;
    if ('trunk' in plan) trunks.set(node.name, { eni: plan.trunk, branches: type!.branchEnis! });
    else without.set(plan.none, [...(without.get(plan.none) ?? []), node.name]);
  }
  const warnings = [...without].map(
    ([reason, names]): Issue => ({
      severity: 'warning',
      code: 'node/no-trunk',
      message: `${names.length === 1 ? `node ${names[0]} has` : `${names.length} nodes (${names[0]}, ...) have`} no trunk ENI, and pods with security groups of their own cannot run there: ${reason}`,
    }),
  );
  return { trunks, warnings };
}

/** Under custom networking the controller follows the node's ENIConfig, unless that is the one named "default", of which
 *  aws-node does not tell it. */
function placeOf(
  { labels, subnet, securityGroups }: PlannedNode,
  env: CniEnvironment,
  vpc: VpcSpec,
  eniConfigs: readonly EniConfig[],
): TrunkPlace | { none: string } {
  const own = { subnet: subnet.name, securityGroups };
  if (!env.customNetworking) return own;
  const wanted = eniConfigName(labels, env);
  if (wanted === 'default') return own;
  const config = eniConfigs.find(({ metadata }) => metadata.name === wanted);
  if (!config) return { none: `failed to find the ENIConfig ${wanted}` };
  if (vpc.subnets.find((each) => each.name === config.subnet)?.az !== subnet.az)
    return { none: 'Failed to create trunk interface: Error Code: InvalidParameterValue' };
  return {
    subnet: config.subnet,
    securityGroups: config.securityGroups.length > 0 ? config.securityGroups : securityGroups,
  };
}
