/** Instances that forward: what makes a packet pass them, from the internet and between subnets. */
import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { traceOf, worldOf } from '../support/worlds.ts';
import { blockers, via } from './tracing.ts';

const site = (
  box = 'sourceDestCheck: false, forwarding: true',
  routes: { readonly a: string; readonly b: string; readonly edge?: string } = {
    a: '{ to: 10.1.2.0/24, via: box }',
    b: '{ to: 10.1.1.0/24, via: box }',
  },
): string => `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    subnets:
      - { name: a, cidr: 10.1.1.0/24, routeTable: a, mapPublicIp: true }
      - { name: b, cidr: 10.1.2.0/24, routeTable: b, mapPublicIp: true }
      - { name: box, cidr: 10.1.3.0/24, routeTable: box, mapPublicIp: true }
    routeTables:
      - { name: a, routes: [${routes.a}] }
      - { name: b, routes: [${routes.b}] }
      - { name: box, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - { name: edge, edge: [igw], routes: [${routes.edge ?? ''}] }
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
hosts: [{ name: laptop, address: 198.51.100.7 }]
instances:
  - { name: one, subnet: a, securityGroups: [open] }
  - { name: two, subnet: b, securityGroups: [open] }
  - { name: box, subnet: box, securityGroups: [open], ${box} }
`;
const ask = (text: string, from = 'instance/one', to = 'instance/two:80') =>
  traceOf(worldOf({ 'vpcsim.yaml': text }), from, to);

describe('a route more specific than the local one', () => {
  test('leads packets between two subnets through a middlebox, there and back', () => {
    const told = ask(site());
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = only(told);
    expect(via(hops)).toContain(
      'vpc-router/main > subnet/box > eni/box > instance/box > eni/box > subnet/box',
    );
    expect(via(reply.hops)).toContain('eni/box > instance/box > eni/box');
    expect(reply.asymmetric).toBe(false);
  });

  test('ends undetermined at an instance of which nobody knows whether it forwards', () => {
    const told = ask(site('sourceDestCheck: false, forwarding: unknown'));
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled[0]).toMatch(/nothing says whether it forwards/);
  });

  test('on one side only brings the reply past the middlebox', () => {
    const told = ask(site(undefined, { a: '{ to: 10.1.2.0/24, via: box }', b: '' }));
    expect(via(only(told).hops)).toContain('eni/box');
    expect(via(only(told).reply.hops)).not.toContain('eni/box');
  });

  test('needs the source/destination check off, and an instance that forwards', () => {
    expect(blockers(ask(site('sourceDestCheck: true, forwarding: true')))[0]).toBe(
      'forward eni/destination-check eni/box',
    );
    expect(blockers(ask(site('sourceDestCheck: false, forwarding: false')))[0]).toBe(
      'forward host/not-forwarding instance/box',
    );
  });
});

describe('a gateway route table', () => {
  const through = { a: '{ to: 0.0.0.0/0, via: box }', b: '' };

  test('for the whole VPC sends everything that comes in through the middlebox', () => {
    const inspected = site(undefined, { ...through, edge: '{ to: 10.1.0.0/16, via: box }' });
    const told = ask(inspected, 'host/laptop', 'instance/one:80');
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toContain('internet-gateway/igw > vpc-router/main > subnet/box > eni/box');
  });

  test('does not bother packets for the middlebox itself', () => {
    const inspected = site(undefined, { ...through, edge: '{ to: 10.1.0.0/16, via: box }' });
    expect(ask(inspected, 'host/laptop', 'instance/box:22').verdict).toBe('reachable');
    expect(ask(inspected, 'instance/box', '198.51.100.7:443').verdict).toBe('reachable');
  });

  test('for one subnet leaves the others as they were', () => {
    const inspected = site(undefined, {
      ...through,
      b: '{ to: 0.0.0.0/0, via: igw }',
      edge: '{ to: 10.1.1.0/24, via: box }',
    });
    const told = ask(inspected, 'host/laptop', 'instance/two:80');
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).not.toContain('eni/box');
  });

  test('that leads to something gone is a black hole', () => {
    const told = ask(
      site(undefined, { ...through, edge: '{ to: 10.1.1.0/24, via: blackhole }' }),
      'host/laptop',
      'instance/one:80',
    );
    expect(told.blockers[0]).toMatchObject({
      code: 'rt/blackhole',
      rule: 'rtb/edge 10.1.1.0/24 -> blackhole',
    });
  });
});
