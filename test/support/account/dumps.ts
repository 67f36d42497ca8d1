/** A world of ours as the dumps that would be taken of it, so that reading them must give the same answers. */
import { buildWorld } from '../../../src/world/build.ts';
import { planSites } from '../../../src/world/sites.ts';
import type { Topology } from '../../../src/world/topology.ts';
import type { World } from '../../../src/world/world.ts';
import { type Account, ec2 } from './ec2.ts';
import { elbv2 } from './elbv2.ts';
import { REGION } from './ids.ts';
import { describeCluster, kubectl } from './kubectl.ts';

/** File name -> text; the topology has one VPC, and a cluster in it. */
export function dumpsOf(topology: Topology): Record<string, string> {
  const built = buildWorld(topology);
  if (!built.ok) throw new Error(JSON.stringify(built.issues));
  const account = accountOf(topology, built.value);
  const files: Record<string, unknown> = {};
  for (const [key, list] of Object.entries({ ...ec2(account), ...elbv2(account) }))
    files[`aws/${REGION}/${key}.json`] = { [key]: list };
  files[`aws/${REGION}/cluster.json`] = describeCluster(account);
  for (const [name, value] of Object.entries(kubectl(account))) files[`kubernetes/${name}.json`] = value;
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

function accountOf(topology: Topology, world: World): Account {
  return {
    topology,
    vpc: topology.vpcs[0]!,
    site: planSites(topology)[0]!,
    groups: world.securityGroups.map(({ group }) => group),
  };
}
