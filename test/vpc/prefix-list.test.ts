/** Prefix lists as peers of security group rules. */
import { expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const world = (list: string) =>
  worldOf({
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
prefixLists: [{ name: partners, cidrs: [${list}] }]
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{ name: a, cidr: 10.0.0.0/24 }]
    securityGroups: [{ name: web, ingress: [{ protocol: tcp, ports: 443, from: pl/partners }] }, { name: client }]
instances:
  - { name: web, subnet: a, securityGroups: [web], address: 10.0.0.10 }
  - { name: client, subnet: a, securityGroups: [client], address: 10.0.0.20 }
`,
  });

test('a rule that names a prefix list admits every block of it, and says which one it was', () => {
  const told = traceOf(world('192.0.2.0/24, 10.0.0.16/28'), 'instance/client', '10.0.0.10:443');
  expect(told.verdict).toBe('reachable');
  expect(only(told).hops.at(-2)!.steps.at(-1)).toMatchObject({
    rule: 'sg/web ingress: tcp 443 from pl/partners',
    because: '10.0.0.20 is in 10.0.0.16/28 of pl/partners',
  });
});

test('an address in none of its blocks is not admitted, and the one rule is the nearest', () => {
  const told = traceOf(world('192.0.2.0/24, 10.0.0.128/28'), 'instance/client', '10.0.0.10:443');
  expect(told.blockers).toMatchObject([
    {
      code: 'sg/no-ingress-rule',
      nearest:
        'sg/web ingress: tcp 443 from pl/partners: 10.0.0.20 is in none of the 2 blocks of pl/partners',
    },
  ]);
});
