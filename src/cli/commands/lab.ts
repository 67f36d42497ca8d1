/** `vpcsim lab -o DIR`: scripts that build the topology from Linux network namespaces. */
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit } from '../console.ts';
import { writeFolder } from '../deliver.ts';
import { loadWorld } from '../load.ts';

interface LabArgs extends TopologyArgs {
  readonly outputFolder: string;
  readonly prefix?: string;
}

export const labCommand: Command = {
  usage: 'lab [topology]',
  describe: 'scripts that build the topology from Linux network namespaces, to try it with real packets',
  options: (argv) =>
    topologyOptions(argv)
      .positional('topology', { type: 'string', describe: 'as --topology' })
      .option('output-folder', {
        alias: 'o',
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'write the scripts there; it must be empty or not exist',
      })
      .option('prefix', {
        type: 'string',
        requiresArg: true,
        describe:
          'what the names of all namespaces begin with (default: vpcsim- and the name of the topology)',
      }),
  async run(args: LabArgs, console) {
    const { world, warn } = await loadWorld(args, console);
    const [{ labOf }, { labFiles }] = await Promise.all([
      import('../../io/lab/world-lab.ts'),
      import('../../io/lab/files.ts'),
    ]);
    const lab = labOf(world, { prefix: args.prefix });
    writeFolder(labFiles(lab), args.outputFolder, console);
    warn();
    console.out(
      [
        `${args.outputFolder}/up.sh builds ${lab.namespaces.length} namespaces, ${args.outputFolder}/down.sh takes them down; README.md there says how to use them`,
        'left out:',
        ...lab.leftOut.map((text) => `  ${text}`),
        '',
      ].join('\n'),
    );
    return exit.ok;
  },
};
