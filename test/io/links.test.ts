/** Peerings, transit gateways, connections and on-premises networks of a topology file: what AWS refuses is refused here,
 *  with its line, and names of devices stand for one thing in the whole topology. */
import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { faults, good, HEAD, load } from './input.ts';

/** Two VPCs, of which a has a virtual private gateway; its lines begin at line 4. */
const VPCS = `vpcs:
- {name: a, cidrs: [10.1.0.0/16], vpnGateway: {name: vgw}, subnets: [{name: a-1, cidr: 10.1.0.0/24, az: us-east-1a}, {name: a-2, cidr: 10.1.1.0/24, az: us-east-1a}]}
- {name: b, cidrs: [10.2.0.0/16], subnets: [{name: b-1, cidr: 10.2.0.0/24, az: us-east-1a}]}
`;
/** First line after `HEAD` and `VPCS`. */
const NEXT = 7;

/** The caret stands where the issue points. */
const cases: readonly (readonly [title: string, text: string, code: string])[] = [
  [
    'a peering with a VPC that is not there',
    'peerings: [{name: p, requester: a, accepter: ^c}]',
    'topology/unknown-reference',
  ],
  [
    'a peering of a VPC with itself',
    'peerings: [{name: p, requester: a, accepter: ^a}]',
    'peering/with-itself',
  ],
  [
    'a peering of two VPCs of somebody else',
    'peerings: [^{name: p, requester: {cidrs: [10.8.0.0/16]}, accepter: {cidrs: [10.9.0.0/16]}}]',
    'peering/no-vpc',
  ],
  [
    'a peering of blocks that overlap',
    'peerings: [^{name: p, requester: a, accepter: {cidrs: [10.0.0.0/8]}}]',
    'peering/overlap',
  ],
  [
    'a peering side of another type',
    'peerings: [{name: p, requester: a, accepter: ^5}]',
    'topology/wrong-type',
  ],
  [
    'two peerings of one name',
    'peerings: [{name: p, requester: a, accepter: b}, {name: ^p, requester: b, accepter: a}]',
    'topology/duplicate-name',
  ],
  [
    'an attachment to nothing',
    'transitGateways: [{name: t, attachments: [^{name: x}]}]',
    'tgw/bad-attachment',
  ],
  [
    'an attachment without subnets',
    'transitGateways: [{name: t, attachments: [^{name: x, vpc: a}]}]',
    'topology/missing-key',
  ],
  [
    'an attachment with two subnets of a zone',
    'transitGateways: [{name: t, attachments: [{name: x, vpc: a, subnets: [a-1, ^a-2]}]}]',
    'tgw/two-subnets-in-zone',
  ],
  [
    "an attachment with another VPC's subnet",
    'transitGateways: [{name: t, attachments: [{name: x, vpc: a, subnets: [^b-1]}]}]',
    'topology/unknown-reference',
  ],
  [
    'a VPC that is attached twice',
    'transitGateways: [{name: t, attachments: [{name: x, vpc: b, subnets: [b-1]}, {name: y, vpc: ^b, subnets: [b-1]}]}]',
    'tgw/attached-twice',
  ],
  [
    'an association with a table that is not there',
    'transitGateways: [{name: t, routeTables: [{name: r}], attachments: [{name: x, vpc: b, subnets: [b-1], association: ^q}]}]',
    'topology/unknown-reference',
  ],
  [
    'a propagation to a table that is not there',
    'transitGateways: [{name: t, routeTables: [{name: r}], attachments: [{name: x, vpc: b, subnets: [b-1], propagations: [^q]}]}]',
    'topology/unknown-reference',
  ],
  [
    'a route by an attachment that is not there',
    'transitGateways: [{name: t, routeTables: [{name: r, routes: [{to: 0.0.0.0/0, via: ^y}]}]}]',
    'topology/unknown-reference',
  ],
  [
    'two static routes to one block',
    'transitGateways: [{name: t, routeTables: [{name: r, routes: [{to: 0.0.0.0/0, via: blackhole}, {to: ^0.0.0.0/0, via: blackhole}]}]}]',
    'route/duplicate',
  ],
  [
    'a transit gateway of another Region',
    'transitGateways: [{name: t, region: eu-west-1, attachments: [{name: x, vpc: ^b, subnets: [b-1]}]}]',
    'tgw/other-region',
  ],
  [
    'a peering of transit gateways with one side',
    'transitGateways: [{name: t, attachments: [{name: x, transitGateway: ^u}]}, {name: u}]',
    'tgw/one-sided-peering',
  ],
  [
    'a peering of transit gateways that propagates',
    'transitGateways: [{name: t, routeTables: [{name: r}], attachments: [{name: x, transitGateway: {}, propagations: ^[r]}]}]',
    'tgw/no-propagation',
  ],
  [
    'zones of an attachment that has none',
    'transitGateways: [{name: t, attachments: [{name: x, transitGateway: {}, ^applianceMode: true}]}]',
    'topology/misplaced-key',
  ],
  [
    'a connection to a network that is not there',
    'connections: [{name: c, gateway: vgw, network: ^dc}]',
    'topology/unknown-reference',
  ],
  [
    'a connection of a gateway that is not there',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16]}]\nconnections: [{name: c, gateway: ^v, network: dc}]',
    'topology/unknown-reference',
  ],
  [
    'Direct Connect with static routing',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16]}]\nconnections: [{name: c, type: direct-connect, gateway: vgw, network: dc, routing: ^static}]',
    'connection/routing',
  ],
  [
    'static routes beside BGP',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16]}]\nconnections: [{name: c, gateway: vgw, network: dc, routing: bgp, staticRoutes: ^[192.168.0.0/16]}]',
    'connection/routing',
  ],
  [
    'an attachment of a connection that ends elsewhere',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16]}]\nconnections: [{name: c, gateway: vgw, network: dc}]\ntransitGateways: [{name: t, attachments: [{name: x, connection: ^c}]}]',
    'tgw/other-gateway',
  ],
  [
    'a connection without an attachment at its transit gateway',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16]}]\ntransitGateways: [{name: t}]\nconnections: [^{name: c, gateway: t, network: dc}]',
    'tgw/connection-attachment',
  ],
  [
    'a host outside its network',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16], hosts: [{name: h, address: ^10.9.0.1}]}]',
    'address/outside-network',
  ],
  [
    'two hosts with one address',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16], hosts: [{name: h, address: 192.168.0.1}, {name: i, address: ^192.168.0.1}]}]',
    'address/duplicate',
  ],
  [
    'a host on premises with the name of one on the internet',
    'hosts: [{name: h, address: 198.51.100.9}]\nonPremises: [{name: dc, cidrs: [192.168.0.0/16], hosts: [{name: ^h, address: 192.168.0.1}]}]',
    'topology/duplicate-name',
  ],
  [
    'a route of a network by a connection of another',
    'onPremises: [{name: dc, cidrs: [192.168.0.0/16], routes: [{to: 10.0.0.0/8, via: ^c}]}]',
    'topology/unknown-reference',
  ],
];

test.each(cases)('%s is refused where it stands', (_, marked, code) => {
  const lines = marked.split('\n');
  const column = lines.at(-1)!.indexOf('^') + 1;
  expect(column).toBeGreaterThan(0);
  expect(faults(`${HEAD}${VPCS}${marked.replace('^', '')}\n`)).toEqual([
    `vpcsim.yaml:${NEXT + lines.length - 1}:${column} ${code}`,
  ]);
});

test('a route to a transit gateway that the VPC is not attached to is told as such', () => {
  const routed = VPCS.replace(
    'vpnGateway:',
    'routeTables: [{name: main, routes: [{to: 0.0.0.0/0, via: t}]}], vpnGateway:',
  );
  expect(faults(`${HEAD}${routed}transitGateways: [{name: t}]\n`)).toEqual([
    'vpcsim.yaml:5:92 route/not-attached',
  ]);
});

describe('names of devices', () => {
  test.each([
    ['subnets', 'subnets: [{name: x, cidr: 10.1.0.0/24}]', 'subnets: [{name: x, cidr: 10.2.0.0/24}]', '3:61'],
    ['internet gateways', 'internetGateway: {name: x}', 'internetGateway: {name: x}', '3:58'],
    ['virtual private gateways', 'vpnGateway: {name: x}', 'vpnGateway: {name: x}', '3:53'],
  ])('of %s are unique over all VPCs', (_, one, two) => {
    const text = `${HEAD}vpcs:\n- {name: a, cidrs: [10.1.0.0/16], ${one}}\n- {name: b, cidrs: [10.2.0.0/16], ${two}}\n`;
    expect(faults(text)).toEqual([`vpcsim.yaml:6:${two.indexOf('x') + 35} topology/duplicate-name`]);
  });

  test('of internet gateways nobody has to write: the first VPC has igw, others igw-VPC', () => {
    const { vpcs } = good(
      `${HEAD}vpcs:\n- {name: a, cidrs: [10.1.0.0/16], internetGateway: {}}\n- {name: b, cidrs: [10.2.0.0/16], internetGateway: {}}\n`,
    );
    expect(vpcs.map(({ internetGateway }) => internetGateway?.name)).toEqual(['igw', 'igw-b']);
  });

  test('of route tables, network ACLs and security groups belong to their VPC', () => {
    const parts = 'routeTables: [{name: r}], networkAcls: [{name: n}], securityGroups: [{name: s}]';
    const text = `${HEAD}vpcs:\n- {name: a, cidrs: [10.1.0.0/16], ${parts}}\n- {name: b, cidrs: [10.2.0.0/16], ${parts}}\n`;
    expect(faults(text)).toEqual([]);
  });
});

describe('what gateways learn', () => {
  const dc = 'onPremises: [{name: dc, cidrs: [192.168.0.0/16, 172.16.0.0/12]}]\n';
  const propagating = VPCS.replace(
    'vpnGateway:',
    'routeTables: [{name: main, propagatingGateways: [vgw]}], vpnGateway:',
  );
  const routesOf = (connection: string): string[] =>
    good(
      `${HEAD}${propagating}${dc}connections: [{name: c, gateway: vgw, network: dc${connection}}]\n`,
    ).vpcs[0]!.routeTables[0]!.routes.map(({ to, via, by }) => `${formatCidr(to)} ${via} ${by}`);

  test.each([
    [
      'the blocks of the network over BGP',
      '',
      ['192.168.0.0/16 vgw propagated', '172.16.0.0/12 vgw propagated'],
    ],
    ['nothing over BGP that is down', ', state: down', []],
    [
      'the static routes of a VPN connection',
      ', staticRoutes: [192.168.1.0/24]',
      ['192.168.1.0/24 vgw propagated'],
    ],
    [
      'and these even while it is down',
      ', state: down, staticRoutes: [192.168.1.0/24]',
      ['192.168.1.0/24 vgw propagated'],
    ],
  ])('a table that the virtual private gateway propagates to has %s', (_, connection, expected) => {
    expect(routesOf(connection)).toEqual(expected);
  });

  test('only a gateway of the VPC propagates', () => {
    const text = `${HEAD}${propagating.replace('[vgw]', '[igw]')}`;
    expect(faults(text)).toEqual(['vpcsim.yaml:5:84 topology/unknown-reference']);
  });

  test('without tables of its own a transit gateway has one, which all attachments use', () => {
    const { transitGateways } = good(
      `${HEAD}${VPCS}transitGateways: [{name: t, attachments: [{name: x, vpc: a, subnets: [a-1]}, {name: y, vpc: b, subnets: [b-1]}]}]\n`,
    );
    const [{ routeTables, attachments }] = transitGateways as [(typeof transitGateways)[0]];
    expect(attachments.map(({ association }) => association)).toEqual(['default', 'default']);
    expect(routeTables.map(({ routes }) => routes?.map(({ to, via }) => `${formatCidr(to)} ${via}`))).toEqual(
      [['10.1.0.0/16 x', '10.2.0.0/16 y']],
    );
  });

  test('of two VPCs with the same block the first keeps its route, and that is told', () => {
    const parsed = load({
      'vpcsim.yaml': `${HEAD}${VPCS.replace('[10.2.0.0/16]', '[10.2.0.0/16, 10.1.0.0/16]')}transitGateways: [{name: t, attachments: [{name: x, vpc: a, subnets: [a-1]}, {name: y, vpc: b, subnets: [b-1]}]}]\n`,
    });
    expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toContain('tgw/overlap');
  });
});
