/** VPC Block Public Access: what passes an internet gateway in each mode, and by each exclusion. */
import { describe, expect, test } from 'vitest';
import { traceOf, worldOf } from '../support/worlds.ts';

const site = (access: string): string => `
apiVersion: vpcsim/v1
kind: Topology
blockPublicAccess: [${access}]
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, subnet: public }]
    subnets:
      - { name: public, cidr: 10.1.1.0/24, routeTable: public, mapPublicIp: true }
      - { name: private, cidr: 10.1.2.0/24, routeTable: private }
    routeTables:
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - { name: private, routes: [{ to: 0.0.0.0/0, via: nat }] }
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
hosts: [{ name: laptop, address: 198.51.100.7 }]
instances:
  - { name: web, subnet: public, securityGroups: [open] }
  - { name: app, subnet: private, securityGroups: [open] }
`;

/** Verdicts of: the internet to the web server; the web server out; out through the NAT gateway. */
function verdicts(access: string): readonly string[] {
  const world = worldOf({ 'vpcsim.yaml': site(access) });
  return [
    traceOf(world, 'host/laptop', 'instance/web:80').verdict,
    traceOf(world, 'instance/web', '198.51.100.7:443').verdict,
    traceOf(world, 'instance/app', '198.51.100.7:443').verdict,
  ];
}

const exclusion = (mode: string, of: string, excluded: string): string =>
  `{ mode: ${mode}, exclusions: [{ ${of}, mode: ${excluded} }] }`;

describe('Block Public Access', () => {
  test.each([
    ['off', '{ mode: off }', ['reachable', 'reachable', 'reachable']],
    ['bidirectional', '{ mode: block-bidirectional }', ['unreachable', 'unreachable', 'unreachable']],
    ['ingress-only', '{ mode: block-ingress }', ['unreachable', 'unreachable', 'reachable']],
    [
      'of another Region',
      '{ mode: block-bidirectional, region: eu-west-1 }',
      ['reachable', 'reachable', 'reachable'],
    ],
    [
      'bidirectional without the VPC',
      exclusion('block-bidirectional', 'vpc: main', 'bidirectional'),
      ['reachable', 'reachable', 'reachable'],
    ],
    [
      'ingress-only without the subnet',
      exclusion('block-ingress', 'subnet: public', 'bidirectional'),
      ['reachable', 'reachable', 'reachable'],
    ],
    [
      'bidirectional, with a way out for NAT gateways; whether for others too nobody knows',
      exclusion('block-bidirectional', 'subnet: public', 'egress-only'),
      ['unreachable', 'undetermined', 'reachable'],
    ],
    [
      'ingress-only, where an exclusion for egress counts for nothing',
      exclusion('block-ingress', 'subnet: public', 'egress-only'),
      ['unreachable', 'unreachable', 'reachable'],
    ],
  ])('%s', (_, access, expected) => {
    expect(verdicts(access)).toEqual(expected);
  });

  test('says which subnet an exclusion would have to be of', () => {
    const world = worldOf({ 'vpcsim.yaml': site('{ mode: block-ingress }') });
    expect(traceOf(world, 'host/laptop', 'instance/web:80').blockers[0]).toMatchObject({
      code: 'igw/public-access-blocked',
      rule: 'mode block-ingress',
      because: 'nothing from the internet may reach 203.0.113.2 (eni/web)',
      fix: 'create a bidirectional exclusion for subnet/public',
    });
  });
});
