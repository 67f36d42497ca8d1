import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/cni/environment.ts';
import { instanceType } from '../../src/cni/instance-types.ts';
import { planIpPool } from '../../src/cni/ip-pool.ts';

fc.configureGlobal({ seed: 1 });

const NODE = 1;
const FIRST = 10;

const nodes = fc.record({
  maxEnis: fc.integer({ min: 1, max: 5 }),
  ipv4PerEni: fc.integer({ min: 2, max: 6 }),
  free: fc.integer({ min: 0, max: 30 }),
  pods: fc.array(fc.option(fc.integer({ min: 0, max: 29 }), { nil: undefined }), { maxLength: 25 }),
  env: fc.record({
    WARM_ENI_TARGET: fc.constantFrom('0', '1', '2'),
    WARM_IP_TARGET: fc.constantFrom('0', '0', '3'),
    MINIMUM_IP_TARGET: fc.constantFrom('0', '0', '8'),
  }),
});

test('no address is held twice, every pod either has one of the node or waits, and the limits are kept', () => {
  fc.assert(
    fc.property(nodes, ({ maxEnis, ipv4PerEni, free: size, pods, env }) => {
      const free = new Set(Array.from({ length: size }, (_, i) => FIRST + i));
      const pinned = new Set<number>();
      const list = pods.map((offset, i) => {
        const address = offset === undefined || pinned.has(offset) ? undefined : FIRST + offset;
        if (offset !== undefined) pinned.add(offset);
        return { name: `default/p${i}`, address };
      });
      const plan = planIpPool({
        type: { ...instanceType('m5.large')!, maxEnis, ipv4PerEni },
        env: readEnvironment(env),
        maxPods: 110,
        node: { subnet: 'a', address: NODE },
        eniSubnets: { subnets: ['a'] },
        pods: list,
        addresses: {
          freeIn: () => free.size,
          contains: () => true,
          claim: (_, address = Math.min(...free)) => (free.delete(address) ? address : undefined),
          claimPrefix: () => undefined,
          release: (_, address) => void free.add(address),
        },
      });
      const held = plan.enis.flatMap(({ primary, secondary }) => [primary, ...secondary]);
      expect(new Set(held).size).toBe(held.length);
      expect(held.length - 1 + free.size).toBe(size);
      expect(plan.enis.length).toBeLessThanOrEqual(maxEnis);
      for (const { secondary } of plan.enis) expect(secondary.length).toBeLessThan(ipv4PerEni);
      const pool = plan.enis.flatMap(({ secondary }) => secondary).sort((a, b) => a - b);
      const used = [...plan.assigned.map(({ address }) => address), ...plan.warm].sort((a, b) => a - b);
      expect(used).toEqual(pool);
      expect(plan.assigned.length + plan.waiting.length).toBe(list.length);
      for (const { pod, address } of plan.assigned) {
        const wanted = list.find(({ name }) => name === pod)!.address;
        if (wanted !== undefined) expect(address).toBe(wanted);
      }
    }),
  );
});
