/** `vpcsim check FILE...`: runs the flows that topologies expect, their variants' too. Status 1 when one does not hold. */

import type { CheckResult } from '../../analysis/expectations.ts';
import { InputError, type Issue } from '../../base/issue.ts';
import { type Command, type DumpArgs, dumpOptions } from '../command.ts';
import { type Console, type ExitCode, exit, wantsColor } from '../console.ts';
import { issuesText } from '../issues-text.ts';
import { loadTopologyFrom } from '../load.ts';

interface CheckArgs extends DumpArgs {
  readonly topologies: readonly string[];
  readonly variant?: string;
  readonly output: 'text' | 'json';
}

export const checkCommand: Command = {
  usage: 'check [topologies..]',
  describe: 'run the expected flows of topologies and of their variants',
  lists: ['topologies'],
  options: (argv) =>
    dumpOptions(argv)
      .positional('topologies', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'files; vpcsim.yaml here, else day',
      })
      .option('variant', { type: 'string', requiresArg: true, describe: 'only this variant' })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'format',
      }),
  async run(args: CheckArgs, console) {
    const { checkTopology } = await import('../../analysis/expectations.ts');
    const { buildWorld } = await import('../../world/build.ts');
    const results: CheckResult[] = [];
    const issues: Issue[] = [];
    for (const file of args.topologies.length > 0 ? args.topologies : [undefined]) {
      const plain = await loadTopologyFrom({ ...args, topology: file }, console);
      if (!plain.ok) {
        issues.push(...plain.issues);
        continue;
      }
      const label = file ?? plain.value.name;
      const worlds = [{ variant: args.variant, topology: plain.value }];
      if (args.variant === undefined)
        for (const variant of plain.value.variants) {
          const changed = await loadTopologyFrom({ ...args, topology: file, variant }, console);
          if (changed.ok) worlds.push({ variant, topology: changed.value });
          else issues.push(...changed.issues);
        }
      for (const { variant, topology } of worlds) {
        const world = buildWorld(topology);
        if (world.ok) results.push(...checkTopology(world.value, label, variant));
        else issues.push(...world.issues);
      }
    }
    return report(results, issues, args.output, console);
  },
};

function report(
  results: readonly CheckResult[],
  issues: readonly Issue[],
  output: 'text' | 'json',
  console: Console,
): ExitCode {
  // A topology that cannot be read is worth more than the flows of the others.
  if (issues.length > 0) throw new InputError(issues);
  const failed = results.filter(({ holds }) => !holds);
  if (output === 'json')
    console.out(
      `${JSON.stringify({ schema: 'vpcsim.check/v1', results, passed: results.length - failed.length, failed: failed.length }, null, 2)}\n`,
    );
  else {
    const [green, red] = wantsColor(console) ? ['\u001b[32m', '\u001b[31m'] : ['', ''];
    const off = green ? '\u001b[0m' : '';
    let heading = '';
    for (const result of results) {
      const title = result.variant ? `${result.topology} (variant ${result.variant})` : result.topology;
      if (title !== heading) console.out(`${title}\n`);
      heading = title;
      console.out(
        `  ${result.holds ? `${green}holds${off}` : `${red}FAILS${off}`}  ${result.flow}: ${result.got}\n`,
      );
      for (const difference of result.differences) console.out(`         ${difference}\n`);
      if (!result.holds && result.at) console.out(`         at ${result.at}\n`);
    }
    console.out(`${results.length - failed.length} hold, ${failed.length} fail\n`);
  }
  if (results.length === 0)
    console.err(issuesText([{ severity: 'warning', code: 'check/nothing', message: 'no expected flows' }]));
  return failed.length > 0 ? exit.failed : exit.ok;
}
