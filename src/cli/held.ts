/** The rules of the host that a command names. */
import { InputError } from '../base/issue.ts';
import type { HeldRules } from '../world/held-rules.ts';
import type { TopologyArgs } from './command.ts';
import type { Console } from './console.ts';
import { loadWorld } from './load.ts';

/** Words of every command that prints rules. */
export const hostWords = 'name of a node, or pod/NS/NAME, instance/NAME';

export async function heldBy(args: TopologyArgs, name: string, console: Console): Promise<HeldRules> {
  const { world, warn } = await loadWorld(args, console);
  const { heldRules } = await import('../world/held-rules.ts');
  const held = heldRules(world, name);
  if ('issue' in held) throw new InputError([held.issue]);
  warn();
  return held;
}
