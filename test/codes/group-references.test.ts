/** The explanation code of security groups that a transit gateway does not tell the other VPC. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const hub = `
transitGateways:
  - name: tgw
    securityGroupReferencing: true
    routeTables: [{ name: rt }]
    attachments:
      - { name: att-a, vpc: a, subnets: [a], securityGroupReferencing: true, association: rt, propagations: [rt] }
      - { name: att-b, vpc: b, subnets: [b], securityGroupReferencing: false, association: rt, propagations: [rt] }
vpcs:
  - name: a
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: a }]
    routeTables: [{ name: a, routes: [{ to: 10.2.0.0/16, via: tgw }] }]
    securityGroups: [{ name: app }]
  - name: b
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b, cidr: 10.2.1.0/24, az: us-east-1a, routeTable: b }]
    routeTables: [{ name: b, routes: [{ to: 10.1.0.0/16, via: tgw }] }]
    securityGroups: [{ name: db, ingress: [{ protocol: tcp, ports: 5432, from: sg/a/app }] }]
instances:
  - { name: app, subnet: a, securityGroups: [app] }
  - { name: db, subnet: b, securityGroups: [db], listen: [tcp/5432] }
`;

describe('security groups across a transit gateway', () => {
  codeCase({
    aws: 'SG_REFERENCING_SUPPORT',
    code: 'sg/no-ingress-rule',
    topology: hub,
    flow: { from: 'instance/app', to: 'instance/db:5432' },
    cured: replace('securityGroupReferencing: false', 'securityGroupReferencing: true'),
  });
});
