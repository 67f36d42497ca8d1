/** Blocks that stand for one peer of a rule: a managed prefix list. */
import type { Cidr } from '../addressing/cidr.ts';
import { longestMatchIndex, prefixTable } from '../addressing/prefix-table.ts';

export interface BlockSet {
  readonly blocks: readonly Cidr[];
  has(address: number): boolean;
}

export function blockSet(blocks: readonly Cidr[]): BlockSet {
  const table = prefixTable(blocks.map((cidr) => ({ cidr, value: 0 })));
  return { blocks, has: (address) => longestMatchIndex(table, address) >= 0 };
}
