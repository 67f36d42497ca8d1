/** `vpcsim iptables NODE`: the rules that this node's kernel holds, as `iptables-save` prints them. */
import { InputError } from '../../base/issue.ts';
import { suggestion } from '../../base/nearest.ts';
import { saveText } from '../../host/save.ts';
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit } from '../console.ts';
import { loadWorld } from '../load.ts';

interface IptablesArgs extends TopologyArgs {
  readonly node: string;
  readonly table?: string;
}

export const iptablesCommand: Command = {
  usage: 'iptables <node>',
  describe: 'the rules of a node, as iptables-save prints them',
  options: (argv) =>
    topologyOptions(
      argv.positional('node', { type: 'string', demandOption: true, describe: 'name of the node' }),
    ).option('table', {
      choices: ['raw', 'mangle', 'nat', 'filter', 'security'] as const,
      describe: 'only this table',
    }),
  async run(args: IptablesArgs, console) {
    const { world, warn } = await loadWorld(args, console);
    const name = args.node.replace(/^node\//, '');
    const nodes = world.cluster?.nodes ?? [];
    const node = nodes.find((candidate) => candidate.name === name);
    if (!node)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/unknown-name',
          message: `no node "${name}"`,
          hint: suggestion(
            name,
            nodes.map((candidate) => candidate.name),
          ),
        },
      ]);
    warn();
    const tables = [...node.rules.shared, ...node.rules.own];
    console.out(
      saveText(args.table === undefined ? tables : tables.filter(({ table }) => table === args.table)),
    );
    return exit.ok;
  },
};
