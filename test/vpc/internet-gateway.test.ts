/** Internet gateways and the internet behind them. */
import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { plan } from './gateways.ts';
import { acl } from './rules.ts';
import { blockers, enters, trace, via } from './tracing.ts';

describe('an internet gateway', () => {
  test('translates one to one, out and back, and keeps ports', () => {
    const told = trace(plan, { from: 'instance/bastion', to: '198.51.100.7:443' });
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = only(told);
    expect(via(hops)).toBe(
      'instance/bastion > eni/bastion > subnet/public > vpc-router/main > internet-gateway/igw > internet/internet > host/laptop',
    );
    expect(enters(hops, 'host/laptop')).toBe('203.0.113.10:49152 > 198.51.100.7:443');
    expect(via(reply.hops)).toBe(
      'host/laptop > internet/internet > internet-gateway/igw > vpc-router/main > subnet/public > eni/bastion > instance/bastion',
    );
    expect(enters(reply.hops, 'subnet/public')).toBe('198.51.100.7:443 > 10.0.1.10:49152');
  });

  test('lets the internet in to a public address, and the network ACL sees the private one', () => {
    const told = trace(
      {
        ...plan,
        subnets: { ...plan.subnets, public: { ...plan.subnets.public!, acl: acl('in', [], undefined) } },
      },
      { from: 'host/laptop', to: '203.0.113.20:80' },
    );
    expect(blockers(told)[0]).toBe('forward nacl/denied-in subnet/public');
    expect(enters(only(told).hops, 'subnet/public')).toBe('198.51.100.7:49152 > 10.0.1.20:80');
  });

  test('drops a source without a public address', () => {
    const told = trace(plan, { from: 'instance/quiet', to: '198.51.100.7:443' });
    expect(told.blockers).toMatchObject([
      { code: 'igw/no-public-address', awsCode: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS' },
    ]);
  });

  test('does not lend the public address of a node to the secondary address of a pod', () => {
    const told = trace(plan, { from: 'instance/bastion', as: '10.0.1.11', to: '198.51.100.7:443' });
    expect(told.blockers[0]).toMatchObject({
      code: 'igw/no-public-address',
      nearest: '203.0.113.10 belongs to 10.0.1.10, the primary address of eni/bastion, not to 10.0.1.11',
    });
  });

  test('sends nothing to private space', () => {
    expect(blockers(trace(plan, { from: 'instance/bastion', to: '172.20.0.1:443' }))).toEqual([
      'forward igw/private-destination internet-gateway/igw',
    ]);
    expect(blockers(trace(plan, { from: 'instance/bastion', to: '100.100.0.1:443' }))).toEqual([
      'forward igw/cgnat-destination internet-gateway/igw',
    ]);
  });

  test('takes nothing from private space', () => {
    const from = (address: string): string[] =>
      blockers(
        trace({ ...plan, outside: { laptop: address } }, { from: 'host/laptop', to: '203.0.113.20:80' }),
      ).slice(0, 1);
    expect(from('192.168.1.2')).toEqual(['forward igw/private-source internet-gateway/igw']);
    expect(from('100.100.1.2')).toEqual(['forward igw/cgnat-source internet-gateway/igw']);
  });

  test('drops a public address that no interface has', () => {
    const told = trace(
      { ...plan, unassociated: ['203.0.113.99'] },
      { from: 'host/laptop', to: '203.0.113.99:443' },
    );
    expect(told.blockers).toMatchObject([
      { code: 'igw/unknown-public-address', awsCode: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS' },
    ]);
  });

  test('with an edge table leads inbound packets through a middlebox', () => {
    const told = trace(
      {
        ...plan,
        edgeTable: 'edge',
        subnets: { ...plan.subnets, box: { cidr: '10.0.3.0/24', table: 'outside' } },
        tables: {
          ...plan.tables,
          public: ['0.0.0.0/0 -> box'],
          outside: ['0.0.0.0/0 -> igw'],
          edge: ['10.0.1.0/24 -> box'],
        },
        hosts: {
          ...plan.hosts,
          box: {
            subnet: 'box',
            address: '10.0.3.10',
            public: '203.0.113.30',
            forwards: true,
            sourceDestCheck: false,
          },
        },
      },
      { from: 'host/laptop', to: '203.0.113.20:80' },
    );
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toContain('internet-gateway/igw > vpc-router/main > subnet/box > eni/box');
    expect(via(only(told).reply.hops)).toContain(
      'eni/box > subnet/box > vpc-router/main > internet-gateway/igw',
    );
    expect(only(told).reply.asymmetric).toBe(false);
  });

  test('is passed twice by a packet to a public address of the same VPC', () => {
    const told = trace(plan, { from: 'instance/bastion', to: '203.0.113.20:80' });
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toContain('internet-gateway/igw > internet/internet > internet-gateway/igw');
    expect(enters(only(told).hops, 'eni/web')).toBe('203.0.113.10:49152 > 10.0.1.20:80');
  });
});

describe('the internet', () => {
  test('lets packets to unknown public addresses leave the model, and their answers come back', () => {
    const told = trace(plan, { from: 'instance/bastion', to: '192.0.2.44:443' });
    expect(only(told).disposition).toBe('exited');
    expect(only(told).reply.disposition).toBe('delivered');
    expect(told.verdict).toBe('reachable');
  });

  test('has no route to a private address', () => {
    const told = trace(plan, { from: 'host/laptop', to: '10.0.1.20:80' });
    expect(blockers(told)).toEqual(['forward internet/private-destination internet/internet']);
  });
});
