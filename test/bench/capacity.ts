/** What a capacity report of a large cluster costs, as a process: from its text to its JSON. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterText } from './workloads.ts';

interface CapacityCost {
  readonly nodes: number;
  readonly pods: number;
  /** Start to exit. */
  readonly seconds: number;
  /** Resident, at most. */
  readonly mb: number;
}

const SIZES = [
  [100, 3000],
  [1000, 30_000],
  [5000, 150_000],
] as const;

/** Has a process say how much memory it had at most. */
const TELLS_MEMORY =
  'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)));\n';

/** Deployments of a hundred pods each, on m5.xlarge over three zones. */
export function capacityCosts(): CapacityCost[] {
  return SIZES.map(([nodes, pods]) => {
    const folder = mkdtempSync(join(tmpdir(), 'vpcsim-bench-'));
    try {
      for (const [name, text] of Object.entries(capacityText(nodes, pods)))
        writeFileSync(join(folder, name), text);
      const telling = join(folder, 'memory.cjs');
      writeFileSync(telling, TELLS_MEMORY);
      const program = ['--require', telling, 'dist/bin/main.js', 'capacity', '-o', 'json'];
      const start = performance.now();
      const { status, stderr } = spawnSync(
        process.execPath,
        [...program, '-t', join(folder, 'vpcsim.yaml'), '--output-file', join(folder, 'report.json')],
        { encoding: 'utf8' },
      );
      const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
      if (status !== 0) throw new Error(stderr);
      const kib = Number(/\d+$/.exec(stderr)?.[0]);
      return { nodes, pods, seconds, mb: Math.round(kib / 1024) };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function capacityText(nodes: number, pods: number): Record<string, string> {
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
