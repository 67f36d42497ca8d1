/** Rules in built-in chains as programs put them there one by one: with `iptables -I CHAIN 1`, or with `-A`, each after a
 *  look whether the rule is there already (`-C`). What order they end up in depends on who came when. */
import type { Origin } from '../../base/origin.ts';
import type { Family, RuleLine, TableName, TableSource } from '../rules.ts';

export interface BuiltInRule {
  readonly table: TableName;
  /** "PREROUTING". */
  readonly chain: string;
  /** In the spelling of iptables-save, without "-A CHAIN". */
  readonly rule: string;
  readonly at: 'top' | 'bottom';
  readonly origin: Origin;
}

/** The built-in chains that hold rules once all of `rules` have been put in, in this order. */
export function builtInTables(rules: readonly BuiltInRule[], family: Family = 'IPv4'): TableSource[] {
  const tables = new Map<TableName, Map<string, RuleLine[]>>();
  for (const { table, chain, rule, at, origin } of rules) {
    const chains = tables.get(table) ?? new Map<string, RuleLine[]>();
    tables.set(table, chains);
    const lines = chains.get(chain) ?? [];
    chains.set(chain, lines);
    const text = `-A ${chain} ${rule}`;
    if (lines.some((line) => line.text === text)) continue;
    if (at === 'top') lines.unshift({ text, origin });
    else lines.push({ text, origin });
  }
  return [...tables].map(([table, chains]) => ({
    table,
    ...(family === 'IPv6' && { family }),
    chains: [...chains].map(([name, lines]) => ({ name, policy: 'ACCEPT', rules: lines })),
  }));
}
