/** `vpcsim capacity --plan`: from nodes, pods and zones to the network that has room for them. */
import { InputError, type Issue } from '../../base/issue.ts';
import { type Console, type ExitCode, exit } from '../console.ts';
import { deliver } from '../deliver.ts';
import { issuesText } from '../issues-text.ts';
import type { PlanArgs } from '../plan-options.ts';

export interface PlanCommandArgs extends PlanArgs {
  readonly output?: string;
  readonly outputFile?: string;
}

export async function runPlan(args: PlanCommandArgs, console: Console): Promise<ExitCode> {
  const [{ planRequest }, { demandOf }, { planAddresses }] = await Promise.all([
    import('../plan-words.ts'),
    import('../../analysis/plan/demand.ts'),
    import('../../analysis/plan/plan.ts'),
  ]);
  const request = planRequest(args);
  const planned = planAddresses(demandOf(request));
  if (!planned.ok) {
    const { alternatives } = await import('../../analysis/plan/alternatives.ts');
    const others = alternatives(request).map(({ words, because }) => `would do: ${words} (${because})`);
    const [last, ...before] = [...planned.issues].reverse();
    const hint = [last!.hint, ...others].filter((each) => each !== undefined).join('\n    hint  ');
    throw new InputError([...before.reverse(), { ...last!, hint: hint === '' ? undefined : hint }]);
  }
  const { plan } = planned;
  const { planTopology } = await import('../../render/plan/topology.ts');
  const file = planTopology(plan);
  const warnings = [...plan.warnings, ...(await loaded(file))];
  if (warnings.length > 0) console.err(issuesText(warnings));
  if (args.output === 'json') {
    const { planJson } = await import('../../render/plan/json.ts');
    deliver(planJson(plan), args.outputFile, console);
    return exit.ok;
  }
  const { planText } = await import('../../render/plan/text.ts');
  const summary = planText(plan, Math.min(console.width, 120));
  if (args.output === 'text') deliver(summary, args.outputFile, console);
  else {
    deliver(file, args.outputFile, console);
    console.err(summary);
  }
  return exit.ok;
}

/** Reads the file as `-t` would: what AWS or the VPC CNI would refuse of the words given is told there. */
async function loaded(text: string): Promise<readonly Issue[]> {
  const { loadTopology } = await import('../../io/load-topology.ts');
  const bytes = new TextEncoder().encode(text);
  const topology = loadTopology(
    'plan.yaml',
    (path) => (path === 'plan.yaml' ? { bytes } : undefined),
    () => [],
  );
  if (!topology.ok) throw new InputError(topology.issues.map(unplaced));
  // That traces do not use endpoints has no bearing on addresses.
  return topology.warnings.filter(({ code }) => code !== 'vpc/endpoint-not-modelled').map(unplaced);
}

/** Lines of a file that nobody wrote say nothing. */
function unplaced(issue: Issue): Issue {
  return { ...issue, at: undefined };
}
