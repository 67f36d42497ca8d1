/** Which endpoints a node uses, read from its chains: KUBE-SVC holds those of the cluster, KUBE-SVL the local ones; where
 *  neither is, the filter table says whether there is an endpoint anywhere. */
import { NODE, plainCase, plainEndpoint, plainService } from './kube-proxy-case.ts';
import type { SelectionCase } from './kube-proxy-format.ts';
import { nodeRules } from './kube-proxy-rules.ts';
import { worldOf } from './kube-proxy-world.ts';

const OTHER = 'other-node';

/** The differences of one case. */
export function checkSelection(one: SelectionCase): string[] {
  const { expect } = one;
  const rules = nodeRules(worldOf(caseOf(one)), one.nodeName, {});
  const ours = rules.filter(({ rule }) => rule.includes('ns1/svc1'));
  const choices = (prefix: string): string[] =>
    ours.flatMap(({ chain, rule }) => {
      const to = chain.startsWith(prefix) ? /"ns1\/svc1:p80 -> (\S+)"/.exec(rule) : null;
      return to ? [to[1]!] : [];
    });
  const reached = ours.flatMap(({ chain, rule }) => {
    const to = chain.startsWith('KUBE-SEP-') ? /--to-destination (\S+)/.exec(rule) : null;
    return to ? [to[1]!] : [];
  });
  const none = ours.some(({ rule }) => rule.includes('has no endpoints'));
  return [
    // A list that is not used and one that is empty leave the same rules: none.
    ...compare('cluster', expect.cluster ?? [], choices('KUBE-SVC-')),
    ...compare('local', expect.local ?? [], choices('KUBE-SVL-')),
    ...compare('reachable', expect.allReachable, reached),
    ...(none === expect.hasAny ? [`endpoints anywhere: expected ${expect.hasAny}, got ${!none}`] : []),
  ];
}

function caseOf(one: SelectionCase) {
  const service = {
    ...plainService('ns1', 'svc1', 'p80'),
    type: one.nodePort > 0 ? ('NodePort' as const) : ('ClusterIP' as const),
    internalTrafficPolicy: one.internalTrafficPolicy,
    externalTrafficPolicy: one.externalTrafficPolicy,
  };
  if (one.nodePort > 0) service.ports = service.ports.map((port) => ({ ...port, nodePort: one.nodePort }));
  const endpoints = one.endpoints.map(({ addr, local, ...conditions }) => ({
    ...plainEndpoint(service, addr),
    ...conditions,
    node: local ? one.nodeName : OTHER,
  }));
  const labels = one.nodeZone === null ? {} : { 'topology.kubernetes.io/zone': one.nodeZone };
  const plain = plainCase([service], endpoints, labels);
  return { ...plain, proxy: { ...plain.proxy, nodeName: one.nodeName || NODE } };
}

function compare(what: string, expected: readonly string[], got: readonly string[]): string[] {
  const words = (list: readonly string[]): string => [...new Set(list)].sort().join(', ') || 'none';
  return words(expected) === words(got) ? [] : [`${what}: expected ${words(expected)}, got ${words(got)}`];
}
