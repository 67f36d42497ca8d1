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

/** `-t`, `--variant` and `--instance-types`, of every command that needs a topology. */
export function topologyOptions<T>(argv: Argv<T>): Argv<T> {
  return namedTopologyOptions(dumpOptions(argv), ' (default: vpcsim.yaml here, else day)');
}

/** The same without dumps; `otherwise` says what holds without `-t`. */
export function namedTopologyOptions<T>(argv: Argv<T>, otherwise = ''): Argv<T> {
  return argv
    .option('topology', {
      alias: 't',
      type: 'string',
      requiresArg: true,
      describe: `topology file, eksctl file, manifest or folder; a shipped one by name${otherwise}`,
    })
    .option('variant', {
      type: 'string',
      requiresArg: true,
      describe: 'apply this variant of the topology',
    })
    .option('instance-types', {
      type: 'string',
      requiresArg: true,
      describe: 'what aws ec2 describe-instance-types printed, for types that vpcsim does not know',
    }) as Argv<T>;
}

/** `--node-rules` and `--pod-rules`, which add to a topology what real hosts hold. */
export function dumpOptions<T>(argv: Argv<T>): Argv<T> {
  return argv
    .option('node-rules', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'NODE=FILE: what this node really holds (iptables-save, ipset save, ...), may be repeated',
    })
    .option('pod-rules', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'NAMESPACE/POD=FILE: the same of a pod, may be repeated',
    }) as Argv<T>;
}

/** What `dumpOptions` give. */
export interface DumpArgs {
  readonly nodeRules?: readonly string[] | undefined;
  readonly podRules?: readonly string[] | undefined;
}

export interface TopologyArgs extends DumpArgs {
  readonly topology?: string | undefined;
  readonly variant?: string | undefined;
  readonly instanceTypes?: string | undefined;
}

/** Options of `dumpOptions`, as yargs calls them: they may be given several times. */
export const topologyLists: readonly string[] = ['node-rules', 'nodeRules', 'pod-rules', 'podRules'];

/** `--output-file`, of every command that makes something to keep. */
export function fileOption<T>(argv: Argv<T>): Argv<T> {
  return argv.option('output-file', {
    type: 'string',
    requiresArg: true,
    describe: 'write there instead of to the terminal',
  }) as Argv<T>;
}
