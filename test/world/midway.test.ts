/** Packets that begin in the middle of the VPC, and protocols that have no ports. */
import { describe, expect, test } from 'vitest';
import type { Flow } from '../../src/world/flow.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const text = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    internetGateway: { name: igw }
    subnets: [{ name: a, cidr: 10.0.1.0/24, routeTable: public, networkAcl: narrow }]
    routeTables: [{ name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }]
    networkAcls:
      - name: narrow
        ingress: [{ rule: 100, protocol: all, cidr: 10.0.0.0/8, action: allow }]
        egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]
    securityGroups:
      - { name: closed, ingress: [] }
      - { name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }
      - { name: web, ingress: [{ protocol: tcp, ports: 80, from: 0.0.0.0/0 }] }
instances:
  - { name: client, subnet: a, securityGroups: [closed] }
  - { name: open, subnet: a, securityGroups: [open] }
  - { name: web, subnet: a, securityGroups: [web] }
`;

const world = worldOf({ 'vpcsim.yaml': text });
const walk = ({ from, to, ...rest }: Flow) => traceOf(world, from, to, rest);

const hops = (flow: Flow): string =>
  walk(flow)
    .paths[0]!.hops.filter(({ ghost }) => !ghost)
    .map(({ device }) => `${device.kind}/${device.id}`)
    .join(' > ');

describe('a packet that begins', () => {
  test('in a subnet is not asked what its interface would ask', () => {
    const flow = { from: 'subnet/a', to: '8.8.8.8:80', sourceIp: '10.0.1.99' };
    expect(hops(flow)).toBe('subnet/a > vpc-router/main > internet-gateway/igw');
  });

  test('at the router of the VPC is delivered through the network ACL of the subnet it goes to', () => {
    const flow = { from: 'vpc-router/main', to: 'instance/open:22', sourceIp: '10.0.9.9' };
    expect(hops(flow)).toBe('vpc-router/main > subnet/a > eni/open > instance/open');
    expect(walk({ ...flow, sourceIp: '0.0.0.0' }).paths[0]!.code).toBe('nacl/denied-in');
  });

  test('at the router of the VPC for a network that is not the VPC gets nowhere', () => {
    expect(
      walk({ from: 'vpc-router/main', to: '10.9.0.10:22', sourceIp: '10.8.0.9' }).blockers[0],
    ).toMatchObject({
      code: 'rt/no-route',
      because: '10.9.0.10 came by a gateway and is in no block of the VPC (10.0.0.0/16)',
      fix: 'add a block that contains 10.9.0.10 to the VPC',
    });
  });

  test('anywhere else than at an end is no destination', () => {
    expect(() => walk({ from: 'instance/web', to: 'subnet/a' })).toThrow(/is on the way/);
    expect(() => walk({ from: 'subnet/b', to: 'instance/web:80' })).toThrow(/usage.unknown-name/);
  });
});

describe('a protocol that has neither ports nor an identifier', () => {
  test.each(['0', '50', '107'])('%s is let in by rules for all protocols alone', (protocol) => {
    const to = (name: string) => walk({ from: 'instance/client', to: `instance/${name}`, protocol });
    expect(to('open').verdict).toBe('reachable');
    expect(to('web').paths[0]!.code).toBe('sg/no-ingress-rule');
  });

  test('comes back by the state of the group that let it out', () => {
    const trace = walk({ from: 'instance/client', to: 'instance/open', protocol: '50' });
    expect(trace.reply.disposition).toBe('delivered');
  });
});
