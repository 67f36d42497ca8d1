/** Explanation codes of security groups and network ACLs. */
import { describe } from 'vitest';
import { codeCase, replace } from './runner.ts';

/** A client and a server in two subnets, and what a case adds. */
const pair = ({
  ingress = '{ protocol: tcp, ports: 80, from: sg/client }',
  egress = '{ protocol: all, to: 0.0.0.0/0 }',
  tables = '',
  acl = '',
  rest = '',
}: Partial<Record<string, string>> = {}): string => `
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, subnet: public }]
    subnets:
      - { name: a, cidr: 10.1.1.0/24, routeTable: a }
      - { name: b, cidr: 10.1.2.0/24, networkAcl: b }
      - { name: mid, cidr: 10.1.3.0/24 }
      - { name: public, cidr: 10.1.4.0/24, routeTable: public, networkAcl: public }
    routeTables:
      - { name: main, main: true }
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - name: a
        routes:
          - { to: 0.0.0.0/0, via: nat }
${tables}
    networkAcls:
      - { name: b, ingress: [${acl || '{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }'}], egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }] }
      - name: public
        ingress:
          - { rule: 100, protocol: all, cidr: 10.0.0.0/8, action: allow }
          - { rule: 110, protocol: tcp, ports: 443, cidr: 0.0.0.0/0, action: allow }
        egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]
    securityGroups:
      - { name: client, egress: [${egress}] }
      - { name: server, ingress: [${ingress}] }
instances:
  - { name: client, subnet: a, address: 10.1.1.10, securityGroups: [client] }
  - { name: server, subnet: b, address: 10.1.2.10, securityGroups: [server], listen: [tcp/80] }
${rest}
`;
const ask = { from: 'instance/client', to: '10.1.2.10:80' };
const box = '  - { name: box, subnet: mid, securityGroups: [box], sourceDestCheck: false, forwarding: true }';

describe('security groups', () => {
  codeCase({
    aws: 'ENI_SG_RULES_MISMATCH',
    code: 'sg/no-ingress-rule',
    topology: pair({ ingress: '{ protocol: tcp, ports: 443, from: sg/client }' }),
    flow: ask,
    cured: replace('ports: 443, from: sg/client', 'ports: 80, from: sg/client'),
  });
  codeCase({
    aws: 'ENI_SG_RULES_MISMATCH',
    code: 'sg/no-ingress-rule',
    title: 'the rule names a group that was deleted',
    topology: pair({ ingress: '{ protocol: tcp, ports: 80, from: sg/gone, stale: true }' }),
    flow: ask,
    cured: replace('sg/gone, stale: true', 'sg/client'),
  });
  codeCase({
    aws: 'SG_HAS_NO_RULES',
    code: 'sg/no-ingress-rule',
    topology: pair({ ingress: '' }),
    flow: ask,
    cured: replace('ingress: []', 'ingress: [{ protocol: tcp, ports: 80, from: 10.1.1.0/24 }]'),
  });
  codeCase({
    aws: 'SG_HAS_NO_RULES',
    code: 'sg/no-egress-rule',
    topology: pair({ egress: '' }),
    flow: ask,
    cured: replace('egress: [] }', 'egress: [{ protocol: tcp, ports: 80, to: sg/server }] }'),
  });
  codeCase({
    aws: 'SG_REFERENCES_NOT_PRESERVED',
    code: 'sg/no-ingress-rule',
    title: 'a middlebox on the way',
    topology: pair({
      tables: '          - { to: 10.1.2.0/24, via: box }',
      rest: box,
    }).replace(
      '      - { name: client, egress',
      '      - { name: box, ingress: [{ protocol: all, from: 10.1.0.0/16 }] }\n      - { name: client, egress',
    ),
    flow: ask,
    cured: replace('          - { to: 10.1.2.0/24, via: box }', ''),
  });
  codeCase({
    aws: 'SG_REFERENCES_NOT_PRESERVED',
    code: 'sg/no-ingress-rule',
    title: 'source NAT on the way',
    topology: pair({
      tables: '          - { to: 10.1.2.0/24, via: private-nat }',
    }).replace('natGateways: [', 'natGateways: [{ name: private-nat, subnet: mid, connectivity: private }, '),
    flow: ask,
    cured: replace('          - { to: 10.1.2.0/24, via: private-nat }', ''),
  });
  codeCase({
    aws: 'UNKNOWN_PEERED_SGS',
    code: 'sg/no-egress-rule',
    topology: `
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a, cidr: 10.1.1.0/24 }]
    routeTables: [{ name: main, routes: [{ to: 10.2.0.0/16, via: pcx }] }]
    securityGroups: [{ name: client, egress: [{ protocol: tcp, ports: 443, to: sg/pcx/sg-0abc }] }]
peerings: [{ name: pcx, requester: main, accepter: { cidrs: [10.2.0.0/16], account: "444455556666" } }]
instances: [{ name: client, subnet: a, securityGroups: [client] }]
`,
    flow: { from: 'instance/client', to: '10.2.0.10:443' },
    cured: replace('sg/pcx/sg-0abc', '10.2.0.0/16'),
  });
});

describe('network ACLs', () => {
  codeCase({
    aws: 'SUBNET_ACL_RESTRICTION',
    code: 'nacl/denied-in',
    topology: pair({ acl: '{ rule: 100, protocol: tcp, ports: 443, cidr: 0.0.0.0/0, action: allow }' }),
    flow: ask,
    cured: replace(
      'tcp, ports: 443, cidr: 0.0.0.0/0, action: allow }], egress',
      'tcp, ports: 80, cidr: 0.0.0.0/0, action: allow }], egress',
    ),
  });
  codeCase({
    aws: 'REMAP_EPHEMERAL_PORT',
    code: 'nacl/denied-in',
    topology: pair(),
    flow: { from: 'instance/client', to: 'internet:443' },
    cured: replace('ports: 443, cidr: 0.0.0.0/0', 'ports: 1024-65535, cidr: 0.0.0.0/0'),
  });
});
