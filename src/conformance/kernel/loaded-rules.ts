/** Which rule a handle of the kernel means: the lab's files and the kernel list the rules of a chain in one order. */
import type { LabFile } from '../../index.ts';
import type { RuleHandles } from './driver.ts';
import type { KnownNamespace } from './kernel-walk.ts';
import { type RestoreChain, readRestore } from './restore-text.ts';

interface LoadedChain extends RestoreChain {
  readonly stage: string;
}

export function rulesOf(files: readonly LabFile[], handles: RuleHandles): Omit<KnownNamespace, 'device'> {
  const chains = new Map<string, LoadedChain>();
  for (const { path, text } of files) {
    if (path.endsWith('/iptables'))
      for (const [table, inside] of readRestore(text))
        for (const [name, chain] of inside)
          chains.set(`${table} ${name}`, { ...chain, stage: `${table} ${name}` });
    if (path.endsWith('/nftables')) readNftables(text, chains);
  }
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
    stageOf: (name) => chains.get(name)?.stage ?? name,
  };
}

/** The chains of `nft list ruleset`, their rules without counters, as traces show them. */
function readNftables(text: string, chains: Map<string, LoadedChain>): void {
  let table = '';
  let chain: { stage: string; policy: string; rules: string[] } | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const head = /^(table|chain) (.*) \{$/.exec(line);
    const base = /^type \S+ hook (\S+) priority [^;]+;(?: policy (\S+);)?/.exec(line);
    if (head?.[1] === 'table') table = head[2]!;
    else if (head) {
      chain = { stage: '', policy: '-', rules: [] };
      chains.set(`${table.split(' ')[1]} ${head[2]}`, chain);
    } else if (line === '}') chain = undefined;
    else if (base && chain) {
      chain.stage = `${table} ${base[1]}`;
      chain.policy = (base[2] ?? 'accept').toUpperCase();
    } else if (line !== '' && chain) chain.rules.push(line.replace(/\bcounter packets \d+ bytes \d+ ?/, ''));
  }
}
