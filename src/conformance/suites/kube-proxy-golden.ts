/** The golden rules: each chain of the node holds these rules, in this order. */
import type { NodeRule } from '../../index.ts';
import type { Report } from '../report.ts';
import type { GoldenRules, Scenario } from './kube-proxy-format.ts';
import { nodeRules, partsOf } from './kube-proxy-rules.ts';
import { worldOf } from './kube-proxy-world.ts';

/** Services of every cluster, which the scenario does not have. */
const OF_EVERY_CLUSTER = /default\/kubernetes:|kube-system\/kube-dns:/;

export function checkGoldenRules(golden: GoldenRules, scenario: Scenario, report: Report): void {
  if (!report.wantsBelow('golden')) return;
  const { nodeName, family } = scenario.proxy;
  const rules = nodeRules(worldOf(scenario), nodeName, { family });
  for (const table of ['filter', 'nat'] as const)
    for (const [chain, expected] of Object.entries(golden[table])) {
      const own = rules.filter((rule) => rule.table === table && rule.chain === chain);
      report.ran(`golden/${table}/${chain}`, compare(expected, own));
    }
}

function compare(expected: readonly string[], own: readonly NodeRule[]): string[] {
  const got = own.map(({ rule }) => rule).filter((rule) => !OF_EVERY_CLUSTER.test(rule));
  const [wanted, found] = [expected, got].map((rules) => rules.map((rule) => partsOf(rule).join(' | ')));
  if (wanted!.join('\n') === found!.join('\n')) return [];
  return [
    ...expected.filter((_, i) => !found!.includes(wanted![i]!)).map((rule) => `expected  ${rule}`),
    ...got.filter((_, i) => !wanted!.includes(found![i]!)).map((rule) => `got       ${rule}`),
    ...(wanted!.toSorted().join('\n') === found!.toSorted().join('\n')
      ? ['the rules are in another order']
      : []),
  ];
}
