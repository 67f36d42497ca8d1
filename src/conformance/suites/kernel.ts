/** Suite `kernel`: the Linux kernel as judge. The lab of a topology is built from network namespaces, packets are sent
 *  through it, and what the kernel did is compared with the trace, rule by rule. */
import process from 'node:process';
import { InputError } from '../../index.ts';
import { chooseFlows } from '../kernel/flows.ts';
import { cannotRun, withLab } from '../kernel/lab-run.ts';
import { Random } from '../kernel/random.ts';
import { compareFlow } from '../kernel/round.ts';
import { loadFile } from '../kernel/topology-file.ts';
import type { Report } from '../report.ts';
import type { Suite } from '../suite.ts';

const SUITE = 'kernel';

export const kernel: Suite = {
  name: SUITE,
  summary: 'packets through network namespaces with the same rules: the Linux kernel is the judge (as root)',
  options: {
    topology: { type: 'string', describe: 'topology to build, a file' },
    random: { type: 'string', describe: 'number of random clusters to build' },
    seed: { type: 'string', describe: 'what random choices start from (default 1)' },
    packets: { type: 'string', describe: 'packets for each topology (default 25)' },
    mutate: { type: 'string', describe: 'change so many rules of the model, and see that each is found' },
  },
  async run({ options }, report) {
    const reason = cannotRun();
    if (reason !== undefined) {
      if (process.env.CI === 'true') report.ran(SUITE, [`cannot run here: ${reason}`]);
      else report.skipped(SUITE, reason);
      return;
    }
    const seed = wholeNumber('seed', options.seed, 1);
    const packets = wholeNumber('packets', options.packets, 25);
    if (typeof options.topology === 'string') await fixed(options.topology, seed, packets, report);
  },
};

async function fixed(file: string, seed: number, packets: number, report: Report): Promise<void> {
  const world = loadFile(file);
  const asked = chooseFlows(world, new Random(seed), packets);
  await withLab(world, async (standing) => {
    for (const [number, each] of asked.entries()) {
      const { from, to, protocol } = each.flow;
      const id = `${file}/${number + 1}`;
      const compared = await compareFlow(world, each, standing);
      if (compared.leftOut !== undefined) report.notApplicable(id, compared.leftOut);
      else
        report.ran(
          id,
          compared.differences.length === 0
            ? []
            : [`${protocol} ${from} > ${to} (${each.target})`, ...compared.differences],
        );
    }
  });
}

function wholeNumber(name: string, text: string | boolean | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError([
    { severity: 'error', code: 'usage/number', message: `--${name} ${text}: not a whole number` },
  ]);
}
