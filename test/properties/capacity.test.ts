import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capacityOf } from '../../src/analysis/capacity/capacity.ts';
import type { CapacityReport, UseLine } from '../../src/analysis/capacity/report.ts';
import { clusterFiles, type SmallCluster, sumOf } from '../support/capacity.ts';
import { topologyOf } from '../support/worlds.ts';

fc.configureGlobal({ seed: 1 });

const targets = fc.record({
  WARM_ENI_TARGET: fc.constantFrom('0', '1', '2'),
  WARM_IP_TARGET: fc.constantFrom('0', '0', '2', '5'),
  MINIMUM_IP_TARGET: fc.constantFrom('0', '0', '8'),
  WARM_PREFIX_TARGET: fc.constantFrom('0', '1', '2'),
  ENABLE_PREFIX_DELEGATION: fc.constantFrom('true', 'false', 'false'),
  MAX_ENI: fc.constantFrom('0', '0', '2'),
  ENABLE_POD_ENI: fc.constantFrom('false', 'false', 'true'),
});

/** A subnet of 16 to 1,024 addresses, with what others have in it and with reservations. */
const subnet = (index: number) =>
  fc
    .record({
      length: fc.integer({ min: 22, max: 28 }),
      occupied: fc.uniqueArray(fc.integer({ min: 4, max: 14 }), { maxLength: 4 }),
      reservation: fc.constantFrom('', 'prefix', 'explicit'),
    })
    .map(({ length, occupied, reservation }) => {
      const others = occupied.map((last) => `{ cidr: 10.0.${index * 4}.${last}/32, by: RDS }`);
      const reserved = reservation ? [`{ cidr: 10.0.${index * 4}.0/28, type: ${reservation} }`] : [];
      return `{ name: ${'ab'[index]}, cidr: 10.0.${index * 4}.0/${length}, az: us-east-1${'ab'[index]}, occupied: [${others.join(', ')}], reservations: [${reserved.join(', ')}] }`;
    });

const clusters: fc.Arbitrary<SmallCluster> = fc
  .record({
    subnets: fc.tuple(subnet(0), subnet(1)),
    env: targets,
    type: fc.constantFrom('t3.small', 'm5.large', 'm5.xlarge', 'c5.large'),
    desired: fc.integer({ min: 0, max: 5 }),
    spare: fc.integer({ min: 0, max: 3 }),
    web: fc.integer({ min: 0, max: 40 }),
    api: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ subnets, env, type, desired, spare, web, api }) => ({
    subnets,
    env,
    groups: `{ name: workers, instanceType: ${type}, desired: ${desired}, min: 0, max: ${Math.max(1, desired + spare)}, subnets: [a, b] }`,
    deployments: { web, api },
  }));

function report(small: SmallCluster, growth?: string): CapacityReport {
  const made = capacityOf(topologyOf(clusterFiles(small)), { replicas: ['web=50'], growth });
  if (!made.ok) throw new Error(JSON.stringify(made.issues));
  return made.value;
}

/** Each use once, none of them negative. */
function wellFormed(lines: readonly UseLine[]): void {
  expect(new Set(lines.map(({ use }) => use)).size).toBe(lines.length);
  for (const { addresses } of lines) expect(addresses).toBeGreaterThan(0);
}

test('the lines of a subnet sum to its size: today, with other replicas, and at every moment of growth', () => {
  fc.assert(
    fc.property(clusters, (small) => {
      const { subnets, scenario, growth } = report(small, '20%/week');
      const sizes = new Map(subnets.map(({ name, size }) => [name, size]));
      const moments = [
        subnets.map(({ name, lines }) => ({ subnet: name, lines })),
        scenario!.after.subnets,
        ...growth!.timeline.map((point) => point.subnets),
      ];
      for (const moment of moments)
        for (const { subnet: name, lines } of moment) {
          wellFormed(lines);
          expect(sumOf(lines)).toBe(sizes.get(name));
        }
    }),
    { numRuns: 30 },
  );
});

test('free addresses, free blocks and the map of blocks agree', () => {
  fc.assert(
    fc.property(clusters, (small) => {
      for (const { size, free, largestFreeBlock, prefixes } of report(small).subnets) {
        expect(prefixes.map.length).toBe(size / 16);
        expect(prefixes.free).toBe([...prefixes.map].filter((one) => one === '.' || one === 'r').length);
        expect(prefixes.stranded).toBeLessThanOrEqual(free);
        expect(largestFreeBlock === null).toBe(free === 0);
        expect(prefixes.touched.length).toBe([...prefixes.map].filter((one) => one === '+').length);
      }
    }),
    { numRuns: 30 },
  );
});

test('a peak takes no more than is free, and says so where it is short', () => {
  fc.assert(
    fc.property(clusters, (small) => {
      for (const { kind, subnets, fits, stops, pods } of report(small).peaks) {
        for (const { addresses, free, short } of subnets)
          if (kind !== 'control-plane-upgrade' && kind !== 'terminating-nodes') {
            expect(addresses).toBeLessThanOrEqual(free + reserved(small));
            expect(short).toBeGreaterThanOrEqual(0);
          }
        expect(fits || stops.length > 0).toBe(true);
        expect(fits).toBe(fits && pods.unschedulable === 0 && pods.withoutAddress === 0);
      }
    }),
    { numRuns: 30 },
  );
});

/** What reservations of type prefix keep: prefixes may take it, and it is not counted as free. */
function reserved({ subnets }: SmallCluster): number {
  return subnets!.some((one) => one.includes('type: prefix')) ? 16 : 0;
}
