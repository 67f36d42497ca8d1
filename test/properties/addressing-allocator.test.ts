import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressAllocator } from '../../src/addressing/allocator.ts';
import { addressAt, type Cidr, cidr, sizeOf } from '../../src/addressing/cidr.ts';

fc.configureGlobal({ seed: 1 });

/** The same pool as a plain set of free offsets. */
interface Model {
  readonly free: Set<number>;
  readonly given: Set<number>;
  readonly cooling: Map<number, number>;
}

type Action =
  | { readonly do: 'next' }
  | { readonly do: 'reserve' | 'release'; readonly pick: number }
  | { readonly do: 'cool'; readonly pick: number; readonly until: number }
  | { readonly do: 'advance'; readonly now: number }
  | { readonly do: 'block'; readonly length: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'next' } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), pick: fc.nat() }) },
  fc.record({ do: fc.constant('reserve' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('cool' as const), pick: fc.nat(), until: fc.nat(20) }),
  fc.record({ do: fc.constant('advance' as const), now: fc.nat(20) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('block' as const), length: fc.integer({ min: 22, max: 32 }) }),
  },
);

/** Lowest aligned run of free offsets. */
function freeBlock(model: Model, pool: Cidr, length: number): number[] | undefined {
  const count = 2 ** (32 - length);
  for (let start = 0; start + count <= sizeOf(pool); start += count) {
    const run = Array.from({ length: count }, (_, i) => start + i);
    if (run.every((offset) => model.free.has(offset))) return run;
  }
  return undefined;
}

function take(model: Model, offsets: readonly number[]): void {
  for (const offset of offsets) {
    model.free.delete(offset);
    model.given.add(offset);
  }
}

function play(pool: AddressAllocator, model: Model, step: Action): void {
  const at = (offset: number) => addressAt(pool.cidr, offset);
  const picked =
    'pick' in step ? [...model.given].sort((a, b) => a - b)[step.pick % model.given.size] : undefined;
  switch (step.do) {
    case 'next': {
      const lowest = model.free.size === 0 ? undefined : Math.min(...model.free);
      expect(pool.next()).toBe(lowest === undefined ? undefined : at(lowest));
      if (lowest !== undefined) take(model, [lowest]);
      return;
    }
    case 'reserve': {
      const offset = step.pick % sizeOf(pool.cidr);
      expect(pool.reserve(at(offset))).toBe(model.free.has(offset));
      if (model.free.has(offset)) take(model, [offset]);
      return;
    }
    case 'release':
    case 'cool': {
      if (picked === undefined) return;
      model.given.delete(picked);
      pool.release(at(picked), step.do === 'cool' ? step.until : undefined);
      if (step.do === 'cool') model.cooling.set(picked, step.until);
      else model.free.add(picked);
      return;
    }
    case 'advance': {
      pool.advance(step.now);
      for (const [offset, until] of model.cooling) {
        if (until > step.now) continue;
        model.cooling.delete(offset);
        model.free.add(offset);
      }
      return;
    }
    case 'block': {
      const run = freeBlock(model, pool.cidr, step.length);
      expect(pool.nextBlock(step.length)).toEqual(run && { base: at(run[0]!), length: step.length });
      if (run) take(model, run);
    }
  }
}

test.each(['10.0.0.0/24', '192.168.255.224/27', '172.16.0.16/28', '10.0.0.8/30'])(
  'in %s nothing is given twice, the lowest free comes first, and what is released comes back',
  (text) => {
    const block = cidr(text);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(sizeOf(block) - 1), { maxLength: 5 }),
        fc.array(action, { maxLength: 80 }),
        (reserved, steps) => {
          const pool = new AddressAllocator(
            block,
            reserved.map((offset) => addressAt(block, offset)),
          );
          const offsets = Array.from({ length: sizeOf(block) }, (_, i) => i);
          const model: Model = {
            free: new Set(offsets.filter((offset) => !reserved.includes(offset))),
            given: new Set(),
            cooling: new Map(),
          };
          for (const step of steps) {
            play(pool, model, step);
            expect(pool.free).toBe(model.free.size);
          }
          for (const offset of offsets)
            expect(pool.has(addressAt(block, offset))).toBe(!model.free.has(offset));
          const lengths = Array.from({ length: 33 - block.length }, (_, i) => block.length + i);
          const largest = lengths
            .map((length) => ({ length, run: freeBlock(model, block, length) }))
            .find(({ run }) => run);
          expect(pool.largestFreeBlock()).toEqual(
            largest && { base: addressAt(block, largest.run![0]!), length: largest.length },
          );
        },
      ),
      { numRuns: 200 },
    );
  },
);

test('releasing everything returns the pool to where it began', () => {
  fc.assert(
    fc.property(fc.nat(300), (count) => {
      const pool = new AddressAllocator(cidr('10.0.0.0/24'), [cidr('10.0.0.0/24').base]);
      const drain = () =>
        Array.from({ length: count }, () => pool.next()).filter((address) => address !== undefined);
      const first = drain();
      for (const address of [...first].reverse()) pool.release(address);
      expect(pool.free).toBe(255);
      expect(drain()).toEqual(first);
    }),
  );
});
