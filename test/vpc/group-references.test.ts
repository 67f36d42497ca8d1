/** Rules that name a group of another VPC, and what keeps them from matching. */
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/trace.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

/** Two VPCs that a peering and a transit gateway may join. */
const vpcs = ({
  link = 'pcx',
  region = 'us-east-1',
  from = 'sg/a/client',
  to = '0.0.0.0/0',
  links = '',
}: {
  readonly link?: string;
  readonly region?: string;
  readonly from?: string;
  readonly to?: string;
  readonly links?: string;
}): string => `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, main: true, routes: [{ to: 10.2.0.0/16, via: ${link} }] }]
    securityGroups: [{ name: client, egress: [{ protocol: all, to: ${to} }] }]
  - name: b
    region: ${region}
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b, cidr: 10.2.0.0/24, az: ${region}a }]
    routeTables: [{ name: main, main: true, routes: [{ to: 10.1.0.0/16, via: ${link} }] }]
    securityGroups: [{ name: server, ingress: [{ protocol: tcp, ports: 80, from: ${from} }] }]
${links}
instances:
  - { name: client, vpc: a, subnet: a, address: 10.1.0.10, securityGroups: [client] }
  - { name: server, vpc: b, subnet: b, address: 10.2.0.10, securityGroups: [server], listen: [tcp/80] }
`;
const peering = (state = 'active'): string =>
  `peerings: [{ name: pcx, requester: a, accepter: b, state: ${state} }]`;
const hub = (gateway: string, attachment: string): string => `
transitGateways:
  - name: tgw
    securityGroupReferencing: ${gateway}
    routeTables: [{ name: rt }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a], association: rt, propagations: [rt], securityGroupReferencing: ${attachment} }
      - { name: att-b, vpc: b, subnets: [b], association: rt, propagations: [rt], securityGroupReferencing: true }`;

const told = (text: string): Trace =>
  traceOf(worldOf({ 'vpcsim.yaml': text }), 'instance/client', '10.2.0.10:80');
const first = (text: string): unknown[] => {
  const { verdict, blockers } = told(text);
  return [verdict, blockers[0]?.awsCode];
};

describe('across a peering', () => {
  test('a group of the peer is known inside a Region, both ways', () => {
    expect(first(vpcs({ links: peering() }))).toEqual(['reachable', undefined]);
    expect(first(vpcs({ links: peering(), from: '10.1.0.0/16', to: 'sg/b/server' }))).toEqual([
      'reachable',
      undefined,
    ]);
  });

  test('a rule whose peering is gone is stale, and admits nobody', () => {
    const { blockers } = told(vpcs({ links: `${peering('deleted')}` }));
    expect(blockers.find(({ code }) => code === 'sg/no-ingress-rule')).toMatchObject({
      awsCode: 'ENI_SG_RULES_MISMATCH',
      nearest: expect.stringContaining('is no more (a stale rule)'),
      fix: 'add to sg/server ingress: tcp 80 from 10.1.0.10/32',
    });
  });
});

describe('across a transit gateway', () => {
  test('a group is known where the gateway and both attachments pass it on', () => {
    expect(first(vpcs({ link: 'tgw', links: hub('true', 'true') }))).toEqual(['reachable', undefined]);
  });

  test.each([
    ['the gateway', 'false', 'true'],
    ['an attachment', 'true', 'false'],
  ])('it is not where %s has referencing off', (_, gateway, attachment) => {
    const text = vpcs({ link: 'tgw', links: hub(gateway, attachment) });
    expect(first(text)).toEqual(['unreachable', 'SG_REFERENCING_SUPPORT']);
    expect(told(text).blockers[0]!.nearest).toBe(
      'sg/server ingress: tcp 80 from sg/a/client: security group referencing is off on transit-gateway/tgw, which joins the two VPCs',
    );
  });

  test('an outbound rule cannot name a group behind it', () => {
    expect(
      first(vpcs({ link: 'tgw', links: hub('true', 'true'), from: '10.1.0.0/16', to: 'sg/b/server' })),
    ).toEqual(['unreachable', 'SG_REFERENCING_SUPPORT']);
  });
});

test('where a peering would know the group, the way through a transit gateway without referencing does not', () => {
  const links = `${peering()}\n${hub('false', 'true')}`;
  expect(first(vpcs({ link: 'tgw', links }))).toEqual(['unreachable', 'SG_REFERENCING_SUPPORT']);
  expect(first(vpcs({ link: 'pcx', links }))).toEqual(['reachable', undefined]);
});

describe('a reply', () => {
  const pair = (egress: string, from: string): Trace =>
    told(
      vpcs({ links: peering(), from }).replace(
        'from: 10.1.0.0/16 }] }]',
        `from: ${from} }], egress: [${egress}] }]`,
      ),
    );
  const reply = (trace: Trace): unknown =>
    trace.paths[0]!.reply.hops[1]!.steps.find(({ stage }) => stage === 'security group out');

  test('of a flow that is not tracked passes by the rules, and the step says so', () => {
    expect(reply(pair('{ protocol: all, to: 0.0.0.0/0 }', '0.0.0.0/0'))).toMatchObject({
      verdict: 'matched',
      rule: 'sg/server egress: all to 0.0.0.0/0',
      because: expect.stringMatching(/^the flow is not tracked/),
    });
  });

  test('of a tracked flow passes whatever the rules say', () => {
    expect(reply(pair('', '10.1.0.0/16'))).toMatchObject({
      verdict: 'passed',
      because: expect.stringMatching(/stateful/),
    });
  });
});
