import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatRange,
  parseRange,
  type Range,
  rangeSet,
  rangesContain,
  rangesCover,
  rangesIntersect,
  unionOf,
} from '../../src/addressing/range-set.ts';

fc.configureGlobal({ seed: 1 });

const HIGHEST = 60;
const range = fc
  .tuple(fc.nat(HIGHEST), fc.nat(8))
  .map(([first, more]): Range => ({ first, last: Math.min(HIGHEST, first + more) }));
const ranges = fc.array(range, { maxLength: 8 });

const numbers = ({ first, last }: Range) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const members = (given: readonly Range[]) => new Set(given.flatMap(numbers));

test('a range set answers as the set of its numbers does', () => {
  fc.assert(
    fc.property(ranges, range, (given, asked) => {
      const set = rangeSet(given);
      const real = members(given);
      for (let value = 0; value <= HIGHEST + 1; value++)
        expect(rangesContain(set, value)).toBe(real.has(value));
      expect(rangesIntersect(set, asked)).toBe(numbers(asked).some((value) => real.has(value)));
      expect(rangesCover(set, asked)).toBe(numbers(asked).every((value) => real.has(value)));
    }),
    { numRuns: 500 },
  );
});

test('sets with the same numbers have the same ranges, sorted and apart', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const union = unionOf(rangeSet(a), rangeSet(b));
      expect(union).toEqual(
        rangeSet([...members([...a, ...b])].map((value) => ({ first: value, last: value }))),
      );
      for (let i = 1; i < union.length; i++) expect(union[i]!.first).toBeGreaterThan(union[i - 1]!.last + 1);
    }),
    { numRuns: 500 },
  );
});

test('ranges survive being written and read', () => {
  fc.assert(
    fc.property(fc.nat(65535), fc.nat(65535), (a, b) => {
      const range = { first: Math.min(a, b), last: Math.max(a, b) };
      expect(parseRange(formatRange(range), 65535)).toEqual(range);
    }),
  );
});
