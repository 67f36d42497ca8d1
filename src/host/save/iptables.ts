/** Rule sets as `iptables-save` prints them: the built-in chains of a table, then the others by name, then the rules. */
import { canonicalRule, parseRule, printRule } from '../netfilter/rule-text.ts';
import type { ChainSource, Family, TableName, TableSource } from '../rules.ts';

/** In the order iptables-nft prints its tables, with the built-in chains of each. */
const builtIn: Readonly<Record<TableName, readonly string[]>> = {
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
  raw: ['PREROUTING', 'OUTPUT'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};
const order = Object.keys(builtIn) as readonly TableName[];

/** The chains of a table that the kernel enters by itself. */
export const builtInChains = (table: TableName): readonly string[] => builtIn[table];

/** The tables of one host. Parts of a chain that several sources write follow each other in the order given. */
export function saveText(sources: readonly TableSource[], family: Family = 'IPv4'): string {
  return tablesText(sources, family, canonicalRule);
}

/** What `iptables-restore` takes on a machine that has nothing of all this yet. The counters of nfacct would have to be
 *  made first; they hold for every packet and are left out. */
export function restoreText(sources: readonly TableSource[], family: Family = 'IPv4'): string {
  return tablesText(sources, family, (text) => {
    const rule = parseRule(text);
    return printRule({ ...rule, matches: rule.matches.filter(({ name }) => name !== 'nfacct') });
  });
}

function tablesText(
  sources: readonly TableSource[],
  family: Family,
  print: (text: string) => string,
): string {
  const own = sources.filter((source) => (source.family ?? 'IPv4') === family);
  return order
    .filter((table) => own.some((source) => source.table === table))
    .map((table) =>
      saveTable(
        table,
        own.filter((source) => source.table === table),
        print,
      ),
    )
    .join('');
}

function saveTable(
  table: TableName,
  sources: readonly TableSource[],
  print: (text: string) => string,
): string {
  const parts = new Map<string, ChainSource[]>(builtIn[table].map((name) => [name, []]));
  const user = sources
    .flatMap(({ chains }) => chains.map(({ name }) => name))
    .filter((name) => !parts.has(name));
  for (const name of [...new Set(user)].sort()) parts.set(name, []);
  for (const { chains } of sources) for (const chain of chains) parts.get(chain.name)!.push(chain);

  const headers = [...parts].map(([name, chains]) => {
    const policy = chains.some((chain) => chain.policy === 'DROP') ? 'DROP' : 'ACCEPT';
    return `:${name} ${builtIn[table].includes(name) ? policy : '-'} [0:0]`;
  });
  const rules = [...parts.values()].flatMap((chains) =>
    chains.flatMap((chain) => chain.rules.map(({ text }) => print(text))),
  );
  return `${[`*${table}`, ...headers, ...rules, 'COMMIT'].join('\n')}\n`;
}
