/** The rules of iptables that a node holds, as data: one by one, each with who writes it. */
import type { Parsed } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import type { Origin } from '../base/origin.ts';
import { canonicalRule } from '../host/netfilter/rule-text.ts';
import type { Family } from '../host/rules.ts';
import type { World } from './world.ts';

export interface NodeRule {
  readonly table: string;
  readonly chain: string;
  /** As iptables-save prints it: "-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp ... -j KUBE-SVC-...". */
  readonly rule: string;
  readonly origin: Origin;
}

export interface NodeRulesOptions {
  /** IPv4 where absent. */
  readonly family?: Family | undefined;
  readonly table?: string | undefined;
  readonly chain?: string | undefined;
}

/** The rules of a node, in the order of each chain; those of one table or chain alone where asked for. */
export function rulesOf(
  world: World,
  node: string,
  { family = 'IPv4', table, chain }: NodeRulesOptions = {},
): Parsed<readonly NodeRule[]> {
  const nodes = world.cluster?.nodes ?? [];
  const state = nodes.find(({ name }) => name === node);
  if (!state) {
    const hint = suggestion(
      node,
      nodes.map(({ name }) => name),
    );
    const message = `no node "${node}"`;
    return { ok: false, issues: [{ severity: 'error', code: 'usage/unknown-name', message, hint }] };
  }
  const value = [...state.rules.shared, ...state.rules.own]
    .filter((source) => (source.family ?? 'IPv4') === family && !source.table.includes(' '))
    .filter((source) => table === undefined || source.table === table)
    .flatMap((source) =>
      source.chains
        .filter(({ name }) => chain === undefined || name === chain)
        .flatMap(({ name, rules }) =>
          rules.map(({ text, origin }) => ({
            table: source.table,
            chain: name,
            rule: canonicalRule(text),
            origin,
          })),
        ),
    );
  return { ok: true, value, warnings: [] };
}
