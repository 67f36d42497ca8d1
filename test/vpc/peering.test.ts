/** VPC peering: what two VPCs may say to each other, and what they may not pass on. */
import { describe, expect, test } from 'vitest';
import { renderText } from '../../src/render/text.ts';
import { at, devices, onlyPath, step } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const peered = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    internetGateway: {}
    subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables:
      - name: main
        routes: [{ to: 10.2.0.0/16, via: pcx-ab }, { to: 10.3.0.0/16, via: pcx-ab }, { to: 0.0.0.0/0, via: pcx-ab }]
  - name: b
    cidrs: [10.2.0.0/16]
    internetGateway: {}
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: us-east-1b, mapPublicIp: true }]
    routeTables:
      - name: main
        routes: [{ to: 10.1.0.0/16, via: pcx-ab }, { to: 10.3.0.0/16, via: pcx-bc }, { to: 0.0.0.0/0, via: igw-b }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 10.0.0.0/8 }] }]
  - name: c
    cidrs: [10.3.0.0/16]
    subnets: [{ name: c-1, cidr: 10.3.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.2.0.0/16, via: pcx-bc }, { to: 10.1.0.0/16, via: pcx-bc }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 10.0.0.0/8 }] }]
peerings:
  - { name: pcx-ab, requester: a, accepter: b }
  - { name: pcx-bc, requester: b, accepter: c }
instances:
  - { name: client, vpc: a, subnet: a-1, address: 10.1.0.10 }
  - { name: router, vpc: b, subnet: b-1, address: 10.2.0.20, securityGroups: [open], sourceDestCheck: false, forwarding: true }
  - { name: web, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
  - { name: far, vpc: c, subnet: c-1, address: 10.3.0.10, securityGroups: [open] }
`;
const edited = (from: string, to: string) => {
  expect(peered).toContain(from);
  return worldOf({ 'vpcsim.yaml': peered.replace(from, to) });
};
const world = worldOf({ 'vpcsim.yaml': peered });

describe('two peered VPCs with a route at each side', () => {
  const trace = traceOf(world, 'instance/client', 'instance/web:80');
  const path = onlyPath(trace);

  test('reach each other: from router to router, and back the same way', () => {
    const there = [
      'instance/client',
      'eni/client',
      'subnet/a-1',
      'vpc-router/a',
      'vpc-peering/pcx-ab',
      'vpc-router/b',
      'subnet/b-1',
      'eni/web',
      'instance/web',
    ];
    expect(trace.verdict).toBe('reachable');
    expect(devices(path.hops)).toEqual(there);
    expect(devices(path.reply.hops)).toEqual([...there].reverse());
    expect(path.reply.asymmetric).toBe(false);
  });

  test('deliver by the local route, whatever tables the other VPC has', () => {
    expect(step(at(path.hops, 'vpc-router/b'), 'route table').because).toContain(
      'delivered inside 10.2.0.0/16',
    );
  });

  test('and it is told that the way crosses zones', () => {
    expect(trace.remarks).toEqual([
      'crosses availability zones: us-east-1a (eni/client) to us-east-1b (eni/web)',
    ]);
  });

  test('without a route back the reply is lost at the other router', () => {
    const oneSided = edited(
      'routes: [{ to: 10.1.0.0/16, via: pcx-ab }, { to: 10.3.0.0/16, via: pcx-bc }, { to: 0.0.0.0/0, via: igw-b }]',
      'routes: []',
    );
    const lost = traceOf(oneSided, 'instance/client', 'instance/web:80');
    expect(lost.verdict).toBe('unreachable');
    expect(lost.paths[0]!.reply).toMatchObject({ code: 'rt/no-route', device: 'vpc-router/b' });
  });
});

describe('nothing passes through a peer', () => {
  test.each([
    ['a VPC that the peer is peered with', '10.3.0.10:80'],
    ["the internet by the peer's gateway", '1.1.1.1:443'],
  ])('to %s', (_, to) => {
    const trace = traceOf(world, 'instance/client', to);
    expect(trace.verdict).toBe('unreachable');
    expect(trace.blockers[0]).toMatchObject({
      code: 'pcx/no-transit',
      awsCode: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
      device: 'vpc-peering/pcx-ab',
    });
  });

  test('nor what a router in the peer forwards for others', () => {
    const trace = traceOf(world, 'instance/router', '10.3.0.10:80', { sourceIp: '10.1.0.10', oneWay: true });
    expect(trace.blockers.map(({ code, device }) => `${code} ${device}`)).toContain(
      'pcx/no-transit vpc-peering/pcx-bc',
    );
  });
});

describe('states and sides', () => {
  test('a peering that was never accepted carries nothing', () => {
    const pending = edited('accepter: b }', 'accepter: b, state: pending-acceptance }');
    const { verdict, blockers } = traceOf(pending, 'instance/client', 'instance/web:80');
    expect(verdict).toBe('unreachable');
    expect(blockers[0]).toMatchObject({
      code: 'pcx/not-active',
      awsCode: 'BAD_STATE',
      because: 'vpc-peering/pcx-ab is pending-acceptance',
      fix: 'accept vpc-peering/pcx-ab in vpc/b',
    });
  });

  test('what lies in a VPC of somebody else is not known, and never called reachable', () => {
    const trace = traceOf(worldOf({ 'vpcsim.yaml': foreign }), 'instance/client', '10.3.0.10:80');
    expect(trace.verdict).toBe('undetermined');
    expect(trace.paths[0]).toMatchObject({ disposition: 'undetermined', code: 'pcx/peer-unknown' });
    expect(trace.blockers[0]).toMatchObject({ awsCode: 'UNKNOWN_DESTINATION' });
    expect(trace.symptom.text).toBe('not known: what decides is not in the topology');
    expect(renderText(trace)).toContain('UNKNOWN  VPC peering: a VPC of account 444455556666');
    expect(renderText(trace)).not.toContain('blocked by');
  });

  test('between Regions it is told which are crossed, in place of zones', () => {
    const regions = worldOf({ 'vpcsim.yaml': peered.replaceAll('us-east-1b', 'eu-west-1b') });
    expect(traceOf(regions, 'instance/client', 'instance/web:80').remarks).toEqual([
      'crosses Regions: us-east-1 (vpc/a) to eu-west-1 (vpc/b)',
    ]);
  });
});

const foreign = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a-1, cidr: 10.1.0.0/24 }]
    routeTables: [{ name: main, routes: [{ to: 10.3.0.0/16, via: pcx }] }]
peerings: [{ name: pcx, requester: a, accepter: { cidrs: [10.3.0.0/16], account: "444455556666" } }]
instances: [{ name: client, vpc: a, subnet: a-1 }]
`;
