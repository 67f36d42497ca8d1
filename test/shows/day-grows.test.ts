/** The teaching cluster grows until it fails: first at the number of pods that its nodes take, and where that is lifted, at
 *  the addresses of their ENIs. */
import { expect, test } from 'vitest';
import { buildWorld } from '../../src/world/build.ts';
import type { Topology } from '../../src/world/topology.ts';
import { loadShipped } from '../support/worlds.ts';

const day = loadShipped('day');

/** `replicas` of day-service; `maxPods` is the kubelet's. */
function grown(replicas: number, maxPods?: number): Topology {
  const cluster = day.cluster!;
  return {
    ...day,
    cluster: { ...cluster, nodeGroups: cluster.nodeGroups.map((group) => ({ ...group, maxPods })) },
    objects: {
      ...day.objects,
      workloads: day.objects.workloads.map((workload) =>
        workload.metadata.name === 'day-service' ? { ...workload, replicas } : workload,
      ),
    },
  };
}

function outcome(topology: Topology) {
  const world = buildWorld(topology);
  if (!world.ok) throw new Error('the world is not built');
  const { pods } = world.value.cluster!;
  const service = pods.filter(({ id }) => id.startsWith('production/day-service-'));
  const count = (phase: string) => service.filter((pod) => pod.phase === phase).length;
  const stuck = service.find(({ phase }) => phase !== 'Running');
  return {
    running: count('Running'),
    pending: count('Pending'),
    creating: count('ContainerCreating'),
    reason: stuck?.reasons[0],
    /** All pods with an address of a node's pool. */
    addressed: pods.filter(({ pod, address }) => address !== undefined && !pod.spec.hostNetwork).length,
  };
}

test('t3.small takes eleven pods a node: four of the twenty-two are host network pods, and others were there before', () => {
  const all = outcome(grown(3));
  const others = all.addressed - 3;
  const room = 2 * 11 - 4 - others;
  expect(outcome(grown(room))).toMatchObject({ running: room, pending: 0, creating: 0 });
  const beyond = outcome(grown(room + 1));
  expect(beyond).toMatchObject({ running: room, pending: 1, creating: 0 });
  expect(beyond.reason).toMatch(/^0\/2 nodes are available: 2 Too many pods\./);
});

test('with max-pods lifted the next limit is three ENIs with three addresses for pods each, on each node', () => {
  const others = outcome(grown(3)).addressed - 3;
  const room = 2 * 3 * 3 - others;
  expect(outcome(grown(room, 110))).toMatchObject({ running: room, pending: 0, creating: 0 });
  const beyond = outcome(grown(room + 1, 110));
  expect(beyond).toMatchObject({ running: room, pending: 0, creating: 1 });
  expect(beyond.reason).toMatch(
    /^FailedCreatePodSandBox: .*add cmd: failed to assign an IP address to container$/,
  );
});
