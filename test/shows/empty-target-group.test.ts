/** An Ingress whose Service selects no pod: the load balancer is there, and has nobody to ask. */
import { expect, test } from 'vitest';
import { devices } from '../support/reading.ts';
import { loadWorld, traceOf, worldOf } from '../support/worlds.ts';

const topology = `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: empty }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.8.0.0/16]
    internetGateway: { name: igw }
    subnets:
      - { name: a, cidr: 10.8.0.0/20, az: us-east-1a, routeTable: public, mapPublicIp: true, tags: { kubernetes.io/role/elb: "1" } }
      - { name: b, cidr: 10.8.16.0/20, az: us-east-1b, routeTable: public, mapPublicIp: true, tags: { kubernetes.io/role/elb: "1" } }
    routeTables: [{ name: public, main: true, routes: [{ to: 0.0.0.0/0, via: igw }] }]
cluster:
  name: empty
  vpc: main
  subnets: [a, b]
  nodes: [{ name: node-1, subnet: a, instanceType: t3.large }]
manifests: [web.yaml]
`;
const web = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: nobody }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: alb }
spec: { controller: ingress.k8s.aws/alb }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: { alb.ingress.kubernetes.io/scheme: internet-facing, alb.ingress.kubernetes.io/target-type: ip }
spec:
  ingressClassName: alb
  rules:
    - host: web.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
const world = worldOf({ 'vpcsim.yaml': topology, 'web.yaml': web });

test('the load balancer answers 503 where its target group is empty', () => {
  const trace = traceOf(world, 'internet', 'http://web.example.com/');
  expect(trace.verdict).toBe('unreachable');
  expect(trace.symptom.kind).toBe('http-503');
  for (const path of trace.paths) {
    expect(path).toMatchObject({ disposition: 'answered', code: 'elb/no-target' });
    expect(devices(path.reply.hops).at(-1)).toBe('host/internet');
  }
});

test('a pod that asks the Service itself is refused at once by its node: REJECT, not silence', () => {
  const trace = traceOf(world, 'node/node-1', 'svc/default/web:80');
  expect(trace.symptom.kind).toBe('refused');
});

test('a Service port that does not exist is no service: the packet leaves for the internet and is lost', () => {
  const trace = traceOf(loadWorld('day'), 'pod/dev/client', 'svc/production/day-service:81');
  expect(trace.paths.map(({ code, device }) => `${code} ${device}`)).toEqual([
    'igw/private-destination internet-gateway/igw',
  ]);
  expect(trace.symptom.kind).toBe('timeout');
});
