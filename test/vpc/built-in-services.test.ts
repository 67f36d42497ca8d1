/** Instance metadata, Amazon DNS and Amazon Time Sync: what no filter of the VPC sees. */
import { describe, expect, test } from 'vitest';
import { traceOf, worldOf } from '../support/worlds.ts';
import { blockers, via } from './tracing.ts';

interface Written {
  readonly vpc?: string;
  readonly metadata?: string;
}

const pod = (name: string, spec = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${spec}containers: [{ name: c, image: c }] }
`;

/** A node and an instance whose security group and network ACL let nothing out. */
function world({ vpc = '', metadata = '{ hopLimit: 1, tokens: required }' }: Written = {}) {
  return worldOf({
    'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: t }
vpcs:
  - name: main
    cidrs: [10.0.0.0/16, 100.64.0.0/16]
    ${vpc}
    subnets:
      - { name: a, cidr: 10.0.1.0/24, networkAcl: closed }
      - { name: b, cidr: 10.0.2.0/24 }
    networkAcls: [{ name: closed }]
    securityGroups: [{ name: closed, egress: [] }]
  - name: peer
    cidrs: [10.9.0.0/16]
    subnets: [{ name: p, cidr: 10.9.1.0/24 }]
    routeTables: [{ name: peer, main: true, routes: [{ to: 10.0.0.0/16, via: pcx }] }]
peerings: [{ name: pcx, requester: main, accepter: peer }]
instances:
  - { name: box, subnet: a, securityGroups: [closed], metadata: ${metadata} }
  - { name: beyond, subnet: p }
cluster:
  vpc: main
  subnets: [a, b]
  coredns: { replicas: 0 }
  nodes: [{ name: worker, subnet: a, securityGroups: [closed], metadata: ${metadata} }]
${pod('app')}${pod('agent', 'hostNetwork: true, ')}`,
  });
}

describe('instance metadata', () => {
  test('the response to a token request ends on the node where the hop limit is 1', () => {
    const told = traceOf(world(), 'pod/app', 'imds');
    expect(blockers(told)).toEqual(['reply imds/hop-limit node/worker']);
    expect(told.symptom.kind).toBe('timeout');
    expect(told.paths[0]!.disposition).toBe('delivered');
    expect(told.paths[0]!.reply.hops[0]!.in.ttl).toBe(1);
  });

  test.each([
    ['pod/app', '{ hopLimit: 2, tokens: required }'],
    ['pod/agent', '{ hopLimit: 1, tokens: required }'],
    ['node/worker', '{ hopLimit: 1, tokens: required }'],
    ['instance/box', '{ hopLimit: 1, tokens: required }'],
  ])('%s gets it with %s', (from, metadata) => {
    expect(traceOf(world({ metadata }), from, 'imds').verdict).toBe('reachable');
  });

  test('a plain packet stands for the token request', () => {
    expect(blockers(traceOf(world(), 'pod/app', '169.254.169.254:80'))).toEqual([
      'reply imds/hop-limit node/worker',
    ]);
  });

  const data = 'http://169.254.169.254/latest/meta-data/';

  test('a request without a token is answered 401 where tokens are required, whatever the hop limit', () => {
    const told = traceOf(world(), 'pod/app', data);
    expect(told).toMatchObject({ verdict: 'unreachable', symptom: { kind: 'http-401' } });
    expect(blockers(told)).toEqual(['forward imds/token-required instance-metadata/main']);
    const headers = { 'X-aws-ec2-metadata-token': 'AQAE' };
    expect(traceOf(world(), 'pod/app', data, { headers }).verdict).toBe('reachable');
    const optional = world({ metadata: '{ hopLimit: 1, tokens: optional }' });
    expect(traceOf(optional, 'pod/app', data).verdict).toBe('reachable');
  });

  test('nodes of EKS have a hop limit of 1 unless they say otherwise, instances of Amazon Linux 2023 one of 2', () => {
    const { topology } = world({ metadata: '{}' });
    expect(topology.cluster!.nodes[0]!.metadata).toEqual({ hopLimit: 1, tokens: 'required' });
    expect(topology.instances[0]!.metadata).toEqual({ hopLimit: 2, tokens: 'required' });
  });
});

describe('Amazon DNS', () => {
  test.each([
    ['dns', 'udp'],
    ['10.0.0.2:53', 'udp'],
    ['10.0.0.2:53', 'tcp'],
    ['169.254.169.253:53', 'udp'],
  ])('answers at %s over %s, past security groups and network ACLs', (to, protocol) => {
    const told = traceOf(world(), 'instance/box', to, { protocol });
    expect(told.verdict).toBe('reachable');
    expect(via(told.paths[0]!.hops)).toBe('instance/box > eni/box > amazon-dns/main');
    expect(told.remarks.join()).toContain('1,024 packets a second');
  });

  test('is at the primary block alone', () => {
    expect(blockers(traceOf(world(), 'instance/box', '100.64.0.2:53', { protocol: 'udp' }))[0]).toContain(
      'sg/no-egress-rule',
    );
  });

  test('is silent where DNS support is off', () => {
    expect(blockers(traceOf(world({ vpc: 'dnsSupport: false' }), 'pod/app', 'dns'))).toEqual([
      'forward dns/support-off amazon-dns/main',
    ]);
  });

  test('answers its own VPC alone', () => {
    expect(blockers(traceOf(world(), 'instance/beyond', '10.0.0.2:53', { protocol: 'udp' }))).toEqual([
      'forward dns/asked-from-outside vpc-router/main',
    ]);
  });
});

test('Amazon Time Sync answers NTP', () => {
  expect(traceOf(world(), 'pod/app', 'time').verdict).toBe('reachable');
});

test.each(['169.254.169.254:443', '169.254.169.253:80', '169.254.169.123:80'])(
  'nothing answers at %s',
  (to) => {
    expect(blockers(traceOf(world(), 'instance/box', to))[0]).toContain('forward builtin/other-port');
  },
);

test('what else AWS has at link-local addresses is not modelled', () => {
  expect(traceOf(world(), 'instance/box', '169.254.169.250:1688').verdict).toBe('undetermined');
});

test.each(['imds', 'dns', 'time'])('%s is nothing outside a VPC', (to) => {
  expect(() => traceOf(world(), 'internet', to)).toThrow('usage/no-target');
});
