/** `vpcsim capacity`: who has the addresses of each subnet, how much more fits, and what stops it. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';
import { InputError } from '../../base/issue.ts';
import { type Command, fileOption, type TopologyArgs, topologyOptions } from '../command.ts';
import { type Console, type ExitCode, exit, wantsColor } from '../console.ts';
import { deliver } from '../deliver.ts';
import { issuesText } from '../issues-text.ts';
import { loadTopologyFrom } from '../load.ts';
import { planLists, planOnly, planOptions } from '../plan-options.ts';
import { type PlanCommandArgs, runPlan } from './capacity-plan.ts';

interface CapacityArgs extends PlanCommandArgs, TopologyArgs {
  readonly plan?: boolean;
  readonly replicas?: readonly string[];
  readonly growth?: string;
}

export const capacityCommand: Command = {
  usage: 'capacity',
  describe: 'who has the addresses of each subnet, how much more fits, what runs out and what would help',
  lists: [...planLists, 'replicas'],
  options: (argv) =>
    planOptions(fileOption(topologyOptions(argv)))
      .option('replicas', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'NAME=COUNT: with so many replicas of a Deployment or StatefulSet, may be repeated',
      })
      .option('nodes', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'GROUP=COUNT: with so many nodes in a group, may be repeated; plan: how many nodes',
      })
      .option('growth', {
        type: 'string',
        requiresArg: true,
        describe: 'PERCENT%/day, /week or /month: when it runs out as all Deployments grow alike',
      })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json', 'csv', 'svg', 'html', 'yaml'] as const,
        describe: 'format: text (default), json, csv, svg, html; plan: yaml (default), text, json',
      }),
  run(args: CapacityArgs, console) {
    if (args.plan) refuse(args, ofToday, 'is not for --plan');
    else refuse(args, planOnly, 'needs --plan');
    refuseFormat(args);
    return args.plan ? runPlan(args, console) : runCapacity(args, console);
  },
};

/** What has no meaning with --plan. */
const ofToday = ['topology', 'variant', 'node-rules', 'pod-rules', 'replicas', 'growth'];

function refuse(args: CapacityArgs, options: readonly string[], why: string): void {
  const given = options.filter((name) => name in args && args[name as keyof CapacityArgs] !== undefined);
  if (given.length > 0)
    throw new InputError(
      given.map((name) => ({
        severity: 'error',
        code: 'usage/wrong-mode',
        message: `--${name} ${why}`,
        hint: 'vpcsim capacity --help',
      })),
    );
}

function refuseFormat({ plan, output }: CapacityArgs): void {
  const formats = plan ? ['yaml', 'text', 'json'] : ['text', 'json', 'csv', 'svg', 'html'];
  if (output !== undefined && !formats.includes(output))
    throw new InputError([
      {
        severity: 'error',
        code: 'usage/bad-format',
        message: `-o ${output} is not for ${plan ? '--plan' : 'a report of what is there'}`,
        hint: formats.join(', '),
      },
    ]);
}

async function runCapacity(args: CapacityArgs, console: Console): Promise<ExitCode> {
  const topology = await loadTopologyFrom(args, console);
  if (!topology.ok) throw new InputError(topology.issues);
  const { capacityOf } = await import('../../analysis/capacity/capacity.ts');
  const { replicas, nodes, growth } = args;
  const report = capacityOf(topology.value, { replicas, nodes, growth });
  if (!report.ok) throw new InputError(report.issues);
  if (report.warnings.length > 0) console.err(issuesText(report.warnings));
  deliver(await rendered(report.value, args, console), args.outputFile, console);
  return report.value.fits ? exit.ok : exit.failed;
}

async function rendered(
  report: CapacityReport,
  { output, outputFile }: CapacityArgs,
  console: Console,
): Promise<string> {
  switch (output) {
    case 'json':
      return (await import('../../render/capacity/json.ts')).capacityJson(report);
    case 'csv':
      return (await import('../../render/capacity/csv.ts')).capacityCsv(report);
    case 'svg':
      return (await import('../../render/capacity/svg.ts')).renderCapacitySvg(report);
    case 'html':
      return (await import('../../render/capacity/html.ts')).renderCapacityHtml(report);
    default: {
      const { capacityText } = await import('../../render/capacity/text.ts');
      const color = outputFile === undefined && wantsColor(console);
      return capacityText(report, { width: console.width, color });
    }
  }
}
