import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressAt, cidr, covers, formatCidr, overlaps, sizeOf } from '../../src/addressing/cidr.ts';
import { alternatives } from '../../src/analysis/plan/alternatives.ts';
import { carve } from '../../src/analysis/plan/carve.ts';
import { concaveAt } from '../../src/analysis/plan/node-share.ts';
import type { AddressPlan } from '../../src/analysis/plan/plan.ts';
import { prefixReservations, subnetSize } from '../../src/analysis/plan/subnet-size.ts';
import { faults, planned, request } from '../support/plans.ts';

/** "nodes-us-east-1a 10.0.0.0/21 1440" of the first zone. */
function firstZone({ subnets }: AddressPlan): string[] {
  return subnets
    .filter(({ az }) => az.endsWith('a'))
    .map(({ kind, cidr: block, needed }) => `${kind} ${formatCidr(block)} ${needed}`);
}

describe('a layout', () => {
  test('50 m5.xlarge and 1,500 pods in three zones want a /21 for the nodes of each', () => {
    // 65 nodes after growth: 22 in a zone and 2 during an update, each full at 4 ENIs x 15 addresses.
    expect(firstZone(planned())).toEqual([
      'public 10.0.63.192/26 43',
      'nodes 10.0.0.0/21 1440',
      'control-plane 10.0.63.176/28 9',
    ]);
  });

  test('each zone has a quarter of the VPC, and one quarter stays for a fourth zone', () => {
    const { slices, free } = planned();
    expect(slices.map(formatCidr)).toEqual(['10.0.0.0/18', '10.0.64.0/18', '10.0.128.0/18']);
    expect(free.map(formatCidr)).toContain('10.0.192.0/18');
  });

  test('the block beside the subnet of the nodes stays free for another of its size', () => {
    expect(planned().free.map(formatCidr)).toContain('10.0.8.0/21');
  });

  test('under custom networking a node takes one address of its subnet, and its pods those of 100.64.0.0/10', () => {
    const plan = planned({ customNetworking: true });
    // 24 nodes; 3 ENIs for pods with 15 addresses each.
    expect(firstZone(plan)).toEqual([
      'public 10.0.63.192/26 43',
      'nodes 10.0.0.0/27 24',
      'pods 100.64.0.0/21 1080',
      'control-plane 10.0.63.176/28 9',
    ]);
    expect(plan.cidrs.map(formatCidr)).toEqual(['10.0.0.0/16', '100.64.0.0/16']);
  });

  test('zones that go on when one is lost have half of the nodes each, in place of a third', () => {
    expect(planned({ margin: 0, surge: 0 }).peak.nodes).toBe(17 + 2);
    expect(planned({ margin: 0, surge: 0, survivesZoneLoss: true }).peak.nodes).toBe(25 + 2);
  });

  test('nodes in public subnets want no NAT gateway, and isolated ones no public subnet', () => {
    const uses = (access: 'public' | 'isolated'): string[] =>
      planned({ access }).zone.subnets.flatMap((subnet) => subnet.uses.map(({ what }) => what));
    expect(uses('public')).not.toContain('NAT gateway');
    expect(uses('isolated')).toContain('VPC endpoints');
    expect(planned({ access: 'isolated' }).subnets.map(({ kind }) => kind)).not.toContain('public');
  });

  test('each load balancer may grow to 100 addresses in all, and 8 more stay free', () => {
    const { zone } = planned({ loadBalancers: { public: 3, internal: 0 } });
    const open = zone.subnets.find(({ kind }) => kind === 'public')!;
    expect(open.uses.map(({ addresses }) => addresses)).toEqual([3 * 34, 8, 1]);
  });
});

describe('a subnet for prefixes', () => {
  test('holds them in a reservation at its end, whose last block has the address that AWS keeps', () => {
    // 20 prefixes and the lost block: 21 blocks, 24 in steps of a sixteenth; 50 + 4 addresses are 4 blocks.
    const size = subnetSize(50, 20)!;
    expect(size).toEqual({ length: 23, prefixBlocks: 22 });
    expect(prefixReservations(cidr('10.0.0.0/23'), size).map(formatCidr)).toEqual([
      '10.0.0.160/27',
      '10.0.0.192/26',
      '10.0.1.0/24',
    ]);
  });

  test('reservations are aligned, disjoint, at the end, and leave room for the addresses', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 1500 }),
        (addresses, prefixes) => {
          const size = subnetSize(addresses, prefixes);
          if (!size) return;
          const subnet = { base: cidr('10.0.0.0/16').base, length: size.length };
          const blocks = prefixReservations(subnet, size);
          expect(blocks.length).toBeLessThanOrEqual(4);
          let end = sizeOf(subnet);
          for (const block of [...blocks].reverse()) {
            end -= sizeOf(block);
            expect(block.base).toBe(addressAt(subnet, end));
            expect((block.base >>> 0) % sizeOf(block)).toBe(0);
          }
          expect(end).toBeGreaterThanOrEqual(addresses + 4);
          expect((sizeOf(subnet) - end) / 16).toBeGreaterThan(prefixes);
        },
      ),
    );
  });
});

describe('what nodes take', () => {
  test('is never more than planned, whichever way the pods spread', () => {
    const counts = fc.array(fc.nat(40), { minLength: 1, maxLength: 30 });
    const steps = fc.array(fc.nat(20), { minLength: 41, maxLength: 41 });
    fc.assert(
      fc.property(counts, steps, (pods, rises) => {
        let sum = 0;
        const values = rises.map((rise) => (sum += rise));
        const taken = pods.reduce((all, count) => all + values[count]!, 0);
        const mean = pods.reduce((all, count) => all + count, 0) / pods.length;
        expect(taken).toBeLessThanOrEqual(concaveAt(values, mean) * pods.length + 1e-6);
      }),
    );
  });
});

describe('cutting a VPC', () => {
  const pieces = fc.array(
    fc.record({
      zone: fc.nat(2),
      length: fc.integer({ min: 18, max: 28 }),
      end: fc.constantFrom('lowest' as const, 'highest' as const),
    }),
    { maxLength: 12 },
  );

  test('gives every piece an aligned block of its own, and what is left is the rest', () => {
    const blocks = [cidr('10.0.0.0/16'), cidr('100.64.0.0/16')];
    fc.assert(
      fc.property(pieces, (wanted) => {
        const carved = carve(blocks, wanted, 3)!;
        const all = [...carved.placed.map((each) => each.cidr), ...carved.free];
        expect(carved.placed.map(({ piece }) => piece.length).sort()).toEqual(
          wanted.map(({ length }) => length).sort(),
        );
        expect(all.every((one) => blocks.some((block) => covers(block, one)))).toBe(true);
        expect(all.every((one) => (one.base >>> 0) % sizeOf(one) === 0)).toBe(true);
        expect(all.some((one, i) => all.some((other, j) => j > i && overlaps(one, other)))).toBe(false);
        expect(all.reduce((sum, one) => sum + sizeOf(one), 0)).toBe(2 * 65_536);
      }),
    );
  });

  test('packs where slices for the zones would be too small', () => {
    const wanted = [0, 1, 2].flatMap((zone) =>
      [18, 20].map((length) => ({ zone, length, end: 'lowest' as const })),
    );
    const carved = carve([cidr('10.0.0.0/16')], wanted, 3)!;
    expect(carved.slices).toEqual([]);
    expect(carved.placed).toHaveLength(6);
    expect(carve([cidr('10.0.0.0/17')], wanted, 3)).toBeUndefined();
  });
});

describe('an impossible demand is told with the number that breaks', () => {
  test.each([
    ['pods that the nodes do not take', { pods: 3000 }, 'plan/nodes-full'],
    ['a pool that does not grow', { cni: { MINIMUM_IP_TARGET: '10' } }, 'plan/pool-too-small'],
    ['a VPC that is too small', { vpcCidrs: [cidr('10.0.0.0/22')] }, 'plan/vpc-too-small'],
    [
      'pod blocks that are too small',
      { customNetworking: true, podCidrs: [cidr('100.64.0.0/22')] },
      'plan/vpc-too-small',
    ],
    ['a zone that no subnet holds', { nodes: 4000, pods: 100_000 }, 'plan/subnet-too-large'],
    ['more interfaces than the quota', { eniQuota: 100 }, 'plan/too-many-enis'],
    ['a Service range in the VPC', { serviceCidr: cidr('10.0.0.0/20') }, 'plan/service-overlap'],
    [
      'too many blocks',
      { vpcCidrs: Array.from({ length: 6 }, (_, n) => cidr(`10.${n + 2}.0.0/16`)) },
      'plan/too-many-blocks',
    ],
  ])('%s', (_, wish, code) => {
    expect(faults(wish)).toContain(code);
  });

  test('and what would do is planned before it is told', () => {
    const small = request({ vpcCidrs: [cidr('10.0.0.0/20')] });
    expect(alternatives(small).map(({ words }) => words)).toEqual([
      '--vpc-cidr 10.0.0.0/19',
      '--custom-networking',
      '--prefix-delegation --custom-networking',
    ]);
  });

  test('a second block of 10.0.0.0/8 keeps to the ranges that AWS lets join', () => {
    const large = request({ nodes: 600, pods: 18_000 });
    expect(alternatives(large).map(({ words }) => words)[0]).toBe(
      '--vpc-cidr 10.0.0.0/16 --vpc-cidr 10.1.0.0/16',
    );
  });
});
