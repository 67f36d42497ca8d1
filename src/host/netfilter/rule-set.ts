/** All chains of a host. Hosts share the chains of the sources they share; what a host adds lies on top:
 *  a user chain of its own hides a shared one of that name, rules for a base chain come after the shared ones. */

import type { ChainSource, IpSetSource, TableSource } from '../rules.ts';
import { ACCEPT, DROP } from '../target/module.ts';
import { baseOf, type HookChains, hookChains } from './base-chains.ts';
import type { Chain, CompiledRule } from './compile.ts';

type Table = TableSource['table'];

export interface RuleSet {
  /** By hook: the base chains that do something, in the order in which they are called. */
  readonly hooks: readonly HookChains[];
  /** By table: the host's own user chains. */
  readonly own: ReadonlyMap<Table, ReadonlyMap<string, Chain>>;
  readonly level: SharedLevel;
  /** Some chain of its own has the name of a shared one. */
  readonly hides: boolean;
  /** Some rule needs connection tracking, so the kernel does it. */
  readonly tracking: boolean;
  /** What `ipset` holds, by name. */
  readonly sets: ReadonlyMap<string, IpSetSource>;
}

/** What hosts with one and the same list of shared sources have in common. */
interface SharedLevel {
  /** By table: the chains of each source. */
  readonly chains: ReadonlyMap<Table, readonly ReadonlyMap<string, Chain>[]>;
  /** Chains that records refer to, by number, in the order they were first met; the hosts' own ones among them. */
  readonly numbered: Chain[];
  readonly numbers: Map<Chain, number>;
}

const levels = new WeakMap<readonly TableSource[], SharedLevel>();

/** Levels whose chains are numbered among those of another. */
const numberedAmong = new WeakMap<SharedLevel, Map<SharedLevel, SharedLevel>>();

function levelAmong(level: SharedLevel, others: SharedLevel): SharedLevel {
  const known = numberedAmong.get(others) ?? new Map<SharedLevel, SharedLevel>();
  numberedAmong.set(others, known);
  const made = known.get(level) ?? { ...level, numbered: others.numbered, numbers: others.numbers };
  known.set(level, made);
  return made;
}

function levelOf(shared: readonly TableSource[]): SharedLevel {
  let level = levels.get(shared);
  if (level === undefined) {
    const chains = new Map<Table, ReadonlyMap<string, Chain>[]>();
    for (const source of shared) {
      const known = chains.get(source.table);
      if (known) known.push(chainsOf(source));
      else chains.set(source.table, [chainsOf(source)]);
    }
    level = { chains, numbered: [], numbers: new Map() };
    levels.set(shared, level);
  }
  return level;
}

/** The chains of a table source, made once. */
const compiledSources = new WeakMap<TableSource, ReadonlyMap<string, Chain>>();
const trackingSources = new WeakMap<TableSource, boolean>();

/** Hosts that are given the same `shared` list share what is made of it. Sources of one level that write the same user
 *  chain: its rules are joined in their order among `own`; among `shared` the first source that has the chain wins.
 *  Records of the host speak of the chains of `beside`, its other rule set, by numbers of the same row. */
export function compileRules(
  shared: readonly TableSource[],
  own: readonly TableSource[],
  sets: readonly IpSetSource[] = [],
  beside?: RuleSet,
): RuleSet {
  const all = [...shared, ...own];
  const level = beside ? levelAmong(levelOf(shared), beside.level) : levelOf(shared);
  const ownChains = userChains(own);
  return {
    hooks: hookChains(baseChains(all)),
    own: ownChains,
    level,
    hides: [...ownChains].some(([table, chains]) =>
      [...chains.keys()].some((name) => sharedNamed(level, table, name)),
    ),
    tracking: all.some(tracks),
    sets: new Map(sets.map((set) => [set.name, set])),
  };
}

/** The chain a rule's jump leads to, or undefined when nobody wrote it. */
export function jumpTarget(set: RuleSet, table: Table, rule: CompiledRule): Chain | undefined {
  const { level } = set;
  if (rule.jumpedIn !== level) {
    rule.jumpedTo = sharedNamed(level, table, rule.chain);
    rule.jumpedIn = level;
  }
  const shared = rule.jumpedTo;
  return shared === undefined || set.hides ? (set.own.get(table)?.get(rule.chain) ?? shared) : shared;
}

function sharedNamed(level: SharedLevel, table: Table, name: string): Chain | undefined {
  const sources = level.chains.get(table) ?? [];
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
    chains = new Map(source.chains.map((chain) => [chain.name, chainOf(source, chain)]));
    compiledSources.set(source, chains);
  }
  return chains;
}

function chainOf({ table, sets = [] }: TableSource, source: ChainSource): Chain {
  return {
    table,
    sets,
    name: source.name,
    base: baseOf(table, source),
    policy: source.policy === 'DROP' ? DROP : ACCEPT,
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
    ...first,
    policy: parts.some(({ policy }) => policy === DROP) ? DROP : ACCEPT,
    sources: parts.flatMap(({ sources }) => [...sources]),
    body: undefined,
    numberedIn: undefined,
  };
  known.push({ parts, chain });
  return chain;
}

/** Those with rules or a policy to drop, in the order in which they were first written. */
function baseChains(sources: readonly TableSource[]): Chain[] {
  const parts = new Map<string, Chain[]>();
  for (const source of sources)
    for (const chain of chainsOf(source).values()) {
      if (chain.base === undefined) continue;
      const key = `${source.table} ${chain.name}`;
      const known = parts.get(key);
      if (known) known.push(chain);
      else parts.set(key, [chain]);
    }
  return [...parts.values()].map(join).filter(isWorth);
}

const isWorth = ({ policy, sources }: Chain): boolean =>
  policy === DROP || sources.some(({ rules }) => rules.length > 0);

function userChains(sources: readonly TableSource[]): ReadonlyMap<Table, ReadonlyMap<string, Chain>> {
  const tables = new Map<Table, Map<string, Chain[]>>();
  for (const source of sources) {
    const parts = tables.get(source.table) ?? new Map<string, Chain[]>();
    tables.set(source.table, parts);
    for (const [name, chain] of chainsOf(source)) parts.set(name, [...(parts.get(name) ?? []), chain]);
  }
  return new Map(
    [...tables].map(([table, parts]) => [
      table,
      new Map([...parts].map(([name, chains]) => [name, join(chains)])),
    ]),
  );
}

/** The kernel tracks connections once a table, match or target registers the hooks for it (nf_ct_netns_get). */
function tracks(source: TableSource): boolean {
  let known = trackingSources.get(source);
  if (known === undefined) {
    known =
      source.table === 'nat' ||
      source.chains.some(
        ({ base, rules }) => base?.type === 'nat' || rules.some(({ text }) => NEEDS_TRACKING.test(text)),
      );
    trackingSources.set(source, known);
  }
  return known;
}

const NEEDS_TRACKING =
  /-m (conntrack|connmark|state|connlimit|connbytes|helper)\b|-j (CONNMARK|CT)\b|\bct (state|mark|status|direction|original|reply)\b/;
