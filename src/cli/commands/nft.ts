/** `vpcsim nft NODE`: the tables of nftables that a host holds, as `nft list ruleset` prints them. Those of iptables-nft
 *  are what `vpcsim iptables` prints. */
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit } from '../console.ts';
import { heldBy, hostWords } from '../held.ts';

interface NftArgs extends TopologyArgs {
  readonly host: string;
}

export const nftCommand: Command = {
  usage: 'nft <host>',
  describe: 'the tables of nftables that a node holds, as nft list ruleset prints them',
  options: (argv) =>
    topologyOptions(argv.positional('host', { type: 'string', demandOption: true, describe: hostWords })),
  async run(args: NftArgs, console) {
    const { host, tables } = await heldBy(args, args.host, console);
    const { nftText } = await import('../../host/save/nft.ts');
    const text = nftText(tables);
    if (text === '')
      console.err(`${host} has no tables of nftables beside those of iptables (vpcsim iptables)\n`);
    console.out(text);
    return exit.ok;
  },
};
