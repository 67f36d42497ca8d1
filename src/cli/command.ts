/** A command of the command line, and the options that most of them share. */
import type { Argv } from 'yargs';
import type { Console, ExitCode } from './console.ts';

export interface Command {
  /** As yargs reads it: `trace <from> <to>`. */
  readonly usage: string;
  readonly describe: string;
  /** Arguments that may be given several times. */
  readonly lists?: readonly string[];
  options(yargs: Argv): Argv;
  /** `args` has been checked against the options above. */
  // biome-ignore lint/suspicious/noExplicitAny: yargs types arguments only along one unbroken chain of calls
  run(args: any, console: Console): Promise<ExitCode> | ExitCode;
}

/** `-t` and `--variant`, of every command that needs a topology. */
export function topologyOptions<T>(argv: Argv<T>): Argv<T> {
  return argv
    .option('topology', {
      alias: 't',
      type: 'string',
      requiresArg: true,
      describe:
        'topology file, eksctl file, manifest or folder; a shipped one by name (default: vpcsim.yaml here, else day)',
    })
    .option('variant', {
      type: 'string',
      requiresArg: true,
      describe: 'apply this variant of the topology',
    }) as Argv<T>;
}

export interface TopologyArgs {
  readonly topology?: string | undefined;
  readonly variant?: string | undefined;
}

/** `--output-file`, of every command that makes something to keep. */
export function fileOption<T>(argv: Argv<T>): Argv<T> {
  return argv.option('output-file', {
    type: 'string',
    requiresArg: true,
    describe: 'write there instead of to the terminal',
  }) as Argv<T>;
}
