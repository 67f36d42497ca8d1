/** `vpcsim capacity`: who has the addresses of each subnet, how much more fits, and what stops it. */
import { InputError } from '../../base/issue.ts';
import { type Command, fileOption } from '../command.ts';
import { planLists, planOptions } from '../plan-options.ts';
import { type PlanCommandArgs, runPlan } from './capacity-plan.ts';

interface CapacityArgs extends PlanCommandArgs {
  readonly plan?: boolean;
}

export const capacityCommand: Command = {
  usage: 'capacity',
  describe: 'plan the addresses of a network: the subnets that nodes and pods need',
  lists: planLists,
  options: (argv) =>
    planOptions(fileOption(argv))
      .option('nodes', { type: 'string', array: true, nargs: 1, describe: 'plan: how many nodes' })
      .option('output', { alias: 'o', choices: ['text', 'json', 'yaml'] as const, describe: 'format' }),
  async run(args: CapacityArgs, console) {
    if (args.plan) return runPlan(args, console);
    throw new InputError([
      {
        severity: 'error',
        code: 'usage/missing',
        message: 'capacity needs --plan',
        hint: 'vpcsim capacity --help',
      },
    ]);
  },
};
