/** What a node costs as it holds more: Services, pods, endpoints of one Service; and what a changed rule costs.
 *  Services and EndpointSlices are made as objects: reading text is not what is measured. */
import type { EndpointSlice, Service } from '../../src/api/objects.ts';
import { defaulted } from '../../src/base/origin.ts';
import { run } from '../../src/trace/engine.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { buildWorld } from '../../src/world/build.ts';
import { changedWorld, withSecurityGroup } from '../../src/world/change.ts';
import { type PreparedFlow, prepare } from '../../src/world/flow.ts';
import type { Topology } from '../../src/world/topology.ts';
import type { World } from '../../src/world/world.ts';
import { topologyOf, worldOf } from '../support/worlds.ts';
import { megabytes } from './memory.ts';

const origin = defaulted('bench', 'made');
const metadata = (name: string) => ({ name, namespace: 'default', labels: {}, annotations: {} });

const podText = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: a, image: a, ports: [{ containerPort: 8080 }] }] }`;

const topologyText = (nodes: string): string => `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: scale }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.0.0.0/16]
    subnets: [{ name: a, cidr: 10.0.0.0/17, az: us-east-1a }, { name: b, cidr: 10.0.128.0/17, az: us-east-1b }]
cluster:
  name: scale
  vpc: main
  subnets: [a, b]
  serviceCidr: 172.20.0.0/16
  coredns: { replicas: 0 }
  ${nodes}
manifests: [pods.yaml]
`;

/** One node, two pods that talk, and further pods. */
function smallCluster(pods: number, instanceType: string): Topology {
  const names = ['client', 'server', ...Array.from({ length: pods - 2 }, (_, i) => `other-${i}`)];
  return topologyOf({
    'vpcsim.yaml': topologyText(`nodes: [{ name: node-1, subnet: a, instanceType: ${instanceType} }]`),
    'pods.yaml': names.map(podText).join('\n---\n'),
  });
}

/** Services without selectors, each with its own slice of endpoints. */
function withServices(
  topology: Topology,
  count: number,
  endpoints: (service: number) => readonly string[],
): Topology {
  const services: Service[] = [];
  const endpointSlices: EndpointSlice[] = [];
  for (let i = 0; i < count; i++) {
    const name = `svc-${i}`;
    services.push({
      kind: 'Service',
      metadata: metadata(name),
      origin,
      type: 'ClusterIP',
      ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 8080 }],
      externalIPs: [],
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      sessionAffinityTimeoutSeconds: 10_800,
      loadBalancerSourceRanges: [],
      allocateLoadBalancerNodePorts: true,
      publishNotReadyAddresses: false,
      loadBalancerIngress: [],
    });
    endpointSlices.push({
      kind: 'EndpointSlice',
      metadata: metadata(name),
      origin,
      service: name,
      addressType: 'IPv4',
      ports: [{ name: '', protocol: 'TCP', port: 8080 }],
      endpoints: endpoints(i).map((address) => ({
        addresses: [address],
        ready: true,
        serving: true,
        terminating: false,
        zoneHints: [],
        nodeHints: [],
      })),
    });
  }
  const { objects } = topology;
  return {
    ...topology,
    objects: {
      ...objects,
      services: [...objects.services, ...services],
      endpointSlices: [...objects.endpointSlices, ...endpointSlices],
    },
  };
}

function built(topology: Topology): World {
  const world = buildWorld(topology);
  if (!world.ok) throw new Error(JSON.stringify(world.issues));
  return world.value;
}

function prepared(world: World, to: string, maxBranches?: number): PreparedFlow {
  const flow = prepare(world, { from: 'pod/default/client', to, maxBranches });
  if (!flow.ok) throw new Error(JSON.stringify(flow.issues));
  return flow.value;
}

const unread = new Recorder();

interface Measured {
  readonly world: World;
  readonly flows: readonly PreparedFlow[];
}

/** Microseconds for one round trip in each of the worlds: the median of fifteen rounds, taken in turn so that what the
 *  machine does meanwhile meets all of them. */
function microseconds(worlds: readonly Measured[]): number[] {
  let port = 20_000;
  const varied = worlds.map(({ world, flows }) => ({
    world,
    flows: flows.map((flow) => ({ ...flow, request: { ...flow.request } })),
    rounds: [] as number[],
  }));
  const round = ({ world, flows }: (typeof varied)[number], milliseconds: number): number => {
    let walks = 0;
    const start = performance.now();
    while (performance.now() - start < milliseconds)
      for (const flow of flows) {
        port = port === 60_000 ? 20_000 : port + 1;
        flow.request.sourcePort = port;
        run(world, flow.request, unread, flow.verdictOnly);
        walks++;
      }
    return ((performance.now() - start) * 1000) / walks;
  };
  for (const one of varied) round(one, 400);
  for (let i = 0; i < 15; i++) for (const one of varied) one.rounds.push(round(one, 50));
  return varied.map(({ rounds }) => Number(rounds.sort((a, b) => a - b)[7]!.toFixed(2)));
}

const addressOf = (world: World, id: string): string => {
  const address = world.cluster!.pods.find((pod) => pod.id === id)!.address! >>> 0;
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
};

/** A new connection from a pod to a Service of one endpoint on the same node, there and back. */
export function servicesOnANode(): { services: number; usPerRoundTrip: number }[] {
  const base = smallCluster(2, 'm5.large');
  const server = addressOf(built(base), 'default/server');
  const counts = [10, 1000, 10_000, 30_000];
  const worlds = counts.map((services) => {
    const world = built(withServices(base, services, () => [server]));
    const flows = Array.from({ length: 10 }, (_, i) =>
      prepared(world, `svc/default/svc-${Math.floor((services * i) / 10)}:80`),
    );
    return { world, flows };
  });
  return microseconds(worlds).map((usPerRoundTrip, i) => ({ services: counts[i]!, usPerRoundTrip }));
}

/** The same from pod to pod, on a node with more and more pods. */
export function podsOnANode(): { pods: number; usPerRoundTrip: number }[] {
  const counts = [10, 100, 735];
  const worlds = counts.map((pods) => {
    const world = built(smallCluster(pods, 'm5.24xlarge'));
    return { world, flows: [prepared(world, 'pod/default/server:8080')] };
  });
  return microseconds(worlds).map((usPerRoundTrip, i) => ({ pods: counts[i]!, usPerRoundTrip }));
}

/** Every branch of one Service judged, there and back: its 5,000 pods are spread over eight nodes. */
export function endpointsOfAService(): { endpoints: number; branches: number; ms: number } {
  const endpoints = 5000;
  const world = worldOf({
    'vpcsim.yaml': topologyText(
      'nodeGroups: [{ name: g, instanceType: m5.24xlarge, maxPods: 737, desired: 8 }]',
    ),
    'pods.yaml': `${podText('client')}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${endpoints}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: a, image: a, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`,
  });
  const flow = prepared(world, 'svc/default/web:80', 2 * endpoints);
  let branches = 0;
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    const raw = run(world, flow.request, unread, flow.verdictOnly);
    branches = raw.drafts.filter(({ replyDisposition }) => replyDisposition === 'delivered').length;
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { endpoints, branches, ms: Number(times[3]!.toFixed(1)) };
}

/** Building a large world, and changing one rule of a security group in it. */
export function largeCluster(): {
  services: number;
  endpoints: number;
  seconds: number;
  mb: number;
  rebuildMs: number;
} {
  const services = 10_000;
  const topology = withServices(smallCluster(20, 'm5.24xlarge'), services, (i) => [
    `10.0.${64 + (i >> 8)}.${i & 255}`,
    `10.0.${64 + (i >> 8)}.${(i + 1) & 255}`,
  ]);
  const before = megabytes();
  const start = performance.now();
  let world = built(topology);
  const flow = prepared(world, `svc/default/svc-${services - 1}:80`);
  run(world, flow.request, unread, flow.verdictOnly);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  const mb = megabytes() - before;
  const group = world.topology.vpcs[0]!.securityGroups[0]!.name;
  // A rule more each time.
  const rebuilds = Array.from({ length: 9 }, () => {
    const changed = performance.now();
    const next = changedWorld(
      world,
      withSecurityGroup('main', group, (one) => ({
        ...one,
        ingress: [...one.ingress, ...one.ingress.slice(0, 1)],
      })),
    );
    if (!next.ok) throw new Error(JSON.stringify(next.issues));
    world = next.value;
    return performance.now() - changed;
  }).sort((a, b) => a - b);
  return {
    services,
    endpoints: 2 * services,
    seconds,
    mb,
    rebuildMs: Number(rebuilds[4]!.toFixed(2)),
  };
}
