/** A few packets through a kernel. Needs root, iproute2, iptables, nft and Python; `npm run conformance -- kernel` sends
 *  more of them. */
import { expect, test } from 'vitest';
import { cannotRun } from '../../src/conformance/kernel/lab-run.ts';
import { runConformance } from '../../src/conformance/program.ts';

const reason = cannotRun();
if (reason !== undefined) console.warn(`no kernel to ask: ${reason}`);

test.skipIf(reason !== undefined && process.env.CI !== 'true')(
  'the kernel does with packets of two-nodes what the traces say, rule by rule',
  async () => {
    const lines: string[] = [];
    const status = await runConformance(
      ['kernel', '--topology', 'topologies/two-nodes.yaml', '--packets', '30'],
      (line) => lines.push(line),
    );
    expect({ status, last: lines.at(-1) }).toMatchObject({
      status: 0,
      last: expect.stringMatching(/^\d+ passed, 0 failed$/),
    });
  },
  60_000,
);
