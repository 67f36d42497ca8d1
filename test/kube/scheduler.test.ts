import { describe, expect, test } from 'vitest';
import type { Pod, PodSpec } from '../../src/api/objects.ts';
import { runControllers } from '../../src/kube/controllers.ts';
import { type Binding, schedule } from '../../src/kube/scheduler.ts';
import { container, node, pod, service, workload } from './objects.ts';

const MIB = 1024 ** 2;

const place = (input: Partial<Parameters<typeof schedule>[0]>) =>
  schedule({ nodes: [], pods: [], pinned: new Map(), services: [], workloads: [], ...input });

const nodesOf = (bindings: readonly Binding[]) => bindings.map((binding) => binding.node);

const asking = (cpuMillis: number, memoryMiB: number): Partial<PodSpec> => ({
  containers: [container({ requests: { cpuMillis, memoryBytes: memoryMiB * MIB } })],
});

describe('filters, in the words of Kubernetes', () => {
  const reason = (spec: Partial<PodSpec>, nodes = [node('n1')]) =>
    place({ pods: [pod('p', spec)], nodes })[0]!.unschedulable;

  test('a node takes no more pods than it has slots, whatever they ask for', () => {
    const nodes = [1, 2].map((i) =>
      node(`n${i}`, { allocatable: { cpuMillis: 9e9, memoryBytes: 9e15, pods: 2 } }),
    );
    const bindings = place({ pods: Array.from({ length: 5 }, (_, i) => pod(`p${i}`)), nodes });
    expect(bindings.filter((binding) => binding.node)).toHaveLength(4);
    expect(bindings[4]!.unschedulable).toBe('0/2 nodes are available: 2 Too many pods.');
  });

  test('requests must fit into what is allocatable, and every resource that is short is named', () => {
    expect(reason(asking(2000, 100))).toBe('0/1 nodes are available: 1 Insufficient cpu.');
    expect(reason(asking(2000, 4000))).toBe(
      '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
    );
  });

  test('reasons of several nodes are counted and sorted', () => {
    const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' } as const;
    const nodes = [node('n1'), node('n2', { taints: [gpu] }), node('n3', { unschedulable: true })];
    expect(reason(asking(2000, 0), nodes)).toBe(
      '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {dedicated: gpu}, 1 node(s) were unschedulable.',
    );
  });

  test('a node selector that no node satisfies leaves the pod pending', () => {
    expect(reason({ nodeSelector: { disk: 'ssd' } })).toBe(
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    );
  });

  test('required affinity terms are alternatives', () => {
    const term = (name: string) => ({
      matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] } as const],
    });
    const requiredNodeTerms = [term('elsewhere'), term('n2')];
    expect(
      nodesOf(place({ pods: [pod('p', { requiredNodeTerms })], nodes: [node('n1'), node('n2')] })),
    ).toEqual(['n2']);
  });

  test('a host port is free once on each node, and host network pods take their container ports', () => {
    const port = { containerPort: 9100, protocol: 'TCP' } as const;
    const host = { hostNetwork: true, containers: [container({ ports: [port] })] };
    const mapped = { containers: [container({ ports: [{ ...port, hostPort: 9100 }] })] };
    const [first, second] = place({ pods: [pod('a', host), pod('b', mapped)], nodes: [node('n1')] });
    expect(first!.node).toBe('n1');
    expect(second!.unschedulable).toBe(
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    );
  });

  test('a pod that is pinned to a node whose host port is taken is refused by the kubelet', () => {
    const mapped = (nodeName?: string) => ({
      ...(nodeName && { nodeName }),
      containers: [container({ ports: [{ containerPort: 80, hostPort: 8080, protocol: 'TCP' as const }] })],
    });
    const [first, second, third] = place({
      pods: [pod('a', mapped('n1')), pod('b', mapped('n1')), pod('c', mapped('n2'))],
      nodes: [node('n1'), node('n2')],
    });
    expect([first!.node, second!.node, third!.node]).toEqual(['n1', undefined, 'n2']);
    expect(second!.unschedulable).toContain('Predicate NodePorts failed');
  });

  test('a DaemonSet pod counts only the reasons of its own node', () => {
    const full = { allocatable: { cpuMillis: 1900, memoryBytes: 3000 * MIB, pods: 0 } };
    const nodes = [node('n1', full), node('n2')];
    const { pods } = runControllers({ workloads: [workload('DaemonSet', 'agent', 1)], pods: [], nodes });
    const [on1, on2] = place({ pods, nodes });
    expect(on1!.unschedulable).toBe('0/2 nodes are available: 1 Too many pods.');
    expect(on2!.node).toBe('n2');
  });

  test('a cluster without nodes says so', () => {
    expect(reason({}, [])).toBe('no nodes available to schedule pods');
  });

  test('an init container larger than the rest decides what must fit', () => {
    const initContainers = [container({ requests: { cpuMillis: 2000 } })];
    expect(reason({ initContainers })).toBe('0/1 nodes are available: 1 Insufficient cpu.');
  });
});

describe('topology spread', () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' }, matchExpressions: [] },
  } as const;
  const spreading = (i: number) => pod(`p${i}`, { topologySpreadConstraints: [constraint] }, { app: 'web' });

  test('DoNotSchedule keeps zones within the skew, and refuses what would exceed it', () => {
    const small = { allocatable: { cpuMillis: 1900, memoryBytes: 3000 * MIB, pods: 1 } };
    const nodes = [node('n1', small, 'a'), node('n2', {}, 'b')];
    const bindings = place({ pods: [0, 1, 2, 3].map(spreading), nodes });
    expect(nodesOf(bindings).slice(0, 3).sort()).toEqual(['n1', 'n2', 'n2']);
    expect(bindings[3]!.unschedulable).toBe(
      "0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints.",
    );
  });

  test('a node without the topology label is out', () => {
    expect(place({ pods: [spreading(0)], nodes: [node('n1', { labels: {} })] })[0]!.unschedulable).toBe(
      "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
    );
  });

  test('replicas of a Deployment spread over zones without being told to', () => {
    const nodes = [node('n1', {}, 'a'), node('n2', {}, 'a'), node('n3', {}, 'b')];
    const { pods, replicaSets } = runControllers({
      workloads: [workload('Deployment', 'web', 2)],
      pods: [],
      nodes,
    });
    const bindings = place({ pods, nodes, workloads: replicaSets, services: [service('web')] });
    expect(nodesOf(bindings)).toEqual(['n1', 'n3']);
  });
});

describe('scores', () => {
  const scoresOf = (pods: readonly Pod[], nodes: Parameters<typeof place>[0]['nodes']) =>
    place({ pods, nodes: nodes! }).at(-1)!.nodes;

  test('the emptier node wins: free share of CPU and memory, with 100m and 200Mi for a container that asks for nothing', () => {
    const nodes = [
      node('n1', { allocatable: { cpuMillis: 1000, memoryBytes: 1000 * MIB, pods: 9 } }),
      node('n2', { allocatable: { cpuMillis: 2000, memoryBytes: 2000 * MIB, pods: 9 } }),
    ];
    expect(scoresOf([pod('p')], nodes).map(({ scores }) => scores!.NodeResourcesFit)).toEqual([85, 92]);
  });

  test('CPU and memory used to the same degree score 100, half a whole apart 75', () => {
    const even = { allocatable: { cpuMillis: 1000, memoryBytes: 1000 * MIB, pods: 9 } };
    const nodes = [node('n1', even), node('n2', even)];
    const balance = (spec: Partial<PodSpec>) =>
      scoresOf([pod('p', spec)], nodes)[0]!.scores!.NodeResourcesBalancedAllocation;
    expect(balance(asking(500, 500))).toBe(100);
    expect(balance(asking(750, 250))).toBe(75);
    expect(balance({})).toBeUndefined();
  });

  test('a PreferNoSchedule taint costs 300 points', () => {
    const soft = { key: 'spot', value: '', effect: 'PreferNoSchedule' } as const;
    const found = scoresOf([pod('p')], [node('n1', { taints: [soft] }), node('n2')]);
    expect(found.map(({ total }) => total)).toEqual([found[1]!.total! - 300, found[1]!.total]);
  });

  test('equal nodes are taken by name', () => {
    expect(nodesOf(place({ pods: [pod('p')], nodes: [node('n2'), node('n1')] }))).toEqual(['n1']);
  });
});

describe('pinned pods', () => {
  test('a pinned placement is taken as it is, and counts before any other pod', () => {
    const one = { allocatable: { cpuMillis: 100, memoryBytes: MIB, pods: 1 } };
    const bindings = place({
      pods: [pod('a'), pod('b', asking(5000, 0))],
      nodes: [node('n1', one)],
      pinned: new Map([['default/b', 'n1']]),
    });
    expect(bindings.map(({ node, because }) => [node, because])).toEqual([
      [undefined, 'unschedulable'],
      ['n1', 'pinned'],
    ]);
  });

  test('a nodeName that no node has leaves the pod pending', () => {
    expect(place({ pods: [pod('p', { nodeName: 'gone' })], nodes: [node('n1')] })[0]!.unschedulable).toBe(
      "0/1 nodes are available: 1 node(s) didn't match the requested node name.",
    );
  });
});
