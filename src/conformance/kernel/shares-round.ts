/** A cluster made for chance: Services with two, three and five endpoints, and rules that throw dice. */
import type { World } from '../../index.ts';
import type { Asked } from './flows.ts';
import type { StandingLab } from './lab-run.ts';
import { compareFlow } from './round.ts';
import { fit } from './shares.ts';
import { worldOfTexts } from './topology-file.ts';

const ENDPOINTS = [2, 3, 5];
const PACKETS = 150;
const CLIENT = '10.9.0.200';

/** The world; the pods `e0` to `e4` serve, `client` asks. */
export function sharesWorld(): World {
  const pods = Array.from({ length: 5 }, (_, i) => `e${i}`);
  const pod = (name: string, labels: object, ports: object[]): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'main', image: 'main:1', ports }] },
  });
  const topology = {
    apiVersion: 'vpcsim/v1',
    kind: 'Topology',
    metadata: { name: 'shares' },
    vpcs: [
      {
        name: 'main',
        region: 'us-east-1',
        cidrs: ['10.9.0.0/16'],
        subnets: [{ name: 'a', cidr: '10.9.0.0/24', az: 'us-east-1a' }],
        securityGroups: [{ name: 'open', ingress: [{ protocol: 'all', from: '0.0.0.0/0' }] }],
      },
    ],
    cluster: {
      name: 'shares',
      vpc: 'main',
      subnets: ['a'],
      serviceCidr: '172.20.0.0/16',
      nodes: [{ name: 'node-1', subnet: 'a', instanceType: 'm5.large', securityGroups: ['open'] }],
      placements: [{ pod: 'default/client', node: 'node-1', address: CLIENT }],
    },
    manifests: ['objects.yaml'],
  };
  const objects = [
    ...pods.map((name, i) =>
      pod(
        name,
        Object.fromEntries(ENDPOINTS.filter((count) => i < count).map((count) => [`of${count}`, 'yes'])),
        [{ containerPort: 5353, protocol: 'UDP' }],
      ),
    ),
    pod('client', {}, []),
    ...ENDPOINTS.map((count) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `of${count}`, namespace: 'default' },
      spec: {
        clusterIP: `172.20.1.${count}`,
        selector: { [`of${count}`]: 'yes' },
        ports: [{ port: 53, targetPort: 5353, protocol: 'UDP' }],
      },
    })),
  ];
  return worldOfTexts({
    'vpcsim.yaml': JSON.stringify(topology),
    'objects.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  });
}

/** What does not fit, and a line for each Service on how well it does. */
export async function checkShares(
  world: World,
  standing: StandingLab,
): Promise<{ readonly differences: readonly string[]; readonly lines: readonly string[] }> {
  const differences: string[] = [];
  const lines: string[] = [];
  for (const [place, count] of ENDPOINTS.entries()) {
    const counts = new Map<string, number>();
    let shares: readonly (readonly [string, number])[] = [];
    for (let i = 0; i < PACKETS; i++) {
      const compared = await compareFlow(world, asked(count, 20_000 + place * PACKETS + i), standing);
      differences.push(...compared.differences);
      if (compared.leftOut !== undefined) differences.push(`Service of ${count}: ${compared.leftOut}`);
      const taken = compared.path?.device ?? 'none';
      counts.set(taken, (counts.get(taken) ?? 0) + 1);
      shares = compared.paths.map(({ device, share }) => [device, share]);
    }
    const { statistic, degrees, critical } = fit(
      shares.map(([device]) => counts.get(device) ?? 0),
      shares.map(([, share]) => share),
    );
    const line = `shares of a Service with ${count} endpoints: ${[...counts.values()].join(' : ')} of ${PACKETS}, chi-square ${statistic.toFixed(2)} with ${degrees} degrees of freedom, refused above ${critical.toFixed(2)}`;
    lines.push(line);
    if (statistic > critical || shares.length !== count) differences.push(line);
  }
  return { differences, lines };
}

function asked(count: number, number: number): Asked {
  const destination = `172.20.1.${count}`;
  return {
    flow: {
      from: 'pod/default/client',
      to: `${destination}:53`,
      protocol: 'udp',
      sourcePort: number,
      strictListen: true,
    },
    sender: 'pod/default/client',
    source: CLIENT,
    destination,
    port: 53,
    number,
    target: 'ClusterIP of ClusterIP, udp',
  };
}
