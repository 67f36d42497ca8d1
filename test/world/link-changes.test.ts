/** What blockers of links propose, applied and traced again: the proposed change admits the packet. */
import { describe, expect, test } from 'vitest';
import type { NetworkChange } from '../../src/vpc/changes.ts';
import { buildWorld } from '../../src/world/build.ts';
import { applyChange } from '../../src/world/changes.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const topology = `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    vpnGateway: { name: vgw }
    subnets:
      - { name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }
      - { name: a-2, cidr: 10.1.1.0/24, az: us-east-1b }
    routeTables: [{ name: main, routes: [{ to: 10.3.0.0/16, via: pcx }, { to: 10.0.0.0/8, via: tgw }, { to: 172.16.0.0/12, via: vgw }] }]
  - name: b
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.0.0.0/8, via: tgw }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
  - name: c
    cidrs: [10.3.0.0/16]
    subnets: [{ name: c-1, cidr: 10.3.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.1.0.0/16, via: pcx }] }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
peerings: [{ name: pcx, requester: a, accepter: c }]
transitGateways:
  - name: tgw
    routeTables: [{ name: rt }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a-1], association: rt, propagations: [rt] }
      - { name: att-b, vpc: b, subnets: [b-1], association: rt, propagations: [rt] }
connections: [{ name: vpn, gateway: vgw, network: dc }]
onPremises: [{ name: dc, cidrs: [172.16.0.0/12] }]
instances:
  - { name: client, vpc: a, subnet: a-1 }
  - { name: client-2, vpc: a, subnet: a-2 }
  - { name: web, vpc: b, subnet: b-1, securityGroups: [open] }
  - { name: far, vpc: c, subnet: c-1, securityGroups: [open] }
`;

describe.each([
  [
    'no route',
    'subnets: [b-1], association: rt, propagations: [rt]',
    'subnets: [b-1], association: rt',
    'instance/client',
    'instance/web:80',
  ],
  [
    'a blackhole',
    '{ name: rt }',
    '{ name: rt, routes: [{ to: 10.2.0.0/16, via: blackhole }] }',
    'instance/client',
    'instance/web:80',
  ],
  [
    'no association',
    'subnets: [a-1], association: rt',
    'subnets: [a-1]',
    'instance/client',
    'instance/web:80',
  ],
  ['no foot in the zone', '{ name: rt }', '{ name: rt }', 'instance/client-2', 'instance/web:80'],
  [
    'an attachment that is not available',
    'att-b, vpc',
    'att-b, state: failed, vpc',
    'instance/client',
    'instance/web:80',
  ],
  [
    'a gateway that is not available',
    '- name: tgw',
    '- name: tgw\n    state: modifying',
    'instance/client',
    'instance/web:80',
  ],
  [
    'a peering that is not active',
    'accepter: c',
    'accepter: c, state: failed',
    'instance/client',
    'instance/far:80',
  ],
  [
    'a virtual private gateway that is not attached',
    'name: vgw }',
    'name: vgw, state: detached }',
    'instance/client',
    '172.16.0.1:22',
  ],
  [
    'a connection that is down',
    'network: dc',
    'network: dc, state: down, staticRoutes: [172.16.0.0/12]',
    'instance/client',
    '172.16.0.1:22',
  ],
])('%s', (_, from, to, source, target) => {
  expect(topology).toContain(from);
  const world = worldOf({ 'vpcsim.yaml': topology.replace(from, to) });
  const [blocker] = traceOf(world, source, target).blockers;

  test('blocks, and what the blocker proposes is the cure', () => {
    const changed = applyChange(world.topology, blocker!.change as NetworkChange);
    const cured = buildWorld(changed!, world);
    expect(cured.ok && traceOf(cured.value, source, target).verdict).toBe('reachable');
  });
});
