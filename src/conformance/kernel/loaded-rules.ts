/** Which rule a handle of the kernel means: the lab's files and the kernel list the rules of a chain in one order. */
import type { LabFile } from '../../index.ts';
import type { RuleHandles } from './driver.ts';
import type { KnownNamespace } from './kernel-walk.ts';
import { type RestoreChain, readRestore } from './restore-text.ts';

export function rulesOf(files: readonly LabFile[], handles: RuleHandles): Omit<KnownNamespace, 'device'> {
  const chains = new Map<string, RestoreChain>();
  for (const { path, text } of files)
    if (path.endsWith('/iptables'))
      for (const [table, inside] of readRestore(text))
        for (const [name, chain] of inside) chains.set(`${table} ${name}`, chain);
  const texts = new Map<string, string>();
  for (const [chain, numbers] of Object.entries(handles))
    numbers.forEach((handle, place) => {
      const rule = chains.get(chain)?.rules[place];
      if (rule !== undefined) texts.set(`${chain} ${handle}`, rule);
    });
  return {
    rule: (chain, handle) => texts.get(`${chain} ${handle}`),
    matters: (name) => {
      const chain = chains.get(name);
      return chain === undefined || chain.policy === 'DROP' || chain.rules.length > 0;
    },
  };
}
