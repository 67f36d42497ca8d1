/** `vpcsim import aws DIR`: what a folder of dumps holds, and the topology file that says the same; `--script` prints the
 *  script that collects such a folder. */
import { InputError } from '../../base/issue.ts';
import { type Command, fileOption } from '../command.ts';
import { type Console, type ExitCode, exit } from '../console.ts';
import { deliver } from '../deliver.ts';
import { issuesText } from '../issues-text.ts';
import { importedFrom } from '../load.ts';

interface ImportArgs {
  readonly source?: 'aws';
  readonly folder?: string;
  readonly script: boolean;
  readonly outputFile?: string;
}

export const importCommand: Command = {
  usage: 'import [source] [folder]',
  describe: 'read what the AWS CLI and kubectl printed as a topology, or print the script that collects it',
  options: (argv) =>
    fileOption(
      argv
        .positional('source', { choices: ['aws'] as const, describe: 'whose dumps the folder holds' })
        .positional('folder', { type: 'string', describe: 'folder of JSON files, in any of the layouts' }),
    )
      .alias('output-file', 'o')
      .option('script', {
        type: 'boolean',
        default: false,
        describe: 'print a shell script that collects everything into a folder; it only reads',
      }),
  async run(args: ImportArgs, console) {
    if (args.script) return printScript(args, console);
    if (args.source === undefined || args.folder === undefined)
      throw usage('which folder?', 'vpcsim import aws FOLDER, or vpcsim import --script');
    const imported = await importedFrom(args.folder, console);
    if (!imported.ok) throw new InputError(imported.issues);
    const { found, text } = imported.value;
    const { renderTable } = await import('../../render/table.ts');
    console.out(
      renderTable(
        ['FOUND', 'COUNT'],
        found.map(({ what, count }) => [what, String(count)]),
      ),
    );
    if (imported.warnings.length > 0) console.err(issuesText(imported.warnings));
    if (args.outputFile !== undefined) deliver(text, args.outputFile, console);
    return exit.ok;
  },
};

async function printScript(args: ImportArgs, console: Console): Promise<ExitCode> {
  if (args.source !== undefined && args.folder !== undefined)
    throw usage('--script reads no folder', 'vpcsim import --script > collect.sh');
  const { collectScript } = await import('../../io/aws/collect-script.ts');
  deliver(collectScript(), args.outputFile, console);
  return exit.ok;
}

function usage(message: string, hint: string): InputError {
  return new InputError([{ severity: 'error', code: 'usage/import', message, hint }]);
}
