/** `vpcsim find FROM TO`: one packet that gets there, by trying those that filters and load balancers suggest. Status 3
 *  where none was found, which proves nothing. */
import { InputError } from '../../base/issue.ts';
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit, wantsColor } from '../console.ts';
import { loadWorld } from '../load.ts';

interface FindArgs extends TopologyArgs {
  readonly from: string;
  readonly to: string;
}

export const findCommand: Command = {
  usage: 'find <from> <to>',
  describe: 'find one packet that gets from one machine to another',
  options: (argv) =>
    topologyOptions(
      argv
        .positional('from', {
          type: 'string',
          demandOption: true,
          describe: 'who sends, as trace names it',
        })
        .positional('to', {
          type: 'string',
          demandOption: true,
          describe: 'pod/NS/NAME, deploy/NS/NAME, node/NAME, instance/NAME, host/NAME',
        }),
    ),
  async run({ from, to, ...args }: FindArgs, console) {
    const { world, warn } = await loadWorld(args, console);
    const { findPacket, packetText } = await import('../../analysis/find-packet.ts');
    const result = findPacket(world, from, to);
    if (!result.ok) throw new InputError(result.issues);
    warn();
    const { packet, tried } = result.value;
    if (packet === undefined) {
      console.out(`none of the ${tried} packets that were tried gets from ${from} to ${to}\n`);
      console.out('that proves nothing: others were not tried\n');
      return exit.undetermined;
    }
    const { renderSummary } = await import('../../render/text.ts');
    console.out(`${packetText(packet)}  (of ${tried} tried)\n\n`);
    console.out(renderSummary(packet.trace, { width: console.width, color: wantsColor(console) }));
    return exit.ok;
  },
};
