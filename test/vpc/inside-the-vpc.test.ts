/** Packets between interfaces of one VPC: what is checked, and in which order. */
import { describe, expect, test } from 'vitest';
import { ICMP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import type { Plan } from './network.ts';
import { acl, group } from './rules.ts';
import { blockers, stages, trace, via } from './tracing.ts';
import { plan } from './two-subnets.ts';

describe('a packet inside one subnet', () => {
  test('meets both security groups, and neither network ACL nor route table', () => {
    const closed = acl('closed', [], []);
    const told = trace(
      { ...plan, subnets: { ...plan.subnets, a: { ...plan.subnets.a!, acl: closed } } },
      { from: 'instance/client', to: '10.0.1.11:80' },
    );
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toBe('instance/client > eni/client > eni/neighbour > instance/neighbour');
    expect(via(only(told).reply.hops)).toBe(
      'instance/neighbour > eni/neighbour > eni/client > instance/client',
    );
    expect(stages(only(told).hops).slice(0, 6)).toEqual([
      'eni/client source check passed',
      'eni/client security group out matched',
      'eni/client subnet skipped',
      'eni/neighbour destination check passed',
      'eni/neighbour security group in matched',
      'instance/neighbour socket matched',
    ]);
  });

  test('that is sent to the router all the same is routed, and crosses no network ACL', () => {
    const closed = acl('closed', [], []);
    const told = trace(
      {
        ...plan,
        subnets: { a: { cidr: '10.0.1.0/24', acl: closed } },
        hosts: {
          client: { subnet: 'a', address: '10.0.1.10', noConnectedRoute: true },
          neighbour: { subnet: 'a', address: '10.0.1.11' },
        },
      },
      { from: 'instance/client', to: '10.0.1.11:80' },
    );
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toBe(
      'instance/client > eni/client > subnet/a > vpc-router/main > subnet/a > eni/neighbour > instance/neighbour',
    );
    expect(stages(only(told).hops)).toContain('subnet/a network ACL in skipped');
  });

  test('gets no answer to ARP for an address that nobody holds', () => {
    const told = trace(plan, { from: 'instance/client', to: '10.0.1.99:80' });
    expect(blockers(told)).toEqual(['forward eni/no-neighbour eni/client']);
  });
});

describe('a packet from one subnet to another', () => {
  test('is checked in the order source, group out, ACL out, routes, ACL in, destination, group in', () => {
    const told = trace(plan, { from: 'instance/client', to: '10.0.2.10:80' });
    expect(told.verdict).toBe('reachable');
    expect(stages(only(told).hops)).toEqual([
      'eni/client source check passed',
      'eni/client security group out matched',
      'subnet/a network ACL out matched',
      'vpc-router/main route table matched',
      'subnet/b network ACL in matched',
      'eni/web destination check passed',
      'eni/web security group in matched',
      'instance/web socket matched',
    ]);
    expect(stages(only(told).reply.hops)).toEqual([
      'eni/web source check passed',
      'eni/web security group out passed',
      'subnet/b network ACL out matched',
      'vpc-router/main route table matched',
      'subnet/a network ACL in matched',
      'eni/client destination check passed',
      'eni/client security group in passed',
      'instance/client socket matched',
    ]);
    expect(only(told).reply.asymmetric).toBe(false);
  });

  test('that crosses zones is remarked on', () => {
    const told = trace(plan, { from: 'instance/client', to: '10.0.2.10:80' });
    expect(told.remarks).toEqual([
      'crosses availability zones: us-east-1a (subnet/a) to us-east-1b (subnet/b)',
    ]);
  });

  test('shows every independent blocker, in the order of the path', () => {
    const told = trace(
      {
        ...plan,
        subnets: {
          a: { ...plan.subnets.a!, acl: acl('no-out', undefined, []) },
          b: { ...plan.subnets.b!, acl: acl('no-in', []) },
        },
      },
      { from: 'instance/client', to: '10.0.2.10:8080' },
    );
    expect(blockers(told).slice(0, 3)).toEqual([
      'forward nacl/denied-out subnet/a',
      'forward nacl/denied-in subnet/b',
      'forward sg/no-ingress-rule eni/web',
    ]);
  });

  test('to an address that nobody holds ends at the router', () => {
    const told = trace(plan, { from: 'instance/client', to: '10.0.2.99:80' });
    expect(blockers(told)).toEqual(['forward vpc/no-such-address vpc-router/main']);
    expect(told.blockers[0]!.because).toBe(
      '10.0.2.99 is in subnet/b (10.0.2.0/24), and no network interface holds it',
    );
  });

  test('an echo and its answer pass groups and ACLs that allow ICMP', () => {
    const told = trace(
      { ...plan, groups: [group('web', ['icmp 8 from 10.0.0.0/16']), group('client', [])] },
      { from: 'instance/client', to: '10.0.2.10', protocol: ICMP, sourcePort: 7 },
    );
    expect(told.verdict).toBe('reachable');
    expect(stages(only(told).reply.hops)).toContain('eni/client security group in passed');
  });
});

describe('the source/destination check', () => {
  const box = (sourceDestCheck: boolean): Plan => ({
    ...plan,
    subnets: { ...plan.subnets, c: { cidr: '10.0.3.0/24' }, a: { cidr: '10.0.1.0/24', table: 'by-box' } },
    tables: { 'by-box': ['10.0.2.0/24 -> box'] },
    hosts: {
      client: { subnet: 'a', address: '10.0.1.10' },
      web: { subnet: 'b', address: '10.0.2.10' },
      box: { subnet: 'c', address: '10.0.3.10', forwards: true, sourceDestCheck },
    },
  });

  test('of a middlebox drops what is for others, on the way in and on the way out', () => {
    const told = trace(box(true), { from: 'instance/client', to: '10.0.2.10:80' });
    expect(blockers(told).slice(0, 2)).toEqual([
      'forward eni/destination-check eni/box',
      'forward eni/source-check eni/box',
    ]);
    expect(told.blockers[0]).toMatchObject({
      awsCode: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
      fix: 'set sourceDestCheck: false on eni/box',
    });
  });

  test('switched off lets a middlebox forward; the reply takes the short way and arrives', () => {
    const told = trace(box(false), { from: 'instance/client', to: '10.0.2.10:80' });
    expect(told.verdict).toBe('reachable');
    expect(via(only(told).hops)).toContain('eni/box > instance/box > eni/box');
    expect(via(only(told).reply.hops)).not.toContain('box');
  });

  test('names the interface whose address a packet bears', () => {
    const told = trace(plan, { from: 'instance/client', as: '10.0.1.11', to: '10.0.2.10:80' });
    expect(told.blockers[0]).toMatchObject({
      code: 'eni/source-check',
      because: 'the source 10.0.1.11 is an address of eni/neighbour, not of this interface',
    });
  });
});
