import { describe, expect, test } from 'vitest';
import { formatShare } from '../../src/render/share.ts';

describe('shares of traffic', () => {
  test('one part of n is written as a fraction, as kube-proxy thinks of it', () => {
    expect([1, 1 / 2, 1 / 3, 1 / 12].map(formatShare)).toEqual(['100%', '1/2', '1/3', '1/12']);
  });

  test('the kernel keeps probabilities as multiples of 1/2^31, and a third of that is still 1/3', () => {
    expect(formatShare(Math.floor(2 ** 31 / 3) / 2 ** 31)).toBe('1/3');
  });

  test('weights that are no fraction are percentages', () => {
    expect([0.9, 2 / 3, 0.125001, 0.00041, 0.9999, 0].map(formatShare)).toEqual([
      '90%',
      '66.7%',
      '12.5%',
      '<0.1%',
      '>99.9%',
      '0%',
    ]);
  });
});
