import { describe, expect, test } from 'vitest';
import { faults, good, HEAD, issues } from './input.ts';

const base = `${HEAD}vpcs:
- name: main
  cidrs: [10.1.0.0/16]
  internetGateway: {name: igw}
  subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a}, {name: b, cidr: 10.1.16.0/20, az: us-east-1b}]
  securityGroups:
  - {name: n, ingress: [{protocol: tcp, ports: 80, from: 0.0.0.0/0}], tags: {"kubernetes.io/cluster/c": owned}}
cluster: {name: c, version: "1.33", nodes: [{name: n1, subnet: a}]}
`;

describe('a topology includes another', () => {
  const files = {
    'x/vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: {name: over}
include: [../base.yaml]
vpcs:
- name: main
  subnets:
  - {name: b, mapPublicIp: true}
  - {name: c, cidr: 10.1.32.0/20, az: us-east-1c}
cluster: {version: "1.34"}
`,
    'base.yaml': base,
  };
  const topology = good(files, 'x/vpcsim.yaml');

  test('maps merge by key and the including file wins', () => {
    expect(topology.name).toBe('over');
    expect([topology.cluster?.name, topology.cluster?.version]).toEqual(['c', '1.34']);
  });

  test('named lists merge by name, and new entries follow', () => {
    const subnets = topology.vpcs[0]?.subnets.map(({ name, az, mapPublicIp }) => [name, az, mapPublicIp]);
    expect(subnets).toEqual([
      ['a', 'us-east-1a', false],
      ['b', 'us-east-1b', true],
      ['c', 'us-east-1c', false],
    ]);
  });

  test('each value is still found in the file it was written in', () => {
    const [a, , c] = topology.vpcs[0]!.subnets;
    expect(topology.locate(a!.origin)?.file).toBe('base.yaml');
    expect(topology.locate(c!.origin)).toEqual({ file: 'x/vpcsim.yaml', line: 9, column: 5 });
  });

  test('a mistake in the included file is told there', () => {
    const broken = { ...files, 'base.yaml': base.replace('10.1.0.0/20', '10.1.0.7/20') };
    expect(faults(broken, 'x/vpcsim.yaml')).toEqual(['base.yaml:8:29 cidr/host-bits']);
  });

  test('paths of manifests are relative to the file that names them', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\n';
    const withPods = {
      'x/vpcsim.yaml': `${HEAD}include: [../y/base.yaml]\n`,
      'y/base.yaml': `${base}manifests: ["k8s/*.yaml"]\n`,
      'y/k8s/p.yaml': pod,
    };
    expect(good(withPods, 'x/vpcsim.yaml').objects.pods).toHaveLength(1);
  });

  test('two files may include the same third one', () => {
    const diamond = {
      'vpcsim.yaml': `${HEAD}include: [l.yaml, r.yaml]\n`,
      'l.yaml': `${HEAD}include: [base.yaml]\n`,
      'r.yaml': `${HEAD}include: [base.yaml]\ncluster: {version: "1.32"}\n`,
      'base.yaml': base,
    };
    expect(good(diamond).cluster?.version).toBe('1.32');
  });
});

describe('a variant changes the topology', () => {
  const variant = (...operations: string[]) =>
    `${base}expect: [{from: node/n1, to: internet}]\nvariants:\n  v: {patch: [${operations.join(', ')}]}\n`;
  const changed = (...operations: string[]) => good(variant(...operations), 'vpcsim.yaml', { variant: 'v' });

  test('only when it is asked for', () => {
    const text = variant('{op: replace, path: /vpcs/main/securityGroups/n/ingress, value: []}');
    expect(good(text).vpcs[0]?.securityGroups[0]?.ingress).toHaveLength(1);
    expect(good(text).variants).toEqual(['v']);
  });

  test('replace puts a value in the place of another', () => {
    const topology = changed('{op: replace, path: /vpcs/main/securityGroups/n/ingress, value: []}');
    expect(topology.vpcs[0]?.securityGroups[0]?.ingress).toEqual([]);
  });

  test('add appends with a dash, or under a name', () => {
    const rule = '{protocol: tcp, ports: 443, from: 0.0.0.0/0}';
    const topology = changed(
      `{op: add, path: /vpcs/main/securityGroups/n/ingress/-, value: ${rule}}`,
      '{op: add, path: /vpcs/main/subnets/c, value: {cidr: 10.1.32.0/20, az: us-east-1c}}',
    );
    expect(topology.vpcs[0]?.securityGroups[0]?.ingress.map(({ ports }) => ports?.[0])).toEqual([80, 443]);
    expect(topology.vpcs[0]?.subnets.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('remove takes an entry out, by name or number', () => {
    const topology = changed(
      '{op: remove, path: /vpcs/main/subnets/b}',
      '{op: remove, path: /vpcs/main/securityGroups/n/ingress/0}',
    );
    expect(topology.vpcs[0]?.subnets.map(({ name }) => name)).toEqual(['a']);
    expect(topology.vpcs[0]?.securityGroups[0]?.ingress).toEqual([]);
  });

  test('what the file leaves to its default can be changed too', () => {
    const topology = changed(
      '{op: replace, path: /cluster/cni/env/AWS_VPC_K8S_CNI_EXTERNALSNAT, value: "true"}',
      '{op: replace, path: /vpcs/main/subnets/a/mapPublicIp, value: true}',
      '{op: add, path: /vpcs/main/natGateways/-, value: {name: nat, subnet: a}}',
    );
    expect(topology.cluster?.cni.env.AWS_VPC_K8S_CNI_EXTERNALSNAT).toBe('true');
    expect(topology.vpcs[0]?.subnets[0]?.mapPublicIp).toBe(true);
    expect(topology.vpcs[0]?.natGateways.map(({ name }) => name)).toEqual(['nat']);
  });

  test('a slash inside a key is written ~1', () => {
    const topology = changed(
      '{op: remove, path: /vpcs/main/securityGroups/n/tags/kubernetes.io~1cluster~1c}',
    );
    expect(topology.vpcs[0]?.securityGroups[0]?.tags).toEqual({});
  });

  test('its own list of flows takes the place of the file’s, none keeps it', () => {
    const kept = changed('{op: remove, path: /vpcs/main/subnets/b}');
    expect(kept.expectations.map(({ to }) => to)).toEqual(['internet']);
    const own = `${base}expect: [{from: a, to: b}]\nvariants: {v: {expect: [{from: c, to: d}, {from: e, to: f}]}}\n`;
    expect(good(own, 'vpcsim.yaml', { variant: 'v' }).expectations.map(({ to }) => to)).toEqual(['d', 'f']);
    expect(good(own).expectations.map(({ to }) => to)).toEqual(['b']);
  });

  test('the VPC of an eksctl file can be changed as well', () => {
    const files = {
      'vpcsim.yaml': `${HEAD}eksctl: cluster.yaml\nvariants: {v: {patch: [{op: remove, path: /vpcs/eksctl-e-cluster/routeTables/public/routes/0}]}}\n`,
      'cluster.yaml':
        'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: e, region: us-east-1}\n',
    };
    const routes = (topology: ReturnType<typeof good>) =>
      topology.vpcs[0]?.routeTables.find(({ name }) => name === 'public')?.routes.length;
    expect([routes(good(files)), routes(good(files, 'vpcsim.yaml', { variant: 'v' }))]).toEqual([1, 0]);
  });

  test.each([
    ['a variant that is not there', variant(), 'w', '14:3 topology/unknown-variant'],
    [
      'a path to nowhere',
      variant('{op: replace, path: /vpcs/mian/cidrs, value: []}'),
      'v',
      '14:35 variant/no-such-path',
    ],
    [
      'nothing to remove',
      variant('{op: remove, path: /cluster/serviceCidr}'),
      'v',
      '14:34 variant/no-such-path',
    ],
    ['a path without slash', variant('{op: remove, path: vpcs}'), 'v', '14:34 variant/bad-path'],
    ['an unknown operation', variant('{op: delete, path: /vpcs}'), 'v', '14:20 topology/invalid-value'],
    ['no value', variant('{op: add, path: /hosts}'), 'v', '14:31 variant/missing-value'],
    [
      'a value of a wrong type',
      variant('{op: replace, path: /vpcs/main/subnets/a/mapPublicIp, value: 1}'),
      'v',
      '14:76 topology/wrong-type',
    ],
  ])('%s is told', (_, text, name, fault) => {
    expect(faults(text, 'vpcsim.yaml', { variant: name })).toEqual([`vpcsim.yaml:${fault}`]);
  });

  test('the nearest name is the hint', () => {
    const text = variant('{op: replace, path: /vpcs/mian/cidrs, value: []}');
    expect(issues(text, 'vpcsim.yaml', { variant: 'v' })[0]?.hint).toBe('did you mean main?');
  });
});
