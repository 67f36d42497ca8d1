/** Explanation codes of internet gateways, their route tables and Block Public Access. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

/** A web server with a public address, one without, and a client on the internet. */
const site = ({
  gateway = '',
  access = '',
  tables = '',
  web = 'subnet: public',
  rest = '',
}: Partial<Record<string, string>> = {}): string => `
${access}
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw${gateway} }
    subnets:
      - { name: public, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: public, mapPublicIp: true }
      - { name: plain, cidr: 10.1.2.0/24, az: us-east-1a, routeTable: public }
      - { name: box, cidr: 10.1.3.0/24, az: us-east-1a, routeTable: outside, mapPublicIp: true }
    routeTables:
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - { name: outside, routes: [{ to: 0.0.0.0/0, via: igw }] }
${tables}
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
hosts: [{ name: laptop, address: 198.51.100.7, listen: [tcp/443] }]
instances:
  - { name: web, ${web}, securityGroups: [open], listen: [tcp/80] }
${rest}
`;
const box =
  '  - { name: box, subnet: box, securityGroups: [open], sourceDestCheck: false, forwarding: true }';
const edge = '      - { name: edge, edge: [igw], routes: [{ to: 10.1.1.0/24, via: box }] }';
const out = { from: 'instance/web', to: '198.51.100.7:443' };
const into = { from: 'host/laptop', to: 'instance/web:80' };

describe('an internet gateway', () => {
  codeCase({
    aws: 'BAD_STATE_ATTACHMENT',
    code: 'igw/not-attached',
    topology: site({ gateway: ', state: detached' }),
    flow: out,
    cured: replace('state: detached', 'state: available'),
  });
  codeCase({
    aws: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
    code: 'igw/no-public-address',
    topology: site({ web: 'subnet: plain' }),
    flow: out,
    cured: replace('name: web, subnet: plain', 'name: web, subnet: public'),
  });
  codeCase({
    aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    code: 'igw/private-destination',
    topology: site(),
    flow: { from: 'instance/web', to: '172.20.0.1:443' },
    cured: replace(
      'name: public, routes: [{ to: 0.0.0.0/0, via: igw }',
      'name: public, routes: [{ to: 198.51.100.0/24, via: igw }',
    ),
  });
  codeCase({
    aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
    code: 'igw/cgnat-destination',
    topology: site(),
    flow: { from: 'instance/web', to: '100.64.3.1:443' },
    cured: replace(
      'name: public, routes: [{ to: 0.0.0.0/0, via: igw }',
      'name: public, routes: [{ to: 198.51.100.0/24, via: igw }',
    ),
  });
  codeCase({
    aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
    code: 'igw/private-source',
    topology: site().replace('198.51.100.7, listen', '192.168.7.7, listen'),
    flow: into,
    cured: replace('192.168.7.7, listen', '198.51.100.7, listen'),
  });
  codeCase({
    aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
    code: 'igw/cgnat-source',
    topology: site().replace('198.51.100.7, listen', '100.100.7.7, listen'),
    flow: into,
    cured: replace('100.100.7.7, listen', '198.51.100.7, listen'),
  });
});

describe('a source that nobody has', () => {
  codeCase({
    aws: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
    code: 'igw/spoofed-source',
    topology: site({ web: 'subnet: public, sourceDestCheck: false' }),
    flow: { ...out, sourceIp: '10.1.1.50' },
    cured: replace('sourceDestCheck: false', 'sourceDestCheck: false, address: 10.1.1.50'),
  });
});

describe('a gateway route table', () => {
  codeCase({
    aws: 'INGRESS_RTB_TRAFFIC_REDIRECTION',
    code: 'igw/not-through-middlebox',
    title: 'the reply goes past the middlebox',
    topology: site({ tables: edge, rest: box }),
    flow: into,
    cured: replace(
      'name: public, routes: [{ to: 0.0.0.0/0, via: igw }]',
      'name: public, routes: [{ to: 0.0.0.0/0, via: box }]',
    ),
  });
  codeCase({
    aws: 'INGRESS_RTB_TRAFFIC_REDIRECTION',
    code: 'igw/not-through-middlebox',
    title: 'the request goes past the middlebox',
    topology: site({ tables: edge, rest: box }),
    flow: out,
    cured: replace(
      'name: public, routes: [{ to: 0.0.0.0/0, via: igw }]',
      'name: public, routes: [{ to: 0.0.0.0/0, via: box }]',
    ),
  });
  codeCase({
    aws: 'INGRESS_RTB_NO_PUBLIC_IP',
    code: 'rt/middlebox-not-public',
    topology: site({ tables: edge, rest: box }).replace(
      'routeTable: outside, mapPublicIp: true',
      'routeTable: outside, mapPublicIp: false',
    ),
    flow: into,
    cured: replace('routeTable: outside, mapPublicIp: false', 'routeTable: outside, mapPublicIp: true'),
  });
  codeCase({
    aws: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    code: 'eni/destination-check',
    topology: site({ tables: edge, rest: box.replace('sourceDestCheck: false', 'sourceDestCheck: true') }),
    flow: into,
    cured: replace('sourceDestCheck: true', 'sourceDestCheck: false'),
  });
});

describe('Block Public Access', () => {
  const access =
    'blockPublicAccess: [{ mode: block-bidirectional, exclusions: [{ subnet: plain, mode: bidirectional }] }]';
  codeCase({
    aws: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
    code: 'igw/public-access-blocked',
    title: 'on the way out',
    topology: site({ access }),
    flow: out,
    cured: replace('mode: block-bidirectional', 'mode: off'),
  });
  codeCase({
    aws: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
    code: 'igw/public-access-blocked',
    title: 'on the way in',
    topology: site({ access }),
    flow: into,
    cured: replace('subnet: plain, mode: bidirectional', 'subnet: public, mode: bidirectional'),
  });
});
