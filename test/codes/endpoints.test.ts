/** Explanation codes of VPC endpoints. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

const site = (endpoint: string): string => `
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.1.0.0/16]
    routeTables: [{ name: private }]
    subnets:
      - { name: a, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: private }
      - { name: b, cidr: 10.1.2.0/24, az: us-east-1b, routeTable: private }
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
    endpoints: [${endpoint}]
instances: [{ name: app, subnet: a, securityGroups: [open], listen: [tcp/80] }]
`;
const s3 = '{ name: s3, service: s3, type: gateway, routeTables: [private] }';
const sts = '{ name: sts, service: sts, type: interface, subnets: [b], securityGroups: [open] }';

describe('VPC endpoints', () => {
  codeCase({
    aws: 'VPCE_GATEWAY_PROTOCOL_RESTRICTION',
    code: 'vpce/protocol',
    topology: site(s3),
    flow: { from: 'instance/app', to: '52.216.0.1:443', protocol: 'udp' },
    cured: replace('routeTables: [private] }', 'routeTables: [] }'),
  });

  codeCase({
    aws: 'BAD_STATE',
    code: 'vpce/not-available',
    title: 'a gateway endpoint that is going',
    topology: site(s3.replace(' }', ', state: deleting }')),
    flow: { from: 'instance/app', to: 'aws/s3' },
    cured: replace('state: deleting', 'state: available'),
  });

  codeCase({
    aws: 'VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION',
    code: 'vpce/source-not-of-service',
    topology: `prefixLists: [{ name: s3, cidrs: [203.0.113.0/25] }]\n${site(s3)}`,
    flow: { from: 'endpoint/s3', to: 'instance/app:80', sourceIp: '203.0.113.200' },
    cured: replace('203.0.113.0/25', '203.0.113.0/24'),
  });

  codeCase({
    aws: 'VPCE_INTRA_VPC_TRAFFIC',
    code: 'vpce/starts-flow',
    topology: site(sts),
    flow: { from: 'endpoint/sts', to: 'instance/app:80' },
    cured: { from: 'instance/app', to: 'endpoint/sts:443' },
  });

  codeCase({
    aws: 'VPCE_SERVICE_NOT_INSTALLED_IN_AZ',
    code: 'vpce/not-in-zone',
    topology: site(sts.replace(' }', ', zones: [us-east-1a] }')),
    flow: { from: 'instance/app', to: 'aws/sts' },
    cured: replace('zones: [us-east-1a]', 'zones: [us-east-1a, us-east-1b]'),
  });

  codeCase({
    aws: 'PROTOCOL_RESTRICTION',
    code: 'vpce/tcp-only',
    topology: site(sts),
    flow: { from: 'instance/app', to: 'aws/sts', protocol: 'icmp' },
    cured: replace('type: interface', 'type: interface, privateDns: false'),
  });
});
