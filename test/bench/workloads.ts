/** What the benchmark walks: the reachable flows that `day` expects, from every pod that could send them, and random
 *  pairs of pods over a thousand nodes. The source port changes on every walk; nothing is cached by flow. */
import { type PreparedFlow, prepare } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { worldOf } from '../support/worlds.ts';

/** The expected flows of a world; those of a pod are sent by every pod that has an address of its own. */
export function expectedFlows(world: World): PreparedFlow[] {
  const senders = (world.cluster?.pods ?? []).filter(
    ({ address, pod }) => address !== undefined && !pod.spec.hostNetwork,
  );
  return world.topology.expectations
    .filter(({ verdict }) => verdict === 'reachable')
    .flatMap((expectation) =>
      expectation.from.startsWith('pod/')
        ? senders.map(({ id }) => ({ ...expectation, from: `pod/${id}` }))
        : [expectation],
    )
    .map((flow) => prepared(world, flow.from, flow.to, flow.protocol));
}

function prepared(world: World, from: string, to: string, protocol?: string): PreparedFlow {
  const flow = prepare(world, { from, to, protocol });
  if (!flow.ok) throw new Error(JSON.stringify(flow.issues));
  return flow.value;
}

/** Numbers that look random and are always the same (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A cluster of `nodes` nodes over three zones with `pods` pods in `workloads` Deployments behind `services` Services. */
export function clusterText(
  nodes: number,
  pods: number,
  services: number,
  workloads = Math.max(1, Math.min(services, pods)),
): Record<string, string> {
  const zones = ['a', 'b', 'c'];
  const manifests: string[] = [];
  for (let i = 0; i < workloads; i++) {
    const replicas = Math.floor(pods / workloads) + (i < pods % workloads ? 1 : 0);
    manifests.push(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app-${i} }\nspec:\n  replicas: ${replicas}\n  selector: { matchLabels: { app: app-${i} } }\n  template:\n    metadata: { labels: { app: app-${i} } }\n    spec:\n      containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]`,
    );
  }
  for (let i = 0; i < services; i++)
    manifests.push(
      `apiVersion: v1\nkind: Service\nmetadata: { name: svc-${i} }\nspec:\n  selector: { app: app-${i % workloads} }\n  ports: [{ port: ${80 + Math.floor(i / workloads)}, targetPort: 8080 }]`,
    );
  return {
    'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: bench }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.0.0.0/16]
    subnets:
${zones.map((zone, i) => `      - { name: ${zone}, cidr: 10.0.${i * 64}.0/18, az: us-east-1${zone} }`).join('\n')}
cluster:
  name: bench
  vpc: main
  subnets: [a, b, c]
  serviceCidr: 172.20.0.0/16
  nodeGroups: [{ name: g, instanceType: m5.large, desired: ${nodes}, min: 1, max: ${nodes}, subnets: [a, b, c] }]
manifests: ['all*.yaml']
`,
    // Kept below the size that is refused.
    ...Object.fromEntries(chunks(manifests, 4000).map((part, i) => [`all${i}.yaml`, part.join('\n---\n')])),
  };
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** Random pairs of pods of a large cluster, each to the other's port. */
export function randomPairs(world: World, count: number, seed = 1): PreparedFlow[] {
  const random = numbers(seed);
  const pods = world.cluster!.pods.filter(
    ({ address, pod }) => address !== undefined && !pod.spec.hostNetwork,
  );
  const pick = () => pods[Math.floor(random() * pods.length)]!.id;
  return Array.from({ length: count }, () => prepared(world, `pod/${pick()}`, `pod/${pick()}:8080`));
}

export const largeWorld = (nodes: number, pods: number, services: number, workloads?: number): World =>
  worldOf(clusterText(nodes, pods, services, workloads));
