/** One table of iptables while it is being read, line by line, and the checks that need all of it. */

import { hookNames } from '../../host/netfilter/base-chains.ts';
import type { ChainSource, Family, RuleLine, TableName, TableSource } from '../../host/rules.ts';
import { builtInChains } from '../../host/save/iptables.ts';
import { closeTo, type DumpText } from './dump-text.ts';
import { checkJumps, type Jump } from './jumps.ts';
import { scanRule } from './rule-scan.ts';
import { isTarget, tablesOf } from './target-tables.ts';

const isHook = (name: string): boolean => (hookNames as readonly string[]).includes(name);

interface OpenChain {
  policy: 'ACCEPT' | 'DROP' | undefined;
  readonly rules: RuleLine[];
  readonly jumps: Jump[];
}

export class TableReader {
  readonly dump: DumpText;
  readonly table: TableName;
  /** 0-based line where it begins. */
  readonly line: number;
  readonly #chains = new Map<string, OpenChain>();
  readonly interfaces = new Set<string>();
  /** Named by --match-set, with the line of the first rule that does. */
  readonly sets = new Map<string, number>();
  /** Rules speak of IPv6. */
  v6 = false;

  constructor(dump: DumpText, table: TableName, line: number) {
    this.dump = dump;
    this.table = table;
    this.line = line;
  }

  /** ":KUBE-SERVICES - [0:0]", "-P INPUT DROP", "-N KUBE-SERVICES". */
  declare(name: string, policy: string, line: number, at: number): void {
    const isBuiltIn = builtInChains(this.table).includes(name);
    if (!isBuiltIn && isHook(name)) {
      this.dump.error(line, {
        code: 'dump/wrong-table',
        message: `table ${this.table} has no built-in chain ${name}`,
        hint: `its built-in chains are ${builtInChains(this.table).join(', ')}`,
        at,
      });
      return;
    }
    if (policy !== '-' && policy !== 'ACCEPT' && policy !== 'DROP') {
      const message = `${JSON.stringify(policy)} is no policy of chain ${name}`;
      this.dump.error(line, {
        code: 'dump/bad-policy',
        message,
        hint: 'ACCEPT, DROP, or - for a user chain',
        at,
      });
      return;
    }
    const chain = this.#chains.get(name) ?? { policy: undefined, rules: [], jumps: [] };
    if (isBuiltIn) chain.policy = policy === 'DROP' ? 'DROP' : 'ACCEPT';
    this.#chains.set(name, chain);
  }

  /** `text` begins with -A, `indent` characters into the line. */
  append(text: string, line: number, indent: number): void {
    const rule = scanRule(text);
    if (rule.fault) {
      this.dump.error(line, { ...rule.fault, at: rule.fault.at + indent });
      return;
    }
    const chain = this.#chainOf(rule.chain, line, rule.chainAt + indent);
    if (!chain) return;
    chain.rules.push({ text, origin: this.dump.originOf(line) });
    for (const name of rule.interfaces) this.interfaces.add(name);
    for (const name of rule.sets) if (!this.sets.has(name)) this.sets.set(name, line);
    if (rule.v6) this.v6 = true;
    if (rule.target === '') return;
    const at = rule.targetAt + indent;
    if (isTarget(rule.target)) this.#checkTarget(rule.target, line, at);
    // A name with options behind it is an extension that nobody here knows; the rule is then not understood.
    else if (!rule.targetOptions) chain.jumps.push({ to: rule.target, line, at });
  }

  #chainOf(name: string, line: number, at: number): OpenChain | undefined {
    const known = this.#chains.get(name);
    if (known) return known;
    if (builtInChains(this.table).includes(name)) {
      this.declare(name, 'ACCEPT', line, at);
      return this.#chains.get(name);
    }
    const elsewhere = isHook(name);
    this.dump.error(line, {
      code: elsewhere ? 'dump/wrong-table' : 'dump/undeclared-chain',
      message: elsewhere
        ? `table ${this.table} has no built-in chain ${name}`
        : `a rule for chain ${JSON.stringify(name)}, which no line declares in table ${this.table}`,
      hint: elsewhere
        ? `its built-in chains are ${builtInChains(this.table).join(', ')}`
        : this.dump.full
          ? undefined
          : (closeTo(name, this.#chains.keys()) ?? `:${name} - [0:0] declares it`),
      at,
    });
    return undefined;
  }

  #checkTarget(target: string, line: number, at: number): void {
    const tables = tablesOf(target);
    if (tables === undefined || tables.includes(this.table)) return;
    const message = `target ${target} does not work in table ${this.table}`;
    const hint = `it belongs into table ${tables.join(' or ')}`;
    this.dump.error(line, { code: 'dump/wrong-table', message, hint, at });
  }

  finish(family: Family): TableSource {
    const builtIn = builtInChains(this.table);
    checkJumps(this.dump, {
      table: this.table,
      chains: new Map([...this.#chains].map(([name, { jumps }]) => [name, jumps])),
      entries: builtIn.filter((name) => this.#chains.has(name)),
    });
    const chains = [...this.#chains].map(
      ([name, { policy, rules }]): ChainSource => ({ name, ...(policy !== undefined && { policy }), rules }),
    );
    return { table: this.table, ...(family === 'IPv6' && { family }), chains };
  }
}
