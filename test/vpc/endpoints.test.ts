/** VPC endpoints: a route to S3 without the internet, and addresses in the VPC behind which a service answers. */
import { describe, expect, test } from 'vitest';
import { issues as issuesOf } from '../io/input.ts';
import { traceOf, worldOf } from '../support/worlds.ts';
import { blockers, enters, via } from './tracing.ts';

const head = 'apiVersion: vpcsim/v1\nkind: Topology\nmetadata: { name: t }\n';

interface Written {
  readonly vpc?: string;
  readonly endpoints?: string;
  readonly app?: string;
}

function world({ vpc = '', endpoints = '', app = '' }: Written) {
  return worldOf({
    'vpcsim.yaml': `${head}
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.0.0.0/16]
    ${vpc}
    internetGateway: { name: igw }
    natGateways: [{ name: nat, subnet: public }]
    routeTables:
      - { name: private, routes: [{ to: 0.0.0.0/0, via: nat }] }
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
    subnets:
      - { name: a, cidr: 10.0.1.0/24, az: us-east-1a, routeTable: private }
      - { name: b, cidr: 10.0.2.0/24, az: us-east-1b, routeTable: private }
      - { name: public, cidr: 10.0.3.0/24, az: us-east-1a, routeTable: public }
    securityGroups:
      - { name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }
      - { name: https, ingress: [{ protocol: tcp, ports: 443, from: 10.0.1.0/24 }] }
      - { name: app${app} }
    endpoints: [${endpoints}]
instances:
  - { name: app, subnet: a, address: 10.0.1.10, securityGroups: [app] }
  - { name: box, subnet: a, securityGroups: [app], sourceDestCheck: false }
  - { name: far, subnet: b, address: 10.0.2.10, securityGroups: [app] }
`,
  });
}

const s3 = '{ name: s3, service: s3, type: gateway, routeTables: [private] }';
const sts = (rest = '') =>
  `{ name: sts, service: sts, type: interface, subnets: [a, b], securityGroups: [https]${rest} }`;

describe('a gateway endpoint', () => {
  test('takes what goes to its service, more specific than the default route; the source stays', () => {
    const told = traceOf(world({ endpoints: s3 }), 'instance/app', 'aws/s3');
    expect(told.verdict).toBe('reachable');
    expect(via(told.paths[0]!.hops)).toBe(
      'instance/app > eni/app > subnet/a > vpc-router/main > gateway-endpoint/s3 > aws-service/s3.us-east-1',
    );
    expect(enters(told.paths[0]!.hops, 'aws-service/s3.us-east-1')).toMatch(/^10\.0\.1\.10:49152/);
    expect(via(told.paths[0]!.reply.hops)).toBe(
      'aws-service/s3.us-east-1 > gateway-endpoint/s3 > vpc-router/main > subnet/a > eni/app > instance/app',
    );
  });

  test('takes any address of the prefix list', () => {
    const told = traceOf(world({ endpoints: s3 }), 'instance/app', '52.216.7.7:443');
    expect(via(told.paths[0]!.hops)).toMatch(/gateway-endpoint\/s3 > aws-service\/s3\.us-east-1$/);
  });

  test('serves the tables it is associated with: without one the packet goes to the internet', () => {
    const told = traceOf(
      world({ endpoints: '{ name: s3, service: s3, type: gateway, routeTables: [] }' }),
      'instance/app',
      'aws/s3',
    );
    expect(via(told.paths[0]!.hops)).toMatch(
      /nat-gateway\/nat .* > internet-gateway\/igw > internet\/internet > aws-service/,
    );
  });

  test('carries TCP and echo requests, and nothing else', () => {
    const network = world({ endpoints: s3 });
    expect(traceOf(network, 'instance/app', 'aws/s3', { protocol: 'icmp' }).verdict).toBe('reachable');
    expect(blockers(traceOf(network, 'instance/app', 'aws/s3', { protocol: 'udp' }))).toContain(
      'forward vpce/protocol gateway-endpoint/s3',
    );
  });

  test('has no security group; that of the sender must let its prefix list out', () => {
    const closed = world({ endpoints: s3, app: ', egress: [{ protocol: all, to: 10.0.0.0/16 }]' });
    expect(blockers(traceOf(closed, 'instance/app', 'aws/s3'))).toEqual([
      'forward sg/no-egress-rule eni/app',
    ]);
    const open = world({ endpoints: s3, app: ', egress: [{ protocol: tcp, ports: 443, to: pl/s3 }]' });
    expect(traceOf(open, 'instance/app', 'aws/s3').verdict).toBe('reachable');
  });

  test('serves sources of its own VPC alone', () => {
    const network = world({ endpoints: s3 });
    expect(blockers(traceOf(network, 'instance/box', 'aws/s3', { sourceIp: '192.168.9.9' }))).toContain(
      'forward vpce/source-not-in-vpc gateway-endpoint/s3',
    );
  });

  test('opens no connections', () => {
    expect(blockers(traceOf(world({ endpoints: s3 }), 'endpoint/s3', 'instance/app:80'))[0]).toBe(
      'forward vpce/starts-flow gateway-endpoint/s3',
    );
  });

  test('answers on the ports of its service', () => {
    const network = world({ endpoints: s3 });
    expect(traceOf(network, 'instance/app', 'aws/s3:80').verdict).toBe('reachable');
    expect(blockers(traceOf(network, 'instance/app', 'aws/s3:8443'))).toEqual([
      'forward aws/not-listening aws-service/s3.us-east-1',
    ]);
  });
});

describe('an interface endpoint', () => {
  test('with private DNS is what the name of its service means in the VPC, one address in each of its zones', () => {
    const told = traceOf(world({ endpoints: sts() }), 'instance/far', 'sts.us-east-1.amazonaws.com');
    expect(told.paths.map(({ hops }) => hops.at(-1)!.device.id)).toEqual([
      'sts/us-east-1a',
      'sts/us-east-1b',
    ]);
    expect(told.paths.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  test('is guarded by its own security group', () => {
    const told = traceOf(world({ endpoints: sts() }), 'instance/far', 'aws/sts');
    expect(blockers(told)).toEqual([
      'forward sg/no-ingress-rule eni/sts/us-east-1a',
      'forward sg/no-ingress-rule eni/sts/us-east-1b',
    ]);
    expect(traceOf(world({ endpoints: sts() }), 'instance/app', 'aws/sts').verdict).toBe('reachable');
  });

  test.each([
    ['without private DNS', sts(', privateDns: false'), '', 'endpoint sts has no private DNS'],
    ['that waits to be accepted', sts(', state: pendingAcceptance'), '', 'endpoint sts is pendingAcceptance'],
    ['in a VPC without DNS hostnames', sts(), 'dnsHostnames: false', 'needs dnsHostnames'],
    ['in a VPC with DNS servers of its own', sts(), 'dhcpDns: [10.9.9.9]', 'name other DNS servers'],
  ])('%s leaves the name to public addresses, and the trace says why', (_, endpoints, vpc, why) => {
    const told = traceOf(world({ endpoints, vpc }), 'instance/app', 'aws/sts');
    expect(told.paths[0]!.hops.at(-1)!.device.id).toBe('sts.us-east-1');
    expect(told.remarks.join()).toContain(why);
  });

  test('that is not accepted takes nothing at its own address either', () => {
    const told = traceOf(world({ endpoints: sts(', state: failed') }), 'instance/app', 'endpoint/sts');
    expect(blockers(told)[0]).toBe('forward vpce/not-available interface-endpoint/sts/us-east-1a');
  });

  test('answers no ping', () => {
    const open = sts().replace('https', 'open');
    const told = traceOf(world({ endpoints: open }), 'instance/app', 'endpoint/sts', { protocol: 'icmp' });
    expect(blockers(told)[0]).toBe('forward vpce/tcp-only interface-endpoint/sts/us-east-1a');
  });

  test('of S3 leaves the name to the gateway endpoint beside it', () => {
    const both = `${s3}, { name: s3i, service: s3, type: interface, subnets: [a], securityGroups: [open] }`;
    const told = traceOf(world({ endpoints: both }), 'instance/app', 'bucket.s3.us-east-1.amazonaws.com');
    expect(via(told.paths[0]!.hops)).toContain('gateway-endpoint/s3');
    const alone = both.slice(both.indexOf(', {') + 2);
    expect(via(traceOf(world({ endpoints: alone }), 'instance/app', 'aws/s3').paths[0]!.hops)).toContain(
      'interface-endpoint/s3i/us-east-1a',
    );
  });

  test('cannot be asked for by name where Amazon DNS is off', () => {
    const off = world({ endpoints: sts(), vpc: 'dnsSupport: false' });
    expect(() => traceOf(off, 'instance/app', 'aws/sts')).toThrow('usage/unresolved');
  });
});

describe('names of services', () => {
  const network = world({});
  test.each([
    ['aws/ecr.api', 'ecr.api.us-east-1'],
    ['api.ecr.us-east-1.amazonaws.com', 'ecr.api.us-east-1'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com', 'ecr.dkr.us-east-1'],
    ['https://bucket.s3.us-east-1.amazonaws.com/key', 's3.us-east-1'],
    ['s3.amazonaws.com', 's3.us-east-1'],
    ['sts.amazonaws.com', 'sts.us-east-1'],
    ['eks-auth.us-east-1.api.aws', 'eks-auth.us-east-1'],
    ['aws/ec2.us-east-1', 'ec2.us-east-1'],
  ])('%s', (to, device) => {
    const told = traceOf(network, 'instance/app', to);
    expect(told.paths[0]!.hops.at(-1)!.device).toMatchObject({ kind: 'aws-service', id: device });
  });

  test.each([
    ['aws/s4', 'usage/unknown-name'],
    ['s3.eu-west-1.amazonaws.com', 'usage/unknown-region'],
    ['endpoint/none', 'usage/unknown-name'],
  ])('%s is nothing here: %s', (to, code) => {
    expect(() => traceOf(network, 'instance/app', to)).toThrow(code);
  });

  test('services open no connections', () => {
    expect(() => traceOf(network, 'aws/s3', 'instance/app:80')).toThrow('usage/no-source');
  });
});

describe('what AWS refuses to make', () => {
  const issues = (endpoints: string, routes = '[]') =>
    issuesOf(`${head}
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    routeTables: [{ name: private, routes: ${routes} }]
    subnets: [{ name: a, cidr: 10.0.1.0/24, az: us-east-1a }, { name: b, cidr: 10.0.2.0/24, az: us-east-1a }]
    endpoints: [${endpoints}]
`).map(({ code, at }) => `${at?.line} ${code}`);

  test.each([
    ['{ name: x, service: sts, type: gateway, routeTables: [private] }', '10 endpoint/no-gateway-service'],
    ['{ name: x, service: s3, type: gateway, subnets: [a] }', '10 endpoint/wrong-type'],
    ['{ name: x, service: sts, type: interface, routeTables: [private] }', '10 endpoint/wrong-type'],
    ['{ name: x, service: sts, type: interface, subnets: [a, b] }', '10 endpoint/two-subnets-in-a-zone'],
  ])('%s', (endpoint, issue) => {
    expect(issues(endpoint)).toContain(issue);
  });

  test('a route to a gateway endpoint that is not its prefix list', () => {
    expect(issues(s3, '[{ to: 8.8.8.0/24, via: s3 }]')).toContain('8 endpoint/route');
    expect(issues(s3, '[{ to: pl/s3, via: s3 }]')).toEqual([]);
  });

  test('images need three endpoints: what is missing is warned of', () => {
    const { warnings } = world({
      endpoints: '{ name: x, service: ecr.dkr, type: interface, subnets: [a], securityGroups: [open] }',
    });
    expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toContain(
      'endpoint/registry-incomplete: images come through ecr.api, ecr.dkr and s3, and this VPC has no endpoint for ecr.api and s3',
    );
  });
});
