/** NAT gateways: out and back, and what they refuse. */
import { describe, expect, test } from 'vitest';
import { ICMP, SCTP, UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import { plan } from './gateways.ts';
import type { Plan } from './network.ts';
import { acl, group } from './rules.ts';
import { blockers, enters, trace, via } from './tracing.ts';

describe('a NAT gateway', () => {
  test('carries an inside flow out and its reply back', () => {
    const told = trace(plan, { from: 'instance/app', to: '198.51.100.7:443' });
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = only(told);
    expect(via(hops)).toBe(
      'instance/app > eni/app > subnet/private > vpc-router/main > subnet/public > eni/nat-a > nat-gateway/nat-a' +
        ' > eni/nat-a > subnet/public > vpc-router/main > internet-gateway/igw > internet/internet > host/laptop',
    );
    expect(enters(hops, 'host/laptop')).toBe('203.0.113.5:* > 198.51.100.7:443');
    expect(enters(reply.hops, 'nat-gateway/nat-a')).toBe('198.51.100.7:443 > 10.0.1.5:*');
    expect(enters(reply.hops, 'instance/app')).toBe('198.51.100.7:443 > 10.0.2.10:49152');
    expect(told.remarks).toEqual([
      'crosses availability zones: us-east-1b (subnet/private) to us-east-1a (subnet/public)',
      'nat-gateway/nat-a forgets a connection that is idle for 350 seconds, and answers what comes later with RST',
    ]);
  });

  test('translates echo and keeps its identifier', () => {
    const told = trace(plan, { from: 'instance/app', to: '198.51.100.7', protocol: ICMP, sourcePort: 9 });
    expect(told.verdict).toBe('reachable');
  });

  test('gives an ICMP error about a flow back to who opened it', () => {
    const told = trace(plan, {
      from: 'instance/app',
      to: '198.51.100.7:53',
      protocol: UDP,
      strictListen: true,
    });
    expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
  });

  test('of several addresses uses one for each connection, and nobody can say which', () => {
    const several: Plan = {
      ...plan,
      nats: {
        'nat-a': { subnet: 'public', address: '10.0.1.5', public: '203.0.113.5', secondary: ['10.0.1.6'] },
      },
    };
    const told = trace(several, { from: 'instance/app', to: '198.51.100.7:443' });
    expect(told.verdict).toBe('ambiguous');
    expect(told.paths.map(({ share, code }) => [share, code])).toEqual([
      [0.5, null],
      [0.5, 'igw/no-public-address'],
    ]);
    expect(trace(several, { from: 'host/laptop', to: '203.0.113.5:443' }).blockers[0]).toMatchObject({
      code: 'nat/no-session',
      awsCode: 'NGW_DEST_ADDRESS_PRESERVATION',
    });
  });

  test('that is not available carries nothing', () => {
    const told = trace(
      { ...plan, nats: { 'nat-a': { ...plan.nats!['nat-a']!, state: 'failed' } } },
      { from: 'instance/app', to: '198.51.100.7:443' },
    );
    expect(told.blockers).toMatchObject([
      { code: 'nat/not-available', awsCode: 'BAD_STATE', because: 'its state is failed' },
      { direction: 'reply', code: 'nat/not-available' },
    ]);
  });

  test('serves a source of another network that comes by a transit gateway, and leads the reply back there', () => {
    const told = trace(
      {
        ...plan,
        attachments: { tgw: { subnets: ['foot'] } },
        subnets: { ...plan.subnets, foot: { cidr: '10.0.8.0/28', az: 'us-east-1a', table: 'foot' } },
        tables: {
          foot: ['0.0.0.0/0 -> nat-a'],
          public: ['0.0.0.0/0 -> igw', '172.16.0.0/16 -> tgw'],
          private: [],
        },
      },
      { from: 'attachment/tgw', as: '172.16.0.9', to: '198.51.100.7:443' },
    );
    expect(told.blockers).toEqual([]);
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).reply.hops)).toContain(
      'subnet/public > vpc-router/main > subnet/foot > attachment/tgw',
    );
  });

  test('refuses what no inside flow asked for', () => {
    const told = trace(plan, { from: 'host/laptop', to: '203.0.113.5:443' });
    expect(only(told)).toMatchObject({
      disposition: 'dropped',
      code: 'nat/no-session',
      device: 'nat-gateway/nat-a',
    });
  });

  test('does not answer a ping', () => {
    const told = trace(plan, { from: 'host/laptop', to: '203.0.113.5', protocol: ICMP, sourcePort: 3 });
    expect(only(told).code).toBe('nat/no-session');
  });

  test('translates no other protocol than TCP, UDP and ICMP', () => {
    const told = trace(plan, { from: 'instance/app', to: '198.51.100.7:443', protocol: SCTP });
    expect(only(told).code).toBe('nat/unsupported-protocol');
  });

  test('serves no source outside its VPC', () => {
    const told = trace(
      {
        ...plan,
        hosts: { ...plan.hosts, app: { subnet: 'private', address: '10.0.2.10', sourceDestCheck: false } },
      },
      { from: 'instance/app', as: '172.16.0.9', to: '198.51.100.7:443' },
    );
    expect(blockers(told)[0]).toBe('forward nat/source-not-in-vpc nat-gateway/nat-a');
  });

  test('in a subnet whose default route leads to itself is a loop', () => {
    const told = trace(
      { ...plan, tables: { ...plan.tables, public: ['0.0.0.0/0 -> nat-a'] } },
      { from: 'instance/app', to: '198.51.100.7:443' },
    );
    expect(only(told).disposition).toBe('loop');
  });

  test('private, routed to an internet gateway, is dropped there', () => {
    const told = trace(
      { ...plan, nats: { 'nat-a': { subnet: 'public', address: '10.0.1.5' } } },
      { from: 'instance/app', to: '198.51.100.7:443' },
    );
    expect(only(told).code).toBe('igw/no-public-address');
  });

  const withAcl = (...ingress: string[]): Plan => ({
    ...plan,
    subnets: { ...plan.subnets, public: { ...plan.subnets.public!, acl: acl('nat', ingress) } },
  });

  test('needs the whole of 1024-65535 in the ACL of its subnet; 32768-60999 only leaves the answer open', () => {
    const inside = '90 allow tcp 443 from 10.0.0.0/16';
    const ask = { from: 'instance/app', to: '198.51.100.7:443' };
    expect(trace(withAcl(inside, '100 allow tcp 1024-65535 from 0.0.0.0/0'), ask).verdict).toBe('reachable');
    const partly = trace(withAcl(inside, '100 allow tcp 32768-60999 from 0.0.0.0/0'), ask);
    expect(partly.verdict).toBe('undetermined');
    expect(partly.notModelled).toEqual([
      'the destination port is one of 1024-65535, and nacl/nat allows only some of them: ingress 100: allow tcp 32768-60999 from 0.0.0.0/0',
    ]);
    const both = withAcl(
      inside,
      '100 allow tcp 1024-32767 from 0.0.0.0/0',
      '110 allow tcp 32768-65535 from 0.0.0.0/0',
    );
    expect(trace(both, ask).verdict).toBe('reachable');
    const none = trace(withAcl(inside, '100 allow tcp 80 from 0.0.0.0/0'), ask);
    expect(none.verdict).toBe('unreachable');
    expect(none.blockers[0]!.fix).toBe(
      'add to nacl/nat ingress: rule 110 allow tcp 1024-65535 from 198.51.100.7/32',
    );
  });

  test('hides its clients: a group of the other side sees the public address of the gateway', () => {
    const told = trace(
      {
        ...plan,
        groups: [group('api', ['tcp 443 from 10.0.0.0/16'])],
        hosts: { ...plan.hosts, web: { ...plan.hosts!.web!, groups: ['api'] } },
      },
      { from: 'instance/app', to: '203.0.113.20:443' },
    );
    expect(told.blockers[0]).toMatchObject({
      code: 'sg/no-ingress-rule',
      nearest:
        'sg/api ingress: tcp 443 from 10.0.0.0/16: it would admit the sender 10.0.2.10, but NAT or a proxy on the way made the source 203.0.113.5',
      fix: 'add to sg/api ingress: tcp 443 from 203.0.113.5/32',
    });
  });

  test('leaves the answer open where a group that never saw the request admits some of the ports', () => {
    const inspected = (ports: string): Plan => ({
      ...plan,
      subnets: {
        ...plan.subnets,
        box: { cidr: '10.0.3.0/24' },
        server: { cidr: '10.0.5.0/24', table: 'back' },
      },
      tables: { ...plan.tables, private: ['10.0.5.0/24 -> nat-a'], back: ['10.0.1.0/24 -> box'] },
      groups: [group('box', [`tcp ${ports} from 0.0.0.0/0`])],
      hosts: {
        ...plan.hosts,
        box: { subnet: 'box', address: '10.0.3.10', groups: ['box'], forwards: true, sourceDestCheck: false },
        server: { subnet: 'server', address: '10.0.5.10' },
      },
    });
    const ask = { from: 'instance/app', to: '10.0.5.10:443' };
    expect(trace(inspected('1024-65535'), ask).verdict).toBe('reachable');
    expect(trace(inspected('443'), ask).verdict).toBe('unreachable');
    const partly = trace(inspected('32768-60999'), ask);
    expect(partly.verdict).toBe('undetermined');
    expect(partly.notModelled).toEqual([
      'the destination port is one of 1024-65535, and only some of them are allowed: sg/box ingress: tcp 32768-60999 from 0.0.0.0/0',
    ]);
  });

  test('the reply that took no NAT gateway on its way there is not translated on its way back', () => {
    // The request comes in by the internet gateway; the reply is routed to the NAT gateway.
    const told = trace(
      {
        ...plan,
        subnets: { ...plan.subnets, half: { cidr: '10.0.4.0/24', table: 'private' } },
        hosts: { ...plan.hosts, half: { subnet: 'half', address: '10.0.4.10', public: '203.0.113.40' } },
      },
      { from: 'host/laptop', to: '203.0.113.40:80' },
    );
    expect(only(told)).toMatchObject({
      disposition: 'delivered',
      reply: { disposition: 'dropped', code: 'nat/no-session', asymmetric: true },
    });
    expect(told.blockers[0]!.awsCode).toBe('NGW_SOURCE_ADDRESS_REASSIGN');
  });
});
