/** Base chains: which hook each is called from, and in which order. nftables' base chains say it themselves; iptables'
 *  built-in chains are base chains at the well-known priorities (enum nf_ip_hook_priorities). */

import type { BaseChain, ChainSource, NftTableName, TableName } from '../rules.ts';
import type { Chain } from './compile.ts';

export const hookNames = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export const PREROUTING = 0;
export const INPUT = 1;
export const FORWARD_HOOK = 2;
export const OUTPUT = 3;
export const POSTROUTING = 4;

export const tableNames = ['raw', 'mangle', 'nat', 'filter', 'security'] as const satisfies TableName[];

/** Where connection tracking looks at a packet, and where NAT changes destinations and sources. */
const CONNTRACK = -200;
const NAT_DESTINATION = -100;
const NAT_SOURCE = 100;

/** Those of iptables-nft. iptables-legacy has security at 50 (NF_IP_PRI_SECURITY), before NAT at INPUT. */
const tablePriority = { raw: -300, mangle: -150, filter: 0, security: 150 } as const;

export const isNftTable = (table: string): table is NftTableName => table.includes(' ');

/** The base chain that a chain of a table is; undefined for a user chain. */
export function baseOf(table: TableName | NftTableName, { name, base }: ChainSource): BaseChain | undefined {
  if (isNftTable(table)) return base;
  const hook = (hookNames as readonly string[]).indexOf(name);
  if (hook < 0) return undefined;
  const place = hookNames[hook]!.toLowerCase() as BaseChain['hook'];
  if (table === 'nat') return { type: 'nat', hook: place, priority: natPriority(hook) };
  return {
    type: table === 'mangle' && hook === OUTPUT ? 'route' : 'filter',
    hook: place,
    priority: tablePriority[table],
  };
}

const natPriority = (hook: number): number =>
  hook === PREROUTING || hook === OUTPUT ? NAT_DESTINATION : NAT_SOURCE;

/** What a hook calls, in order: `early`, connection tracking, `before`, NAT with its chains, `after`. */
export interface HookChains {
  readonly early: readonly Chain[];
  readonly before: readonly Chain[];
  /** NAT calls its chains itself and from one place, whatever their priorities (nf_nat_inet_fn): they are only in
   *  order among themselves. */
  readonly nat: readonly Chain[];
  readonly after: readonly Chain[];
}

/** The base chains by hook. `chains` are in the order in which they came into being. */
export function hookChains(chains: readonly Chain[]): readonly HookChains[] {
  return hookNames.map((name, hook) => {
    const here = chains.filter(({ base }) => base!.hook === name.toLowerCase());
    const called = byPriority(here.filter(({ base }) => base!.type !== 'nat'));
    const tracks = hook === PREROUTING || hook === OUTPUT;
    const early = tracks ? called.filter(({ base }) => base!.priority <= CONNTRACK) : [];
    const rest = called.slice(early.length);
    const before = rest.filter(({ base }) => hook === FORWARD_HOOK || base!.priority <= natPriority(hook));
    return {
      early,
      before,
      nat: byPriority(here.filter(({ base }) => base!.type === 'nat')),
      after: rest.slice(before.length),
    };
  });
}

/** Of equal priority the newest comes first, before connection tracking and NAT too (nf_hook_entries_grow). */
function byPriority(chains: readonly Chain[]): readonly Chain[] {
  return [...chains].reverse().sort((a, b) => a.base!.priority - b.base!.priority);
}
