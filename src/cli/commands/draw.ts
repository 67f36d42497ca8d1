/** `vpcsim draw`: the whole topology as a diagram. */
import { type Command, fileOption, type TopologyArgs, topologyOptions } from '../command.ts';
import { exit } from '../console.ts';
import { deliver } from '../deliver.ts';
import { loadWorld } from '../load.ts';

interface DrawArgs extends TopologyArgs {
  readonly outputFile?: string;
}

export const drawCommand: Command = {
  usage: 'draw',
  describe: 'draw the topology as SVG: VPCs, zones, subnets, nodes, pods, gateways',
  options: (argv) => fileOption(topologyOptions(argv)),
  async run(args: DrawArgs, console) {
    const { world, warn } = await loadWorld(args, console);
    const { renderMap } = await import('../../render/map.ts');
    const text = await renderMap(world);
    warn();
    deliver(text, args.outputFile, console);
    return exit.ok;
  },
};
