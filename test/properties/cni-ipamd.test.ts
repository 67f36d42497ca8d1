import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains } from '../../src/addressing/cidr.ts';
import { readEnvironment } from '../../src/cni/environment.ts';
import { type InstanceType, instanceTypes } from '../../src/cni/instance-types.ts';
import { addPod, advance, deletePod, grow, settle, startPool } from '../../src/cni/ipamd/machine.ts';
import type { Pool } from '../../src/cni/ipamd/pool.ts';
import { warmTarget } from '../../src/cni/warm-target.ts';
import { NODE, onANode, slotsOf, subnets, withPods } from '../cni/ipamd/on-a-node.ts';

fc.configureGlobal({ seed: 1 });

/** Every shape of the table once. */
const shapes = [
  ...new Map(
    [...instanceTypes().values()].map((type) => {
      const { maxEnis, ipv4PerEni, networkCards, hypervisor, bareMetal, branchEnis } = type;
      const key = [
        maxEnis,
        ipv4PerEni,
        networkCards,
        hypervisor === 'nitro' || bareMetal,
        (branchEnis ?? 0) > 0,
      ];
      return [key.join(), type] as const;
    }),
  ).values(),
];

const flag = fc.constantFrom('true', 'false');
const settings = fc.record({
  ENABLE_PREFIX_DELEGATION: flag,
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: flag,
  ENABLE_POD_ENI: flag,
  ENABLE_MULTI_NIC: flag,
  WARM_ENI_TARGET: fc.constantFrom('0', '1', '1', '2', '3'),
  WARM_PREFIX_TARGET: fc.constantFrom('0', '1', '1', '2', '3'),
  WARM_IP_TARGET: fc.constantFrom('0', '0', '0', '1', '2', '5', '30'),
  MINIMUM_IP_TARGET: fc.constantFrom('0', '0', '0', '1', '10', '40'),
  MAX_ENI: fc.constantFrom('', '', '1', '2', '3'),
});

/** Most pods that the type takes in that mode, and some fewer. */
const caps = fc.constantFrom(8, 29, 110, 250);

test('at rest the pool holds what the closed forms say, for every shape of the table', () => {
  for (const type of shapes)
    fc.assert(
      fc.property(settings, caps, fc.nat(120), (variables, maxPods, some) => {
        const pods = Math.min(some, maxPods - 2);
        const pool = startFor(type, variables, maxPods);
        withPods(pool, pods);
        const target = warmTarget({ type, env: readEnvironment(variables), maxPods, pods });
        const held = pool.store.enis.reduce(
          (sum, { prefixes, singles }) => sum + prefixes.length + singles.length,
          0,
        );
        const wanted = target.prefixes || target.addresses;
        // A step fills as many slots as the target lacks: the kubelet's limit is looked at before it, not in it.
        if (target.because.includes('enough for')) {
          expect(held).toBeGreaterThanOrEqual(wanted);
          expect(held - wanted).toBeLessThan(type.ipv4PerEni - 1);
        } else {
          expect([held, pool.store.enis.length], type.name).toEqual([wanted, target.enis]);
        }
      }),
      { numRuns: 12 },
    );
});

function startFor(type: InstanceType, env: Record<string, string>, maxPods: number): Pool {
  return startPool(
    {
      type,
      env: readEnvironment(env),
      maxPods,
      node: { subnet: 'a', address: NODE },
      eniSubnets: { subnets: ['a'] },
    },
    subnets({ a: '10.0.0.0/17' }),
  );
}

const events = fc.array(
  fc.oneof(
    fc.record({ add: fc.nat(40) }),
    fc.record({ remove: fc.nat(40) }),
    fc.record({ wait: fc.integer({ min: 1, max: 90 }) }),
  ),
  { maxLength: 60 },
);

test('whatever comes and goes: one holder an address, the limits hold, addresses rest, and the pool comes to rest', () => {
  fc.assert(
    fc.property(
      settings,
      fc.constantFrom('t3.nano', 't3.small', 'm5.large', 'm4.large', 'p4d.24xlarge'),
      fc.constantFrom('10.0.0.0/28', '10.0.0.0/27', '10.0.0.0/25', '10.0.0.0/20'),
      events,
      (env, type, block, list) => {
        const ec2 = subnets({ a: block });
        const pool = onANode({ env, type, ec2, maxPods: 40 });
        const went = new Map<number, number>();
        const before = new Map<string, number>();
        for (const event of list) {
          if ('add' in event) {
            const pod = `default/p${event.add}`;
            if (!pool.store.pods.has(pod)) addPod(pool, pod);
          } else if ('remove' in event) {
            const pod = `default/p${event.remove}`;
            const address = pool.store.pods.get(pod)?.address;
            deletePod(pool, pod);
            before.delete(pod);
            if (address !== undefined) went.set(address, pool.now);
          } else advance(pool, event.wait);
          for (const [pod, { address }] of pool.store.pods) {
            if (before.get(pod) === address) continue;
            before.set(pod, address);
            expect(pool.now - (went.get(address) ?? -Infinity)).toBeGreaterThan(30);
          }
          checkLimits(pool);
        }
        settle(pool);
        checkLimits(pool);
        const held = pool.store.enis.map(
          ({ singles, prefixes }) => 1 + singles.length + 16 * prefixes.length,
        );
        expect(ec2.taken.get('a')!.size).toBe(held.reduce((a, b) => a + b));
        const resting = slotsOf(pool);
        if (pool.cards.some(({ breathes }) => breathes)) return;
        grow(pool);
        advance(pool, 300);
        expect(slotsOf(pool)).toEqual(resting);
      },
    ),
    { numRuns: 400 },
  );
});

/** Pools that shrink and grow for ever have a reason of three. */
test('a pool comes to no rest only without a warm ENI or prefix, or with prefixes on further cards', () => {
  fc.assert(
    fc.property(
      settings,
      fc.constantFrom('t3.small', 'm5.large', 'p4d.24xlarge'),
      fc.nat(60),
      (env, type, pods) => {
        const pool = withPods(onANode({ env, type, maxPods: 110 }), pods);
        pool.cards.forEach(({ breathes }, card) => {
          if (!breathes) return;
          const { byAddress, warmPrefix, warmEni, perSlot } = pool.targets[card]!;
          if (card > 0) expect(perSlot).toBe(16);
          else expect([byAddress, warmPrefix ?? warmEni]).toEqual([undefined, 0]);
        });
      },
    ),
    { numRuns: 300 },
  );
});

function checkLimits(pool: Pool): void {
  const { store, shape } = pool;
  const seen = new Set<number>();
  for (const eni of store.enis) {
    expect(eni.singles.length + eni.prefixes.length).toBeLessThanOrEqual(shape.slots);
    seen.add(eni.primary);
  }
  for (let card = 0; card < shape.cards; card++)
    expect(store.enis.filter((eni) => eni.card === card).length).toBeLessThanOrEqual(shape.maxEnis);
  expect(new Set(store.enis.map(({ card, device }) => `${card}.${device}`)).size).toBe(store.enis.length);
  for (const [pod, { address, eni }] of store.pods) {
    expect(seen.has(address)).toBe(false);
    seen.add(address);
    expect(store.holders.get(address)).toBe(pod);
    const covered =
      eni.singles.includes(address) || eni.prefixes.some((base) => contains({ base, length: 28 }, address));
    expect(covered && store.enis.includes(eni)).toBe(true);
  }
}
