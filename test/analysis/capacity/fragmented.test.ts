/** A subnet with plenty of free addresses and not one whole /28. */
import { describe, expect, test } from 'vitest';
import { cidr } from '../../../src/addressing/cidr.ts';
import type { SubnetSpec } from '../../../src/world/vpc-spec.ts';
import { cluster, reportOf, type SmallCluster } from '../../support/capacity.ts';
import { loadShipped } from '../../support/worlds.ts';

/** One address of each block but the first is somebody's: 235 of 256 are free. */
const scattered = Array.from({ length: 15 }, (_, block) => `{ cidr: 10.0.0.${16 * block + 23}/32, by: RDS }`);

const fragmented = (reservations = ''): SmallCluster => ({
  subnets: [
    `{ name: a, cidr: 10.0.0.0/24, az: us-east-1a, occupied: [${scattered.join(', ')}]${reservations} }`,
    '{ name: b, cidr: 10.0.1.0/24, az: us-east-1b }',
  ],
  env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
  groups: '{ name: workers, instanceType: m5.large, desired: 2, min: 2, max: 6, subnets: [a, b] }',
  deployments: { web: 12 },
});

describe('prefix delegation in a fragmented subnet', () => {
  const report = reportOf(cluster(fragmented()));
  const [a, b] = report.subnets;

  test('pods wait, although most addresses are free', () => {
    expect(report.fits).toBe(false);
    expect(a!.free).toBeGreaterThan(230);
    expect(report.waiting).toEqual([
      {
        kind: 'address',
        count: 6,
        example: expect.stringContaining('pod/default/web-'),
        message: 'InsufficientCidrBlocks in subnet a',
      },
    ]);
  });

  test('it says so first, and names the reservation that cures it', () => {
    const [first] = report.findings;
    expect(first).toMatchObject({ urgency: 'now' });
    expect(first!.message).toContain('free addresses and not one whole /28');
    expect(first!.cure).toContain(`reserve ${a!.prefixes.reservation!.cidr} for prefixes`);
  });

  test('the blocks are shown, and who touches each', () => {
    expect(a!.prefixes).toMatchObject({ total: 16, free: 0, map: '+'.repeat(16) });
    expect(a!.prefixes.stranded).toBe(a!.free);
    expect(a!.prefixes.touched[1]).toEqual({ cidr: '10.0.0.16/28', free: 15, by: ['RDS'] });
    expect(b!.prefixes.free).toBeGreaterThan(10);
  });

  test('the reservation is aligned, a quarter of the subnet, and keeps clear of what AWS has', () => {
    expect(a!.prefixes.reservation).toEqual({
      cidr: '10.0.0.64/26',
      blocks: 4,
      usable: 0,
      later: 4,
      taken: 4,
      by: ['RDS'],
    });
  });

  test('no more pods fit there, and the limit is named', () => {
    expect(report.limits[0]).toMatchObject({ kind: 'prefix-blocks', at: 'subnet/a' });
    expect(report.advice.map(({ kind }) => kind)).toContain('prefix-reservation');
  });
});

test('a block that only a node and the control plane touch is taken first: reserved, it cures', () => {
  const topology = loadShipped('failures/26-fragmented-subnet');
  const report = reportOf(topology);
  expect(report.fits).toBe(false);
  const { name, prefixes } = report.subnets[0]!;
  const named = prefixes.reservation!.cidr;
  expect(report.findings[0]!.cure).toContain(`reserve ${named} for prefixes`);
  const reserved = (subnet: SubnetSpec): SubnetSpec =>
    subnet.name === name
      ? { ...subnet, reservations: [{ cidr: cidr(named), type: 'prefix', origin: subnet.origin }] }
      : subnet;
  const vpcs = topology.vpcs.map((vpc) => ({ ...vpc, subnets: vpc.subnets.map(reserved) }));
  expect(reportOf({ ...topology, vpcs }).fits).toBe(true);
});

test('with whole blocks in a reservation the pods have their addresses', () => {
  const small = fragmented();
  // The four addresses in 10.0.0.64/26 have moved.
  const moved = scattered.filter((one) => !/10\.0\.0\.(71|87|103|119)\//.test(one));
  const [, b] = small.subnets!;
  const cured = reportOf(
    cluster({
      ...small,
      subnets: [
        `{ name: a, cidr: 10.0.0.0/24, az: us-east-1a, occupied: [${moved.join(', ')}], reservations: [{ cidr: 10.0.0.64/26, type: prefix }] }`,
        b!,
      ],
    }),
  );
  expect(cured.fits).toBe(true);
  expect(cured.subnets[0]!.prefixes.map.slice(4, 8)).toMatch(/^P+r+$/);
  expect(cured.subnets[0]!.lines.map(({ use }) => use)).toContain('prefix-reservation');
});
