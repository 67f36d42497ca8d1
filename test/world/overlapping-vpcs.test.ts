/** Two VPCs with the same blocks: neither takes addresses from the other. */
import { expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import { trace } from '../../src/world/flow.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const world = worldOf({
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - { name: a, cidrs: [10.0.0.0/16], subnets: [{ name: a-1, cidr: 10.0.0.0/24 }] }
  - { name: b, cidrs: [10.0.0.0/16], subnets: [{ name: b-1, cidr: 10.0.0.0/24 }] }
instances:
  - { name: in-a, vpc: a, subnet: a-1, address: 10.0.0.4 }
  - { name: in-b, vpc: b, subnet: b-1 }
  - { name: pinned-in-b, vpc: b, subnet: b-1, address: 10.0.0.5 }
`,
});

test('an address that one pins is free in the other', () => {
  const addresses = world.instances.map(({ name, address }) => `${name} ${formatIpv4(address)}`);
  expect(addresses).toEqual(['in-a 10.0.0.4', 'in-b 10.0.0.4', 'pinned-in-b 10.0.0.5']);
});

test('an address that both have names no sender', () => {
  const asked = trace(world, { from: '10.0.0.4', to: '10.0.0.5:80' });
  expect(asked.ok ? [] : asked.issues).toMatchObject([
    {
      code: 'usage/ambiguous-source',
      message: '10.0.0.4 is the address of instance/in-a and instance/in-b',
    },
  ]);
});

test('a packet stays in the VPC of its sender', () => {
  expect(traceOf(world, 'instance/in-b', '10.0.0.5:80').paths[0]!.device).toBe('instance/pinned-in-b');
  expect(traceOf(world, 'instance/in-a', '10.0.0.5:80').blockers[0]!.code).toBe('eni/no-neighbour');
});
