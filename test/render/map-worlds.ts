/** Worlds of any size for the map: zones, nodes, pods and Services by number. */
import type { World } from '../../src/world/world.ts';
import { worldOf } from '../support/worlds.ts';

export interface Size {
  readonly zones: number;
  readonly nodes: number;
  readonly services: number;
  readonly podsPerService: number;
  readonly balancers: number;
  readonly instances: number;
  readonly natPerZone: boolean;
  readonly instanceType?: string;
}

/** One VPC: in each zone a public, a private and a data subnet. */
export function worldOfSize(size: Size): World {
  const zones = [...'abcdef'].slice(0, size.zones);
  const nats = size.natPerZone ? zones : zones.slice(0, 1);
  return worldOf({ 'vpcsim.yaml': topology(size, zones, nats), 'm.yaml': manifests(size) });
}

function topology(size: Size, zones: readonly string[], nats: readonly string[]): string {
  const subnets = zones.flatMap((zone, i) => [
    `{ name: public-${zone}, cidr: 10.0.${i}.0/24, az: us-east-1${zone}, routeTable: public, mapPublicIp: true, tags: { kubernetes.io/role/elb: "1" } }`,
    `{ name: private-${zone}, cidr: 10.0.${16 + i * 4}.0/22, az: us-east-1${zone}, routeTable: private-${size.natPerZone ? zone : 'a'}, tags: { kubernetes.io/role/internal-elb: "1" } }`,
    `{ name: data-${zone}, cidr: 10.0.${64 + i}.0/27, az: us-east-1${zone}, routeTable: data }`,
  ]);
  const tables = nats.map(
    (zone) => `{ name: private-${zone}, routes: [{ to: 0.0.0.0/0, via: nat-${zone} }] }`,
  );
  const privates = zones.map((zone) => `private-${zone}`).join(', ');
  const instances = Array.from(
    { length: size.instances },
    (_, i) => `{ name: db-${i}, vpc: main, subnet: data-${zones[i % zones.length]}, securityGroups: [] }`,
  );
  return `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: sized }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.0.0.0/16]
    internetGateway: { name: igw-0123456789abcdef0 }
    natGateways: [${nats.map((zone) => `{ name: nat-${zone}, subnet: public-${zone} }`).join(', ')}]
    subnets:
${subnets.map((text) => `      - ${text}`).join('\n')}
    routeTables:
      - { name: public, main: true, routes: [{ to: 0.0.0.0/0, via: igw-0123456789abcdef0 }] }
${tables.map((text) => `      - ${text}`).join('\n')}
      - { name: data, routes: [] }
cluster:
  name: sized
  vpc: main
  subnets: [${privates}]
  nodeGroups:
    - { name: workers, instanceType: ${size.instanceType ?? 'm5.large'}, desired: ${size.nodes}, min: 1, max: 200, subnets: [${privates}] }
instances: [${instances.join(', ')}]
manifests: [m.yaml]
hosts: [{ name: partner, address: 198.51.100.99, listen: [tcp/443] }]
`;
}

function manifests(size: Size): string {
  const documents = Array.from({ length: size.services }, (_, i) => {
    const [name, namespace] = [`application-with-a-name-${i}`, `team-${i % 5}`];
    return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: ${size.podsPerService}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: x, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { type: ${i < size.balancers ? 'LoadBalancer' : 'ClusterIP'}, selector: { app: ${name} }, ports: [{ port: 80 }] }`;
  });
  return documents.length > 0 ? documents.join('\n---\n') : '{ apiVersion: v1, kind: List, items: [] }';
}
