/** The dumps of one host, put together: what it has in place of what the model would write. */
import { everyAddress } from '../../addressing/cidr.ts';
import type { Issue } from '../../base/issue.ts';
import type { Family, HostDump, TableName, TableSource } from '../../host/rules.ts';
import type { DumpText } from './dump-text.ts';
import { type FoundTable, Gathered } from './gathered.ts';
import { readDump } from './read-dump.ts';

/** A file with dumps, as text. */
export interface DumpFile {
  /** Name or path, for the places of issues and rules. */
  readonly file: string;
  readonly text: string;
}

/** Reads the dumps of one host: several files, each with one dump or several. Of the same table read twice the last
 *  holds. `iptables-save` text of a table leaves out what nftables shows of it. */
export function readHostDump(files: readonly DumpFile[]): {
  readonly dump: HostDump;
  readonly issues: readonly Issue[];
} {
  const found = new Gathered();
  const texts = files.map(({ file, text }) => readDump(file, text, found));
  const tables = keptTables(found);
  warnOfMissingSets(found);
  const iptables = tables.filter(({ kind }) => kind === 'saved' || kind === 'listed');
  const whole = iptables.some(({ kind }) => kind === 'saved') || iptables.length === 0;
  return {
    dump: {
      ...(tables.length > 0 && { tables: tables.map(({ source }) => source) }),
      ...(!whole && { listed: [...new Set(iptables.map(({ source }) => source.table as TableName))] }),
      ...(found.tables.some(({ kind }) => kind === 'nftables' || kind === 'managed') && { nftables: true }),
      ...(found.sets.length > 0 && { sets: found.sets }),
      ...(found.sawRules && { ipRules: found.ipRules }),
      ...(found.sawRoutes && { ipRoutes: found.ipRoutes }),
      ...(found.sawRoutes &&
        !found.sawTables && { routeTables: [...new Set(found.ipRoutes.map(({ table }) => table))] }),
      ...(found.absent.length > 0 && { absent: found.absent }),
      ...(found.interfaces.size > 0 && { interfaces: [...found.interfaces].sort() }),
    },
    issues: texts.flatMap((text) => text.told()),
  };
}

function keptTables(found: Gathered): FoundTable[] {
  const kept = new Map<string, FoundTable>();
  for (const table of found.tables) {
    const { source, dump, line, kind } = table;
    const key = `${source.family ?? 'IPv4'} ${source.table}`;
    const before = kept.get(key);
    if (kind === 'managed' && savedElsewhere(found, source)) continue;
    if (before && otherBackEnd(before, table)) {
      if (isEmpty(source)) continue;
      if (!isEmpty(before.source)) refuseBoth(found, table);
    } else if (before)
      dump.warn(line, {
        code: 'dump/table-twice',
        message: `table ${source.table} is in ${before.dump.file} on line ${before.line + 1} as well: the later one holds`,
      });
    if (kind === 'managed')
      dump.warn(line, {
        code: 'dump/managed-table',
        message: `table ${source.table} belongs to iptables-nft, whose matches nft prints in part only`,
        hint: 'give the output of iptables-save too: it is then read instead',
      });
    kept.set(key, table);
  }
  return [...kept.values()];
}

const otherBackEnd = (a: FoundTable, b: FoundTable): boolean =>
  a.backEnd !== undefined && b.backEnd !== undefined && a.backEnd !== b.backEnd;

/** A table that is only there lets everything pass. */
const isEmpty = ({ chains }: TableSource): boolean =>
  chains.every(({ policy, rules }) => policy !== 'DROP' && rules.length === 0);

/** Rules of both programs run, and which come first depends on which was loaded first. */
function refuseBoth(found: Gathered, { source, dump, line }: FoundTable): void {
  found.absent.push({
    what: `table ${source.table} of both iptables-legacy and iptables-nft`,
    to: everyAddress,
  });
  dump.warn(line, {
    code: 'dump/two-back-ends',
    message: `iptables-legacy and iptables-nft both have rules in table ${source.table}: all paths through the host are undetermined`,
    hint: 'give the dump of one of them where the other does not matter',
  });
}

/** "ip nat" where iptables-save gave table nat. */
function savedElsewhere(found: Gathered, { table }: TableSource): boolean {
  const [nftFamily, name] = table.split(' ');
  const family: Family = nftFamily === 'ip6' ? 'IPv6' : 'IPv4';
  return found.hasTable(name as TableName, family);
}

/** One warning for each file: a cluster with network policies has thousands of sets. */
function warnOfMissingSets(found: Gathered): void {
  const known = new Set(found.sets.map(({ name }) => name));
  const missing = new Map<DumpText, { readonly names: string[]; readonly line: number }>();
  for (const [name, { dump, line }] of found.asked) {
    if (known.has(name)) continue;
    const told = missing.get(dump) ?? { names: [], line };
    missing.set(dump, told);
    told.names.push(name);
  }
  for (const [dump, { names, line }] of missing) {
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? `, ... (${names.length})` : '');
    dump.warn(line, {
      code: 'dump/no-set',
      message: `rules ask ${names.length === 1 ? 'a set' : 'sets'} that no dump gives: ${shown}; whether they hold is unknown`,
      hint: 'add the output of ipset save',
    });
  }
}
