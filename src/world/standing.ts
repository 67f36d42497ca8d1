/** Where a sender stands: whose resolver answers it, and which zone is its own. */
import type { Sender } from './sender.ts';
import type { VpcSpec } from './vpc-spec.ts';
import type { World } from './world.ts';

export interface Standing {
  readonly vpc: VpcSpec;
  readonly az: string | undefined;
}

/** The VPC and zone of a sender; undefined outside every VPC. */
export function placeOf(world: World, { device, outside }: Sender): Standing | undefined {
  if (outside) return undefined;
  const { cluster } = world;
  const pod = cluster?.pods.find((each) => each.device === device);
  const host = pod ? cluster!.nodes.find(({ name }) => name === pod.node)?.device : device;
  const eni = world.enis.find((each) => each.host === host);
  const subnet = eni && world.subnets.find(({ name }) => name === eni.subnet);
  const vpc = subnet && world.topology.vpcs.find(({ name }) => name === subnet.vpc);
  if (!vpc) return undefined;
  return { vpc, az: subnet.az };
}
