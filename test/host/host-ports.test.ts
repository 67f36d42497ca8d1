/** Packets to host ports of pods. */
import { describe, expect, test } from 'vitest';
import { arrow, at, onlyPath } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: edge}
spec:
  nodeName: a
  containers:
  - {name: web, ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 443, hostPort: 8443, hostIP: 127.0.0.1}]}
  - {name: dns, ports: [{containerPort: 5353, hostPort: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec: {nodeName: b, containers: [{name: c}]}
`;
const world = worldOf({
  'm.yaml': manifests,
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    internetGateway: {}
    subnets: [{name: s, cidr: 10.0.0.0/24, mapPublicIp: true, routeTable: open}]
    routeTables: [{name: open, routes: [{to: 0.0.0.0/0, via: igw}]}]
    securityGroups: [{name: all, ingress: [{protocol: all, from: 0.0.0.0/0}]}]
cluster:
  securityGroup: all
  nodes: [{name: a, subnet: s, address: 10.0.0.10}, {name: b, subnet: s, address: 10.0.0.11}]
  placements: [{pod: edge, node: a, address: 10.0.0.20}, {pod: client, node: b, address: 10.0.0.21}]
manifests: [m.yaml]
instances: [{name: outside, subnet: s, address: 10.0.0.30, securityGroups: [all]}]
`,
});

const ask = (from: string, to: string, protocol?: string) =>
  traceOf(world, from, to, { strictListen: true, ...(protocol && { protocol }) });

/** What leaves node a towards the pod. */
const toThePod = (from: string, to: string, protocol?: string) => {
  const trace = ask(from, to, protocol);
  expect(trace.verdict).toBe('reachable');
  return arrow(at(onlyPath(trace).hops, 'node/a').out);
};

describe('a host port leads from the node to the pod', () => {
  test('for an instance of the VPC, whose address stays', () => {
    expect(toThePod('instance/outside', 'node/a:8080')).toMatch(/^tcp 10\.0\.0\.30:\d+ > 10\.0\.0\.20:80$/);
  });

  test('for the internet', () => {
    expect(toThePod('internet', 'node/a:8080')).toMatch(/^tcp 198\.51\.100\.7:\d+ > 10\.0\.0\.20:80$/);
  });

  test('for another pod, and for another node', () => {
    expect(toThePod('pod/default/client', '10.0.0.10:8080')).toMatch(
      /^tcp 10\.0\.0\.21:\d+ > 10\.0\.0\.20:80$/,
    );
    expect(toThePod('node/b', '10.0.0.10:8080')).toMatch(/^tcp 10\.0\.0\.11:\d+ > 10\.0\.0\.20:80$/);
  });

  test('for UDP', () => {
    expect(toThePod('instance/outside', '10.0.0.10:53', 'udp')).toMatch(/ > 10\.0\.0\.20:5353$/);
  });

  test('for the node itself, by its address and by loopback, where it gets the address of the node', () => {
    expect(toThePod('node/a', '10.0.0.10:8080')).toMatch(/^tcp 10\.0\.0\.10:\d+ > 10\.0\.0\.20:80$/);
    expect(toThePod('node/a', '127.0.0.1:8080')).toMatch(/^tcp 10\.0\.0\.10:\d+ > 10\.0\.0\.20:80$/);
  });

  test('for the pod itself, as if the node had asked', () => {
    expect(toThePod('pod/default/edge', '10.0.0.10:8080')).toMatch(
      /^tcp 10\.0\.0\.10:\d+ > 10\.0\.0\.20:80$/,
    );
  });
});

describe('and nowhere else', () => {
  test('not on another node', () => {
    expect(ask('instance/outside', 'node/b:8080').verdict).toBe('unreachable');
  });

  test('not on other addresses than the one that hostIP names', () => {
    expect(ask('instance/outside', 'node/a:8443').verdict).toBe('unreachable');
    expect(toThePod('node/a', '127.0.0.1:8443')).toMatch(/ > 10\.0\.0\.20:443$/);
  });

  test('not with another protocol', () => {
    expect(ask('instance/outside', '10.0.0.10:53').verdict).toBe('unreachable');
  });
});
