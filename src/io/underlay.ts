/** What a topology stands on that it does not write itself: what dumps of AWS describe, the network of an eksctl file,
 *  or eksctl's default VPC and node group where there is a cluster, or manifests for one, and no VPC. */

import { formatCidr } from '../addressing/cidr.ts';
import { derived } from '../base/origin.ts';
import type { TopologyFile } from '../world/schema.ts';
import type { Inventory } from './aws/inventory.ts';
import { topologyValue } from './aws/topology-value.ts';
import { stamp, topologyOf } from './eksctl/convert.ts';
import { DEFAULT_VPC_CIDR, defaultZones, planSubnets, vpcOf } from './eksctl/layout.ts';
import type { Files, LoadedDocument } from './files.ts';
import { mergeMaps } from './merge.ts';
import type { Reading } from './reading.ts';

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_INSTANCE_TYPE = 'm5.large';

/** The topology laid over its eksctl file; undefined where that cannot be read. */
export function withEksctl(
  reading: Reading,
  files: Files,
  file: TopologyFile,
  beside: LoadedDocument | undefined,
): TopologyFile | undefined {
  if (file.eksctl === undefined && !beside) return file;
  const document = file.eksctl === undefined ? beside : named(reading, files, file, file.eksctl);
  const base = document && topologyOf(reading, document.value);
  // Both sides are checked as a whole afterwards.
  return base && (mergeMaps(reading, base, file) as TopologyFile);
}

function named(reading: Reading, files: Files, file: TopologyFile, path: string): LoadedDocument | undefined {
  const at = reading.of(file, 'eksctl');
  const documents = files.find(path, at).flatMap((found) => files.load(found, at));
  const configs = documents.filter(({ kind }) => kind === 'eksctl');
  if (documents.length > 0 && configs.length !== 1) {
    const message = `${path} holds ${configs.length} eksctl ClusterConfigs, not one`;
    reading.error(at, { code: 'io/not-eksctl', message });
  }
  return configs[0];
}

/** The topology laid over what commands of the AWS CLI printed. */
export function withAwsDumps(reading: Reading, file: TopologyFile, inventory: Inventory): TopologyFile {
  // Both sides are checked as a whole afterwards.
  return mergeMaps(reading, topologyValue(inventory), file) as TopologyFile;
}

export function withDefaultCluster(reading: Reading, file: TopologyFile, manifests: boolean): TopologyFile {
  const unwritten = file.cluster === undefined;
  if (unwritten && !manifests) return file;
  if (!unwritten && file.vpcs !== undefined && hasNodes(file)) return file;
  const name = file.cluster?.name ?? file.metadata?.name ?? 'default';
  const needsVpc = file.vpcs === undefined && !reading.failed;
  const subnets = planSubnets(DEFAULT_VPC_CIDR, defaultZones(DEFAULT_REGION));
  const publicSubnets = subnets.filter(({ kind }) => kind === 'public').map((subnet) => subnet.name);
  const base: Record<string, unknown> = {
    cluster: { name, ...nodeGroups(reading, file, needsVpc, publicSubnets) },
  };
  if (needsVpc) {
    const block = formatCidr(DEFAULT_VPC_CIDR);
    const layout = { cluster: name, region: DEFAULT_REGION, cidr: block, subnets, nat: 'Single' } as const;
    const vpc = vpcOf(layout);
    reading.fill(`vpcs.${vpc.name}`, vpc, 'eksctl', `${block} in ${defaultZones(DEFAULT_REGION).join(', ')}`);
    base.vpcs = [vpc];
  }
  stamp(reading, base, derived('eksctl', reading.of(file)));
  return mergeMaps(reading, base, file) as TopologyFile;
}

function hasNodes(file: TopologyFile): boolean {
  return file.cluster?.nodeGroups !== undefined || file.cluster?.nodes !== undefined;
}

/** eksctl's initial node group; in its VPC, groups without subnets stand in the public ones. */
function nodeGroups(
  reading: Reading,
  file: TopologyFile,
  needsVpc: boolean,
  subnets: readonly string[],
): { nodeGroups?: object[] } {
  const written = file.cluster?.nodeGroups;
  if (written) {
    const open = written.filter((group) => needsVpc && group.subnets === undefined);
    for (const group of open)
      reading.fill(`cluster.nodeGroups.${group.name}.subnets`, subnets, 'eksctl', subnets.join(', '));
    return open.length > 0 ? { nodeGroups: open.map((group) => ({ name: group.name, subnets })) } : {};
  }
  if (file.cluster?.nodes) return {};
  const group = { name: 'nodes', instanceType: DEFAULT_INSTANCE_TYPE, desired: 2, min: 2, max: 2 };
  reading.fill('cluster.nodeGroups.nodes', group, 'eksctl', `2 nodes of type ${DEFAULT_INSTANCE_TYPE}`);
  return { nodeGroups: [{ ...group, ...(needsVpc && { subnets }) }] };
}
