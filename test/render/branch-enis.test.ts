/** Branch ENIs in diagrams: interfaces of their node, called as its kernel calls them. */
import { expect, test } from 'vitest';
import { surroundingsOf } from '../../src/render/boxes.ts';
import { loadWorld } from '../support/worlds.ts';

const world = loadWorld('failures/12-probe-of-a-branch-pod');

test('a branch ENI stands in the box of its node', () => {
  const boxes = surroundingsOf(world).boxesOf('eni/worker/vlan.1');
  expect(boxes.slice(-2).map(({ kind, label }) => `${kind} ${label}`)).toEqual([
    'node worker',
    'eni vlan.eth.1',
  ]);
});

test('the node stands in the subnet of its first interface', () => {
  const boxes = surroundingsOf(world).boxesOf('node/worker');
  expect(boxes.map(({ kind }) => kind)).toContain('subnet');
  expect(boxes.at(-1)?.label).toBe('worker');
});
