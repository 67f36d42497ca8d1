import { describe, expect, test } from 'vitest';
import { satisfiesAll, selects } from '../../src/api/selectors.ts';

const labels = { app: 'web', tier: 'front', cores: '8' };

describe('label selectors', () => {
  test('an empty selector selects every object', () => {
    expect(selects({ matchLabels: {}, matchExpressions: [] }, {})).toBe(true);
  });

  test('labels and expressions must all hold', () => {
    const inFront = { key: 'tier', operator: 'In', values: ['front', 'edge'] } as const;
    expect(selects({ matchLabels: { app: 'web' }, matchExpressions: [inFront] }, labels)).toBe(true);
    expect(selects({ matchLabels: { app: 'db' }, matchExpressions: [inFront] }, labels)).toBe(false);
  });

  test('a missing label satisfies NotIn and DoesNotExist but not In and Exists', () => {
    const missing = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist') =>
      satisfiesAll([{ key: 'zone', operator, values: ['a'] }], labels);
    expect([missing('In'), missing('NotIn'), missing('Exists'), missing('DoesNotExist')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('Gt and Lt compare integers and refuse anything else', () => {
    const compared = (operator: 'Gt' | 'Lt', key: string, value: string) =>
      satisfiesAll([{ key, operator, values: [value] }], labels);
    expect(compared('Gt', 'cores', '4')).toBe(true);
    expect(compared('Gt', 'cores', '16')).toBe(false);
    expect(compared('Lt', 'cores', '16')).toBe(true);
    expect(compared('Lt', 'app', '16')).toBe(false);
  });
});
