/** Which rule a handle of the kernel means: the lab's files and the kernel list the rules of a chain in one order. */
import type { LabFile } from '../../index.ts';
import type { RuleHandles } from './driver.ts';
import type { KnownNamespace } from './kernel-walk.ts';

interface LoadedChain {
  readonly rules: string[];
  policy: string;
}

export function rulesOf(files: readonly LabFile[], handles: RuleHandles): Omit<KnownNamespace, 'device'> {
  const chains = new Map<string, LoadedChain>();
  for (const { path, text } of files) if (path.endsWith('/iptables')) readRestore(text, chains);
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

/** The chains of an iptables-save file, by "table chain". */
function readRestore(text: string, chains: Map<string, LoadedChain>): void {
  let table = '';
  const chainOf = (name: string): LoadedChain => {
    const key = `${table} ${name}`;
    const chain = chains.get(key) ?? { rules: [], policy: '-' };
    chains.set(key, chain);
    return chain;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const header = /^:(\S+) (\S+)/.exec(line);
    if (header) chainOf(header[1]!).policy = header[2]!;
    const rule = /^-A (\S+)/.exec(line);
    if (rule) chainOf(rule[1]!).rules.push(line);
  }
}
