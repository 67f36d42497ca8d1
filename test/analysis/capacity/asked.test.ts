/** Other numbers of replicas and nodes, and growth. */
import { describe, expect, test } from 'vitest';
import { cluster, reportOf, sumOf } from '../../support/capacity.ts';
import { loadShipped } from '../../support/worlds.ts';

const day = loadShipped('day');

describe('--replicas and --nodes', () => {
  test('twelve more pods than nine fill two nodes, and the autoscaler adds the third', () => {
    const { scenario } = reportOf(day, { replicas: ['day-service=15'] });
    expect(scenario).toMatchObject({
      replicas: [{ workload: 'deploy/production/day-service', from: 3, to: 15 }],
      added: [{ group: 'day-nodes', nodes: 1 }],
      after: { pods: 21, nodes: 3, unschedulable: 0, withoutAddress: 0 },
      fits: true,
    });
  });

  test('what exceeds the maximum of the group stays without a node', () => {
    const { scenario } = reportOf(day, { replicas: ['production/day-service=50'] });
    expect(scenario).toMatchObject({ fits: false, after: { nodes: 3, pods: 27, unschedulable: 29 } });
    expect(scenario!.stops[0]!.kind).toBe('group-max');
  });

  test('more nodes take what ipamd asks for on empty ones', () => {
    const { scenario } = reportOf(cluster(), { nodes: ['workers=3'] });
    expect(scenario).toMatchObject({ fits: true, after: { nodes: 3, pods: 4 } });
  });

  test('more nodes than the maximum are told', () => {
    const { scenario } = reportOf(day, { nodes: ['day-nodes=20'] });
    expect(scenario).toMatchObject({ fits: false, after: { nodes: 20 } });
  });

  test('fewer replicas give pods up', () => {
    const { scenario } = reportOf(day, { replicas: ['day-service=1'] });
    expect(scenario).toMatchObject({ fits: true, after: { pods: 7, nodes: 2 } });
  });

  test('the lines of every subnet sum to its size afterwards', () => {
    const { scenario, subnets } = reportOf(day, { replicas: ['day-service=50'], nodes: ['day-nodes=3'] });
    for (const { subnet, lines } of scenario!.after.subnets)
      expect(sumOf(lines)).toBe(subnets.find(({ name }) => name === subnet)!.size);
  });
});

describe('--growth', () => {
  const { growth } = reportOf(day, { growth: '5%/week' });

  test('5 % a week: three replicas become 22 in week 41, one more than the group takes', () => {
    // 3 x 1.05^41 = 22.2: with the six others 28 pods, and three nodes take 27.
    expect(growth!.runsOut).toMatchObject({ at: 41, stop: { kind: 'group-max' } });
  });

  test('the third node comes before: when the two are full', () => {
    const [node] = growth!.events;
    // 3 x 1.05^30 = 12.97: 19 pods, and two nodes take 18.
    expect(node).toMatchObject({ at: 30, kind: 'node-added' });
  });

  test('the timeline begins with today and goes a little past the end', () => {
    expect(growth!.timeline[0]).toMatchObject({ at: 0, pods: 9, nodes: 2 });
    expect(growth!.timeline.at(-1)!.at).toBe(45);
  });

  test('a rate that is too low to run out says so', () => {
    const slow = reportOf(day, { growth: '0.1%/month' }).growth!;
    expect(slow.runsOut).toBeNull();
    expect(slow.timeline.length).toBeGreaterThan(100);
  });

  test('subnets run out where the group does not', () => {
    const tight = cluster({
      subnets: [
        '{ name: a, cidr: 10.0.0.0/26, az: us-east-1a }',
        '{ name: b, cidr: 10.0.1.0/26, az: us-east-1b }',
      ],
      groups: '{ name: workers, instanceType: m5.large, desired: 2, min: 1, max: 100, subnets: [a, b] }',
      deployments: { web: 20 },
    });
    const { runsOut, bySubnet } = reportOf(tight, { growth: '10%/week' }).growth!;
    expect(runsOut!.stop.kind).toBe('subnet-addresses');
    expect(bySubnet[0]!.at).toBeLessThanOrEqual(runsOut!.at);
    expect(bySubnet[1]!.at).not.toBeNull();
  });
});
