/** Which rule a handle of the kernel means: the lab's files and the kernel list the rules of a chain in one order. */
import type { LabFile } from '../../index.ts';
import type { RuleHandles } from './driver.ts';
import type { KnownNamespace } from './kernel-walk.ts';
import { type RestoreChain, readRestore } from './restore-text.ts';

interface LoadedChain extends RestoreChain {
  /** Of a base chain of nftables, as traces call it: "ip aws-cni prerouting". */
  stage?: string;
}

export function rulesOf(files: readonly LabFile[], handles: RuleHandles): Omit<KnownNamespace, 'device'> {
  const chains = new Map<string, LoadedChain>();
  for (const { path, text } of files) {
    if (path.endsWith('/iptables'))
      for (const [table, inside] of readRestore(text))
        for (const [name, chain] of inside) chains.set(`${table} ${name}`, chain);
    if (path.endsWith('/nftables')) readNft(text, chains);
  }
  const texts = new Map<string, string>();
  for (const [chain, numbers] of Object.entries(handles))
    numbers.forEach((handle, place) => {
      const rule = chains.get(chain)?.rules[place];
      if (rule !== undefined) texts.set(`${chain} ${handle}`, rule);
    });
  return {
    rule: (chain, handle) => texts.get(`${chain} ${handle}`),
    stage: (name) => chains.get(name)?.stage ?? name,
    matters: (name) => {
      const chain = chains.get(name);
      return chain === undefined || chain.policy === 'DROP' || chain.rules.length > 0;
    },
  };
}

/** The chains of `nft list ruleset`; the kernel speaks of their tables without the family. */
function readNft(text: string, chains: Map<string, LoadedChain>): void {
  let [family, table] = ['', ''];
  let chain: LoadedChain | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [word, first = '', second = ''] = line.split(' ');
    if (word === 'table') [family, table] = [first, second];
    else if (word === 'chain') {
      chain = { rules: [], policy: 'ACCEPT' };
      chains.set(`${table} ${first}`, chain);
    } else if (word === '}') chain = undefined;
    else if (chain && word === 'type') {
      chain.stage = `${family} ${table} ${/ hook (\w+) /.exec(line)![1]}`;
      chain.policy = line.includes('policy drop') ? 'DROP' : 'ACCEPT';
    } else if (line !== '') chain?.rules.push(line);
  }
}
