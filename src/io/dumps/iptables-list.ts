/** Text of `iptables -S`, which lists one table without saying which: the policies (-P) tell it, as no two tables but
 *  filter and security have the same built-in chains. Lists of several tables may follow each other. */

import { tableNames } from '../../host/netfilter/base-chains.ts';
import type { TableName } from '../../host/rules.ts';
import { builtInChains } from '../../host/save/iptables.ts';
import type { DumpText } from './dump-text.ts';
import type { Gathered, SaveHeader } from './gathered.ts';
import { readLine } from './iptables-save.ts';
import { TableReader } from './table-reader.ts';

const command = /^(?:\[\d+:\d+\]\s*)?-(?:-append|-policy|-new|[APN])\s/;

export function startsList(line: string): boolean {
  return command.test(line);
}

const isPolicy = (line: string): boolean => /^-(?:P|-policy)\s/.test(line);

/** Reads one list from the line `start` on; gives the line behind it. `told` is the table that a heading or the name of
 *  the file tells. */
export function readListedTable(
  dump: DumpText,
  start: number,
  told: TableName | undefined,
  header: SaveHeader,
  into: Gathered,
): number {
  let end = start;
  let begun = false;
  for (; end < dump.lines.length; end++) {
    const line = dump.lines[end]!;
    // A policy behind rules or chains begins the next list.
    if (isPolicy(line) && begun) break;
    if (line.trim() !== '' && !command.test(line)) break;
    begun ||= command.test(line) && !isPolicy(line);
  }
  const name = tableOf(dump, start, end, told);
  if (name === undefined) {
    dump.error(start, {
      code: 'dump/which-table',
      message: 'nothing tells the table of these rules',
      hint: 'write *nat (or the table it is) on a line before them, or list them with their policies (-P)',
    });
    return end;
  }
  const table = new TableReader(dump, name, start);
  for (let line = start; line < end; line++) readLine(dump, table, dump.lines[line]!, line);
  into.addTable(table, header, 'listed');
  return end;
}

function tableOf(
  dump: DumpText,
  start: number,
  end: number,
  told: TableName | undefined,
): TableName | undefined {
  const policies = new Set<string>();
  for (let line = start; line < end; line++) {
    const name = /^-(?:P|-policy)\s+(\S+)/.exec(dump.lines[line]!)?.[1];
    if (name === undefined) break;
    policies.add(name);
  }
  const fits = tableNames.filter((table) => {
    const builtIn = builtInChains(table);
    return builtIn.length === policies.size && builtIn.every((name) => policies.has(name));
  });
  // Of nodes older than Linux 2.6.34 the nat table has no INPUT.
  if (fits.length === 0 && policies.has('POSTROUTING') && !policies.has('FORWARD')) return 'nat';
  if (told !== undefined && (fits.length === 0 || fits.includes(told))) return told;
  return fits[0];
}
