/** Blocks that stand for one peer of a rule: a managed prefix list. */
import { type Cidr, contains } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { longestMatchIndex, prefixTable } from '../addressing/prefix-table.ts';

export interface BlockSet {
  readonly blocks: readonly Cidr[];
  has(address: number): boolean;
}

export function blockSet(blocks: readonly Cidr[]): BlockSet {
  const table = prefixTable(blocks.map((cidr) => ({ cidr, value: 0 })));
  return {
    blocks,
    has: (address) =>
      isIpv6(address)
        ? blocks.some((block) => contains(block, address))
        : longestMatchIndex(table, address) >= 0,
  };
}
