/** `vpcsim iptables NODE`: the rules that a host's kernel holds, as `iptables-save` prints them. */
import type { HeldRules } from '../../world/held-rules.ts';
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit } from '../console.ts';
import { heldBy, hostWords } from '../held.ts';

interface IptablesArgs extends TopologyArgs {
  readonly host: string;
  readonly table?: string;
  readonly for: 'save' | 'restore' | 'ipset';
  readonly ipv6: boolean;
}

export const iptablesCommand: Command = {
  usage: 'iptables <host>',
  describe: 'the rules of a node, as iptables-save prints them',
  options: (argv) =>
    topologyOptions(argv.positional('host', { type: 'string', demandOption: true, describe: hostWords }))
      .option('table', {
        choices: ['raw', 'mangle', 'nat', 'filter', 'security'] as const,
        describe: 'only this table',
      })
      .option('for', {
        choices: ['save', 'restore', 'ipset'] as const,
        default: 'save' as const,
        describe: 'restore: what iptables-restore takes on any machine; ipset: the sets, for ipset restore',
      })
      .option('ipv6', { type: 'boolean', default: false, describe: 'the rules of ip6tables' }),
  async run(args: IptablesArgs, console) {
    const held = await heldBy(args, args.host, console);
    const text = await textOf(args, held);
    if (text === '') console.err(`${held.host} holds ${args.for === 'ipset' ? 'no sets' : 'no rules'}\n`);
    console.out(text);
    return exit.ok;
  },
};

async function textOf(args: IptablesArgs, { host, tables, sets }: HeldRules): Promise<string> {
  if (args.for === 'ipset') return (await import('../../host/save/sets.ts')).setsText(sets);
  const { restoreText, saveText } = await import('../../host/save/iptables.ts');
  const family = args.ipv6 ? 'IPv6' : 'IPv4';
  const wanted = args.table === undefined ? tables : tables.filter(({ table }) => table === args.table);
  if (args.for === 'save') return saveText(wanted, family);
  const text = restoreText(wanted, family);
  const needs = sets.length === 0 ? '' : `# First: vpcsim iptables ${host} --for ipset | ipset restore\n`;
  return text === '' ? '' : `${needs}${text}`;
}
