/** Suite `kernel`: the Linux kernel as judge. The lab of a topology is built from network namespaces, packets are sent
 *  through it, and what the kernel did is compared with the trace, rule by rule. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { InputError } from '../../index.ts';
import { readCases } from '../cases-file.ts';
import { Coverage } from '../kernel/coverage.ts';
import { factsFile } from '../kernel/fact-format.ts';
import { type FactCase, factPackets, factWorld } from '../kernel/facts.ts';
import { chooseFlows } from '../kernel/flows.ts';
import { cannotRun } from '../kernel/lab-run.ts';
import { Mutations } from '../kernel/mutations.ts';
import { Random } from '../kernel/random.ts';
import { randomRound } from '../kernel/random-round.ts';
import { sendThrough } from '../kernel/send-through.ts';
import { checkShares, sharesWorld } from '../kernel/shares-round.ts';
import { loadFile } from '../kernel/topology-file.ts';
import type { Report } from '../report.ts';
import type { Given, Suite } from '../suite.ts';

const SUITE = 'kernel';

/** The project's own cases, from the folder where npm runs scripts. */
const DEFAULT_CASES = 'test/conformance/kernel-cases.json';

const text = (describe: string) => ({ type: 'string', describe }) as const;

export const kernel: Suite = {
  name: SUITE,
  summary: 'packets through network namespaces with the same rules: the Linux kernel is the judge (as root)',
  options: {
    topology: text('build this topology, and nothing else'),
    variant: text('of the topology, with the changes of this variant'),
    random: text('number of random clusters (default 20)'),
    seed: text('what random choices start from (default 1)'),
    packets: text('packets for each cluster (default 40, for a topology 100)'),
    mutate: text('change so many rules of the model, and see that each is found'),
    keep: text('write the random topologies into this folder'),
  },
  async run(given, report) {
    const reason = cannotRun();
    if (reason === undefined)
      await (given.options.topology === undefined ? clusters : topology)(given, report);
    else if (process.env.CI === 'true') report.ran(SUITE, [`cannot run here: ${reason}`]);
    else report.skipped(SUITE, reason);
  },
};

async function topology({ options }: Given, report: Report): Promise<void> {
  const file = String(options.topology);
  const { variant } = options;
  const world = loadFile(file, variant === undefined ? undefined : String(variant));
  const asked = chooseFlows(
    world,
    new Random(numberOf(options, 'seed', 1)),
    numberOf(options, 'packets', 100),
  );
  await sendThrough({ world, asked, name: file, report });
}

/** The facts, the shares, then random clusters with their mutations and what they must cover. */
async function clusters({ cases, options }: Given, report: Report): Promise<void> {
  const { cases: facts } = readCases(cases ?? DEFAULT_CASES, factsFile);
  const coverage = new Coverage();
  for (const fact of facts) if (report.wantsBelow(fact.id)) await checkFact(fact, report, coverage);
  if (cases !== undefined) return;

  await sendThrough({
    world: sharesWorld(),
    asked: [],
    name: 'shares',
    report,
    async also(world, standing) {
      const { differences, lines } = await checkShares(world, standing);
      for (const line of lines) report.note(line);
      report.ran('shares', differences);
    },
  });

  const [seed, count] = [numberOf(options, 'seed', 1), numberOf(options, 'random', 20)];
  const packets = numberOf(options, 'packets', 40);
  const mutations = new Mutations(numberOf(options, 'mutate', 0), count);
  for (let i = 0; i < count; i++) {
    const random = new Random(seed * 100_003 + i);
    const name = `random-${seed}-${i}`;
    if (!report.wantsBelow(name)) continue;
    const { files, world, asked } = randomRound(random, name, packets, i);
    if (typeof options.keep === 'string') keep(files, join(options.keep, name));
    const agreed = await sendThrough({ world, asked, name, report, coverage });
    mutations.try(files, world, agreed, random, i);
  }
  for (const line of coverage.lines()) report.note(line);
  if (count >= 20 && report.wants('coverage')) report.ran('coverage', coverage.gaps());
  mutations.tell(report);
}

async function checkFact(fact: FactCase, report: Report, coverage: Coverage): Promise<void> {
  await sendThrough({
    world: factWorld(fact),
    asked: factPackets(fact, 41_000),
    name: fact.id,
    report,
    coverage,
  });
}

function keep(files: Readonly<Record<string, string>>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

function numberOf(options: Given['options'], name: string, otherwise: number): number {
  const given = options[name];
  if (given === undefined) return otherwise;
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Number(given);
  throw new InputError([
    { severity: 'error', code: 'usage/number', message: `--${name} ${given}: not a whole number` },
  ]);
}
