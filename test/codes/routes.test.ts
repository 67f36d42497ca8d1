/** Explanation codes of route tables and of network interfaces. */
import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const site = (routes: string, rest = ''): string => `
prefixLists: [{ name: corp, cidrs: [198.51.100.0/24] }]
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    subnets:
      - { name: a, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: a, mapPublicIp: true }
      - { name: b, cidr: 10.1.2.0/24, az: us-east-1a, routeTable: b, mapPublicIp: true }
    routeTables:
      - { name: a, routes: [${routes}] }
      - { name: b, routes: [{ to: 0.0.0.0/0, via: igw }] }
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
hosts: [{ name: service, address: 198.51.100.7, listen: [tcp/443] }]
instances:
  - { name: app, subnet: a, securityGroups: [open] }
  - { name: web, subnet: b, address: 10.1.2.50, securityGroups: [open], listen: [tcp/80] }
${rest}
`;
/** A node whose second interface holds the address of the pod behind a node port. */
const secondInterface = readFileSync(
  new URL('../../topologies/failures/03-reply-by-the-other-interface.yaml', import.meta.url),
  'utf8',
).replace(/^(#.*|apiVersion: vpcsim.*|kind: Topology|metadata: \{ name: 03.*)\n/gm, '');
const out = { from: 'instance/app', to: '198.51.100.7:443' };

describe('a route table', () => {
  codeCase({
    aws: 'NO_ROUTE_TO_DESTINATION',
    code: 'rt/no-route',
    topology: site(''),
    flow: out,
    cured: replace('name: a, routes: []', 'name: a, routes: [{ to: 0.0.0.0/0, via: igw }]'),
  });
  codeCase({
    aws: 'CANNOT_ROUTE',
    code: 'rt/no-route',
    topology: site('{ to: 198.51.0.0/18, via: igw }'),
    flow: out,
    cured: replace('198.51.0.0/18', '198.51.0.0/16'),
  });
  codeCase({
    aws: 'BAD_STATE_ROUTE',
    code: 'rt/blackhole',
    topology: site('{ to: 0.0.0.0/0, via: blackhole }'),
    flow: out,
    cured: replace('via: blackhole', 'via: igw'),
  });
  codeCase({
    aws: 'MORE_SPECIFIC_ROUTE',
    code: 'rt/blackhole',
    topology: site('{ to: 0.0.0.0/0, via: igw }, { to: 198.51.100.0/24, via: blackhole }'),
    flow: out,
    cured: replace(', { to: 198.51.100.0/24, via: blackhole }', ''),
  });
  codeCase({
    aws: 'HIGHER_PRIORITY_ROUTE',
    code: 'rt/blackhole',
    topology: site('{ to: pl/corp, via: igw }, { to: 198.51.100.0/24, via: blackhole }'),
    flow: out,
    cured: replace(', { to: 198.51.100.0/24, via: blackhole }', ''),
  });
  codeCase({
    aws: 'NO_POSSIBLE_DESTINATION',
    code: 'vpc/no-such-address',
    topology: site(''),
    flow: { from: 'instance/app', to: '10.1.2.51:80' },
    cured: replace('address: 10.1.2.50', 'address: 10.1.2.51'),
  });
});

describe('a network interface', () => {
  const given =
    '    interfaces: [{ name: eni-1, subnet: a, addresses: [10.1.1.60], publicAddresses: { 10.1.1.60: 203.0.113.60 }, securityGroups: [open], state: available }]';
  const held = site('{ to: 0.0.0.0/0, via: igw }').replace(
    '    securityGroups:',
    `${given}\n    securityGroups:`,
  );
  codeCase({
    aws: 'BAD_STATE_ATTACHMENT',
    code: 'eni/not-attached',
    topology: held,
    flow: { from: 'instance/app', to: '10.1.1.60:443' },
    cured: replace('state: available', 'state: in-use'),
  });
  codeCase({
    aws: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    code: 'igw/unknown-public-address',
    topology: held,
    flow: { from: 'host/service', to: '203.0.113.60:443' },
    cured: replace('state: available', 'state: in-use'),
  });
  codeCase({
    aws: 'ENI_ADDRESS_RESTRICTION',
    code: 'eni/source-check',
    topology: secondInterface,
    flow: { from: 'internet', to: 'node/worker:30081' },
    cured: replace('AWS_VPC_CNI_NODE_PORT_SUPPORT: "false"', 'AWS_VPC_CNI_NODE_PORT_SUPPORT: "true"'),
  });

  codeCase({
    aws: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    code: 'eni/source-check',
    title: 'a source that is none of its own',
    topology: site(''),
    flow: { from: 'instance/app', to: '10.1.2.50:80', sourceIp: '10.1.1.99' },
    cured: replace('name: app, subnet: a,', 'name: app, subnet: a, sourceDestCheck: false,'),
  });
  codeCase({
    aws: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
    code: 'eni/destination-check',
    title: 'a route to it for others, more specific than the local one',
    topology: site(
      '{ to: 10.1.2.0/24, via: box }',
      '  - { name: box, subnet: c, securityGroups: [open], forwarding: true }',
    ).replace('routeTables:', '  - { name: c, cidr: 10.1.3.0/24, routeTable: b }\n    routeTables:'),
    flow: { from: 'instance/app', to: '10.1.2.50:80' },
    cured: replace('name: box, subnet: c,', 'name: box, subnet: c, sourceDestCheck: false,'),
  });
});
