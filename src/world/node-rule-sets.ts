/** Stratum: what the kernel of each node holds, in both families: what the model writes, or a dump in its place. */
import { rulesWith } from './host-dumps.ts';
import { hostRules, type NodeRules } from './host-rules.ts';
import { hostRules6 } from './host-rules6.ts';
import type { ClusterPlan } from './sites.ts';

export interface NodeRuleSets {
  /** By name of the node. */
  readonly rules: ReadonlyMap<string, NodeRules>;
  /** Of the nodes that have IPv6. */
  readonly rules6: ReadonlyMap<string, NodeRules>;
}

export function nodeRuleSets(plan: ClusterPlan): NodeRuleSets {
  const { spec: cluster, served, dumps } = plan;
  const input = { ...plan, cluster, services: served.services, slices: served.slices };
  const orDumped = (modelled: ReadonlyMap<string, NodeRules>): ReadonlyMap<string, NodeRules> =>
    new Map([...modelled].map(([name, own]) => [name, rulesWith(own, dumps.nodes.get(name))] as const));
  return { rules: orDumped(hostRules(input)), rules6: orDumped(hostRules6(input)) };
}
