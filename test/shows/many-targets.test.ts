/** A load balancer with a hundred nodes as targets, each of which spreads over a hundred pods: 10,000 ways to go. The
 *  budget of branches holds, the answer admits what it did not look at, and the text stays short. */
import { describe, expect, test } from 'vitest';
import { renderText } from '../../src/render/text.ts';
import { wholeShare } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const nodes = Array.from(
  { length: 100 },
  (_, i) => `    - { name: node-${i}, subnet: ${i % 2 ? 'b' : 'a'}, instanceType: t3.large }`,
);
const tags = 'mapPublicIp: true, tags: { kubernetes.io/role/elb: "1" }';
const topology = `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: crowd }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.9.0.0/16]
    internetGateway: { name: igw }
    subnets:
      - { name: a, cidr: 10.9.0.0/18, az: us-east-1a, routeTable: public, ${tags} }
      - { name: b, cidr: 10.9.64.0/18, az: us-east-1b, routeTable: public, ${tags} }
    routeTables: [{ name: public, main: true, routes: [{ to: 0.0.0.0/0, via: igw }] }]
cluster:
  name: crowd
  vpc: main
  subnets: [a, b]
  nodes:
${nodes.join('\n')}
manifests: [web.yaml]
`;
const annotation = 'service.beta.kubernetes.io/aws-load-balancer';
const web = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 100
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web:1, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    ${annotation}-scheme: internet-facing
    ${annotation}-nlb-target-type: instance
spec:
  type: LoadBalancer
  loadBalancerClass: service.k8s.aws/nlb
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
`;

describe('100 NodePort targets, 100 endpoints each', () => {
  const world = worldOf({ 'vpcsim.yaml': topology, 'web.yaml': web });
  const to = `http://${world.loadBalancers[0]!.dnsName}/`;
  const trace = traceOf(world, 'internet', to);

  test('no more paths than the budget of 4096 branches', () => {
    expect(trace.paths.length).toBeLessThanOrEqual(4096);
    expect(trace.paths.length).toBeGreaterThan(1000);
  });

  test('what is shown and what was left unexplored make up the whole traffic', () => {
    expect(trace.unexploredShare).toBeGreaterThan(0.1);
    expect(wholeShare(trace)).toBeCloseTo(1, 9);
  });

  test('every path that was walked is answered, and still the verdict is not reachable', () => {
    expect(new Set(trace.paths.map(({ symptom }) => symptom.kind))).toEqual(new Set(['connected']));
    expect(trace.verdict).toBe('undetermined');
    expect(trace.exitCode).toBe(3);
  });

  test('a smaller budget explores less', () => {
    const less = traceOf(world, 'internet', to, { maxBranches: 100 });
    expect(less.paths.length).toBeLessThanOrEqual(100);
    expect(less.unexploredShare).toBeGreaterThan(trace.unexploredShare);
    expect(wholeShare(less)).toBeCloseTo(1, 9);
  });

  test('the text shows one path of those that end alike, and says how much it left out', () => {
    const text = renderText(trace, { width: 100 });
    expect(text.split('\n').length).toBeLessThan(100);
    expect(text).toMatch(/\b59\s?% of the traffic/);
    expect(text).toMatch(/\d+ more paths/);
  });
});
