import { expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { only } from '../support/walked.ts';
import { origin, trace } from './wiring.ts';

test('a route that leads out of an interface with nothing at its end loses the packet on the node', () => {
  const route = { table: 'main', to: cidr('172.16.0.0/16'), dev: 'lo', origin };
  const told = trace(
    { nodes: { one: { address: '10.0.1.10', pods: { p: '10.0.1.21' }, routes: [route] } } },
    { from: 'pod/p', to: '172.16.0.1:80' },
  );
  expect(only(told)).toMatchObject({
    disposition: 'dropped',
    code: 'host/no-neighbour',
    device: 'node/one',
  });
  expect(told.blockers[0]!.because).toBe('nothing is attached to lo of node/one');
});
