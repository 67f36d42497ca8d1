/** One node's kube-proxy rules, chain by chain. */
import type { EndpointSlice, Service } from '../../src/api/objects.ts';
import type { NodeView } from '../../src/kube/endpoint-choice.ts';
import { type KubeProxyRules, kubeProxyRules } from '../../src/kube/kube-proxy.ts';
import { eksKubeProxy, type KubeProxyConfig } from '../../src/kube/kube-proxy-config.ts';

export const NODE: NodeView = {
  name: 'test-node',
  zone: 'zone-a',
  addresses: ['192.168.0.2', '192.168.99.11'],
  primaryAddress: '192.168.0.2',
};

/** A cluster whose pods are all in 10.0.0.0/8, as upstream tests have it. */
export const CLUSTER_CIDR: KubeProxyConfig = {
  ...eksKubeProxy,
  detectLocal: { mode: 'ClusterCIDR', cidr: '10.0.0.0/8' },
  withKubelet: false,
};

/** "nat/KUBE-SERVICES" -> its rules without "-A KUBE-SERVICES". */
export function chainsOf({ shared, own }: KubeProxyRules): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  for (const { table, chains: list } of [...shared, ...own])
    for (const { name, rules } of list) {
      if (chains.has(`${table}/${name}`)) throw new Error(`${table}/${name} is written twice`);
      chains.set(
        `${table}/${name}`,
        rules.map(({ text }) => text.replace(`-A ${name} `, '')),
      );
    }
  return chains;
}

export function rulesOn(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  config: KubeProxyConfig = eksKubeProxy,
  node = NODE,
): Map<string, string[]> {
  return chainsOf(kubeProxyRules({ config, services, slices })(node));
}
