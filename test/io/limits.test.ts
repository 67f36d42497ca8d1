import { describe, expect, test } from 'vitest';
import { good, HEAD, issues } from './input.ts';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

describe('a file full of mistakes is answered soon, with the first of them', () => {
  test.each([
    ['unknown keys', HEAD + lines(20_000, (i) => `key${i}: 1\n`), 'topology/unknown-key'],
    ['wrong entries', `${HEAD}hosts:\n${lines(20_000, () => '- {nam: 1}\n')}`, 'topology/missing-key'],
    [
      'more entries than zod can hand on',
      `${HEAD}hosts:\n${lines(100_000, () => '- {nam: 1}\n')}`,
      'topology/too-many-mistakes',
    ],
    ['keys written twice', HEAD + lines(20_000, () => 'hosts: []\n'), 'yaml/duplicate-key'],
  ])('%s', (_, text, code) => {
    const found = issues(text);
    expect(found.map((issue) => issue.code)).toContain(code);
    expect(found.length).toBeLessThanOrEqual(1001);
  });

  test('a name of a megabyte is not quoted in full', () => {
    const [found] = issues(`${HEAD}cluster: {vpc: ${'x'.repeat(1_000_000)}}\n`);
    expect(found?.message.length).toBeLessThanOrEqual(400);
  });
});

test('an instance type that EC2 does not have is told with the nearest', () => {
  const cluster = 'cluster: {nodeGroups: [{name: g, instanceType: t3.smal}]}\n';
  const [found] = issues(HEAD + cluster);
  expect(found?.code).toBe('topology/unknown-instance-type');
  expect(found?.at).toEqual({ file: 'vpcsim.yaml', line: 4, column: 48 });
  expect(found?.hint).toContain('t3.small');
});

test('a pattern may lead to another folder and cover the topology itself', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\n';
  const files = { 'x/vpcsim.yaml': `${HEAD}manifests: ["../k8s/*.yaml", "*.yaml"]\n`, 'k8s/p.yaml': pod };
  expect(good(files, 'x/vpcsim.yaml').objects.pods).toHaveLength(1);
});

test('a cluster of 500 Services and Deployments loads in well under a second', () => {
  const one = (i: number) => `---
apiVersion: v1
kind: Service
metadata: {name: s${i}}
spec: {selector: {app: a${i}}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: s${i}}
spec: {selector: {matchLabels: {app: a${i}}}, template: {metadata: {labels: {app: a${i}}}, spec: {containers: [{name: c}]}}}
`;
  const started = performance.now();
  const topology = good(lines(500, one));
  expect(topology.objects.services).toHaveLength(500);
  expect(performance.now() - started).toBeLessThan(3000);
});
