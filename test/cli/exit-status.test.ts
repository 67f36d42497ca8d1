/** The exit status says the verdict: scripts and CI gates read nothing else. */
import { expect, test } from 'vitest';
import { vpcsim } from '../support/console.ts';

const trace = (topology: string, ...rest: string[]) =>
  vpcsim(['trace', ...rest, '-t', topology, '-o', 'wire']);

test('0 where every path is answered', async () => {
  expect((await trace('two-nodes', 'node/node-1', '10.0.2.34:10250')).status).toBe(0);
});

test('0 where a packet without a reply is delivered', async () => {
  expect((await trace('two-nodes', 'node/node-1', '10.0.2.34:10250', '--one-way')).status).toBe(0);
});

test('1 where nothing arrives', async () => {
  const closed = await trace('two-nodes', 'node/node-1', '10.0.2.34:10250', '--variant', 'no-self-rule');
  expect(closed.status).toBe(1);
  expect(closed.err).toBe('');
});

test('1 where the request arrives and its reply does not', async () => {
  const { status, out } = await trace(
    'two-nodes',
    ...['node/node-1', '10.0.2.34:10250', '--variant', 'no-ephemeral-ports'],
  );
  expect(status).toBe(1);
  expect(out).toMatch(/^1\.000000 delivered - timeout .* reply dropped nacl\/denied-in\n$/);
});

test('1 where only some paths arrive', async () => {
  const cut = await trace('day', 'internet', 'http://day.example.com/', '--variant', 'one-subnet-cut-off');
  expect(cut.status).toBe(1);
});

test('2 where the question or the input is wrong, and nothing on standard output', async () => {
  expect(await trace('two-nodes', 'node/node-3', '10.0.2.34:10250')).toMatchObject({ status: 2, out: '' });
});

test('3 where the budget leaves branches unexplored', async () => {
  const asked = ['pod/dev/client', 'svc/production/day-service:80', '--max-branches', '2'];
  expect((await trace('day', ...asked)).status).toBe(3);
});

test('find: 0 with the packet it found, 3 where it found none', async () => {
  const found = await vpcsim(['find', 'pod/dev/client', 'deploy/production/day-service', '-t', 'day']);
  expect(found.status).toBe(0);
  expect(found.out).toMatch(/^tcp 10\S+:49152 > 10\S+:\d+ arrives at pod\/production\/day-service-/);
  const none = await vpcsim(['find', 'internet', 'node/node-1', '-t', 'two-nodes']);
  expect(none.status).toBe(3);
  expect(none.out).toContain('that proves nothing');
});
