import { expect, test } from 'vitest';
import { type UnplacedPod, unplacedPod } from '../../src/host/unplaced-pod.ts';
import type { Behaviour } from '../../src/trace/device.ts';
import { origin, trace } from './wiring.ts';

test.each([
  ['pod/pending', '0/2 nodes are available: 2 Too many pods.'],
  ['pod/no-address', 'failed to assign an IP address to container'],
] as const)('a pod without a network stops with %s, in the words of who refused it', (code, reason) => {
  const record: UnplacedPod = {
    index: 0,
    kind: 'unplaced-pod',
    id: 'default/p',
    name: 'p',
    origin,
    code,
    reason,
  };
  const network = { devices: [record], receivers: [unplacedPod.receive as Behaviour['receive']], owners: [] };
  const told = trace(network, { from: 'unplaced-pod/default/p', as: '0.0.0.0', to: '10.0.0.1:80' });
  expect(told.verdict).toBe('unreachable');
  expect(told.blockers).toMatchObject([{ code, because: reason }]);
});
