import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schedule } from '../../src/kube/scheduler.ts';
import { container, node, pod } from '../kube/objects.ts';

fc.configureGlobal({ seed: 1 });

const MIB = 1024 ** 2;

const clusters = fc.record({
  nodes: fc.array(
    fc.record({
      cpuMillis: fc.integer({ min: 0, max: 4000 }),
      memoryBytes: fc.integer({ min: 0, max: 4000 }).map((mebibytes) => mebibytes * MIB),
      pods: fc.integer({ min: 0, max: 6 }),
      zone: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 6 },
  ),
  pods: fc.array(
    fc.record({ cpuMillis: fc.integer({ min: 0, max: 2000 }), memoryMiB: fc.integer({ min: 0, max: 2000 }) }),
    { maxLength: 25 },
  ),
});

function scheduled({ nodes, pods }: typeof clusters extends fc.Arbitrary<infer T> ? T : never) {
  const machines = nodes.map(({ zone, ...allocatable }, i) => node(`n${i}`, { allocatable }, zone));
  const asking = pods.map(({ cpuMillis, memoryMiB }, i) =>
    pod(`p${i}`, { containers: [container({ requests: { cpuMillis, memoryBytes: memoryMiB * MIB } })] }),
  );
  const input = { pods: asking, pinned: new Map(), services: [], workloads: [] };
  return { machines, run: (order: typeof machines) => schedule({ ...input, nodes: order }) };
}

test('a node is never given more than it offers, and a pod is refused only where no node has room', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const { machines, run } = scheduled(cluster);
      const bindings = run(machines);
      const room = (name: string, until: number) => {
        const here = bindings.slice(0, until).filter(({ node }) => node === name);
        const { allocatable } = machines.find((machine) => machine.name === name)!;
        const sum = (of: 'cpuMillis' | 'memoryBytes') =>
          here.reduce((total, { pod }) => total + pod.spec.containers[0]!.requests[of]!, 0);
        return {
          pods: allocatable.pods - here.length,
          cpuMillis: allocatable.cpuMillis - sum('cpuMillis'),
          memoryBytes: allocatable.memoryBytes - sum('memoryBytes'),
        };
      };
      for (const { name } of machines) {
        const { pods, cpuMillis, memoryBytes } = room(name, bindings.length);
        expect(pods).toBeGreaterThanOrEqual(0);
        // A pod that asks for nothing fits even where nothing is left.
        expect(Math.min(cpuMillis, memoryBytes)).toBeGreaterThanOrEqual(0);
      }
      bindings.forEach(({ pod, node: chosen }, i) => {
        if (chosen !== undefined) return;
        const { cpuMillis, memoryBytes } = pod.spec.containers[0]!.requests;
        for (const { name } of machines) {
          const left = room(name, i);
          const fits = left.pods > 0 && left.cpuMillis >= cpuMillis! && left.memoryBytes >= memoryBytes!;
          expect(fits).toBe(false);
        }
      });
    }),
  );
});

test('the order in which nodes are listed changes nothing', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const { machines, run } = scheduled(cluster);
      expect(run([...machines].reverse())).toEqual(run(machines));
    }),
  );
});
