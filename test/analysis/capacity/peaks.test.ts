/** The worst moments of a cluster, each with its number. */
import { describe, expect, test } from 'vitest';
import type { Peak, PeakKind } from '../../../src/analysis/capacity/report.ts';
import { cluster, reportOf, usesOf } from '../../support/capacity.ts';
import { loadShipped } from '../../support/worlds.ts';

const day = reportOf(loadShipped('day'));

function peak(report: typeof day, kind: PeakKind, of?: string): Peak {
  const found = report.peaks.find((one) => one.kind === kind && (of === undefined || one.of === of));
  if (!found) throw new Error(`no ${kind} of ${of}: ${report.peaks.map((one) => one.of).join(', ')}`);
  return found;
}

describe('rolling updates', () => {
  test('three replicas: a quarter rounds up to one new pod, and down to none missing', () => {
    expect(peak(day, 'rolling-update', 'deploy/production/day-service').pods.extra).toBe(1);
  });

  test('ten replicas: three new ones, and two more while two old ones end', () => {
    const ten = peak(reportOf(cluster({ deployments: { web: 10 } })), 'rolling-update');
    expect(ten.pods.extra).toBe(5);
    expect(ten.seconds).toBe(30);
  });

  test('warm addresses are used before further ones are taken', () => {
    const { subnets, addresses } = peak(day, 'rolling-update', 'deploy/production/day-service');
    expect(addresses).toBe(0);
    expect(subnets.flatMap(({ extra }) => extra)).toEqual([
      { use: 'pod', addresses: 1 },
      { use: 'warm', addresses: -1 },
    ]);
  });

  test('a nearly full node has no place for the surge', () => {
    const full = reportOf(
      cluster({
        groups: '{ name: workers, instanceType: t3.small, desired: 1, min: 1, max: 1, subnets: [a] }',
        deployments: { web: 9 },
      }),
    );
    const surge = peak(full, 'rolling-update');
    expect(surge).toMatchObject({ fits: false, pods: { extra: 5, unschedulable: 5 } });
    expect(surge.stops[0]!.kind).toBe('max-pods');
  });

  test('Recreate makes no pod before the old ones are gone', () => {
    const topology = cluster({ deployments: { web: 4 } });
    const workloads = topology.objects.workloads.map((one) => ({
      ...one,
      strategy: { type: 'Recreate' as const },
    }));
    const report = reportOf({ ...topology, objects: { ...topology.objects, workloads } });
    expect(report.peaks.some(({ kind }) => kind === 'rolling-update')).toBe(false);
  });
});

describe('nodes', () => {
  test('a managed node group update launches two nodes in each zone before it drains one', () => {
    expect(peak(day, 'node-group-update')).toMatchObject({ nodes: 4, addresses: 32, fits: true });
  });

  test('the zone that is left takes the node and the pods of the lost one', () => {
    const loss = peak(day, 'zone-loss', 'zone/us-east-1a');
    expect(loss).toMatchObject({ fits: true, addresses: 12, pods: { extra: 4, unschedulable: 0 } });
    expect(loss.subnets.map(({ subnet }) => subnet)).toEqual(['day-b']);
  });

  test('a group of one zone cannot move', () => {
    const report = reportOf(
      cluster({
        groups:
          '{ name: here, instanceType: t3.small, desired: 1, min: 1, max: 4, subnets: [a] }, { name: there, instanceType: t3.small, desired: 1, min: 1, max: 1, subnets: [b] }',
        deployments: { web: 12 },
      }),
    );
    const loss = peak(report, 'zone-loss', 'zone/us-east-1a');
    expect(loss.fits).toBe(false);
    expect(loss.stops.map(({ message }) => message).join()).toContain(
      'node group here has subnets in us-east-1a only',
    );
  });

  test('a node that terminates holds what its ENIs have: three of four addresses', () => {
    expect(peak(day, 'terminating-nodes').addresses).toBe(12);
  });

  test('a node is replaced before its addresses are free: a new one comes beside it', () => {
    expect(peak(day, 'node-replacement')).toMatchObject({ nodes: 1, fits: true });
  });
});

describe('what AWS puts into subnets', () => {
  test('an upgrade of the control plane asks for five free addresses', () => {
    expect(peak(day, 'control-plane-upgrade')).toMatchObject({ addresses: 5, fits: true });
    const tiny = reportOf(
      cluster({
        subnets: [
          '{ name: a, cidr: 10.0.0.0/28, az: us-east-1a }',
          '{ name: b, cidr: 10.0.1.0/28, az: us-east-1b }',
        ],
      }),
    );
    const upgrade = peak(tiny, 'control-plane-upgrade');
    expect(upgrade.fits).toBe(false);
    expect(upgrade.subnets.map(({ short }) => short)).toEqual([5, 5]);
  });

  test('an Application Load Balancer grows to 100 addresses', () => {
    const growth = peak(day, 'load-balancer-growth');
    expect(growth.addresses).toBe(98);
    expect(growth.subnets.map(({ extra }) => usesOf(extra))).toEqual([
      { 'load-balancer': 49 },
      { 'load-balancer': 49 },
    ]);
  });

  test('the cooldown of addresses has a line of its own', () => {
    expect(peak(day, 'cooldown')).toMatchObject({ addresses: 1, seconds: 30 });
  });
});
