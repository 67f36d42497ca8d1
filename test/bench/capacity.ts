/** What a capacity report of a large cluster costs, from its text to its JSON: seconds, and megabytes in use at most. */
import { capacityOf } from '../../src/analysis/capacity/capacity.ts';
import { capacityJson } from '../../src/render/capacity/json.ts';
import { topologyOf } from '../support/worlds.ts';
import { clusterText } from './workloads.ts';

export interface CapacityCost {
  readonly nodes: number;
  readonly pods: number;
  readonly seconds: number;
  readonly mb: number;
}

const SIZES = [
  [100, 3000],
  [1000, 30_000],
  [5000, 150_000],
] as const;

/** Deployments of a hundred pods each, on m5.xlarge over three zones. */
export function capacityCosts(): CapacityCost[] {
  return SIZES.map(([nodes, pods]) => {
    const files = capacityText(nodes, pods);
    const start = performance.now();
    const report = capacityOf(topologyOf(files));
    if (!report.ok) throw new Error(JSON.stringify(report.issues));
    const { length } = capacityJson(report.value);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    if (length === 0) throw new Error('an empty report');
    const mb = Math.round(process.memoryUsage().rss / 1024 ** 2);
    return { nodes, pods, seconds, mb };
  });
}

export function capacityText(nodes: number, pods: number): Record<string, string> {
  const files = clusterText(nodes, pods, 20, Math.ceil(pods / 100));
  // Large enough for whole ENIs held ready on every node: one block of the VPC for each subnet.
  const zones = ['a', 'b', 'c'];
  const blocks = Array.from({ length: Math.ceil(nodes / 1000) * 3 }, (_, i) => i);
  const subnets = blocks.map(
    (i) => `      - { name: s${i}, cidr: 10.${i}.0.0/16, az: us-east-1${zones[i % 3]} }`,
  );
  const names = blocks.map((i) => `s${i}`).join(', ');
  const text = files['vpcsim.yaml']!.replace(
    'cidrs: [10.0.0.0/16]',
    `cidrs: [${blocks.map((i) => `10.${i}.0.0/16`).join(', ')}]`,
  )
    .replace(/ {6}- \{ name: a[\s\S]*?(?=cluster:)/, `${subnets.join('\n')}\n`)
    .replaceAll('[a, b, c]', `[${names}]`)
    .replace('m5.large', 'm5.xlarge');
  return { ...files, 'vpcsim.yaml': text };
}
