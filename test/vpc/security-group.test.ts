/** Security groups: union, state, references, and what a denial says. */
import { describe, expect, test } from 'vitest';
import { ICMP, TCP, UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import type { Plan } from './network.ts';
import { group } from './rules.ts';
import { blockers, trace } from './tracing.ts';

function pair(server: ReturnType<typeof group>[], client = group('client', [])): Plan {
  return {
    subnets: { a: { cidr: '10.0.1.0/24' } },
    groups: [...server, client],
    hosts: {
      client: { subnet: 'a', address: '10.0.1.10', secondary: ['10.0.1.12'], groups: ['client'] },
      web: { subnet: 'a', address: '10.0.1.20', groups: server.map(({ name }) => name) },
    },
  };
}
const ask = { from: 'instance/client', to: '10.0.1.20:80' };

describe('a security group', () => {
  test('admits by the union of all groups of the interface', () => {
    const told = trace(
      pair([group('ssh', ['tcp 22 from 0.0.0.0/0']), group('web', ['tcp 80 from 0.0.0.0/0'])]),
      ask,
    );
    expect(told.verdict).toBe('reachable');
  });

  test('is stateful: the reply passes without a rule, in and out', () => {
    const told = trace(pair([group('web', ['tcp 80 from 0.0.0.0/0'], [])], group('client', [])), ask);
    expect(told.verdict).toBe('reachable');
    expect(only(told).reply.hops[1]!.steps[1]).toMatchObject({
      stage: 'security group out',
      verdict: 'passed',
    });
  });

  test('without outbound rules lets nothing new out', () => {
    const told = trace(pair([group('web', ['tcp 80 from 0.0.0.0/0'])], group('client', [], [])), ask);
    expect(told.blockers[0]).toMatchObject({
      code: 'sg/no-egress-rule',
      device: 'eni/client',
      because: 'sg/client has no egress rules, so nothing new passes: tcp 80 to 10.0.1.20',
      fix: 'add to sg/client egress: tcp 80 to sg/web',
    });
  });

  test('that names a group means every private address of the interfaces that hold it', () => {
    const plan = pair([group('web', ['tcp 80 from sg/client'])]);
    expect(trace(plan, ask).verdict).toBe('reachable');
    const secondary = trace(plan, { ...ask, as: '10.0.1.12' });
    expect(blockers(secondary)).toEqual([]);
    const step = only(trace(plan, ask)).hops[2]!.steps[1]!;
    expect(step).toMatchObject({
      rule: 'sg/web ingress: tcp 80 from sg/client',
      because: '10.0.1.10 is a private address of an interface that holds sg/client',
    });
  });

  test('that names itself admits its own members only', () => {
    const plan = pair([group('web', ['all from sg/web'])]);
    const told = trace(
      { ...plan, hosts: { ...plan.hosts, web2: { subnet: 'a', address: '10.0.1.21', groups: ['web'] } } },
      { from: 'instance/web2', to: '10.0.1.20:80' },
    );
    expect(told.verdict).toBe('reachable');
    expect(blockers(trace(plan, ask))).toEqual(['forward sg/no-ingress-rule eni/web']);
  });

  test('that names a deleted group admits nobody', () => {
    const told = trace(pair([group('web', ['tcp 80 from sg/gone'])]), ask);
    expect(told.blockers[0]!.nearest).toBe(
      'sg/web ingress: tcp 80 from sg/gone: the group, or what joined its VPC to this one, is no more (a stale rule)',
    );
  });

  test('never matches a public address by a group', () => {
    const plan: Plan = {
      subnets: { a: { cidr: '10.0.1.0/24', table: 'public' } },
      tables: { public: ['0.0.0.0/0 -> igw'] },
      groups: [group('web', ['tcp 80 from sg/client']), group('client', [])],
      hosts: {
        client: { subnet: 'a', address: '10.0.1.10', public: '203.0.113.10', groups: ['client'] },
        web: { subnet: 'a', address: '10.0.1.20', public: '203.0.113.20', groups: ['web'] },
      },
    };
    const told = trace(plan, { from: 'instance/client', to: '203.0.113.20:80' });
    expect(blockers(told)).toEqual(['forward sg/no-ingress-rule eni/web']);
    expect(told.blockers[0]!.because).toContain('tcp 80 from 203.0.113.10');
  });

  test('admits ICMP by type and code', () => {
    const echo = { from: 'instance/client', to: '10.0.1.20', protocol: ICMP, sourcePort: 1 };
    expect(trace(pair([group('web', ['icmp 8 from 0.0.0.0/0'])]), echo).verdict).toBe('reachable');
    const told = trace(pair([group('web', ['icmp 3-4 from 0.0.0.0/0'])]), echo);
    expect(told.blockers[0]).toMatchObject({
      nearest: 'sg/web ingress: icmp type 3 code 4 from 0.0.0.0/0: its type is not 8',
      fix: 'add to sg/web ingress: icmp type 8 from sg/client',
    });
  });

  test('lets the ICMP error about an allowed flow back in', () => {
    const told = trace(
      pair([group('web', ['udp 53 from 0.0.0.0/0'], [])], group('client', [], ['udp 53 to 0.0.0.0/0'])),
      {
        from: 'instance/client',
        to: '10.0.1.20:53',
        protocol: UDP,
        strictListen: true,
      },
    );
    expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
  });
});

describe('a denial by security groups', () => {
  test('names the rule that almost matched, what it lacks, and the rule to add', () => {
    const told = trace(
      pair([group('web', ['tcp 22 from 0.0.0.0/0', 'tcp 8000 from sg/client', 'udp 80 from 10.0.0.0/8'])]),
      { from: 'instance/client', to: '10.0.1.20:8001' },
    );
    expect(told.blockers[0]).toEqual({
      path: 1,
      hop: 3,
      direction: 'forward',
      code: 'sg/no-ingress-rule',
      awsCode: 'ENI_SG_RULES_MISMATCH',
      device: 'eni/web',
      because: 'no ingress rule of sg/web admits tcp 8001 from 10.0.1.10',
      nearest: 'sg/web ingress: tcp 8000 from sg/client: port 8001 is not 8000',
      fix: 'add to sg/web ingress: tcp 8001 from sg/client',
      change: {
        kind: 'security-group-rule',
        vpc: 'main',
        group: 'web',
        direction: 'ingress',
        protocol: TCP,
        ports: [8001, 8001],
        peer: { group: 'client' },
      },
    });
  });

  test('adds to the group of the nearest rule, for an address where no group can be named', () => {
    const plan: Plan = {
      subnets: { a: { cidr: '10.0.1.0/24', table: 'public' } },
      tables: { public: ['0.0.0.0/0 -> igw'] },
      groups: [group('base', ['tcp 22 from 10.0.0.0/8']), group('web', ['tcp 443 from 192.0.2.0/24'])],
      hosts: { web: { subnet: 'a', address: '10.0.1.20', public: '203.0.113.20', groups: ['base', 'web'] } },
      outside: { laptop: '198.51.100.7' },
    };
    const told = trace(plan, { from: 'host/laptop', to: '203.0.113.20:443' });
    expect(told.blockers[0]).toMatchObject({
      because: 'no ingress rule of sg/base, sg/web admits tcp 443 from 198.51.100.7',
      nearest: 'sg/web ingress: tcp 443 from 192.0.2.0/24: 198.51.100.7 is not in 192.0.2.0/24',
      fix: 'add to sg/web ingress: tcp 443 from 198.51.100.7/32',
    });
  });
});
