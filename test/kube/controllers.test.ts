import { describe, expect, test } from 'vitest';
import { runControllers } from '../../src/kube/controllers.ts';
import { templateHash } from '../../src/kube/names.ts';
import { node, pod, workload } from './objects.ts';

const run = (desired: Partial<Parameters<typeof runControllers>[0]>) =>
  runControllers({ workloads: [], pods: [], nodes: [], ...desired });

const names = (pods: readonly { metadata: { name: string } }[]) => pods.map(({ metadata }) => metadata.name);

describe('Deployments', () => {
  test('a Deployment has one ReplicaSet named after its template, and pods with five more characters', () => {
    const { replicaSets, pods } = run({ workloads: [workload('Deployment', 'web', 3)] });
    const set = replicaSets[0]!.metadata.name;
    expect(set).toMatch(/^web-[bcdf456789]+$/);
    expect(pods).toHaveLength(3);
    for (const made of pods) {
      expect(made.metadata.name).toMatch(new RegExp(`^${set}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
      expect(made.owner).toBe(`ReplicaSet/${set}`);
      expect(made.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': set.slice('web-'.length) });
      expect(made.origin.from).toBe('derived');
    }
    expect(new Set(names(pods)).size).toBe(3);
  });

  test('names depend on the objects alone: another order of documents has the same names', () => {
    const [a, b] = [workload('Deployment', 'a', 2), workload('StatefulSet', 'b', 2)];
    expect(names(run({ workloads: [a, b] }).pods)).toEqual(names(run({ workloads: [b, a] }).pods));
    expect(templateHash({ x: 1, y: [2] })).toBe(templateHash({ y: [2], x: 1 }));
  });

  test('more replicas keep the names of those there were', () => {
    const few = names(run({ workloads: [workload('Deployment', 'web', 2)] }).pods);
    const more = names(run({ workloads: [workload('Deployment', 'web', 5)] }).pods);
    expect(more.slice(0, 2)).toEqual(few);
  });

  test('pods of a ReplicaSet that a dump has already are not made again', () => {
    const set = { ...workload('ReplicaSet', 'web-6d4cf56db6', 2) };
    const adopted = { ...set, template: { ...set.template, labels: { app: 'web' } } };
    const there = { ...pod('web-6d4cf56db6-abcde', {}, { app: 'web' }), owner: 'ReplicaSet/web-6d4cf56db6' };
    const { replicaSets, pods } = run({
      workloads: [workload('Deployment', 'web', 2), adopted],
      pods: [there],
    });
    expect(names(replicaSets)).toEqual(['web-6d4cf56db6']);
    expect(pods).toHaveLength(2);
    expect(pods[0]).toBe(there);
  });

  test('a bare pod that matches the selector counts as a replica', () => {
    const { pods } = run({
      workloads: [workload('ReplicaSet', 'web', 2)],
      pods: [pod('lone', {}, { app: 'web' })],
    });
    expect(pods).toHaveLength(2);
  });
});

describe('StatefulSets and Jobs', () => {
  test('a StatefulSet numbers its pods, and each has a host name in the governing Service', () => {
    const { pods } = run({
      workloads: [{ ...workload('StatefulSet', 'db', 2), serviceName: 'db-headless' }],
    });
    expect(names(pods)).toEqual(['db-0', 'db-1']);
    expect(pods[1]!.spec).toMatchObject({ hostname: 'db-1', subdomain: 'db-headless' });
    expect(pods[1]!.metadata.labels['apps.kubernetes.io/pod-index']).toBe('1');
  });

  test('a Job runs as many pods as its parallelism', () => {
    const { pods } = run({ workloads: [workload('Job', 'report', 2)] });
    expect(pods.map(({ owner }) => owner)).toEqual(['Job/report', 'Job/report']);
  });
});

describe('DaemonSets', () => {
  const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' } as const;

  test('a DaemonSet has one pod for each node, tied to it by name', () => {
    const { pods } = run({ workloads: [workload('DaemonSet', 'agent', 1)], nodes: [node('n2'), node('n1')] });
    const tied = pods.map(({ spec }) => spec.requiredNodeTerms[0]!.matchExpressions[0]!.values);
    expect(tied).toEqual([['n1'], ['n2']]);
  });

  test('a node whose taint the pod does not tolerate has none', () => {
    const nodes = [node('n1'), node('n2', { taints: [gpu] })];
    expect(run({ workloads: [workload('DaemonSet', 'agent', 1)], nodes }).pods).toHaveLength(1);
  });

  test('a node that is not ready or cordoned has one all the same', () => {
    const notReady = { key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoExecute' } as const;
    const cordoned = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' } as const;
    const nodes = [node('n1', { taints: [notReady, cordoned] })];
    expect(run({ workloads: [workload('DaemonSet', 'agent', 1)], nodes }).pods).toHaveLength(1);
  });
});
