/** What the readers have found in the dumps of one host, before it is put together. */
import type {
  Absent,
  Family,
  IpRoute,
  IpRule,
  IpSetSource,
  TableName,
  TableSource,
} from '../../host/rules.ts';
import type { DumpText } from './dump-text.ts';
import type { TableReader } from './table-reader.ts';

/** The two programs called iptables: their tables stand beside each other in the kernel. */
export type BackEnd = 'nf_tables' | 'legacy';

/** What the header of iptables-save says of the tables that follow. */
export interface SaveHeader {
  readonly family?: Family | undefined;
  readonly backEnd?: BackEnd | undefined;
}

export interface FoundTable {
  readonly source: TableSource;
  readonly dump: DumpText;
  /** 0-based. */
  readonly line: number;
  /** `listed` comes from `iptables -S`, which is about one table only; `managed` is nftables' view of a table that
   *  iptables-nft made. */
  readonly kind: 'saved' | 'listed' | 'nftables' | 'managed';
  /** Where a header says it. */
  readonly backEnd?: BackEnd | undefined;
}

export class Gathered {
  readonly tables: FoundTable[] = [];
  readonly sets: IpSetSource[] = [];
  readonly ipRules: IpRule[] = [];
  readonly ipRoutes: IpRoute[] = [];
  readonly absent: Absent[] = [];
  readonly interfaces = new Set<string>();
  /** Sets that rules ask, with the place of the first that does. */
  readonly asked = new Map<string, { readonly dump: DumpText; readonly line: number }>();
  /** What `ipRules` hold, to tell those that are listed twice. */
  readonly seenRules = new Set<string>();
  sawRules = false;
  sawRoutes = false;
  /** A route says its table: the list is one of all tables. */
  sawTables = false;

  addTable(table: TableReader, header: SaveHeader, kind: 'saved' | 'listed' = 'saved'): void {
    const { dump, line } = table;
    const { family, backEnd } = header;
    const source = table.finish(family ?? (table.v6 ? 'IPv6' : 'IPv4'));
    this.tables.push({ source, dump, line, kind, backEnd });
    for (const name of table.interfaces) this.interfaces.add(name);
    for (const [name, at] of table.sets) if (!this.asked.has(name)) this.asked.set(name, { dump, line: at });
  }

  hasTable(table: TableName, family: Family): boolean {
    return this.tables.some(({ source }) => source.table === table && (source.family ?? 'IPv4') === family);
  }
}
