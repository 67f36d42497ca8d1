/** Explanation codes of what only the VPC's router can tell: targets that nobody described, blocks that are not the
 *  VPC's. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const site = (routes: string): string => `
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    subnets: [{ name: a, cidr: 10.1.1.0/24, routeTable: a, mapPublicIp: true }]
    routeTables: [{ name: a, routes: [${routes}] }]
instances: [{ name: app, subnet: a }]
`;

describe('the router of a VPC', () => {
  codeCase({
    aws: 'UNKNOWN_RESOURCE',
    code: 'rt/unknown-target',
    title: 'the target of the route is not described',
    topology: site('{ to: 0.0.0.0/0, via: unknown/igw-0a4895a3c58cac8cb }'),
    flow: { from: 'instance/app', to: '198.51.100.7:443' },
    cured: replace('unknown/igw-0a4895a3c58cac8cb', 'igw'),
  });
  codeCase({
    aws: 'VPC_LOCAL_ROUTE_CIDR_RESTRICTION',
    code: 'rt/no-route',
    title: 'a gateway brings a packet for another network',
    topology: site(''),
    flow: { from: 'vpc-router/main', to: '10.9.0.10:443', sourceIp: '10.8.0.10' },
    cured: replace('cidrs: [10.1.0.0/16]', 'cidrs: [10.1.0.0/16, 10.9.0.0/16]'),
  });
});
