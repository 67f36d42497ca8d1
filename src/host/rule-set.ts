/** All chains of a host. Hosts share the chains of the sources they share; what a host adds lies on top:
 *  a user chain of its own hides a shared one of that name, rules for a built-in chain come after the shared ones. */
import type { Chain, CompiledRule } from './compile.ts';
import type { ChainSource, TableName, TableSource } from './rules.ts';
import { ACCEPT, DROP } from './target-module.ts';

export const hookNames = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export const PREROUTING = 0;
export const INPUT = 1;
export const FORWARD_HOOK = 2;
export const OUTPUT = 3;
export const POSTROUTING = 4;

export const tableNames = ['raw', 'mangle', 'nat', 'filter', 'security'] as const satisfies TableName[];
export const RAW = 0;
export const MANGLE = 1;
export const NAT = 2;
export const FILTER = 3;
export const SECURITY = 4;

/** Number of the base chain of a table at a hook. */
export const baseOf = (hook: number, table: number): number => hook * tableNames.length + table;

export interface RuleSet {
  /** By `baseOf`; null where the chain is absent, or empty with policy ACCEPT. */
  readonly bases: readonly (Chain | null)[];
  /** By table: the host's own user chains. */
  readonly own: readonly ReadonlyMap<string, Chain>[];
  readonly level: SharedLevel;
  /** Some chain of its own has the name of a shared one. */
  readonly hides: boolean;
  /** Some rule needs connection tracking, so the kernel does it. */
  readonly tracking: boolean;
}

/** What hosts with one and the same list of shared sources have in common. */
interface SharedLevel {
  /** By table: the chains of each source. */
  readonly chains: readonly (readonly ReadonlyMap<string, Chain>[])[];
  /** Chains that records refer to, by number, in the order they were first met; the hosts' own ones among them. */
  readonly numbered: Chain[];
  readonly numbers: Map<Chain, number>;
}

const levels = new WeakMap<readonly TableSource[], SharedLevel>();

function levelOf(shared: readonly TableSource[]): SharedLevel {
  let level = levels.get(shared);
  if (level === undefined) {
    const chains = tableNames.map((table) => shared.filter((source) => source.table === table).map(chainsOf));
    level = { chains, numbered: [], numbers: new Map() };
    levels.set(shared, level);
  }
  return level;
}

/** The chains of a table source, made once. */
const compiledSources = new WeakMap<TableSource, ReadonlyMap<string, Chain>>();
const trackingSources = new WeakMap<TableSource, boolean>();

/** Hosts that are given the same `shared` list share what is made of it. Sources of one level that write the same user chain: its rules are joined in their order among `own`;
 *  among `shared` the first source that has the chain wins. */
export function compileRules(shared: readonly TableSource[], own: readonly TableSource[]): RuleSet {
  const all = [...shared, ...own];
  const level = levelOf(shared);
  const ownChains = tableNames.map((table) => userChains(table, own));
  return {
    bases: hookNames.flatMap((hook) =>
      tableNames.map((table) => {
        const name: string = hook;
        const parts = all.flatMap((source) => {
          const chain = source.table === table ? chainsOf(source).get(name) : undefined;
          return chain === undefined ? [] : [chain];
        });
        return parts.length === 0 ? null : worth(join(parts));
      }),
    ),
    own: ownChains,
    level,
    hides: ownChains.some((chains, table) =>
      [...chains.keys()].some((name) => sharedNamed(level, table, name)),
    ),
    tracking: all.some(({ table }) => table === 'nat') || all.some(tracks),
  };
}

/** The chain a rule's jump leads to, or undefined when nobody wrote it. */
export function jumpTarget(set: RuleSet, table: number, rule: CompiledRule): Chain | undefined {
  const { level } = set;
  if (rule.jumpedIn !== level) {
    rule.jumpedTo = sharedNamed(level, table, rule.chain);
    rule.jumpedIn = level;
  }
  const shared = rule.jumpedTo;
  return shared === undefined || set.hides ? (set.own[table]!.get(rule.chain) ?? shared) : shared;
}

function sharedNamed(level: SharedLevel, table: number, name: string): Chain | undefined {
  const sources = level.chains[table]!;
  for (let i = 0; i < sources.length; i++) {
    const chain = sources[i]!.get(name);
    if (chain !== undefined) return chain;
  }
  return undefined;
}

/** The number by which records speak of a chain. */
export function numberOf({ level }: RuleSet, chain: Chain): number {
  if (chain.numberedIn !== level) {
    let number = level.numbers.get(chain);
    if (number === undefined) {
      number = level.numbered.push(chain) - 1;
      level.numbers.set(chain, number);
    }
    chain.number = number;
    chain.numberedIn = level;
  }
  return chain.number;
}

function chainsOf(source: TableSource): ReadonlyMap<string, Chain> {
  let chains = compiledSources.get(source);
  if (chains === undefined) {
    chains = new Map(source.chains.map((chain) => [chain.name, chainOf(source.table as TableName, chain)]));
    compiledSources.set(source, chains);
  }
  return chains;
}

function chainOf(table: TableName, source: ChainSource): Chain {
  const policy = source.policy === 'DROP' ? DROP : ACCEPT;
  return {
    table,
    name: source.name,
    policy,
    sources: [source],
    body: undefined,
    number: 0,
    numberedIn: undefined,
  };
}

/** Chains joined so far, by their first part: hosts that join the same parts share the result. */
const joins = new WeakMap<Chain, { readonly parts: readonly Chain[]; readonly chain: Chain }[]>();

/** Several parts of one chain as one; a single part stays what it is. */
function join(parts: readonly Chain[]): Chain {
  const first = parts[0]!;
  if (parts.length === 1) return first;
  const known = joins.get(first) ?? [];
  joins.set(first, known);
  const same = known.find(
    (one) => one.parts.length === parts.length && one.parts.every((p, i) => p === parts[i]),
  );
  if (same) return same.chain;
  const chain: Chain = {
    table: first.table,
    name: first.name,
    policy: parts.some(({ policy }) => policy === DROP) ? DROP : ACCEPT,
    sources: parts.flatMap(({ sources }) => [...sources]),
    body: undefined,
    number: 0,
    numberedIn: undefined,
  };
  known.push({ parts, chain });
  return chain;
}

const worth = (chain: Chain): Chain | null =>
  chain.policy === DROP || chain.sources.some(({ rules }) => rules.length > 0) ? chain : null;

function userChains(table: TableName, sources: readonly TableSource[]): ReadonlyMap<string, Chain> {
  const parts = new Map<string, Chain[]>();
  for (const source of sources)
    if (source.table === table)
      for (const [name, chain] of chainsOf(source)) parts.set(name, [...(parts.get(name) ?? []), chain]);
  return new Map([...parts].map(([name, chains]) => [name, join(chains)]));
}

/** The kernel tracks connections once a table or match registers the hooks for it (nf_ct_netns_get). */
function tracks(source: TableSource): boolean {
  let known = trackingSources.get(source);
  if (known === undefined) {
    known = source.chains.some(({ rules }) =>
      rules.some(({ text }) => /-m (conntrack|connmark|state)|CONNMARK/.test(text)),
    );
    trackingSources.set(source, known);
  }
  return known;
}
