/** A file of iptables-save as tables, chains and rule lines that can be changed and written again. */

export interface RestoreChain {
  /** "-" for a user chain. */
  policy: string;
  readonly rules: string[];
}

export type RestoreTables = Map<string, Map<string, RestoreChain>>;

const builtIn: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

export function readRestore(text: string): RestoreTables {
  const tables: RestoreTables = new Map();
  let chains: Map<string, RestoreChain> = new Map();
  const chainOf = (name: string): RestoreChain => {
    const chain = chains.get(name) ?? { policy: '-', rules: [] };
    chains.set(name, chain);
    return chain;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      chains = new Map();
      tables.set(line.slice(1), chains);
    }
    const header = /^:(\S+) (\S+)/.exec(line);
    if (header) chainOf(header[1]!).policy = header[2]!;
    const rule = /^-A (\S+)/.exec(line);
    if (rule) chainOf(rule[1]!).rules.push(line);
  }
  return tables;
}

export function printRestore(tables: RestoreTables): string {
  return [...tables]
    .map(([table, chains]) =>
      [
        `*${table}`,
        ...[...chains].map(([name, { policy }]) => `:${name} ${policy} [0:0]`),
        ...[...chains.values()].flatMap(({ rules }) => rules),
        'COMMIT\n',
      ].join('\n'),
    )
    .join('');
}

/** A chain of a table; a built-in one is there from the start, any other is made. */
export function chainIn(tables: RestoreTables, table: string, name: string): RestoreChain {
  let chains = tables.get(table);
  if (chains === undefined) {
    chains = new Map(builtIn[table]!.map((each) => [each, { policy: 'ACCEPT', rules: [] }]));
    tables.set(table, chains);
  }
  const chain = chains.get(name) ?? { policy: '-', rules: [] };
  chains.set(name, chain);
  return chain;
}
