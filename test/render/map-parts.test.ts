import { describe, expect, test } from 'vitest';
import { block } from '../../src/render/map/block.ts';
import { fit, widthOf } from '../../src/render/map/fit.ts';
import { columnWidth, flow } from '../../src/render/map/flow.ts';
import { order } from '../../src/render/map/pods.ts';
import { treeOf } from '../../src/render/map/tree.ts';

const line = (points: readonly (readonly [number, number])[]) => ({
  ends: true,
  look: 'nat',
  tip: '',
  points,
});

describe('lines to one target', () => {
  test('a line that meets another follows it around the corner and ends', () => {
    const [first, second] = treeOf([
      line([
        [100, 50],
        [90, 50],
        [90, 10],
        [0, 10],
      ]),
      line([
        [200, 50],
        [190, 50],
        [190, 10],
        [0, 10],
      ]),
    ]);
    expect(first!.ends).toBe(true);
    expect(second).toMatchObject({
      ends: false,
      points: [
        [200, 50],
        [190, 50],
        [190, 10],
        [90, 10],
        [83, 10],
      ],
    });
  });

  test('lines that only share the target keep their whole way', () => {
    const ways = [
      line([
        [0, 10],
        [50, 10],
      ]),
      line([
        [50, 90],
        [50, 20],
      ]),
    ];
    expect(treeOf(ways)).toEqual(ways);
  });
});

describe('texts and rows', () => {
  test('the longest wording that fits is taken, and the shortest is cut', () => {
    const wordings = ['public subnet a-long-name', 'a-long-name'];
    expect(fit(wordings, 'small', 500)).toBe(wordings[0]);
    expect(fit(wordings, 'small', widthOf(wordings[1]!, 'small'))).toBe(wordings[1]);
    expect(fit(wordings, 'small', 40)).toMatch(/^a-.*….*e$/);
  });

  test('blocks run like words, and the rows of a grid are as high as their tallest', () => {
    const blocks = [30, 10, 20].map((height, i) => block({ id: `${i}`, width: 40, height }));
    const placed = flow(blocks, 100, { gap: 10, stretch: true });
    expect(placed.blocks.map(({ x, y, height }) => [x, y, height])).toEqual([
      [0, 0, 30],
      [50, 0, 30],
      [0, 40, 20],
    ]);
    expect(placed).toMatchObject({ width: 90, height: 60 });
    expect(columnWidth(3, 100, 40, 10)).toBe(45);
  });

  test('numbers in names are ordered by value', () => {
    expect(['crowd-10', 'crowd-9', 'a'].sort(order)).toEqual(['a', 'crowd-9', 'crowd-10']);
  });
});
