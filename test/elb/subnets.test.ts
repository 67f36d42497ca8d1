import { describe, expect, test } from 'vitest';
import type { ControllerInput } from '../../src/elb/input.ts';
import { alb, expose, ingress, nlb, only, path, serve, service, subnet } from './cluster.ts';

const open = { scheme: 'internet-facing' };

function reasons(annotations: Record<string, string>, subnets: ControllerInput['subnets']): string[] {
  const plan = only(serve(ingress('shop', { '': [path('/')] }, alb(annotations)), { subnets }));
  return plan.subnets.map(({ subnet: name, chosen, reason }) => `${chosen ? '+' : '-'} ${name}: ${reason}`);
}

const role = (scheme: 'elb' | 'internal-elb') => ({ [`kubernetes.io/role/${scheme}`]: '1' });
const owned = (cluster: string) => ({ [`kubernetes.io/cluster/${cluster}`]: 'shared' });

describe('discovery', () => {
  test('with a role tag anywhere only tagged subnets count, one per zone', () => {
    const subnets = [
      subnet('public-a', '10.0.0.0/24', 'a', { tags: role('elb') }),
      subnet('public-b', '10.0.1.0/24', 'b', { tags: role('elb') }),
      subnet('public-c', '10.0.2.0/24', 'c'),
    ];
    expect(reasons(open, subnets)).toEqual([
      '+ public-a: tag kubernetes.io/role/elb',
      '+ public-b: tag kubernetes.io/role/elb',
      '- public-c: no tag kubernetes.io/role/elb',
    ]);
  });

  test('without any role tag the route tables decide: an igw route makes a subnet public', () => {
    const subnets = [
      subnet('public-a', '10.0.0.0/24', 'a'),
      subnet('public-b', '10.0.1.0/24', 'b'),
      subnet('private-a', '10.0.16.0/20', 'a'),
      subnet('private-b', '10.0.32.0/20', 'b'),
    ];
    expect(reasons(open, subnets).filter((line) => line.startsWith('+'))).toEqual([
      '+ public-a: public by its route table',
      '+ public-b: public by its route table',
    ]);
    expect(reasons({}, subnets)).toEqual([
      '+ private-a: private by its route table',
      '+ private-b: private by its route table',
      '- public-a: public: its route table has a route to an internet gateway',
      '- public-b: public: its route table has a route to an internet gateway',
    ]);
  });

  test('in one zone the own cluster tag goes first, then the lowest id', () => {
    const subnets = [
      subnet('public-a1', '10.0.0.0/24', 'a'),
      subnet('public-a2', '10.0.1.0/24', 'a', { tags: owned('shop') }),
      subnet('public-b1', '10.0.2.0/24', 'b'),
      subnet('public-b2', '10.0.3.0/24', 'b'),
    ];
    expect(reasons(open, subnets)).toEqual([
      '- public-a1: public-a2 was taken for us-east-1a: own cluster tag first, then lowest id',
      '+ public-a2: public by its route table',
      '+ public-b1: public by its route table',
      '- public-b2: public-b1 was taken for us-east-1b: own cluster tag first, then lowest id',
    ]);
  });

  test('subnets of other clusters and those with fewer than 8 free addresses are left out, and the failure counts them', () => {
    const subnets = [
      subnet('public-a', '10.0.0.0/24', 'a', { tags: owned('other') }),
      subnet('public-b', '10.0.1.0/28', 'b', { freeAddresses: 7 }),
    ];
    const { plans, issues } = serve(ingress('shop', { '': [path('/')] }, alb(open)), { subnets });
    expect(plans).toEqual([]);
    expect(issues).toMatchObject([
      {
        code: 'elb/subnets',
        message:
          "Ingress default/shop: no load balancer is made: couldn't auto-discover subnets: unable to resolve at least one subnet. Evaluated 2 subnets: 1 are tagged for other clusters, and 1 have insufficient available IP addresses",
        hint: 'public-a (us-east-1a): tagged for other clusters only: other; public-b (us-east-1b): 7 free addresses, at least 8 needed',
      },
    ]);
  });

  test('an ALB needs two zones, an NLB is content with one', () => {
    const subnets = [subnet('private-a', '10.0.0.0/24', 'a')];
    const { plans, issues } = serve(ingress('shop', { '': [path('/')] }), { subnets });
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('subnets count less than minimal required count: 1 < 2');
    const network = only(expose(service('web', { type: 'LoadBalancer' }), { subnets }));
    expect(network.nodes).toEqual([{ az: 'us-east-1a', subnet: 'private-a' }]);
  });
});

describe('subnets named by annotation', () => {
  test('are taken by name or Name tag, private ones with a warning when clients come from the internet', () => {
    const subnets = [
      subnet('private-a', '10.0.16.0/20', 'a'),
      subnet('public-b', '10.0.1.0/24', 'b', { tags: { Name: 'front b' } }),
    ];
    const output = serve(
      ingress('shop', { '': [path('/')] }, alb({ ...open, subnets: 'private-a, front b' })),
      { subnets },
    );
    expect(only(output).nodes).toEqual([
      { az: 'us-east-1a', subnet: 'private-a' },
      { az: 'us-east-1b', subnet: 'public-b' },
    ]);
    expect(output.issues).toMatchObject([{ code: 'elb/private-subnet' }]);
    expect(output.issues[0]!.message).toContain('clients that use its us-east-1a address time out');
  });

  test('two in one zone, or a name that does not exist, are refused', () => {
    const twice = expose(
      service('web', { type: 'LoadBalancer' }, nlb({ 'aws-load-balancer-subnets': 'public-a,private-a' })),
    );
    expect(twice.issues[0]!.message).toContain('multiple subnets in same Availability Zone us-east-1a');
    const unknown = expose(
      service('web', { type: 'LoadBalancer' }, nlb({ 'aws-load-balancer-subnets': 'privat-a' })),
    );
    expect(unknown.plans).toEqual([]);
    expect(unknown.issues[0]).toMatchObject({ hint: 'did you mean private-a, private-b?' });
  });
});
