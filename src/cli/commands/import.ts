/** `vpcsim import aws DIR`: what a folder of dumps holds, and the topology file that says the same; `--script` prints the
 *  script that collects such a folder. */
import { relative } from 'node:path';
import { InputError } from '../../base/issue.ts';
import type { ImportedFolder } from '../../io/import-folder.ts';
import { type Command, fileOption } from '../command.ts';
import { type Console, type ExitCode, exit } from '../console.ts';
import { deliver, writeFolder } from '../deliver.ts';
import { issuesText } from '../issues-text.ts';
import { importedFrom } from '../load.ts';

interface ImportArgs {
  readonly source?: 'aws';
  readonly folder?: string;
  readonly script: boolean;
  readonly redact: boolean;
  readonly outputFolder?: string;
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
      })
      .option('redact', {
        type: 'boolean',
        default: false,
        describe:
          'replace names, tags, descriptions and account ids, alike in all files; addresses and AWS ids stay',
      })
      .option('output-folder', {
        type: 'string',
        requiresArg: true,
        describe: 'write the redacted files there; it must be empty or not exist',
      }),
  async run(args: ImportArgs, console) {
    if (args.script) return printScript(args, console);
    if (args.source === undefined || args.folder === undefined)
      throw usage('which folder?', 'vpcsim import aws FOLDER, or vpcsim import --script');
    const { folder, redact, outputFolder } = args;
    if (outputFolder !== undefined && !redact)
      throw usage('--output-folder is where --redact writes the files', 'add --redact');
    const imported = await importedFrom(folder, { redact }, console);
    if (!imported.ok) throw new InputError(imported.issues);
    const { found, text, files } = imported.value;
    const { renderTable } = await import('../../render/table.ts');
    console.out(
      renderTable(
        ['FOUND', 'COUNT'],
        found.map(({ what, count }) => [what, String(count)]),
      ),
    );
    if (imported.warnings.length > 0) console.err(issuesText(imported.warnings));
    if (args.outputFile !== undefined) deliver(text, args.outputFile, console);
    if (outputFolder !== undefined) writeFolder(below(folder, files), outputFolder, console);
    return exit.ok;
  },
};

/** The files as they lie below the folder; what was YAML is JSON now. */
function below(folder: string, files: ImportedFolder['files']): ImportedFolder['files'] {
  return files.map(({ path, text }) => ({ path: relative(folder, path).replace(/\.ya?ml$/, '.json'), text }));
}

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
