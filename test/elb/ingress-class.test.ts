import { expect, test } from 'vitest';
import { alb, ingress, ingressClass, only, path, serve } from './cluster.ts';

const rule = { '': [path('/')] };
const noClass = { ingressClassName: undefined };

test('class alb is served though no IngressClass is written: the chart installs it with the controller', () => {
  expect(only(serve(ingress('shop', rule))).of).toEqual(['ingress/default/shop']);
});

test('the annotation kubernetes.io/ingress.class: alb is served, and beats spec.ingressClassName', () => {
  const old = ingress('shop', rule, { 'kubernetes.io/ingress.class': 'alb' }, { ingressClassName: 'nginx' });
  expect(serve(old).plans).toHaveLength(1);
});

test('an IngressClass of any name is served when its controller is ingress.k8s.aws/alb', () => {
  const named = ingress('shop', rule, {}, { ingressClassName: 'public' });
  expect(
    serve(named, { ingressClasses: [ingressClass('public', 'ingress.k8s.aws/alb')] }).plans,
  ).toHaveLength(1);
});

test('an Ingress without class goes to the default IngressClass', () => {
  const plain = ingress('shop', rule, {}, noClass);
  const ingressClasses = [ingressClass('alb', 'ingress.k8s.aws/alb', true)];
  expect(serve(plain, { ingressClasses }).plans).toHaveLength(1);
});

test('an Ingress without class where none is the default has no controller', () => {
  const { plans, issues } = serve(ingress('shop', rule, {}, noClass));
  expect(plans).toEqual([]);
  expect(issues).toMatchObject([
    {
      severity: 'warning',
      code: 'elb/ingress-class',
      message:
        'Ingress default/shop: it names no class and no IngressClass is the default: no controller serves it',
    },
  ]);
});

test('an Ingress of class nginx gets no ALB, and the warning says who serves it', () => {
  const nginx = ingress('shop', rule, {}, { ingressClassName: 'nginx' });
  const ingressClasses = [ingressClass('nginx', 'k8s.io/ingress-nginx')];
  const { plans, issues } = serve(nginx, { ingressClasses });
  expect(plans).toEqual([]);
  expect(issues[0]!.message).toContain(
    'served by k8s.io/ingress-nginx, not by the AWS Load Balancer Controller',
  );
});

test('a class that does not exist names the nearest one', () => {
  const { issues } = serve(ingress('shop', rule, {}, { ingressClassName: 'abl' }));
  expect(issues).toMatchObject([{ code: 'elb/ingress-class', hint: 'did you mean alb?' }]);
});

test('without the controller an Ingress of class alb gets no address', () => {
  const { plans, issues, backendGroup } = serve(ingress('shop', rule, alb({ scheme: 'internal' })), {
    controller: false,
  });
  expect(plans).toEqual([]);
  expect(backendGroup).toBeUndefined();
  expect(issues[0]!.message).toContain('the AWS Load Balancer Controller does not run in this cluster');
});
