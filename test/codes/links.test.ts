/** Explanation codes of what joins VPCs with each other and with networks outside AWS. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const open = 'securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]';

/** Two VPCs, peered. */
const peered = ({
  routes = '',
  accepter = 'b',
  state = '',
  boxes = '',
}: Partial<Record<string, string>> = {}): string => `
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    ${open}
    subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.2.0.0/16, via: pcx }${routes}] }]
  - name: b
    cidrs: [10.2.0.0/16]
    internetGateway: {}
    natGateways: [{ name: nat-b, subnet: b-1 }]
    ${open}
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 10.1.0.0/16, via: pcx }, { to: 0.0.0.0/0, via: igw }] }]
peerings: [{ name: pcx, requester: a, accepter: ${accepter}${state} }]
instances:
  - { name: client, vpc: a, subnet: a-1, securityGroups: [open] }
  - { name: web, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
${boxes}
`;
const toWeb = { from: 'instance/client', to: '10.2.0.10:80' };

describe('peering', () => {
  codeCase({
    aws: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
    code: 'pcx/no-transit',
    topology: peered({ routes: ', { to: 0.0.0.0/0, via: pcx }' }),
    flow: { from: 'instance/client', to: '1.1.1.1:443' },
    cured: replace(', { to: 0.0.0.0/0, via: pcx }', ''),
  });
  codeCase({
    aws: 'BAD_STATE',
    code: 'pcx/not-active',
    topology: peered({ state: ', state: expired' }),
    flow: toWeb,
    cured: replace(', state: expired', ''),
  });
  codeCase({
    aws: 'UNKNOWN_DESTINATION',
    code: 'pcx/peer-unknown',
    topology: peered({ accepter: '{ cidrs: [10.2.0.0/16] }' }).replace('{ to: 10.1.0.0/16, via: pcx }, ', ''),
    flow: toWeb,
    cured: (text) => text.replace('{ cidrs: [10.2.0.0/16] }', 'b'),
  });
});

/** Two VPCs and a data centre on a transit gateway. */
const transit = ({
  gateway = '',
  table = '[]',
  a = 'association: rt, propagations: [rt]',
  b = 'association: rt, propagations: [rt]',
  vpn = '',
  subnet = 'a-1',
}: Partial<Record<string, string>> = {}): string => `
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    ${open}
    subnets:
      - { name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }
      - { name: a-2, cidr: 10.1.1.0/24, az: us-east-1b }
    routeTables: [{ name: main, routes: [{ to: 0.0.0.0/0, via: tgw }] }]
  - name: b
    cidrs: [10.2.0.0/16]
    ${open}
    subnets: [{ name: b-1, cidr: 10.2.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, routes: [{ to: 0.0.0.0/0, via: tgw }] }]
transitGateways:
  - name: tgw${gateway}
    routeTables: [{ name: rt, routes: ${table} }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a-1], ${a} }
      - { name: att-b, vpc: b, subnets: [b-1], ${b} }
      - { name: att-dc, connection: vpn, association: rt }
connections: [{ name: vpn, gateway: tgw, network: dc${vpn} }]
onPremises: [{ name: dc, cidrs: [192.168.0.0/16] }]
instances:
  - { name: client, vpc: a, subnet: ${subnet}, securityGroups: [open] }
  - { name: web, vpc: b, subnet: b-1, address: 10.2.0.10, securityGroups: [open] }
`;

describe('transit gateways', () => {
  codeCase({
    aws: 'TGW_ROUTE_AZ_RESTRICTION',
    code: 'tgw/no-attachment-in-zone',
    topology: transit({ subnet: 'a-2' }),
    flow: toWeb,
    cured: replace('subnets: [a-1]', 'subnets: [a-1, a-2]'),
  });
  codeCase({
    aws: 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
    code: 'tgw/no-association',
    topology: transit({ a: 'propagations: [rt]' }),
    flow: toWeb,
    cured: replace('subnets: [a-1], propagations', 'subnets: [a-1], association: rt, propagations'),
  });
  codeCase({
    aws: 'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT',
    code: 'tgw/no-route',
    topology: transit({ b: 'association: rt' }),
    flow: toWeb,
    cured: replace('subnets: [b-1], association: rt', 'subnets: [b-1], association: rt, propagations: [rt]'),
  });
  codeCase({
    aws: 'TGW_RTB_CANNOT_ROUTE',
    code: 'tgw/no-route',
    topology: transit({ b: 'association: rt', table: '[{ to: 10.2.1.0/24, via: att-b }]' }),
    flow: toWeb,
    cured: replace('10.2.1.0/24', '10.2.0.0/24'),
  });
  codeCase({
    aws: 'TGW_RTB_BAD_STATE_ROUTE',
    code: 'tgw/blackhole',
    topology: transit({ b: 'association: rt', table: '[{ to: 10.2.0.0/16, via: blackhole }]' }),
    flow: toWeb,
    cured: replace('via: blackhole', 'via: att-b'),
  });
  codeCase({
    aws: 'TGW_RTB_HIGHER_PRIORITY_ROUTE',
    code: 'tgw/blackhole',
    topology: transit({ table: '[{ to: 10.2.0.0/16, via: blackhole }]' }),
    flow: toWeb,
    cured: replace('[{ to: 10.2.0.0/16, via: blackhole }]', '[]'),
  });
  codeCase({
    aws: 'TGW_RTB_MORE_SPECIFIC_ROUTE',
    code: 'tgw/blackhole',
    topology: transit({ table: '[{ to: 10.2.0.0/24, via: blackhole }]' }),
    flow: toWeb,
    cured: replace('[{ to: 10.2.0.0/24, via: blackhole }]', '[]'),
  });
  codeCase({
    aws: 'TGW_RTB_ROUTES_ARE_UNKNOWN',
    code: 'tgw/routes-unknown',
    topology: transit({ table: 'unknown' }),
    flow: toWeb,
    cured: replace('unknown', '[]'),
  });
  codeCase({
    aws: 'TGW_BAD_STATE_VPN',
    code: 'connection/down',
    topology: transit({ vpn: ', state: down', table: '[{ to: 192.168.0.0/16, via: att-dc }]' }),
    flow: { from: 'instance/client', to: '192.168.0.1:22' },
    cured: replace(', state: down', ''),
  });
  codeCase({
    aws: 'BAD_STATE',
    code: 'tgw/not-available',
    title: 'a transit gateway',
    topology: transit({ gateway: '\n    state: deleting' }),
    flow: toWeb,
    cured: replace('state: deleting', 'state: available'),
  });
  codeCase({
    aws: 'BAD_STATE_ATTACHMENT',
    code: 'tgw/attachment-not-available',
    topology: transit({ b: 'association: rt, propagations: [rt], state: modifying' }),
    flow: toWeb,
    cured: replace(', state: modifying', ''),
  });
});

/** A VPC and a data centre behind its virtual private gateway. */
const branch = ({
  gateway = '',
  vpn = '',
  routes = '',
  destination = '',
}: Partial<Record<string, string>> = {}): string => `
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    vpnGateway: { name: vgw${gateway} }
    ${open}
    subnets: [{ name: a-1, cidr: 10.1.0.0/24, az: us-east-1a }]
    routeTables: [{ name: main, propagatingGateways: [vgw], routes: [${routes}] }]
connections: [{ name: vpn, gateway: vgw, network: dc${vpn} }]
onPremises: [{ name: dc, cidrs: [192.168.0.0/16${destination}] }]
instances:
  - { name: client, subnet: a-1, address: 10.1.0.10, securityGroups: [open] }
  - { name: box, subnet: a-1, securityGroups: [open], forwarding: true, sourceDestCheck: false }
`;
const toCentre = { from: 'instance/client', to: '192.168.0.1:22' };

describe('virtual private gateways', () => {
  codeCase({
    aws: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    code: 'vgw/destination-not-in-vpc',
    topology: branch(),
    flow: { from: '192.168.0.1', to: '10.1.0.11:22' },
    cured: replace('address: 10.1.0.10', 'address: 10.1.0.11'),
  });
  codeCase({
    aws: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS',
    code: 'vgw/source-not-in-vpc',
    topology: branch(),
    flow: { from: 'instance/box', to: '192.168.0.1:22', sourceIp: '10.1.0.11', oneWay: true },
    cured: replace('address: 10.1.0.10', 'address: 10.1.0.11'),
  });
  codeCase({
    aws: 'BAD_STATE_ATTACHMENT',
    code: 'vgw/not-attached',
    title: 'a virtual private gateway',
    topology: branch({ gateway: ', state: detaching' }),
    flow: toCentre,
    cured: replace(', state: detaching', ''),
  });
  codeCase({
    aws: 'BAD_STATE_VPN',
    code: 'connection/down',
    topology: branch({ vpn: ', state: down', routes: '{ to: 192.168.0.0/16, via: vgw }' }),
    flow: toCentre,
    cured: replace(', state: down', ''),
  });
  codeCase({
    aws: 'NO_POSSIBLE_DESTINATION',
    code: 'vgw/no-connection',
    topology: branch({ routes: '{ to: 172.16.0.0/12, via: vgw }' }),
    flow: { from: 'instance/client', to: '172.16.0.1:22' },
    cured: replace('[192.168.0.0/16]', '[192.168.0.0/16, 172.16.0.0/12]'),
  });
});
