/** Network Load Balancer nodes: client addresses, zones, replies. */
import { describe, expect, test } from 'vitest';
import { UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import { base, nlbOf, three, toTg, withNlb } from './load-balancers.ts';
import { acl, group, origin } from './rules.ts';
import { blockers, enters, trace, via } from './tracing.ts';

const flow = { from: 'host/laptop', to: '203.0.113.30:80' };

describe('a Network Load Balancer', () => {
  test('without client address preservation takes the place of the client', () => {
    const told = trace(withNlb(nlbOf({}), ['lb']), flow);
    expect(told.verdict).toBe('reachable');
    expect(told.paths).toHaveLength(3);
    const { hops, reply, legs } = told.paths[0]!;
    expect(legs).toHaveLength(1);
    expect(enters(hops, 'instance/web-0')).toBe('10.0.1.30:* > 10.0.2.10:8080');
    expect(via(reply.hops)).toContain('eni/edge > nlb/edge > eni/edge');
    expect(enters(reply.hops, 'internet-gateway/igw')).toBe('10.0.1.30:80 > 198.51.100.7:49152');
  });

  test('with client address preservation shows the client to the target, and the reply passes the node again', () => {
    const told = trace(withNlb(nlbOf({ preserveClientIp: true }), ['lb']), flow);
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = told.paths[0]!;
    expect(enters(hops, 'instance/web-0')).toBe('198.51.100.7:49152 > 10.0.2.10:8080');
    expect(via(reply.hops)).toBe(
      'instance/web-0 > eni/web-0 > subnet/a > subnet/public > eni/edge > nlb/edge > eni/edge > subnet/public' +
        ' > vpc-router/main > internet-gateway/igw > internet/internet > host/laptop',
    );
    expect(enters(reply.hops, 'nlb/edge')).toBe('10.0.2.10:8080 > 198.51.100.7:49152');
    expect(enters(reply.hops, 'subnet/public')).toBe('10.0.2.10:8080 > 198.51.100.7:49152');
  });

  test('is recognised by its group although the target sees the client', () => {
    const told = trace(withNlb(nlbOf({ preserveClientIp: true }), ['lb']), flow);
    const admitted = told.paths[0]!.hops.find(({ device }) => device.id === 'web-0')!.steps[1]!;
    expect(admitted.because).toBe('the flow comes through eni/edge, which holds sg/lb');
    const without = trace(withNlb(nlbOf({ preserveClientIp: true }), undefined), flow);
    expect(without.blockers[0]).toMatchObject({
      code: 'sg/no-ingress-rule',
      fix: 'add to sg/pods ingress: tcp 8080 from 198.51.100.7/32',
    });
  });

  test('with client address preservation needs the client in the ACL of the target subnet', () => {
    const plan = withNlb(nlbOf({ preserveClientIp: true, targets: three.slice(0, 1) }), ['lb']);
    const told = trace(
      {
        ...plan,
        subnets: {
          ...plan.subnets,
          a: { ...plan.subnets.a!, acl: acl('vpc-only', ['100 allow all from 10.0.0.0/16']) },
        },
      },
      flow,
    );
    expect(blockers(told)[0]).toBe('forward nacl/denied-in subnet/a');
  });

  test('sends to its own zone only while cross-zone load balancing is off', () => {
    const told = trace(withNlb(nlbOf({}, { crossZone: false }), ['lb']), flow);
    expect(told.paths).toHaveLength(2);
    const elsewhere = trace(withNlb(nlbOf({ targets: three.slice(2) }, { crossZone: false }), ['lb']), flow);
    expect(elsewhere.blockers[0]).toMatchObject({
      code: 'nlb/no-target-in-zone',
      awsCode: 'ELBV2_NO_TARGETS_IN_AZ',
      nearest: 'targets are in us-east-1b',
    });
  });

  test('that keeps the client address times out when the client is the target it picks', () => {
    const hosts = { ...base.hosts, 'web-0': { subnet: 'a', address: '10.0.2.10', groups: ['pods'] } };
    const told = trace(withNlb(nlbOf({ preserveClientIp: true }), ['lb'], { hosts }), {
      from: 'instance/web-0',
      to: '10.0.1.30:80',
    });
    expect(told.verdict).toBe('ambiguous');
    expect(told.paths.filter(({ code }) => code === 'nlb/hairpin')).toHaveLength(1);
    const off = trace(withNlb(nlbOf({}), ['lb'], { hosts }), { from: 'instance/web-0', to: '10.0.1.30:80' });
    expect(off.verdict).toBe('reachable');
  });

  test('drops what no listener takes', () => {
    expect(blockers(trace(withNlb(nlbOf({}), undefined), { ...flow, to: '203.0.113.30:81' }))).toEqual([
      'forward nlb/no-listener nlb/edge',
    ]);
    expect(blockers(trace(withNlb(nlbOf({}), undefined), { ...flow, protocol: UDP }))).toEqual([
      'forward nlb/no-listener nlb/edge',
    ]);
  });

  test('drops when its target group has no targets', () => {
    expect(blockers(trace(withNlb(nlbOf({ targets: [] }), ['lb']), flow))).toEqual([
      'forward nlb/no-target nlb/edge',
    ]);
  });

  test.each([true, false])(
    'hands an ICMP error of a target back to the client (preservation %s)',
    (preserveClientIp) => {
      const udp = nlbOf(
        { preserveClientIp, protocol: 'UDP', targets: three.slice(0, 1) },
        { listeners: [{ port: 80, protocol: 'UDP', defaultAction: toTg, origin }] },
      );
      const told = trace(
        withNlb(udp, ['lb'], {
          groups: [group('lb', ['udp 80 from 0.0.0.0/0']), group('pods', ['udp 8080 from sg/lb'], [])],
        }),
        { ...flow, protocol: UDP, strictListen: true },
      );
      expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
    },
  );
});
