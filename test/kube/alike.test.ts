import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '../../src/api/objects.ts';
import { sharesAll } from '../../src/kube/alike.ts';
import { container, pod, spec } from './objects.ts';

const owners = [{ matchLabels: { app: 'web' }, matchExpressions: [] }];
const template = spec();
const of = (more: Partial<PodSpec>): Pod => ({ ...pod('p'), spec: { ...template, ...more } });

test('pods of a StatefulSet share all that the scheduler looks at, though each has a host name', () => {
  const [a, b] = ['db-0', 'db-1'].map((hostname) => ({ pod: of({ hostname }), owners: [...owners] }));
  expect(sharesAll(a!, b!)).toBe(true);
});

test.each<Partial<PodSpec>>([
  { containers: [container()] },
  { initContainers: [] },
  { nodeSelector: {} },
  { requiredNodeTerms: [] },
  { tolerations: [] },
  { topologySpreadConstraints: [] },
  { hostNetwork: true },
])('pods that have their own %j are looked at', (own) => {
  expect(sharesAll({ pod: of({}), owners }, { pod: of(own), owners })).toBe(false);
});

test('pods of another namespace, or of other owners, are looked at', () => {
  const here = { pod: of({}), owners };
  const metadata = { ...here.pod.metadata, namespace: 'kube-system' };
  expect(sharesAll(here, { ...here, pod: { ...here.pod, metadata } })).toBe(false);
  expect(sharesAll(here, { ...here, owners: [] })).toBe(false);
});
