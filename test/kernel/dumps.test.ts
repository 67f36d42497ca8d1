/** Dumps in the kernel of this machine: it does with packets what the traces say, rule by rule. */
import { expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/program.ts';
import { noKernel } from '../support/namespace.ts';

test.skipIf(noKernel).each([
  ['Calico, Docker, firewalld and remnants of Cilium', 'test/io/dumps/fixtures/busy-node/topology.yaml', 60],
  ["Istio's sidecars", 'topologies/istio.yaml', 30],
])(
  '%s',
  async (_, topology, packets) => {
    const lines: string[] = [];
    const status = await runConformance(
      ['kernel', '--topology', topology, '--packets', `${packets}`],
      (line) => lines.push(line),
    );
    expect({ status, last: lines.at(-1) }).toMatchObject({
      status: 0,
      last: expect.stringMatching(/^[1-9]\d passed, 0 failed$/),
    });
  },
  90_000,
);
