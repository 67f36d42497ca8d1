/** The command line: yargs reads the words, each command is a file and loads what it needs when it runs. */
import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { InputError } from '../base/issue.ts';
import { type Command, topologyLists } from './command.ts';
import { capacityCommand } from './commands/capacity.ts';
import { checkCommand } from './commands/check.ts';
import { drawCommand } from './commands/draw.ts';
import { explainCommand } from './commands/explain.ts';
import { findCommand } from './commands/find.ts';
import { getCommand } from './commands/get.ts';
import { importCommand } from './commands/import.ts';
import { iptablesCommand } from './commands/iptables.ts';
import { labCommand } from './commands/lab.ts';
import { maxPodsCommand } from './commands/max-pods.ts';
import { nftCommand } from './commands/nft.ts';
import { traceCommand } from './commands/trace.ts';
import { type Console, type ExitCode, exit } from './console.ts';
import { issuesText } from './issues-text.ts';

const commands: readonly Command[] = [
  traceCommand,
  findCommand,
  getCommand,
  maxPodsCommand,
  importCommand,
  iptablesCommand,
  nftCommand,
  labCommand,
  drawCommand,
  checkCommand,
  capacityCommand,
  explainCommand,
];

/** Runs one command line; returns the exit status. Never throws, never touches the process. */
export async function runProgram(argv: readonly string[], console: Console): Promise<ExitCode> {
  try {
    // The command runs once yargs is done: what it throws is ours to report.
    let chosen: (() => Promise<ExitCode> | ExitCode) | undefined;
    const parser = commands.reduce<Argv>(
      (all, command) =>
        all.command(command.usage, command.describe, command.options, (args) => {
          refuseTwice(args, command);
          chosen = () => command.run(args, console);
        }),
      base(),
    );
    const text = await new Promise<string>((resolve, reject) => {
      parser
        .fail((message, error) => reject(error ?? new UsageError(message ?? 'bad usage')))
        .parse([...argv], {}, (error, _args, output) => (error ? reject(error) : resolve(output)));
    });
    if (text) console.out(`${text}\n`);
    return chosen ? await chosen() : exit.ok;
  } catch (error) {
    return failure(error, console);
  }
}

function base(): Argv {
  const program = yargs();
  layOutHelpOnlyWhenAsked(program);
  return program
    .scriptName('vpcsim')
    .usage('$0 COMMAND\n\nTraces one packet through an EKS network, hop by hop, and says why.')
    .version(packageVersion())
    .strict()
    .recommendCommands()
    .demandCommand(1, 'no command')
    .completion('completion', 'print a completion script for bash or zsh')
    .exitProcess(false)
    .wrap(100)
    .help()
    .alias('help', 'h');
}

/** yargs lays out the help of every command before it runs, for failures that are worded here instead: a twentieth of
 *  the time a trace takes as a process. Its internals are only asked politely. */
function layOutHelpOnlyWhenAsked(program: Argv): void {
  const internals = program as {
    getInternalMethods?(): { getUsageInstance?(): { cacheHelpMessage?: () => void } };
  };
  const usage = internals.getInternalMethods?.().getUsageInstance?.();
  if (usage?.cacheHelpMessage) usage.cacheHelpMessage = () => {};
}

class UsageError extends Error {}

/** yargs makes a list of an option that is given twice; only those that are lists may be. */
function refuseTwice(args: Readonly<Record<string, unknown>>, { lists = [] }: Command): void {
  for (const [name, value] of Object.entries(args))
    if (Array.isArray(value) && name !== '_' && !lists.includes(name) && !topologyLists.includes(name))
      throw new UsageError(`${name.length === 1 ? '-' : '--'}${name} is given more than once`);
}

function failure(error: unknown, console: Console): ExitCode {
  if (error instanceof InputError) {
    console.err(issuesText(error.issues));
    return exit.badInput;
  }
  if (error instanceof UsageError || (error instanceof Error && error.name === 'YError')) {
    console.err(`vpcsim: ${error.message}\n    hint  vpcsim --help\n`);
    return exit.badInput;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.err(`vpcsim: a bug in vpcsim, not in your input. Please report it with this text:\n${text}\n`);
  return exit.bug;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
