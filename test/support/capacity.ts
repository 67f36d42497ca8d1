/** Capacity reports in tests, and small clusters to make them of. */
import type { CapacityWords } from '../../src/analysis/capacity/asked.ts';
import { capacityOf } from '../../src/analysis/capacity/capacity.ts';
import type { CapacityReport, CapacityUse, UseLine } from '../../src/analysis/capacity/report.ts';
import type { Topology } from '../../src/world/topology.ts';
import { topologyOf } from './worlds.ts';

/** Of a topology and words that are known to be right. */
export function reportOf(topology: Topology, words?: CapacityWords): CapacityReport {
  const report = capacityOf(topology, words);
  if (!report.ok) throw new Error(JSON.stringify(report.issues, null, 2));
  return report.value;
}

/** By use. */
export function usesOf(lines: readonly UseLine[]): Partial<Record<CapacityUse, number>> {
  return Object.fromEntries(lines.map(({ use, addresses }) => [use, addresses]));
}

export const sumOf = (lines: readonly UseLine[]): number =>
  lines.reduce((sum, { addresses }) => sum + addresses, 0);

export interface SmallCluster {
  /** Each as YAML of one line; the default is one /24 in each of two zones. */
  readonly subnets?: readonly string[];
  readonly cidrs?: string;
  readonly vpc?: string;
  /** Of aws-node. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands in the list of node groups; the default is two m5.large of at most three. */
  readonly groups?: string;
  readonly nodes?: string;
  /** Name of a Deployment and its replicas. */
  readonly deployments?: Readonly<Record<string, number>>;
  readonly manifests?: string;
}

/** A cluster without CoreDNS, with Deployments whose pods ask for nothing. */
export function cluster(small: SmallCluster = {}): Topology {
  return topologyOf(clusterFiles(small));
}

export function clusterFiles({
  subnets = [
    '{ name: a, cidr: 10.0.0.0/24, az: us-east-1a }',
    '{ name: b, cidr: 10.0.1.0/24, az: us-east-1b }',
  ],
  cidrs = '10.0.0.0/16',
  vpc = '',
  env = {},
  groups = '{ name: workers, instanceType: m5.large, desired: 2, min: 1, max: 3, subnets: [a, b] }',
  nodes,
  deployments = { web: 4 },
  manifests = '',
}: SmallCluster): Record<string, string> {
  const names = subnets.map((subnet) => /name: ([\w-]+)/.exec(subnet)![1]!);
  return {
    'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: small }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [${cidrs}]
    subnets:
${subnets.map((subnet) => `      - ${subnet}`).join('\n')}
${vpc}
cluster:
  name: small
  vpc: main
  subnets: [${names.slice(0, 2).join(', ')}]
  serviceCidr: 172.20.0.0/16
  coredns: { replicas: 0 }
  cni: { env: { ${Object.entries(env)
    .map(([name, value]) => `${name}: "${value}"`)
    .join(', ')} } }
  ${nodes === undefined ? `nodeGroups: [${groups}]` : `nodes: [${nodes}]`}
manifests: [pods.yaml]
`,
    'pods.yaml': `${Object.entries(deployments)
      .map(
        ([name, replicas]) =>
          `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  replicas: ${replicas}\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec: { containers: [{ name: app, image: app }] }`,
      )
      .join('\n---\n')}\n${manifests}`,
  };
}
