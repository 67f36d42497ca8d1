/** A changed world: what the change does not reach is shared with the one before. */
import type { Parsed } from '../base/issue.ts';
import { buildWorld } from './build.ts';
import type { Topology } from './topology.ts';
import type { SecurityGroupSpec } from './vpc-spec.ts';
import type { World } from './world.ts';

/** The world of the changed topology. `change` gives back the parts it leaves alone as the same objects.
 *  @example changedWorld(world, withSecurityGroup('main', 'web', (group) => ({ ...group, ingress: [] }))) */
export function changedWorld(world: World, change: (topology: Topology) => Topology): Parsed<World> {
  return buildWorld(change(world.topology), world);
}

/** Changes one security group of one VPC. */
export function withSecurityGroup(
  vpc: string,
  name: string,
  change: (group: SecurityGroupSpec) => SecurityGroupSpec,
): (topology: Topology) => Topology {
  return (topology) => ({
    ...topology,
    vpcs: topology.vpcs.map((each) =>
      each.name === vpc
        ? {
            ...each,
            securityGroups: each.securityGroups.map((group) => (group.name === name ? change(group) : group)),
          }
        : each,
    ),
  });
}
