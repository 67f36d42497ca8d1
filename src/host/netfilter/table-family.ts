/** Which tables packets of a family meet. */
import type { Family, TableSource } from '../rules.ts';

/** Lists that have been looked through: hosts that share one share what is made of it. */
const picked: Readonly<Record<Family, WeakMap<readonly TableSource[], readonly TableSource[]>>> = {
  IPv4: new WeakMap(),
  IPv6: new WeakMap(),
};

/** The tables for packets of one family; the list itself where that is all of them. Tables of nftables for both families
 *  are read for IPv4 alone. */
export function forFamily(sources: readonly TableSource[], family: Family): readonly TableSource[] {
  let list = picked[family].get(sources);
  if (list === undefined) {
    const kept = sources.filter((source) => familyOf(source) === family);
    list = kept.length === sources.length ? sources : kept;
    picked[family].set(sources, list);
  }
  return list;
}

function familyOf({ table, family }: TableSource): Family {
  return table.startsWith('ip6 ') ? 'IPv6' : (family ?? 'IPv4');
}
