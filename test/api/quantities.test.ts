import { describe, expect, test } from 'vitest';
import { parseBytes, parseCpuMillis } from '../../src/api/quantities.ts';

describe('quantities', () => {
  test.each([
    ['250m', 250],
    ['1', 1000],
    ['1.5', 1500],
    ['1.1', 1100],
    ['0.1', 100],
    ['.5', 500],
    [2, 2000],
    ['1e-1', 100],
  ])('CPU %s is %i millicores', (text, millis) => {
    expect(parseCpuMillis(text)).toBe(millis);
  });

  test('a fraction of a millicore is rounded up', () => {
    expect(parseCpuMillis('100u')).toBe(1);
    expect(parseCpuMillis('0.0011')).toBe(2);
  });

  test.each([
    ['128Mi', 128 * 1024 ** 2],
    ['1Gi', 1024 ** 3],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['129M', 129e6],
    ['1e3', 1000],
    ['1E', 1e18],
    ['128974848000m', 128974848],
  ])('memory %s is %i bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  test.each(['', '1 Gi', 'Gi', '1gi', '-1', '1..2', 'abc'])(
    '"%s" is no quantity a request may have',
    (text) => {
      expect(parseBytes(text)).toBeUndefined();
    },
  );
});
