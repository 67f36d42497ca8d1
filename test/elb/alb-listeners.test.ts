import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import type { LoadBalancerPlan } from '../../src/elb/plan.ts';
import { actionText, alb, backend, ingress, only, path, rules, serve, service } from './cluster.ts';

const rule = { 'app.example.com': [path('/')] };
const certificate = { 'certificate-arn': 'arn:aws:acm:us-east-1:111122223333:certificate/x' };
const both = { 'listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]', ...certificate };

function ports(plan: LoadBalancerPlan): string[] {
  return plan.listeners.map(({ port, protocol }) => `${protocol}:${port}`);
}

describe('listen-ports', () => {
  test('the default is HTTP 80, and HTTPS 443 alone where a certificate is named', () => {
    expect(ports(only(serve(ingress('shop', rule))))).toEqual(['HTTP:80']);
    expect(ports(only(serve(ingress('shop', rule, alb(certificate)))))).toEqual(['HTTPS:443']);
  });

  test('the annotation lists listeners as JSON', () => {
    const plan = only(
      serve(ingress('shop', rule, alb({ ...both, 'listen-ports': '[{"HTTPS":443},{"HTTP":8080}]' }))),
    );
    expect(ports(plan)).toEqual(['HTTPS:443', 'HTTP:8080']);
  });

  test.each([
    ['80', 'JSON of the wrong shape'],
    ['[{"HTTP": "80"}]', 'JSON of the wrong shape at 0.HTTP'],
    ["[{'HTTP': 80}]", 'not JSON'],
    ['[]', 'empty listen-ports configuration'],
    ['[{"http": 80}]', 'listen protocol must be within [HTTP, HTTPS]: http'],
    ['[{"HTTP": 70000}]', 'listen port must be within [1, 65535]: 70000'],
  ])('listen-ports %s means no load balancer', (value, why) => {
    const { plans, issues } = serve(ingress('shop', rule, alb({ 'listen-ports': value })));
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain(why);
    expect(issues[0]!.at?.file).toBe('shop/metadata/annotations/alb.ingress.kubernetes.io/listen-ports');
  });

  test('HTTPS without certificate-arn: certificates of the hosts are looked up, and said to be taken as existing', () => {
    const output = serve(ingress('shop', rule, alb({ 'listen-ports': '[{"HTTPS":443}]' })));
    expect(only(output).listeners[0]!.certificates).toEqual(['acm certificate of app.example.com']);
    expect(output.issues).toMatchObject([{ code: 'elb/certificate' }]);
  });

  test('HTTPS without certificate and without any host is refused', () => {
    const { plans } = serve(ingress('shop', { '': [path('/')] }, alb({ 'listen-ports': '[{"HTTPS":443}]' })));
    expect(plans).toEqual([]);
  });
});

describe('ssl-redirect', () => {
  test('every HTTP listener only redirects, the HTTPS one keeps the rules', () => {
    const plan = only(serve(ingress('shop', rule, alb({ ...both, 'ssl-redirect': '443' }))));
    expect(rules(plan, 80)).toEqual([]);
    expect(actionText(plan, plan.listeners[0]!.defaultAction)).toBe('301 HTTPS:443');
    expect(rules(plan, 443)).toHaveLength(1);
  });

  test('to a port that is no HTTPS listener it is refused', () => {
    const { plans, issues } = serve(ingress('shop', rule, alb({ 'ssl-redirect': '443' })));
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('listener does not exist for SSLRedirect port: 443');
  });
});

describe('ingress groups', () => {
  const grouped = (more: Record<string, string> = {}) => alb({ 'group.name': 'shared', ...more });
  const services = [service('web'), service('api')];

  test('Ingresses of one group share an ALB; their rules follow group.order, then the name', () => {
    const plan = only(
      serve(
        [
          ingress('b', { '': [path('/b')] }, grouped()),
          ingress('a', { '': [path('/a')] }, grouped()),
          ingress('first', { '': [path('/first', backend('api'))] }, grouped({ 'group.order': '-10' })),
        ],
        { services },
      ),
    );
    expect(plan.of).toEqual(['ingress/default/first', 'ingress/default/a', 'ingress/default/b']);
    expect(rules(plan).map((line) => line.replace(/\|.*/, ''))).toEqual([
      '1: path-pattern /first',
      '2: path-pattern /a',
      '3: path-pattern /b',
    ]);
    expect(plan.name).toMatch(/^k8s-shared-[0-9a-f]{10}$/);
  });

  test('members that disagree on the scheme get no load balancer, none of them', () => {
    const { plans, issues } = serve([
      ingress('a', { '': [path('/a')] }, grouped({ scheme: 'internal' })),
      ingress('b', { '': [path('/b')] }, grouped({ scheme: 'internet-facing' })),
    ]);
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toBe(
      'Ingress default/b: no load balancer is made: conflicting scheme: default/a: internal | default/b: internet-facing',
    );
  });

  test('two default backends in a group are refused', () => {
    const { plans, issues } = serve([
      ingress('a', {}, grouped(), { defaultBackend: backend('web') }),
      ingress('b', {}, grouped(), { defaultBackend: backend('web') }),
    ]);
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('multiple ingress defined default backend');
  });

  test('a member listens only on its own ports', () => {
    const plan = only(
      serve(
        [
          ingress('a', { '': [path('/a')] }, grouped()),
          ingress('b', { '': [path('/b')] }, grouped({ 'listen-ports': '[{"HTTP": 8080}]' })),
        ],
        { services },
      ),
    );
    expect(rules(plan, 80)).toHaveLength(1);
    expect(rules(plan, 8080)).toEqual(['1: path-pattern /b|/b/* -> default/web*1']);
  });
});

describe('names and security groups', () => {
  test('the name is the one the controller computes; an internal ALB has an internal- name in DNS', () => {
    const plan = only(serve(ingress('day-ingress', rule)));
    expect(plan.name).toMatch(/^k8s-default-dayingre-[0-9a-f]{10}$/);
    expect(plan.scheme).toBe('internal');
    expect(plan.dnsName).toMatch(
      /^internal-k8s-default-dayingre-[0-9a-f]{10}-\d{10}\.us-east-1\.elb\.amazonaws\.com$/,
    );
    const open = only(serve(ingress('day-ingress', rule, alb({ scheme: 'internet-facing' }))));
    expect(open.dnsName).toMatch(/^k8s-default-dayingre-/);
    expect(open.name).not.toBe(plan.name);
  });

  test('the frontend group admits inbound-cidrs on each listener; the backend group has no rules of its own', () => {
    const output = serve(
      ingress('shop', rule, alb({ ...both, 'inbound-cidrs': '203.0.113.0/24, 198.51.100.7/32' })),
    );
    const plan = only(output);
    const admitted = plan.frontendGroup!.ingress.map(
      ({ ports: range, peer }) => `${range![0]} ${'cidr' in peer ? formatCidr(peer.cidr) : peer.group}`,
    );
    expect(admitted).toEqual([
      '80 198.51.100.7/32',
      '80 203.0.113.0/24',
      '443 198.51.100.7/32',
      '443 203.0.113.0/24',
    ]);
    expect(plan.securityGroups).toEqual([plan.frontendGroup!.name, output.backendGroup!.name]);
    expect(output.backendGroup!.name).toMatch(/^k8s-traffic-shop-[0-9a-f]{10}$/);
    expect(output.backendGroup!.ingress).toEqual([]);
  });

  test('security-groups replaces both groups, and then no rule is added to the targets', () => {
    const securityGroups = [{ name: 'web-alb', tags: {} }];
    const output = serve(ingress('shop', rule, alb({ 'security-groups': 'web-alb' })), { securityGroups });
    expect(only(output).securityGroups).toEqual(['web-alb']);
    expect(only(output).frontendGroup).toBeUndefined();
    expect(output.targetRules).toEqual([]);
  });

  test('with manage-backend-security-group-rules the backend group and its rules come back', () => {
    const securityGroups = [{ name: 'web-alb', tags: {} }];
    const annotations = alb({ 'security-groups': 'web-alb', 'manage-backend-security-group-rules': 'true' });
    const output = serve(ingress('shop', rule, annotations), { securityGroups });
    expect(only(output).securityGroups).toEqual(['web-alb', output.backendGroup!.name]);
    expect(output.targetRules).toHaveLength(1);
  });
});

test('AWS WAF and authentication are named as not modelled', () => {
  const plan = only(
    serve(
      ingress('shop', rule, alb({ ...certificate, 'wafv2-acl-arn': 'arn:aws:wafv2:x', 'auth-type': 'oidc' })),
    ),
  );
  expect(plan.notModelled).toEqual(['AWS WAF']);
  expect(plan.listeners[0]!.rules[0]!.notModelled).toEqual(['authentication by oidc before the action']);
});
