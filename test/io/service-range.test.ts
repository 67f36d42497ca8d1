/** A range of ClusterIPs that hides what the cluster should reach. */
import { expect, test } from 'vitest';
import { HEAD, load } from './input.ts';

function said(cluster: string, more = ''): string[] {
  const subnet = 'subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a}]';
  const vpc = (routes: string) =>
    `{name: v, cidrs: [10.1.0.0/16], ${subnet}, internetGateway: {name: igw}, routeTables: [{name: r, main: true, routes: [${routes}]}]}`;
  const other = '{name: data, cidrs: [172.20.8.0/21], subnets: [{name: d, cidr: 172.20.8.0/24}]}';
  const parsed = load({
    'vpcsim.yaml': `${HEAD}vpcs: [${vpc('{to: 172.20.128.0/24, via: igw}')}, ${other}]\n${more}cluster: {vpc: v${cluster}}\n`,
  });
  return (parsed.ok ? parsed.warnings : parsed.issues)
    .filter(({ code }) => code === 'eks/service-range-hides')
    .map(({ severity, at, message }) => `${severity} ${at?.line}:${at?.column} ${message}`);
}

test("another VPC's block and a route's destination inside the range are out of pods' reach", () => {
  expect(said(', serviceCidr: 172.20.0.0/16')).toEqual([
    "warning 5:32 the service range 172.20.0.0/16 overlaps 172.20.8.0/21 of VPC data, the route of r to 172.20.128.0/24 via igw: nodes take such packets for a Service's, and pods never reach it",
  ]);
});

test("EKS's own choice is judged as well", () => {
  expect(said('')).toHaveLength(1);
});

test('a host outside counts', () => {
  const hosts = 'hosts: [{name: office, address: 172.20.40.1}]\n';
  expect(said('', hosts)[0]).toContain('172.20.40.1 of host office');
});

test('a range that nothing uses is not remarked upon', () => {
  expect(said(', serviceCidr: 172.21.0.0/16')).toEqual([]);
});

test('a peer that the file does not have counts, and an on-premises network', () => {
  const peering = 'peerings: [{name: pcx, requester: v, accepter: {cidrs: [172.20.64.0/20]}}]\n';
  expect(said('', peering)[0]).toContain('172.20.64.0/20 of the peer behind pcx');
  expect(said('', 'onPremises: [{name: dc, cidrs: [172.16.0.0/12]}]\n')[0]).toContain(
    '172.16.0.0/12 of on-premises network dc',
  );
});
