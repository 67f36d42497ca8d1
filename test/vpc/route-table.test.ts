/** Route tables: which route wins, and what happens where none does. */
import { describe, expect, test } from 'vitest';
import { UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import type { Plan } from './network.ts';
import { group } from './rules.ts';
import { blockers, trace } from './tracing.ts';
import { plan } from './two-subnets.ts';

describe('the route table', () => {
  const routed = (...routes: string[]): Plan => ({
    ...plan,
    tables: { rt: routes },
    subnets: { ...plan.subnets, a: { ...plan.subnets.a!, table: 'rt' } },
  });

  test('says which route won and against which', () => {
    const told = trace(routed('0.0.0.0/0 -> igw'), { from: 'instance/client', to: '10.0.2.10:80' });
    const router = only(told).hops.find(({ device }) => device.kind === 'vpc-router')!;
    expect(router.steps[0]).toMatchObject({
      rule: 'rtb/rt 10.0.0.0/16 -> local',
      because: 'longest of 2 matching prefixes (16 > 0)',
    });
  });

  test('drops at a blackhole although a less specific route would lead on', () => {
    const told = trace(routed('0.0.0.0/0 -> igw', '198.51.100.0/24 -> blackhole'), {
      from: 'instance/client',
      to: '198.51.100.7:443',
    });
    expect(blockers(told)).toEqual(['forward rt/blackhole vpc-router/main']);
    expect(told.blockers[0]).toMatchObject({
      awsCode: 'MORE_SPECIFIC_ROUTE',
      rule: 'rtb/rt 198.51.100.0/24 -> blackhole',
      nearest: '0.0.0.0/0 -> igw: less specific',
    });
  });

  test('of routes with the same block takes the static one, then that of a prefix list, then the propagated one', () => {
    const why = (...routes: string[]) => {
      const told = trace(routed(...routes), { from: 'instance/client', to: '198.51.100.7:443' });
      return only(told).hops.find(({ device }) => device.kind === 'vpc-router')!.steps[0];
    };
    const [propagated, listed, written] = [
      '198.51.100.0/24 -> blackhole propagated',
      '198.51.100.0/24 -> blackhole pl/corp',
      '198.51.100.0/24 -> igw',
    ] as const;
    expect(why(propagated, listed, written)).toMatchObject({
      rule: 'rtb/rt 198.51.100.0/24 -> igw',
      because:
        'the only matching prefix; a static route goes before a prefix list one (pl/corp (198.51.100.0/24) -> blackhole)',
    });
    expect(why(propagated, '198.51.100.0/24 -> igw pl/corp')).toMatchObject({
      rule: 'rtb/rt pl/corp (198.51.100.0/24) -> igw',
      because:
        'the only matching prefix; a prefix list route goes before a propagated one (198.51.100.0/24 -> blackhole (propagated))',
    });
  });

  test('takes no propagated route inside the local one', () => {
    const told = trace(routed('10.0.2.0/24 -> blackhole propagated'), {
      from: 'instance/client',
      to: '10.0.2.10:80',
    });
    expect(told.verdict).toBe('reachable');
  });

  test('with two prefix lists of the same block leaves open which of them AWS picked', () => {
    const ask = { from: 'instance/client', to: '198.51.100.7:443' };
    const routes = ['198.51.100.0/24 -> igw pl/one', '198.51.100.0/24 -> blackhole pl/two'] as const;
    const hosts = { ...plan.hosts, client: { ...plan.hosts!.client!, public: '203.0.113.9' } };
    const told = trace({ ...routed(...routes), hosts }, ask);
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled).toEqual([
      'which of pl/one (198.51.100.0/24) -> igw and pl/two (198.51.100.0/24) -> blackhole counts in rtb/rt: AWS picks one of several prefix lists at random',
    ]);
    expect(trace({ ...routed(...routes, '198.51.100.0/24 -> igw'), hosts }, ask).verdict).toBe('reachable');
  });

  test('leaves open whether a prefix list inside the local route counts; of the same block the local route does', () => {
    const ask = { from: 'instance/client', to: '10.0.2.10:80' };
    const told = trace(routed('10.0.2.0/24 -> igw pl/corp'), ask);
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled).toEqual([
      'which of pl/corp (10.0.2.0/24) -> igw and 10.0.0.0/16 -> local counts in rtb/rt: AWS does not say whether a block of a prefix list may be more specific than the local route',
    ]);
    expect(trace(routed('10.0.0.0/16 -> igw pl/corp'), ask).verdict).toBe('reachable');
  });

  test('without a matching route drops', () => {
    const told = trace(routed(), { from: 'instance/client', to: '198.51.100.7:443' });
    expect(blockers(told)).toEqual(['forward rt/no-route vpc-router/main']);
    expect(told.blockers[0]!.awsCode).toBe('NO_ROUTE_TO_DESTINATION');
  });

  test('a blackhole for an address of the VPC shows what lies beyond it', () => {
    const told = trace(routed('10.0.2.0/24 -> blackhole'), { from: 'instance/client', to: '10.0.2.10:81' });
    expect(blockers(told)).toEqual([
      'forward rt/blackhole vpc-router/main',
      'forward sg/no-ingress-rule eni/web',
    ]);
  });

  test('that leads to an interface which is gone ends in its subnet', () => {
    const told = trace(routed('198.51.100.0/24 -> gone:10.0.2.77'), {
      from: 'instance/client',
      to: '198.51.100.7:443',
    });
    expect(blockers(told)).toEqual(['forward subnet/no-such-address subnet/b']);
  });

  test('without a default route learns one from the other tables of the VPC', () => {
    const told = trace(
      {
        ...plan,
        tables: { rt: [], public: ['0.0.0.0/0 -> igw'] },
        subnets: { ...plan.subnets, a: { ...plan.subnets.a!, table: 'rt' } },
      },
      { from: 'instance/client', to: '198.51.100.7:443' },
    );
    expect(told.blockers[0]!.fix).toBe('add to rtb/rt: 0.0.0.0/0 -> igw');
  });

  test('a target that is not modelled leaves the answer open', () => {
    const told = trace(routed('198.51.100.0/24 -> pcx-1'), {
      from: 'instance/client',
      to: '198.51.100.7:443',
    });
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled).toEqual(['198.51.100.0/24 -> pcx-1 (rtb/rt): pcx-1 is not modelled']);
  });

  test('is not asked for the resolver and other services of the VPC', () => {
    const told = trace(
      { ...plan, groups: [group('web', []), group('client', [], [])] },
      { from: 'instance/client', to: '10.0.0.2:53', protocol: UDP },
    );
    expect(told.verdict).toBe('undetermined');
    expect(told.blockers).toEqual([]);
  });
});
