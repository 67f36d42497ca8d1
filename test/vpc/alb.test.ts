/** Application Load Balancer nodes: two connections, rules, targets. */
import { describe, expect, test } from 'vitest';
import type { ActionInput } from '../../src/vpc/load-balancer.ts';
import { only } from '../support/walked.ts';
import { albOf, base, target, targets, three, withAlb } from './load-balancers.ts';
import { group } from './rules.ts';
import { enters, trace, via } from './tracing.ts';

const laptop = { from: 'host/laptop', to: '203.0.113.30:80', http: 'http://day.example/' };

describe('an Application Load Balancer', () => {
  test('ends the connection and opens one of its own, to each of three targets in a third of the cases', () => {
    const told = trace(withAlb(), laptop);
    expect(told.verdict).toBe('reachable');
    expect(told.paths).toHaveLength(3);
    for (const path of told.paths) {
      expect(path.share).toBeCloseTo(1 / 3, 9);
      expect(path.legs).toHaveLength(2);
    }
    const path = told.paths[0]!;
    expect(via(path.hops)).toBe(
      'host/laptop > internet/internet > internet-gateway/igw > vpc-router/main > subnet/public > eni/web > alb/web' +
        ' > eni/web > subnet/public > vpc-router/main > subnet/a > eni/web-0 > instance/web-0',
    );
    expect(enters(path.hops, 'instance/web-0')).toBe('10.0.1.30:* > 10.0.2.10:8080');
    expect(via(path.reply.hops)).toBe(
      'instance/web-0 > eni/web-0 > subnet/a > vpc-router/main > subnet/public > eni/web > alb/web' +
        ' > alb/web > eni/web > subnet/public > vpc-router/main > internet-gateway/igw > internet/internet > host/laptop',
    );
    expect(path.choices[0]!.why).toBe('web: pod/default/web-0 10.0.2.10:8080 (1 of 3 healthy targets of tg)');
  });

  test('reaches a target of its own subnet without route table or ACL', () => {
    const told = trace(
      withAlb(albOf({ targetGroups: [targets({ targets: [target('near', '10.0.1.40')] })] }), {
        hosts: { near: { subnet: 'public', address: '10.0.1.40', groups: ['pods'] } },
      }),
      laptop,
    );
    expect(via(only(told).hops)).toContain('alb/web > eni/web > eni/near > instance/near');
  });

  test('answers 404 itself for an unknown host', () => {
    const told = trace(withAlb(), { ...laptop, http: 'http://other.example/' });
    expect(only(told)).toMatchObject({
      disposition: 'answered',
      code: 'alb/no-matching-rule',
      device: 'alb/web',
      symptom: { kind: 'http-404' },
    });
    expect(only(told).hops.at(-1)!.steps.at(-1)).toMatchObject({
      rule: 'listener HTTP:80 default action',
      because: 'none of 1 rules matches; nearest: rule 1, but not host-header day.example',
    });
  });

  test('asked by address matches no rule with a host', () => {
    const { http: _, ...plain } = laptop;
    expect(only(trace(withAlb(), plain)).symptom.kind).toBe('http-404');
  });

  test('redirects', () => {
    const redirect: ActionInput = {
      type: 'redirect',
      statusCode: 301,
      protocol: 'HTTPS',
      host: '#{host}',
      port: '443',
      path: '/#{path}',
      query: '#{query}',
    };
    const [listener] = albOf().listeners;
    const told = trace(
      withAlb(albOf({ listeners: [{ ...listener!, rules: [], defaultAction: redirect }] })),
      laptop,
    );
    expect(only(told).symptom.kind).toBe('http-301');
    expect(only(told).hops.at(-1)!.steps.at(-1)!.because).toBe(
      'redirect 301 to https://#{host}:443/#{path}?#{query}',
    );
  });

  test('takes TLS on an HTTPS listener and speaks plain HTTP to the targets', () => {
    const [listener] = albOf().listeners;
    const plan = withAlb(albOf({ listeners: [{ ...listener!, port: 443, protocol: 'HTTPS' }] }));
    const told = trace(plan, { from: 'host/laptop', to: '203.0.113.30:443', http: 'https://day.example/' });
    expect(told.verdict).toBe('reachable');
    expect(told.paths[0]!.hops.find(({ device }) => device.kind === 'alb')!.steps[0]!.stage).toBe('TLS');
    const plain = trace(plan, { from: 'host/laptop', to: '203.0.113.30:443', http: 'http://day.example/' });
    expect(only(plain).symptom.kind).toBe('http-400');
  });

  test('drops in silence where it has no listener, although its security group admits', () => {
    const told = trace(withAlb(), { ...laptop, to: '203.0.113.30:443' });
    expect(told.blockers[0]).toMatchObject({
      code: 'alb/no-listener',
      awsCode: 'ELBV2_LISTENERS_MISMATCH',
      nearest: 'listener HTTP:80',
    });
    expect(only(told).symptom.kind).toBe('timeout');
  });

  test('sends to healthy targets only', () => {
    const ill = { health: 'unhealthy', reason: 'Target.Timeout' } as const;
    const mixed = [three[0]!, { ...three[1]!, ...ill }, { ...three[2]!, ...ill }];
    expect(trace(withAlb(albOf({ targetGroups: [targets({ targets: mixed })] })), laptop).paths).toHaveLength(
      1,
    );
  });

  test('sends to all when none is healthy', () => {
    const ill = three.map((one) => ({ ...one, health: 'unhealthy', reason: 'Target.Timeout' }) as const);
    const told = trace(withAlb(albOf({ targetGroups: [targets({ targets: ill })] })), laptop);
    expect(told.paths).toHaveLength(3);
    expect(told.paths[0]!.choices[0]!.why).toContain('none healthy: fail open');
  });

  test('answers 503 for a target group without targets', () => {
    const told = trace(withAlb(albOf({ targetGroups: [targets({})] })), laptop);
    expect(only(told).symptom.kind).toBe('http-503');
    expect(only(told).hops.at(-1)!.steps.at(-1)!.because).toBe(
      'target group tg has no registered target: 503',
    );
  });

  test('answers 503 in a zone without targets while its target group keeps to zones', () => {
    const zonal = targets({ targets: three.slice(2), crossZone: false });
    const told = trace(withAlb(albOf({ targetGroups: [zonal] })), laptop);
    expect(only(told).hops.at(-1)!.steps.at(-1)!.because).toBe(
      'target group tg has no target for us-east-1a, and cross-zone is off: 503',
    );
  });

  test('splits a rule by weight before it looks at targets', () => {
    const split: ActionInput = {
      type: 'forward',
      targetGroups: [
        { name: 'tg', weight: 90 },
        { name: 'canary', weight: 10 },
        { name: 'off', weight: 0 },
      ],
    };
    const [listener] = albOf().listeners;
    const told = trace(
      withAlb(
        albOf({
          listeners: [{ ...listener!, rules: [], defaultAction: split }],
          targetGroups: [
            targets({ targets: three.slice(0, 2) }),
            targets({ name: 'canary', targets: three.slice(2) }),
            targets({ name: 'off', targets: three }),
          ],
        }),
      ),
      laptop,
    );
    expect(told.paths.map(({ share }) => Number(share.toFixed(6)))).toEqual([0.45, 0.45, 0.1]);
  });

  test('has connected its client before its target times out: 504', () => {
    const told = trace(
      withAlb(albOf(), { groups: [base.groups![0]!, group('pods', ['tcp 9090 from sg/lb'])] }),
      laptop,
    );
    expect(told.paths[0]).toMatchObject({
      disposition: 'dropped',
      code: 'sg/no-ingress-rule',
      symptom: { kind: 'http-504' },
    });
    expect(told.blockers[0]!.fix).toBe('add to sg/pods ingress: tcp 8080 from sg/lb');
  });
});
