/** `vpcsim import aws --redact`: the same network without what people called things. */
import { expect, test } from 'vitest';
import { buildWorld, loadTopology, trace, type World } from '../../src/index.ts';
import { importFolder } from '../../src/io/import-folder.ts';
import { dumpsOf } from '../support/account/dumps.ts';
import { loadShipped } from '../support/worlds.ts';
import { filesOf, importedWorld, smallAccount } from './aws/dumps.ts';

function redacted(account: Record<string, unknown>) {
  const files = new Map(filesOf(account).map(({ path, text }) => [path, text]));
  const read = (path: string) => (files.has(path) ? { text: files.get(path)! } : undefined);
  const list = (pattern: string) => (pattern === '*.json' ? [...files.keys()] : []);
  const made = importFolder('', read, list, { redact: true });
  if (!made.ok) throw new Error(made.issues[0]?.message);
  return made.value;
}

const arn =
  'arn:aws:elasticloadbalancing:us-east-2:111122223333:loadbalancer/net/secret-shop/50dc6c495c0c9188';

test('names, tags, descriptions and account ids are gone, in all files alike', () => {
  const { files, text } = redacted({
    ...smallAccount(),
    LoadBalancers: [
      {
        LoadBalancerArn: arn,
        LoadBalancerName: 'secret-shop',
        DNSName: 'secret-shop-50dc6c495c0c9188.elb.us-east-2.amazonaws.com',
        Type: 'network',
        Scheme: 'internal',
        VpcId: 'vpc-1',
        State: { Code: 'active' },
        AvailabilityZones: [{ SubnetId: 'subnet-a', ZoneName: 'us-east-2a' }],
      },
    ],
    Listeners: [
      {
        ListenerArn: `${arn.replace('loadbalancer', 'listener')}/bad604160f6b5da7`,
        LoadBalancerArn: arn,
        Port: 80,
        Protocol: 'TCP',
        DefaultActions: [],
      },
    ],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        Description: 'ELB net/secret-shop/50dc6c495c0c9188',
        PrivateIpAddress: '10.0.1.50',
        OwnerId: '111122223333',
        TagSet: [{ Key: 'cost-center-of-secret', Value: 'secret' }],
      },
    ],
  });
  const all = [...files.map((file) => file.text), text].join('\n');
  expect(all).not.toMatch(/secret|111122223333|name-of/);
  const balancer = /"LoadBalancerName": "(name-\d+)"/.exec(all)![1]!;
  expect(all).toContain(`loadbalancer/net/${balancer}/50dc6c495c0c9188`);
  expect(all).toContain(`ELB net/${balancer}/50dc6c495c0c9188`);
  expect(all).toContain(`${balancer}-50dc6c495c0c9188.elb.us-east-2.amazonaws.com`);
});

test('what is left is the same network', () => {
  const told = (world: ReturnType<typeof importedWorld>) =>
    world.enis.map(({ id, addresses, securityGroups }) => ({ id, addresses, securityGroups }));
  const { files } = redacted(smallAccount());
  expect(told(importedWorld(files))).toEqual(told(importedWorld(filesOf(smallAccount()))));
});

const pods = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'secret-1',
        namespace: 'secret-team',
        labels: { app: 'secret', 'topology.kubernetes.io/zone': 'us-east-2a' },
        annotations: { note: 'secret', 'vpc.amazonaws.com/pod-eni': '[]' },
      },
      spec: {
        nodeName: 'ip-10-0-1-5.us-east-2.compute.internal',
        containers: [
          { name: 'web', image: 'secret', env: [{ name: 'A', value: 'secret' }], ports: [{ name: 'http' }] },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'secret-1', namespace: 'secret-team' },
      spec: { selector: { app: 'secret' }, ports: [{ port: 80, targetPort: 'http' }] },
    },
  ],
};

test('references and selectors of Kubernetes still fit', async () => {
  const { redactKubernetes } = await import('../../src/io/redact/kubernetes.ts');
  const { Names } = await import('../../src/io/redact/names.ts');
  const list = structuredClone(pods);
  redactKubernetes(list, new Names());
  expect(JSON.stringify(list)).not.toContain('secret');
  const [pod, service] = list.items as [(typeof pods.items)[0], (typeof pods.items)[1]];
  expect(pod!.metadata.namespace).toBe(service!.metadata.namespace);
  expect(pod!.metadata.labels!.app).toBe(service!.spec.selector!.app);
  expect(pod!.metadata.labels!['topology.kubernetes.io/zone']).toBe('us-east-2a');
  expect(pod!.spec.nodeName).toBe('ip-10-0-1-5.us-east-2.compute.internal');
  expect(pod!.spec.containers![0]!.ports[0]!.name).toBe(service!.spec.ports![0]!.targetPort);
});

test('a cluster is the same cluster: pods where they are, Services that reach them', () => {
  const dumps = dumpsOf(loadShipped('day'));
  const load = (files: Readonly<Record<string, string>>): World => {
    const read = (path: string) => (Object.hasOwn(files, path) ? { text: files[path]! } : undefined);
    const list = (pattern: string) => (pattern === '**/*.json' ? Object.keys(files) : []);
    const topology = loadTopology('', read, list);
    if (!topology.ok) throw new Error(JSON.stringify(topology.issues));
    const world = buildWorld(topology.value);
    if (!world.ok) throw new Error(JSON.stringify(world.issues));
    return world.value;
  };
  const read = (path: string) => (Object.hasOwn(dumps, path) ? { text: dumps[path]! } : undefined);
  const list = (pattern: string) => (pattern === '**/*.json' ? Object.keys(dumps) : []);
  const made = importFolder('', read, list, { redact: true });
  if (!made.ok) throw new Error(JSON.stringify(made.issues));
  const { files } = made.value;
  expect(files.flatMap(({ text }) => text.match(/.*(?:day-service|production).*/g) ?? [])).toEqual([]);
  // Names decide the order.
  const told = (world: World) => {
    const { pods, services } = world.cluster!;
    const client = pods
      .filter(({ pod }) => !pod.spec.hostNetwork)
      .sort((one, two) => one.address! - two.address!)[0]!;
    const verdicts = services.flatMap(({ clusterIP, metadata, ports }) =>
      ports.map(({ port, protocol }) => {
        const to = `svc/${metadata.namespace}/${metadata.name}:${port}`;
        const found = trace(world, { from: `pod/${client.id}`, to, protocol });
        const course = found.ok
          ? `${found.value.verdict} ${found.value.paths.length}`
          : found.issues[0]!.code;
        return `${clusterIP} ${port}/${protocol} ${course}`;
      }),
    );
    return { pods: pods.map(({ address, node }) => `${address} ${node}`).sort(), verdicts: verdicts.sort() };
  };
  expect(told(load(Object.fromEntries(files.map(({ path, text }) => [path, text]))))).toEqual(
    told(load(dumps)),
  );
});
