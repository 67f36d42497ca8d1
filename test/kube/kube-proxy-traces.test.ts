/** What kube-proxy's configuration means for packets. */
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { World } from '../../src/world/world.ts';
import { arrow, at, onlyPath } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: b, containers: [{name: c, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec: {nodeName: a, containers: [{name: c}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  clusterIP: 172.20.0.100
  externalIPs: [192.0.2.80]
  selector: {app: web}
  ports: [{port: 80, nodePort: 30080}]
`;

function cluster(
  kubeProxy: string,
  nodes = ['a', 'b'].map((name) => `{name: ${name}, subnet: s}`).join(),
): World {
  return worldOf({
    'm.yaml': manifests,
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{name: s, cidr: 10.0.0.0/24}]
    securityGroups: [{name: open, ingress: [{protocol: all, from: 0.0.0.0/0}]}]
cluster:
  securityGroup: open
  kubeProxy: {${kubeProxy}}
  nodes: [${nodes}]
manifests: [m.yaml]
instances: [{name: outside, subnet: s, securityGroups: [open]}]
`,
  });
}

const CLIENT = 'pod/default/client';

describe.each(['ipvs', 'nftables'])('kube-proxy in %s mode is not modelled', (mode) => {
  const world = cluster(`mode: ${mode}`);

  test.each([
    ['the ClusterIP', CLIENT, '172.20.0.100:80'],
    ['the external address', CLIENT, '192.0.2.80:80'],
    ['a NodePort, from a pod', CLIENT, 'node/b:30080'],
    ['a NodePort, from outside the cluster', 'instance/outside', 'node/b:30080'],
    ['a NodePort, from the node by loopback', 'node/b', '127.0.0.1:30080'],
  ])('%s: what becomes of the packet is undetermined, and it says why', (_, from, to) => {
    const trace = traceOf(world, from, to);
    expect(trace.verdict).toBe('undetermined');
    expect(JSON.stringify(trace.notModelled)).toContain(`kube-proxy in ${mode} mode`);
  });

  test('other traffic is as it is', () => {
    expect(traceOf(world, CLIENT, 'pod/default/web:80').verdict).toBe('reachable');
    expect(traceOf(world, 'instance/outside', 'node/b:10250').verdict).toBe('reachable');
  });

  test('nodes hold none of its rules', () => {
    const { rules } = world.cluster!.nodes[0]!;
    const names = [...rules.shared, ...rules.own].flatMap(({ chains }) => chains.map(({ name }) => name));
    expect(names.filter((name) => /KUBE-(SVC|SEP|SERVICES)/.test(name))).toEqual([]);
    expect(names).toContain('KUBE-FIREWALL');
  });
});

describe('detectLocalMode NodeCIDR', () => {
  test('EKS gives nodes no block, and kube-proxy ends before it writes a rule', () => {
    const world = cluster('detectLocalMode: NodeCIDR');
    expect(world.warnings.map(({ message }) => message).join('\n')).toContain('node a has no podCIDR');
    expect(traceOf(world, CLIENT, '172.20.0.100:80').verdict).toBe('undetermined');
  });

  test('on a node that has one, pods outside it count as strangers', () => {
    const node = (name: string) => `{name: ${name}, subnet: s, podCIDR: 100.64.0.0/24}`;
    const world = cluster('detectLocalMode: NodeCIDR', `${node('a')}, ${node('b')}`);
    const trace = traceOf(world, CLIENT, '172.20.0.100:80');
    expect(trace.verdict).toBe('reachable');
    const onNode = at(onlyPath(trace).hops, 'node/a');
    expect(arrow(onNode.out)).toContain(`tcp ${formatIpv4(world.cluster!.nodes[0]!.address)}:`);
  });
});

describe('nodePortAddresses', () => {
  test('outside the blocks a NodePort is closed', () => {
    const ask = (settings: string, from: string, to: string) =>
      traceOf(cluster(settings), from, to, { strictListen: true }).verdict;
    const fromOutside = ['instance/outside', 'node/b:30080'] as const;
    const byLoopback = ['node/b', '127.0.0.1:30080'] as const;
    expect(ask('nodePortAddresses: [192.168.0.0/16]', ...fromOutside)).toBe('unreachable');
    expect(ask('nodePortAddresses: [primary]', ...fromOutside)).toBe('reachable');
    expect(ask('nodePortAddresses: [primary]', ...byLoopback)).toBe('unreachable');
    expect(ask('', ...byLoopback)).toBe('reachable');
  });
});

describe('trafficDistribution', () => {
  const pods = ['a1', 'a2', 'b1'].map(
    (name) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: web}}
spec: {nodeName: ${name === 'a2' ? 'a-other' : name[0]}, containers: [{name: c, ports: [{containerPort: 80}]}]}
---`,
  );
  const reached = (wish: string, version = '1.34') => {
    const world = worldOf({
      'm.yaml': `${pods.join('')}
apiVersion: v1
kind: Service
metadata: {name: web${wish.includes('topology-mode') ? `, annotations: {${wish}}` : ''}}
spec: {${wish === '' || wish.includes('topology-mode') ? '' : `trafficDistribution: ${wish}, `}selector: {app: web}, clusterIP: 172.20.0.100, ports: [{port: 80}]}
`,
      'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{name: sa, cidr: 10.0.0.0/24, az: us-east-1a}, {name: sb, cidr: 10.0.1.0/24, az: us-east-1b}]
cluster:
  version: "${version}"
  nodes: [{name: a, subnet: sa}, {name: a-other, subnet: sa}, {name: b, subnet: sb}]
manifests: [m.yaml]
`,
    });
    const ends = traceOf(world, 'node/a', '172.20.0.100:80').paths.map(({ hops }) => hops.at(-1)!.device.id);
    return { ends: ends.sort(), warnings: world.warnings.map(({ message }) => message).join() };
  };

  test('none: all pods take part', () => {
    expect(reached('').ends).toEqual(['default/a1', 'default/a2', 'default/b1']);
  });

  test('PreferClose, PreferSameZone: the pods of the zone', () => {
    expect(reached('PreferClose').ends).toEqual(['default/a1', 'default/a2']);
    expect(reached('PreferSameZone').ends).toEqual(['default/a1', 'default/a2']);
  });

  test('PreferSameNode: those of the node, from 1.34 on', () => {
    expect(reached('PreferSameNode').ends).toEqual(['default/a1']);
    expect(reached('PreferSameNode', '1.33').ends).toEqual(['default/a1', 'default/a2']);
  });

  test('topology aware routing is not modelled, and a warning says so', () => {
    const { ends, warnings } = reached('service.kubernetes.io/topology-mode: Auto');
    expect(ends).toHaveLength(3);
    expect(warnings).toContain('Service default/web asks for topology aware routing');
  });
});
