/** What the scheduler remembers from pod to pod changes nothing: every binding, text and score is that of a scheduler
 *  that remembers nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pod, PodSpec, Service, TopologySpreadConstraint, Workload } from '../../src/api/objects.ts';
import type { SchedulableNode } from '../../src/kube/cluster-state.ts';
import { runControllers } from '../../src/kube/controllers.ts';
import { type SchedulerInput, schedule } from '../../src/kube/scheduler.ts';
import { container, node, pod, service, workload } from '../kube/objects.ts';
import { plainSchedule } from '../support/plain-scheduler.ts';

fc.configureGlobal({ seed: 1 });

const MIB = 1024 ** 2;
const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const names = fc.constantFrom('web', 'api', 'db');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const taints = fc.array(
  fc.record({
    key: fc.constantFrom('gpu', 'spot'),
    value: fc.constantFrom('', 'x'),
    effect: fc.constantFrom('NoSchedule' as const, 'PreferNoSchedule' as const),
  }),
  { maxLength: 2 },
);

const sizes = fc.constantFrom(
  { cpuMillis: 1900, memoryBytes: 3000 * MIB, pods: 4 },
  { cpuMillis: 3900, memoryBytes: 6000 * MIB, pods: 9 },
  { cpuMillis: 0, memoryBytes: 0, pods: 2 },
);

const shapes = fc.record({
  allocatable: sizes,
  zone: fc.constantFrom('a', 'b', 'c', undefined),
  hasHostname: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  disk: fc.constantFrom('ssd', 'hdd'),
  taints: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, taints),
  unschedulable: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

function machine({ zone, hasHostname, disk, ...rest }: Value<typeof shapes>, i: number): SchedulableNode {
  const name = `n${i}`;
  const labels = {
    disk,
    ...(hasHostname && { [HOSTNAME]: name }),
    ...(zone !== undefined && { [ZONE]: zone }),
  };
  return node(name, { ...rest, labels });
}

const constraints: fc.Arbitrary<TopologySpreadConstraint> = fc.record({
  maxSkew: fc.integer({ min: 1, max: 2 }),
  topologyKey: fc.constantFrom(HOSTNAME, ZONE, 'disk'),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: maybe(names.map((app) => ({ matchLabels: { app }, matchExpressions: [] }))),
});

const terms = fc.record({
  key: fc.constantFrom('disk', 'metadata.name'),
  operator: fc.constantFrom('In' as const, 'NotIn' as const),
  values: fc.subarray(['ssd', 'n0', 'n1', 'n7'], { minLength: 1 }),
});

/** Most pods ask for nothing special. */
const seldom = <T>(value: fc.Arbitrary<T>, otherwise: T) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, value);

const specs: fc.Arbitrary<Partial<PodSpec>> = fc
  .record({
    requests: fc.record({
      cpuMillis: maybe(fc.constantFrom(100, 900)),
      memoryBytes: maybe(fc.constantFrom(100 * MIB, 2000 * MIB)),
    }),
    hostPort: seldom(maybe(fc.constantFrom(80, 81)), undefined),
    hostNetwork: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    nodeSelector: seldom<PodSpec['nodeSelector']>(fc.constant({ disk: 'ssd' }), {}),
    requiredNodeTerms: seldom(
      fc.array(
        terms.map((one) => ({ matchExpressions: [one] })),
        { maxLength: 2 },
      ),
      [],
    ),
    tolerations: seldom<PodSpec['tolerations']>(
      fc.constant([{ key: 'gpu', operator: 'Exists' as const, value: '', effect: '' as const }]),
      [],
    ),
    topologySpreadConstraints: seldom(fc.array(constraints, { maxLength: 2 }), []),
  })
  .map(({ requests, hostPort, ...rest }) => ({
    ...rest,
    containers: [container({ requests, ports: [{ containerPort: 80, hostPort, protocol: 'TCP' }] })],
  }));

const namespaces = fc.constantFrom('default', 'kube-system');
const kinds = fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Job');

const inputs = (shape: fc.ArrayConstraints) =>
  fc.record({
    shapes: fc.array(shapes, shape),
    // Few, so that pods of several owners and namespaces ask for the same.
    templates: fc.array(specs, { minLength: 1, maxLength: 3 }),
    workloads: fc.uniqueArray(
      fc.record({
        kind: kinds,
        name: names,
        namespace: namespaces,
        replicas: fc.integer({ min: 1, max: 12 }),
        template: fc.nat(2),
      }),
      { maxLength: 4, selector: ({ kind, name, namespace }) => `${kind}/${namespace}/${name}` },
    ),
    bare: fc.array(
      fc.record({
        app: names,
        namespace: namespaces,
        template: fc.nat(2),
        nodeName: seldom(fc.constantFrom('n0', 'n1', 'gone'), undefined),
      }),
      { maxLength: 12 },
    ),
    services: fc.array(fc.record({ app: names, namespace: namespaces }), { maxLength: 3 }),
  });

type Value<T> = T extends fc.Arbitrary<infer V> ? V : never;

function inputOf(drawn: Value<ReturnType<typeof inputs>>): SchedulerInput {
  const { shapes, templates, workloads, bare, services } = drawn;
  const specOf = (template: number) => templates[template % templates.length]!;
  const nodes = shapes.map(machine);
  const sets = workloads.map(({ kind, name, namespace, replicas, template }): Workload => {
    const made = workload(kind, name, replicas, specOf(template));
    return { ...made, metadata: { ...made.metadata, namespace } };
  });
  const loose = bare.map(({ app, namespace, template, nodeName }, i): Pod => {
    const made = pod(`bare${i}`, { ...specOf(template), nodeName }, { app });
    return { ...made, metadata: { ...made.metadata, namespace } };
  });
  const fronts = services.map(({ app, namespace }, i): Service => {
    const made = service(`svc${i}`, { selector: { app } });
    return { ...made, metadata: { ...made.metadata, namespace } };
  });
  const { pods, replicaSets } = runControllers({ workloads: sets, pods: loose, nodes });
  const statefulSets = sets.filter(({ kind }) => kind === 'StatefulSet');
  // Pods of different owners in turn: what is remembered of one template is asked for again later.
  const mixed = [...pods].sort((a, b) => (a.metadata.name.slice(-2) < b.metadata.name.slice(-2) ? -1 : 1));
  return {
    nodes,
    pods: mixed,
    pinned: new Map([['default/bare1', 'n1']]),
    services: fronts,
    workloads: [...replicaSets, ...statefulSets],
  };
}

test('in a small cluster all nodes are examined, and each says the same', () => {
  fc.assert(
    fc.property(inputs({ maxLength: 9 }), (drawn) => {
      const input = inputOf(drawn);
      expect(schedule(input)).toEqual(plainSchedule(input));
    }),
    { numRuns: 300 },
  );
});

test('in a large cluster the search goes round, and chooses the same', () => {
  fc.assert(
    fc.property(inputs({ minLength: 101, maxLength: 230, size: 'max' }), (drawn) => {
      const input = inputOf(drawn);
      expect(schedule(input)).toEqual(plainSchedule(input));
    }),
    { numRuns: 30 },
  );
});
