/** Suite `kernel`: the Linux kernel as judge. The lab of a topology is built from network namespaces, packets are sent
 *  through it, and what the kernel did is compared with the trace, rule by rule. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { InputError, type World } from '../../index.ts';
import type { Files } from '../kernel/cluster.ts';
import { type Asked, chooseFlows } from '../kernel/flows.ts';
import { cannotRun, type StandingLab, withLab } from '../kernel/lab-run.ts';
import { Random } from '../kernel/random.ts';
import { randomRound } from '../kernel/random-round.ts';
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
    keep: { type: 'string', describe: 'write the random topologies into this folder' },
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
    if (typeof options.topology === 'string') {
      const world = loadFile(options.topology);
      const asked = chooseFlows(world, new Random(seed), packets);
      await sendThrough(world, asked, options.topology, report);
      return;
    }
    const count = wholeNumber('random', options.random, 20);
    for (let i = 0; i < count; i++) {
      const random = new Random(seed * 100_003 + i);
      const name = `random-${seed}-${i}`;
      const { world, files, asked } = randomRound(random, name, packets, i);
      if (typeof options.keep === 'string') keepFiles(files, join(options.keep, name));
      await sendThrough(world, asked, name, report);
    }
  },
};

async function sendThrough(
  world: World,
  asked: readonly Asked[],
  name: string,
  report: Report,
): Promise<void> {
  const send = async (standing: StandingLab): Promise<void> => {
    for (const [number, each] of asked.entries()) {
      const { from, to, protocol } = each.flow;
      const id = `${name}/${number + 1}`;
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
  };
  try {
    await withLab(world, send);
  } catch (error) {
    report.ran(name, [error instanceof Error ? error.message : String(error)]);
  }
}

function keepFiles(files: Files, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function wholeNumber(name: string, text: string | boolean | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError([
    { severity: 'error', code: 'usage/number', message: `--${name} ${text}: not a whole number` },
  ]);
}
