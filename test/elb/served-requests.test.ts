/** From the Ingress to the target group that a request reaches: the plan, compiled as the ALB's nodes use it. */
import { expect, test } from 'vitest';
import { ipv4 } from '../../src/addressing/ip.ts';
import type { ControllerOutput } from '../../src/elb/plan.ts';
import type { HttpRequest } from '../../src/packet/application.ts';
import { matchingRule } from '../../src/vpc/alb-rules.ts';
import { compileAlb, compileNlb } from '../../src/vpc/load-balancer.ts';
import { alb, backend, expose, ingress, only, path, serve, service } from './cluster.ts';

const services = ['web', 'app1', 'app2', 'api'].map((name) => service(name));

function reached(output: ControllerOutput, url: string): string {
  const plan = only(output);
  const [host = '', rest = ''] = url.split(/(?=\/)(.*)/s);
  const request: HttpRequest = {
    kind: 'http',
    scheme: 'http',
    method: 'GET',
    host,
    path: rest,
    query: '',
    headers: {},
  };
  const listener = compileAlb(plan).listeners[0]!;
  const number = matchingRule(listener.rules, request, ipv4('198.51.100.7'));
  const action = listener.rules[number]?.action ?? listener.defaultAction;
  if (action.type !== 'forward') return action.type === 'redirect' ? 'redirect' : `${action.statusCode}`;
  const name = action.targetGroups[0]?.name;
  return plan.targetGroups.find((group) => group.name === name)?.service?.name ?? '503';
}

test('path-based routing: /app1 and /app2 reach their Services, all else is 404', () => {
  const output = serve(
    ingress('shop', { '': [path('/app1', backend('app1')), path('/app2', backend('app2'))] }),
    {
      services,
    },
  );
  expect(reached(output, 'x.example.com/app1')).toBe('default/app1');
  expect(reached(output, 'x.example.com/app2/cart')).toBe('default/app2');
  expect(reached(output, 'x.example.com/app11')).toBe('404');
  expect(reached(output, 'x.example.com/')).toBe('404');
});

test('host-based routing: api.example.com and app.example.com reach their Services', () => {
  const hosts = {
    'api.example.com': [path('/', backend('api'))],
    'app.example.com': [path('/', backend('web'))],
  };
  const output = serve(ingress('shop', hosts), { services });
  expect(reached(output, 'api.example.com/v1')).toBe('default/api');
  expect(reached(output, 'app.example.com/v1')).toBe('default/web');
  expect(reached(output, 'example.com/v1')).toBe('404');
});

test('a host-less rule written first takes the requests of the hosts after it', () => {
  const early = { '': [path('/', backend('web'))], 'api.example.com': [path('/', backend('api'))] };
  expect(reached(serve(ingress('shop', early), { services }), 'api.example.com/')).toBe('default/web');
  const late = { 'api.example.com': [path('/', backend('api'))], '': [path('/', backend('web'))] };
  expect(reached(serve(ingress('shop', late), { services }), 'api.example.com/')).toBe('default/api');
});

test('ImplementationSpecific /foo does not serve /foo/x', () => {
  const output = serve(ingress('shop', { '': [path('/foo', backend('web'), 'ImplementationSpecific')] }), {
    services,
  });
  expect(reached(output, 'x.example.com/foo')).toBe('default/web');
  expect(reached(output, 'x.example.com/foo/x')).toBe('404');
});

test('ssl-redirect hides every rule of the HTTP listener', () => {
  const annotations = alb({
    'listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    'certificate-arn': 'arn:aws:acm:us-east-1:111122223333:certificate/x',
    'ssl-redirect': '443',
  });
  expect(
    reached(serve(ingress('shop', { '': [path('/')] }, annotations), { services }), 'x.example.com/'),
  ).toBe('redirect');
});

test('an NLB plan compiles to listeners that forward to the registered targets', () => {
  const balancer = compileNlb(only(expose(service('web', { type: 'LoadBalancer' }))));
  expect(balancer.listeners).toMatchObject([
    { port: 80, protocol: 'TCP', targetGroup: { targetType: 'instance' } },
  ]);
  expect(balancer.listeners[0]!.targetGroup.targets).toHaveLength(2);
});
