import { describe, expect, test } from 'vitest';
import { actionText, alb, backend, ingress, only, path, rules, serve, service } from './cluster.ts';

const ip = alb({ 'target-type': 'ip' });

describe('path patterns', () => {
  test('pathType Prefix /app1 matches /app1 and everything below it', () => {
    const plan = only(serve(ingress('shop', { '': [path('/app1')] }, ip)));
    expect(rules(plan)).toEqual(['1: path-pattern /app1|/app1/* -> default/web*1']);
  });

  test('a trailing slash of a prefix is trimmed, and the prefix / matches every path', () => {
    const plan = only(serve(ingress('shop', { '': [path('/app1/'), path('/')] }, ip)));
    expect(rules(plan)).toEqual([
      '1: path-pattern /app1|/app1/* -> default/web*1',
      '2: path-pattern /* -> default/web*1',
    ]);
  });

  test('ImplementationSpecific /foo is an ALB pattern as it stands: /foo/x does not match it', () => {
    const plan = only(
      serve(ingress('shop', { '': [path('/foo', backend('web'), 'ImplementationSpecific')] }, ip)),
    );
    expect(rules(plan)).toEqual(['1: path-pattern /foo -> default/web*1']);
  });

  test('use-regex-path-match makes ImplementationSpecific a regular expression without the leading slash', () => {
    const annotations = { ...ip, ...alb({ 'use-regex-path-match': 'true' }) };
    const plan = only(
      serve(
        ingress('shop', { '': [path('/^/v[12]$', backend('web'), 'ImplementationSpecific')] }, annotations),
      ),
    );
    expect(plan.listeners[0]!.rules[0]!.conditions).toEqual([
      { field: 'path-pattern', values: ['^/v[12]$'], regex: true },
    ]);
  });

  test('Exact takes no wildcards: the ALB is not made', () => {
    const { plans, issues } = serve(ingress('shop', { '': [path('/a*', backend('web'), 'Exact')] }, ip));
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain("exact path shouldn't contain wildcards: /a*");
    expect(issues[0]!.at?.file).toBe('path//a*');
  });

  test('a rule without host and path matches everything', () => {
    const plan = only(
      serve(ingress('shop', { '': [path('', backend('web'), 'ImplementationSpecific')] }, ip)),
    );
    expect(rules(plan)).toEqual(['1: path-pattern /* -> default/web*1']);
  });
});

describe('order of the rules', () => {
  test('inside a rule: Exact first, then Prefix longest first, then ImplementationSpecific as written', () => {
    const paths = [
      path('/z*', backend('web'), 'ImplementationSpecific'),
      path('/a'),
      path('/a/long'),
      path('/exact', backend('web'), 'Exact'),
    ];
    const plan = only(serve(ingress('shop', { 'x.example.com': paths }, ip)));
    expect(rules(plan).map((rule) => rule.replace(/ ->.*/, ''))).toEqual([
      '1: host-header x.example.com & path-pattern /exact',
      '2: host-header x.example.com & path-pattern /a/long|/a/long/*',
      '3: host-header x.example.com & path-pattern /a|/a/*',
      '4: host-header x.example.com & path-pattern /z*',
    ]);
  });

  test('hosts are not sorted: a host-less rule written first comes first and shadows the host after it', () => {
    const plan = only(serve(ingress('shop', { '': [path('/')], 'api.example.com': [path('/')] }, ip)));
    expect(rules(plan)).toEqual([
      '1: path-pattern /* -> default/web*1',
      '2: host-header api.example.com & path-pattern /* -> default/web*1',
    ]);
    expect(plan.hosts).toEqual(['api.example.com']);
  });
});

describe('backends', () => {
  test('without a default backend the listener answers 404', () => {
    const plan = only(serve(ingress('shop', { '': [path('/app1')] }, ip)));
    expect(actionText(plan, plan.listeners[0]!.defaultAction)).toBe('404');
  });

  test('the default backend takes what no rule matches', () => {
    const plan = only(serve(ingress('shop', {}, ip, { defaultBackend: backend('web') })));
    expect(actionText(plan, plan.listeners[0]!.defaultAction)).toBe('default/web*1');
  });

  test('a rule whose Service does not exist answers 503, with a warning that names close Services', () => {
    const output = serve(ingress('shop', { '': [path('/', backend('wbe'))] }, ip));
    expect(rules(only(output))).toEqual(['1: path-pattern /* -> 503']);
    expect(output.issues).toMatchObject([
      { severity: 'warning', code: 'elb/backend', hint: 'did you mean default/web?' },
    ]);
  });

  test('a port that the Service does not have fails the whole load balancer', () => {
    const { plans, issues } = serve(ingress('shop', { '': [path('/', backend('web', 8080))] }, ip));
    expect(plans).toEqual([]);
    expect(issues).toMatchObject([
      {
        message:
          'Ingress default/shop: no load balancer is made: unable to find port 8080 on service default/web',
        hint: 'its ports: 80',
      },
    ]);
  });

  test('instance targets (the default) of a ClusterIP Service cannot be registered', () => {
    const clusterIp = service('web', {
      type: 'ClusterIP',
      ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 8080 }],
    });
    const { plans, issues } = serve(ingress('shop', { '': [path('/')] }), { services: [clusterIp] });
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('TargetGroup port is empty');
    expect(issues[0]!.hint).toContain('target-type: ip');
  });
});

describe('actions by annotation', () => {
  const weighted = JSON.stringify({
    type: 'forward',
    forwardConfig: {
      targetGroups: [
        { serviceName: 'web', servicePort: 80, weight: 90 },
        { serviceName: 'canary', servicePort: '80', weight: 10 },
      ],
    },
  });
  const services = [service('web'), service('canary')];

  test('a weighted forward splits between two Services', () => {
    const split = ingress(
      'shop',
      { '': [path('/', backend('split', 'use-annotation'))] },
      { ...ip, ...alb({ 'actions.split': weighted }) },
    );
    expect(rules(only(serve(split, { services })))).toEqual([
      '1: path-pattern /* -> default/web*90 default/canary*10',
    ]);
  });

  test('several target groups without weights are refused', () => {
    const bad = weighted.replaceAll(/,"weight":\d+/g, '');
    const { plans, issues } = serve(
      ingress(
        'shop',
        { '': [path('/', backend('split', 'use-annotation'))] },
        { ...ip, ...alb({ 'actions.split': bad }) },
      ),
      { services },
    );
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('weight must be set when route to multiple target groups');
  });

  test('broken JSON is reported at the annotation', () => {
    const { plans, issues } = serve(
      ingress(
        'shop',
        { '': [path('/', backend('split', 'use-annotation'))] },
        alb({ 'actions.split': '{type: forward}' }),
      ),
    );
    expect(plans).toEqual([]);
    expect(issues[0]).toMatchObject({ code: 'elb/annotation' });
    expect(issues[0]!.message).toContain('alb.ingress.kubernetes.io/actions.split: not JSON');
    expect(issues[0]!.at?.file).toBe('shop/metadata/annotations/alb.ingress.kubernetes.io/actions.split');
  });

  test('a missing action answers 503', () => {
    const output = serve(ingress('shop', { '': [path('/', backend('gone', 'use-annotation'))] }, ip));
    expect(rules(only(output))).toEqual(['1: path-pattern /* -> 503']);
    expect(output.issues[0]!.message).toContain('missing actions.gone configuration');
  });

  test('the old spelling of the redirect action is understood; it is left out on the HTTPS listener, where it would loop', () => {
    const redirect =
      '{"Type":"redirect","RedirectConfig":{"Protocol":"HTTPS","Port":"443","StatusCode":"HTTP_301"}}';
    const plan = only(
      serve(
        ingress(
          'shop',
          { '': [path('/', backend('ssl-redirect', 'use-annotation')), path('/app')] },
          {
            ...ip,
            ...alb({
              'actions.ssl-redirect': redirect,
              'listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]',
              'certificate-arn': 'arn:aws:acm:us-east-1:111122223333:certificate/x',
            }),
          },
        ),
      ),
    );
    expect(rules(plan, 80)).toEqual([
      '1: path-pattern /app|/app/* -> default/web*1',
      '2: path-pattern /* -> 301 HTTPS:443',
    ]);
    expect(rules(plan, 443)).toEqual(['1: path-pattern /app|/app/* -> default/web*1']);
  });

  test('rules after a redirect of the same host and all paths are left out', () => {
    const redirect =
      '{"type":"redirect","redirectConfig":{"host":"new.example.com","statusCode":"HTTP_302"}}';
    const plan = only(
      serve(
        ingress(
          'shop',
          {
            'old.example.com': [
              path('/*', backend('move', 'use-annotation'), 'ImplementationSpecific'),
              path('/x', backend('web'), 'ImplementationSpecific'),
            ],
          },
          { ...ip, ...alb({ 'actions.move': redirect }) },
        ),
      ),
    );
    expect(rules(plan)).toEqual([
      '1: host-header old.example.com & path-pattern /* -> 302 #{protocol}:#{port}',
    ]);
  });
});

test('conditions of an annotation are AND-ed, values of the same field are added to those of the rule', () => {
  const conditions = JSON.stringify([
    { field: 'host-header', hostHeaderConfig: { values: ['www.example.com'] } },
    { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Beta', values: ['yes'] } },
    { field: 'source-ip', sourceIpConfig: { values: ['192.0.2.0/24', '2001:db8::/32'] } },
  ]);
  const plan = only(
    serve(
      ingress('shop', { 'example.com': [path('/')] }, { ...ip, ...alb({ 'conditions.web': conditions }) }),
    ),
  );
  expect(plan.listeners[0]!.rules[0]!.conditions).toMatchObject([
    { field: 'http-header', name: 'x-beta', values: ['yes'] },
    { field: 'source-ip', values: [{ length: 24 }] },
    { field: 'host-header', values: ['example.com', 'www.example.com'] },
    { field: 'path-pattern', values: ['/*'] },
  ]);
});
