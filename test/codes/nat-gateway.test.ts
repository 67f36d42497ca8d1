/** Explanation codes of NAT gateways. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const site = (nat = 'subnet: public', private_ = 'nat', rest = ''): string => `
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, ${nat} }]
    subnets:
      - { name: public, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: public, mapPublicIp: true }
      - { name: private, cidr: 10.1.2.0/24, az: us-east-1b, routeTable: private, mapPublicIp: true }
    routeTables:
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - { name: private, routes: [{ to: 0.0.0.0/0, via: ${private_} }] }
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
hosts: [{ name: laptop, address: 198.51.100.7, listen: [tcp/443] }]
instances:
  - { name: app, subnet: private, securityGroups: [open], listen: [tcp/80] }
${rest}
`;
const out = { from: 'instance/app', to: '198.51.100.7:443' };

describe('a NAT gateway', () => {
  codeCase({
    aws: 'BAD_STATE',
    code: 'nat/not-available',
    topology: site('subnet: public, state: failed'),
    flow: out,
    cured: replace('state: failed', 'state: available'),
  });
  codeCase({
    aws: 'PROTOCOL_RESTRICTION',
    code: 'nat/unsupported-protocol',
    topology: site(),
    flow: { from: 'instance/app', to: '198.51.100.7:443', protocol: 'sctp' },
    cured: replace(
      'name: private, routes: [{ to: 0.0.0.0/0, via: nat }',
      'name: private, routes: [{ to: 0.0.0.0/0, via: igw }',
    ),
  });
  codeCase({
    aws: 'NGW_DEST_ADDRESS_PRESERVATION',
    code: 'nat/no-session',
    title: 'it leads nobody in',
    topology: site('subnet: public, addresses: [{ public: 203.0.113.77 }]'),
    flow: { from: 'host/laptop', to: '203.0.113.77:80' },
    cured: replace('public: 203.0.113.77', 'public: 203.0.113.78'),
  });
  codeCase({
    aws: 'NGW_SOURCE_ADDRESS_REASSIGN',
    code: 'nat/no-session',
    title: 'a reply may not get another source',
    topology: site(),
    flow: { from: 'host/laptop', to: 'instance/app:80' },
    cured: replace(
      'name: private, routes: [{ to: 0.0.0.0/0, via: nat }',
      'name: private, routes: [{ to: 0.0.0.0/0, via: igw }',
    ),
  });
  codeCase({
    aws: 'NGW_REQUIRES_SOURCE_IN_VPC',
    code: 'nat/source-not-in-vpc',
    topology: site().replace('listen: [tcp/80]', 'sourceDestCheck: false'),
    flow: { ...out, sourceIp: '100.64.0.9' },
    cured: replace('cidrs: [10.1.0.0/16]', 'cidrs: [10.1.0.0/16, 100.64.0.0/16]'),
  });
  codeCase({
    aws: 'REGIONAL_NGW_ROUTE_AZ_RESTRICTION',
    code: 'nat/not-in-zone',
    topology: site('availability: regional, zones: [us-east-1a]'),
    flow: out,
    cured: replace('zones: [us-east-1a]', 'zones: [us-east-1a, us-east-1b]'),
  });
});
