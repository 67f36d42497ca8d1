/** Regional NAT gateways: in no subnet, with public addresses and a route table of their own. */
import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { traceOf, worldOf } from '../support/worlds.ts';
import { enters, via } from './tracing.ts';

const site = (nat = '', tables = ''): string => `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, availability: regional${nat} }]
    subnets:
      - { name: a, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: private }
      - { name: b, cidr: 10.1.2.0/24, az: us-east-1b, routeTable: private }
    routeTables:
      - { name: private, routes: [{ to: 0.0.0.0/0, via: nat }] }
${tables}
instances:
  - { name: app, subnet: a }
  - { name: other, subnet: b }
`;
const out = (text: string, from = 'app') =>
  traceOf(worldOf({ 'vpcsim.yaml': text }), `instance/${from}`, '198.51.100.7:443');

describe('a regional NAT gateway', () => {
  test('takes packets from the router and gives them its public address', () => {
    const told = out(site());
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = only(told);
    expect(via(hops)).toBe(
      'instance/app > eni/app > subnet/a > vpc-router/main > regional-nat-gateway/nat > vpc-router/main' +
        ' > internet-gateway/igw > internet/internet > host/internet',
    );
    expect(enters(hops, 'internet/internet')).toBe('203.0.113.1:* > 198.51.100.7:443');
    expect(via(reply.hops)).toBe(
      'host/internet > internet/internet > internet-gateway/igw > regional-nat-gateway/nat > vpc-router/main' +
        ' > subnet/a > eni/app > instance/app',
    );
    expect(reply.asymmetric).toBe(false);
  });

  test('serves every zone, unless somebody chose its zones', () => {
    expect(out(site(), 'other').verdict).toBe('reachable');
    const told = out(site(', zones: [us-east-1a]'), 'other');
    expect(told.blockers[0]).toMatchObject({
      code: 'nat/not-in-zone',
      awsCode: 'REGIONAL_NGW_ROUTE_AZ_RESTRICTION',
      because: 'the packet comes from us-east-1b (eni/other), and it is active in us-east-1a only',
    });
    expect(out(site(', zones: [us-east-1a]')).verdict).toBe('reachable');
  });

  test('asks the route table that is its own', () => {
    const told = out(
      site('', '      - { name: nat, edge: [nat], routes: [{ to: 198.51.0.0/16, via: blackhole }] }'),
    );
    expect(told.blockers[0]).toMatchObject({
      code: 'rt/blackhole',
      rule: 'rtb/nat 198.51.0.0/16 -> blackhole',
    });
  });

  test('has the addresses that are given to it', () => {
    const told = out(site(', addresses: [{ public: 192.0.2.9 }]'));
    expect(enters(only(told).hops, 'internet/internet')).toBe('192.0.2.9:* > 198.51.100.7:443');
  });

  test('lets nothing in that nobody asked for', () => {
    const world = worldOf({ 'vpcsim.yaml': site() });
    expect(traceOf(world, 'internet', '203.0.113.1:443').blockers[0]!.code).toBe('nat/no-session');
  });
});
