/** Advice: what would help, with the numbers that the changed topology really has. */
import { describe, expect, test } from 'vitest';
import type { Advice, AdviceKind, CapacityReport } from '../../../src/analysis/capacity/report.ts';
import { cluster, reportOf, type SmallCluster, usesOf } from '../../support/capacity.ts';
import { loadShipped } from '../../support/worlds.ts';

/** Two subnets of 59 addresses that four m5.large nearly fill with what they hold ready. */
const tight: SmallCluster = {
  subnets: [
    '{ name: a, cidr: 10.0.0.0/26, az: us-east-1a }',
    '{ name: b, cidr: 10.0.1.0/26, az: us-east-1b }',
  ],
  groups: '{ name: workers, instanceType: m5.large, desired: 4, min: 1, max: 8, subnets: [a, b] }',
  deployments: { web: 24 },
};

function advice(report: CapacityReport, kind: AdviceKind): Advice {
  const found = report.advice.find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind} in: ${report.advice.map((one) => one.kind).join(', ')}`);
  return found;
}

const number = ({ numbers }: Advice, what: string) => numbers.find((one) => one.what === what);

/** Addresses that nodes and pods hold. */
function held({ subnets }: CapacityReport): number {
  return subnets.reduce((sum, { lines }) => {
    const { node = 0, interface: further = 0, pod = 0, warm = 0, ...others } = usesOf(lines);
    return sum + node + further + pod + warm + (others['prefix-pod'] ?? 0) + (others['prefix-warm'] ?? 0);
  }, 0);
}

describe('where addresses are short', () => {
  const report = reportOf(cluster(tight));

  test('WARM_IP_TARGET frees what the changed topology really has free', () => {
    const { changes, ...one } = advice(report, 'warm-ip-target');
    expect(changes).toEqual([
      { where: 'cluster.cni.env.WARM_IP_TARGET', from: null, to: '2' },
      { where: 'cluster.cni.env.MINIMUM_IP_TARGET', from: null, to: '6' },
    ]);
    const changed = reportOf(cluster({ ...tight, env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '6' } }));
    expect(number({ ...one, changes }, 'addresses held by nodes and pods')).toEqual({
      what: 'addresses held by nodes and pods',
      before: held(report),
      after: held(changed),
    });
    // Four nodes with six pods each: six addresses in use and two ready, one of the ENI.
    expect(held(changed)).toBe(4 * 9);
  });

  test('it costs calls of the EC2 API', () => {
    expect(advice(report, 'warm-ip-target').costs.join()).toContain('EC2');
  });

  test('a secondary block with custom networking takes pods out of the subnets of nodes', () => {
    const one = advice(report, 'secondary-cidr');
    expect(one.changes.map(({ to }) => to).join()).toContain('100.64.0.0/16');
    expect(number(one, 'pods a node takes (maxPods)')).toMatchObject({ before: 29, after: 20 });
    expect(number(one, 'free addresses in a')!.after).toBeGreaterThan(50);
  });

  test('further subnets come from what the VPC has left', () => {
    const one = advice(report, 'larger-subnets');
    expect(one.changes.map(({ where }) => where)).toEqual([
      'vpcs.main.subnets.more-us-east-1a',
      'vpcs.main.subnets.more-us-east-1b',
    ]);
    expect(one.changes[0]!.to).toContain('cidr: 10.0.64.0/18');
  });

  test('a VPC that is full of subnets has none', () => {
    const full = reportOf(cluster({ ...tight, cidrs: '10.0.0.0/23' }));
    expect(full.advice.some(({ kind }) => kind === 'larger-subnets')).toBe(true);
    const used = reportOf(
      cluster({
        ...tight,
        cidrs: '10.0.0.0/25',
        subnets: [
          '{ name: a, cidr: 10.0.0.0/26, az: us-east-1a }',
          '{ name: b, cidr: 10.0.0.64/26, az: us-east-1b }',
        ],
      }),
    );
    expect(used.advice.some(({ kind }) => kind === 'larger-subnets')).toBe(false);
  });

  test('fewer larger nodes hold fewer addresses', () => {
    const one = advice(report, 'larger-nodes');
    expect(number(one, 'nodes')!.after).toBeLessThan(4);
    expect(one.changes[0]).toMatchObject({ from: 'm5.large', to: expect.stringMatching(/^m5\./) });
  });

  test('every piece of advice changes a number, and has a cost', () => {
    for (const { numbers, costs, changes } of report.advice) {
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers.every(({ before, after }) => before !== after)).toBe(true);
      expect(costs.length).toBeGreaterThan(0);
      expect(changes.length).toBeGreaterThan(0);
    }
  });
});

describe('where nodes are full and subnets are not', () => {
  const report = reportOf(loadShipped('day'));

  test('prefix delegation lets a t3.small take 110 pods in place of 11', () => {
    const one = advice(report, 'prefix-delegation');
    expect(number(one, 'pods a node takes (maxPods)')).toMatchObject({ before: 11, after: 110 });
  });

  test('the maximum of the group is what a higher one would change', () => {
    expect(advice(report, 'group-max').changes).toEqual([
      { where: 'cluster.nodeGroups.day-nodes.max', from: '3', to: '6' },
    ]);
  });

  test('nothing is said about addresses', () => {
    expect(report.advice.map(({ kind }) => kind)).toEqual(['prefix-delegation', 'group-max']);
  });
});
