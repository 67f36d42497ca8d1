/** Where the name of a cluster's API server leads, and where the API server goes. */
import { describe, expect, test } from 'vitest';
import { traceOf, worldOf } from '../support/worlds.ts';
import { blockers } from './tracing.ts';

function world(vpc: string, cluster = '') {
  return worldOf({
    'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: t }
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    ${vpc}
    internetGateway: { name: igw }
    routeTables: [{ name: public, main: true, routes: [{ to: 0.0.0.0/0, via: igw }] }]
    subnets:
      - { name: a, cidr: 10.0.1.0/24, mapPublicIp: true }
      - { name: b, cidr: 10.0.2.0/24 }
    securityGroups:
      - { name: extra, ingress: [{ protocol: tcp, ports: 443, from: 10.0.0.0/16 }] }
      - { name: other }
instances: [{ name: box, subnet: a, securityGroups: [other] }]
cluster:
  subnets: [a, b]
  coredns: { replicas: 0 }
  ${cluster}
  nodes: [{ name: worker, subnet: a }]
`,
  });
}

const both = 'endpointAccess: { public: true, private: true }';

describe('with both endpoints on', () => {
  test('nodes are led to the private one', () => {
    const told = traceOf(world('', both), 'node/worker', 'api-server');
    expect(told.paths.every(({ hops }) => hops.at(-1)!.device.kind === 'eks-control-plane')).toBe(true);
  });

  test.each([
    ['dnsHostnames: false', 'needs dnsSupport and dnsHostnames'],
    ['dnsSupport: false', 'needs dnsSupport and dnsHostnames'],
    ['dhcpDns: [10.0.9.9]', 'name other DNS servers'],
  ])('to the public one with %s, and the trace says why', (vpc, why) => {
    const told = traceOf(world(vpc, both), 'node/worker', 'api-server');
    expect(told.paths[0]!.hops.at(-1)!.device.kind).toBe('eks-api-endpoint');
    expect(told.remarks.join()).toContain(why);
  });

  test.each(['dhcpDns: [10.0.0.2]', 'dhcpDns: [169.254.169.253, 10.0.9.9]'])(
    'Amazon DNS by its address is Amazon DNS: %s',
    (vpc) => {
      const told = traceOf(world(vpc, both), 'node/worker', 'api-server');
      expect(told.paths[0]!.hops.at(-1)!.device.kind).toBe('eks-control-plane');
    },
  );
});

test("additional groups are on the control plane's interfaces alone", () => {
  const closed = world('', both);
  expect(blockers(traceOf(closed, 'instance/box', 'api-server'))[0]).toContain('sg/no-ingress-rule');
  const open = world('', `${both}\n  controlPlane: { securityGroups: [extra] }`);
  expect(traceOf(open, 'instance/box', 'api-server').verdict).toBe('reachable');
  expect(open.enis.filter(({ securityGroups }) => securityGroups.includes('extra')).length).toBe(2);
});
