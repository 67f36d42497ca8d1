/** What the program prints for the shipped topologies, whole, as a reader sees it: text at width 100 without colour,
 *  every step of a few, one wire line for each path of every expected flow, and the rules of two nodes.
 *  Refresh with `npx vitest run test/cli/golden.test.ts -u`, and read the difference. */
import { describe, expect, test } from 'vitest';
import { renderWire } from '../../src/render/wire.ts';
import { vpcsim } from '../support/console.ts';
import { shipped } from '../support/shipped.ts';
import { traceOf } from '../support/worlds.ts';

const golden = (name: string): string => `../golden/${name}`;

/** What a command line prints on standard output. */
async function printed(...args: string[]): Promise<string> {
  const { out, err, status } = await vpcsim(args);
  expect({ bad: status > 3, err: err.replace(/^(\S+ {2})?warning .*\n( {4}hint .*\n)?/gm, '') }).toEqual({
    bad: false,
    err: '',
  });
  return out;
}

describe('text', () => {
  test.each([
    ['day-from-the-internet', ['internet', 'http://day.example.com/health', '-t', 'day']],
    [
      'day-one-subnet-cut-off',
      ['internet', 'http://day.example.com/health', '-t', 'day', '--variant', 'one-subnet-cut-off'],
    ],
    ['day-service', ['pod/dev/client', 'svc/production/day-service:80', '-t', 'day']],
    ['day-to-itself', ['deploy/production/day-service', 'svc/production/day-service:80', '-t', 'day']],
    ['day-to-the-internet', ['pod/dev/client', '1.1.1.1:443', '-t', 'day']],
    ['day-private-to-the-internet', ['pod/dev/client', '1.1.1.1:443', '-t', 'day-private']],
    ['day-externalsnat', ['pod/dev/client', '1.1.1.1:443', '-t', 'day-externalsnat']],
    ['two-nodes', ['node/node-1', '10.0.2.34:10250', '-t', 'two-nodes']],
    [
      'two-nodes-no-self-rule',
      ['node/node-1', '10.0.2.34:10250', '-t', 'two-nodes', '--variant', 'no-self-rule'],
    ],
    [
      'two-nodes-no-ephemeral-ports',
      ['node/node-1', '10.0.2.34:10250', '-t', 'two-nodes', '--variant', 'no-ephemeral-ports'],
    ],
    ['two-nodes-same-node', ['pod/default/p1', 'pod/default/p2:8080', '-t', 'two-nodes']],
    ['expense-across-zones', ['pod/project/nginx', 'pod/project/sidecar:80', '-t', 'expense']],
    ['shop-nodeport', ['internet', 'node/public-1:30007', '-t', 'shop']],
    ['shop-no-rule', ['internet', 'http://app.example.com/nope', '-t', 'shop']],
    ['faults-loop', ['instance/app', '172.31.0.5:443', '-t', 'faults']],
    ['faults-pending', ['instance/app', 'pod/default/waiting-0:80', '-t', 'faults']],
  ])('%s', async (name, args) => {
    await expect(await printed('trace', ...args)).toMatchFileSnapshot(golden(`text/${name}.txt`));
  });
});

describe('wide', () => {
  test.each([
    [
      'two-nodes-no-self-rule',
      ['node/node-1', '10.0.2.34:10250', '-t', 'two-nodes', '--variant', 'no-self-rule'],
    ],
    ['day-externalsnat', ['pod/dev/client', '1.1.1.1:443', '-t', 'day-externalsnat']],
  ])('%s', async (name, args) => {
    await expect(await printed('trace', ...args, '-o', 'wide')).toMatchFileSnapshot(
      golden(`wide/${name}.txt`),
    );
  });
});

describe('wire', () => {
  test.each(shipped.map(({ title, world, flows }) => ({ title, world, flows })))(
    'every expected flow of $title',
    async ({ title, world, flows }) => {
      const lines = flows.map((flow) => {
        const { from, to, ...rest } = flow;
        const asked = Object.entries(rest).flatMap(([key, value]) =>
          value === undefined ? [] : [`${key} ${value}`],
        );
        return `# ${[from, '->', to, ...asked].join(' ')}\n${renderWire(traceOf(world, from, to, rest))}`;
      });
      const file = title.replace(/ \((.*)\)/, '.$1');
      await expect(lines.join('\n')).toMatchFileSnapshot(golden(`wire/${file}.txt`));
    },
  );
});

describe('iptables', () => {
  test.each([
    ['two-nodes', 'node-1'],
    ['day', 'ip-10-1-0-5.ec2.internal'],
  ])('%s: %s', async (topology, node) => {
    await expect(await printed('iptables', node, '-t', topology)).toMatchFileSnapshot(
      golden(`iptables/${topology}.${node}.txt`),
    );
  });
});
