/** A few packets through a kernel. Needs root, iproute2, iptables, nft and Python; `npm run conformance -- kernel` sends
 *  more of them. */
import { expect, test } from 'vitest';
import { cannotRun } from '../../src/conformance/kernel/lab-run.ts';
import { runConformance } from '../../src/conformance/program.ts';

const reason = cannotRun();
if (reason !== undefined) console.warn(`no kernel to ask: ${reason}`);

const sees = test.skipIf(reason !== undefined && process.env.CI !== 'true');

async function asked(...options: string[]): Promise<void> {
  const lines: string[] = [];
  const status = await runConformance(['kernel', ...options], (line) => lines.push(line));
  expect({ status, last: lines.at(-1) }).toMatchObject({
    status: 0,
    last: expect.stringMatching(/^\d+ passed, 0 failed$/),
  });
}

sees(
  'the kernel does with packets of two-nodes what the traces say, rule by rule',
  () => asked('--topology', 'topologies/two-nodes.yaml', '--packets', '30'),
  60_000,
);

/** Vlan links are plain ones in a lab; rules, tables and early demux are the kernel's. */
const branches = ['--topology', 'test/conformance/fixtures/branch-pods.yaml', '--packets', '60'];

sees('and with those of pods with strict security groups of their own', () => asked(...branches), 60_000);

sees.each(['without-early-demux', 'standard'])(
  'and with those of the variant %s',
  (variant) => asked(...branches, '--variant', variant),
  60_000,
);
