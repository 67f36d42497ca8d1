/** What custom resources name of the VPC must be there: subnets and security groups of the cluster's. */
import type { KubeObject, KubeObjects } from '../../api/objects.ts';
import type { Origin } from '../../base/origin.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { namesOf } from '../topology/names.ts';

export function checkVpcReferences(reading: Reading, vpc: VpcSpec, objects: KubeObjects): void {
  const subnets = namesOf(vpc.subnets);
  const groups = namesOf(vpc.securityGroups);
  for (const config of objects.eniConfigs) {
    if (!subnets.has(config.subnet))
      reading.unknown(within(config, 'spec', 'subnet'), 'subnet', config.subnet, subnets);
    checkGroups(reading, config, ['spec', 'securityGroups'], config.securityGroups, groups);
  }
  for (const policy of objects.securityGroupPolicies)
    checkGroups(reading, policy, ['spec', 'securityGroups', 'groupIds'], policy.groupIds, groups);
}

function checkGroups(
  reading: Reading,
  object: KubeObject,
  path: readonly string[],
  named: readonly string[],
  known: ReadonlySet<string>,
): void {
  for (const [index, name] of named.entries())
    if (!known.has(name)) reading.unknown(within(object, ...path, index), 'security group', name, known);
}

function within({ origin }: KubeObject, ...path: (string | number)[]): Origin {
  return origin.from === 'written' ? { ...origin, pointer: [...origin.pointer, ...path] } : origin;
}
