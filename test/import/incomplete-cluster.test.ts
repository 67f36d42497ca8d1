/** Dumps of a cluster of which something is missing, strange, or of another moment. */
import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { good, issues, load } from '../io/input.ts';
import { dumpsOf } from '../support/account/dumps.ts';
import { topologyOf } from '../support/worlds.ts';
import { accountTopology } from './cluster-topology.ts';
import { built } from './round-trip.ts';

type Files = Record<string, string>;
type Json = Record<string, unknown>;

const dumps: Files = dumpsOf(topologyOf({ 'vpcsim.yaml': accountTopology }));
const pods = 'kubernetes/pods.json';

/** The dumps with one file changed. */
function changed(file: string, change: (value: { items: Json[] }) => void): Files {
  const value = JSON.parse(dumps[file]!) as { items: Json[] };
  change(value);
  return { ...dumps, [file]: JSON.stringify(value, null, 2) };
}

function without(...names: readonly string[]): Files {
  return Object.fromEntries(
    Object.entries(dumps).filter(([name]) => !names.some((part) => name.includes(part))),
  );
}

function warnings(files: Files): string[] {
  const parsed = load(files, '.');
  return (parsed.ok ? parsed.warnings : parsed.issues).map(
    ({ code, at, message }) => `${code} ${at?.file} ${message}`,
  );
}

const podOf = (files: Files, id: string) =>
  built(good(files, '.')).cluster!.pods.find((pod) => pod.id === id);
const named = (items: readonly Json[], name: string): Json =>
  items.find(({ metadata }) => (metadata as Json).name === name)!;

describe('dumps of different moments', () => {
  const moved = changed(pods, ({ items }) => {
    (named(items, 'client').status as Json).podIP = '10.30.16.99';
  });

  test('a pod at an address that no interface of its node holds is told, and has none', () => {
    expect(warnings(moved)).toEqual([
      `eks/address-not-on-node ${pods} no interface of node ip-10-30-16-10.ec2.internal holds 10.30.16.99, the address of pod shop/client: it is taken to have none`,
    ]);
    expect(podOf(moved, 'shop/client')).toMatchObject({ phase: 'ContainerCreating', address: undefined });
  });

  test('a node whose instance no file describes is left out, with its pods', () => {
    const files = changed('kubernetes/nodes.json', ({ items }) => {
      (items[0]!.spec as Json).providerID = 'aws:///us-east-1a/i-0123456789abcdef0';
    });
    expect(warnings(files).join('\n')).toContain('no file describes instance i-0123456789abcdef0');
    const { cluster } = built(good(files, '.'));
    expect(cluster!.nodes).toHaveLength(1);
    expect(cluster!.pods.every(({ node }) => node === 'ip-10-30-32-10.ec2.internal')).toBe(true);
  });

  test.each([
    [
      'a node of Fargate',
      (node: Json) => ((node.spec as Json).providerID = 'aws:///us-east-1a/4c0-b/fargate-10.30.16.9'),
      'is no EC2 instance',
    ],
    [
      'a node with Windows',
      (node: Json) => (((node.status as Json).nodeInfo as Json).operatingSystem = 'windows'),
      'its operating system is windows',
    ],
  ])('%s is left out by name', (_title, change, reason) => {
    const files = changed('kubernetes/nodes.json', ({ items }) => void change(items[0]!));
    expect(warnings(files).join('\n')).toContain(reason);
    expect(built(good(files, '.')).cluster!.nodes).toHaveLength(1);
  });

  test('a pod that has no node yet stays without one', () => {
    const files = changed(pods, ({ items }) => {
      const pod = named(items, 'client');
      pod.status = { phase: 'Pending' };
      delete (pod.spec as Json).nodeName;
    });
    expect(podOf(files, 'shop/client')).toMatchObject({ phase: 'Pending', reasons: ['it has no node'] });
  });

  test('a pod that has ended holds no address any more', () => {
    const files = changed(pods, ({ items }) => {
      (named(items, 'client').status as Json).phase = 'Succeeded';
    });
    expect(podOf(files, 'shop/client')).toBeUndefined();
  });

  test('a ReplicaSet that lacks a pod gets none made', () => {
    const files = changed(pods, (value) => {
      const gone = value.items.findIndex(({ metadata }) =>
        String((metadata as Json).name).startsWith('web-'),
      );
      value.items.splice(gone, 1);
    });
    const { cluster } = built(good(files, '.'));
    expect(cluster!.pods.filter(({ id }) => id.startsWith('shop/web-'))).toHaveLength(2);
  });
});

describe('what nobody collected', () => {
  test('without describe-cluster the objects say name, version and Service range, and that is told', () => {
    const files = without('cluster.json');
    expect(warnings(files)).toEqual([
      'eks/not-described kubernetes/services.json no file describes the cluster (aws eks describe-cluster): its Service range is taken to be 172.20.0.0/16',
    ]);
    const { cluster } = good(files, '.');
    expect([cluster!.name, cluster!.version, formatCidr(cluster!.serviceCidr)]).toEqual([
      'shop',
      '1.33',
      '172.20.0.0/16',
    ]);
  });

  test('without endpoint slices they are those that the pods give', () => {
    const { cluster } = built(good(without('endpointslices'), '.'));
    expect(
      cluster!.slices.filter(({ service }) => service === 'web').flatMap((slice) => slice.endpoints),
    ).toHaveLength(3);
  });

  test('without load balancers the controller makes none: where they stand is not known', () => {
    const files = without('LoadBalancers', 'Listeners', 'Rules', 'TargetGroups', 'LoadBalancerTargetHealth');
    const world = built(good(files, '.'));
    expect(world.loadBalancers).toEqual([]);
    expect(world.warnings.map(({ code }) => code)).toContain('elb/ingress-class');
  });

  test('without nodes of Kubernetes instances stay instances', () => {
    const topology = good(without('kubernetes/'), '.');
    expect(topology.cluster).toBeUndefined();
    expect(topology.instances).toHaveLength(3);
  });
});

describe('what is broken', () => {
  test('a file that was cut off is named with the place', () => {
    const found = issues({ ...dumps, [pods]: dumps[pods]!.slice(0, 5000) }, '.');
    expect(found.map(({ code, at }) => `${code} ${at?.file}`)).toContain(`json/truncated ${pods}`);
  });

  test('an annotation that nobody understands is told', () => {
    const files = changed(pods, ({ items }) => {
      (named(items, 'client').metadata as Json).annotations = { 'vpc.amazonaws.com/pod-eni': '{"eniId":' };
    });
    expect(warnings(files).join('\n')).toContain(
      'annotation vpc.amazonaws.com/pod-eni of pod client is not understood',
    );
  });

  test.each([
    ['a node without spec', 'kubernetes/nodes.json', (items: Json[]) => delete items[0]!.spec],
    [
      'labels that are a list',
      'kubernetes/nodes.json',
      (items: Json[]) => ((items[0]!.metadata as Json).labels = ['a']),
    ],
    [
      'taints that are a text',
      'kubernetes/nodes.json',
      (items: Json[]) => ((items[0]!.spec as Json).taints = 'x'),
    ],
    ['a pod without status', pods, (items: Json[]) => delete items[0]!.status],
    ['an address that is a number', pods, (items: Json[]) => ((items[0]!.status as Json).podIP = 7)],
    ['metadata that is null', pods, (items: Json[]) => (items[0]!.metadata = null)],
    ['items that are texts', pods, (items: unknown[]) => (items[0] = 'x')],
    ['a status that is a text', 'kubernetes/services.json', (items: Json[]) => (items[0]!.status = 'x')],
  ])('%s is no crash', (_title, file, change) => {
    const files = changed(file, ({ items }) => void change(items));
    expect(() => load(files, '.')).not.toThrow();
  });
});
