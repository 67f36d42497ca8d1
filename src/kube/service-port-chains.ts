/** The chains of one service port in the nat table, in kube-proxy's order: EXT (entry of external traffic), FW (source
 *  ranges), SVC and SVL (choice among all or the local endpoints), SEP (one endpoint). Written when first read. */
import type { ChainSource, RuleLine } from '../host/rules.ts';
import { familyOf, single } from './address-family.ts';
import { usesCluster } from './endpoint-choice.ts';
import { type KubeProxyConfig, localMatch } from './kube-proxy-config.ts';
import { comment, lazyChain, type RuleParts, ruleText, statistic } from './rule-text.ts';
import type { ProxyEndpoint, ProxyServicePort } from './service-port.ts';
import { toAddress } from './service-port-entries.ts';
import type { ServicePortView } from './service-port-view.ts';

export interface ChainWriting {
  readonly config: KubeProxyConfig;
  /** Comments on endpoint rules are left out in clusters of over 1,000 endpoints. */
  readonly large: boolean;
}

const MARK_FOR_SNAT = 'KUBE-MARK-MASQ';
const FROM_THE_NODE = '-m addrtype --src-type LOCAL';

export function servicePortChains(view: ServicePortView, writing: ChainWriting): ChainSource[] {
  const { port, endpoints, entryChain, firewallChain, clusterChain, localChain } = view;
  const chains: ChainSource[] = [];
  const add = (name: string, rules: () => readonly RuleParts[]) =>
    chains.push(lazyChain(name, () => rules().map((parts) => line(name, port.origin, parts))));
  if (entryChain) add(entryChain, () => entryRules(view, writing.config));
  if (firewallChain) add(firewallChain, () => firewallRules(view));
  const { cluster, local } = endpoints;
  if (usesCluster(port) && cluster?.length)
    add(clusterChain, () => choiceRules(view, clusterChain, cluster, writing));
  if (local?.length) add(localChain, () => choiceRules(view, localChain, local, writing));
  for (const endpoint of endpoints.reachable) chains.push(endpointChain(port, endpoint, writing));
  return chains;
}

function entryRules(
  { port, entryChain, externalChain, clusterChain }: ServicePortView,
  config: KubeProxyConfig,
) {
  const destinations = `${port.name} external destinations`;
  const rules: RuleParts[] = [];
  if (!port.externalLocal) {
    rules.push({ matches: [comment(`masquerade traffic for ${destinations}`)], target: MARK_FOR_SNAT });
  } else {
    const pods = localMatch(config.detectLocal, false);
    if (pods)
      rules.push({ ...pods, matches: [comment(`pod traffic for ${destinations}`)], target: clusterChain });
    rules.push(
      {
        matches: [comment(`masquerade LOCAL traffic for ${destinations}`), FROM_THE_NODE],
        target: MARK_FOR_SNAT,
      },
      { matches: [comment(`route LOCAL traffic for ${destinations}`), FROM_THE_NODE], target: clusterChain },
    );
  }
  if (externalChain && entryChain) rules.push({ target: externalChain });
  return rules;
}

/** What falls off the end keeps the load balancer's address and is dropped by the filter table. A load balancer
 *  address that is bound on the node shows as the source of the node's own packets, hence the rules for it. */
function firewallRules({ port, entryChain, nodeInSourceRanges }: ServicePortView): RuleParts[] {
  const matches = [comment(`${port.name} loadbalancer IP`)];
  const sources = [...port.sourceRanges, ...(nodeInSourceRanges ? port.loadBalancerIPs.map(single) : [])];
  return [
    ...sources.map((source) => ({ source, matches, target: entryChain })),
    { matches: [comment(`other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL`)] },
  ];
}

function choiceRules(
  view: ServicePortView,
  chain: string,
  endpoints: readonly ProxyEndpoint[],
  { config, large }: ChainWriting,
): RuleParts[] {
  const { port } = view;
  const note = (endpoint: ProxyEndpoint) => (large ? [] : [comment(`${port.name} -> ${endpoint.text}`)]);
  const rules: RuleParts[] = [];
  const snat = chain === view.internalChain ? clusterIpSnat(port, config) : undefined;
  if (snat) rules.push(snat);
  if (port.affinitySeconds > 0)
    for (const endpoint of endpoints) {
      const target = endpoint.chain;
      rules.push({ matches: [...note(endpoint), remembered(target, port)], target });
    }
  endpoints.forEach((endpoint, i) => {
    const left = endpoints.length - i;
    const matches = left > 1 ? [...note(endpoint), statistic(left)] : note(endpoint);
    rules.push({ matches, target: endpoint.chain });
  });
  return rules;
}

/** SNAT of traffic to the ClusterIP: of all of it, or of what no pod sent where pods can be told. */
function clusterIpSnat(port: ProxyServicePort, config: KubeProxyConfig): RuleParts | undefined {
  const match = toAddress(port, port.clusterIP, `${port.name} cluster IP`, MARK_FOR_SNAT);
  if (config.masqueradeAll) return match;
  const others = localMatch(config.detectLocal, true);
  return others && { ...match, ...others };
}

function endpointChain(
  port: ProxyServicePort,
  endpoint: ProxyEndpoint,
  { large }: ChainWriting,
): ChainSource {
  const name = endpoint.chain;
  return lazyChain(name, () => {
    const note = large ? [] : [comment(port.name)];
    const { protocol } = port;
    const remember = port.affinitySeconds > 0 ? [`-m recent --set --name ${name} ${recentKey(port)}`] : [];
    const hairpin = { source: single(endpoint.address), matches: note, target: MARK_FOR_SNAT };
    const dnat = {
      protocol,
      matches: [...note, ...remember, `-m ${protocol}`],
      target: `DNAT --to-destination ${endpoint.text}`,
    };
    return [line(name, endpoint.origin, hairpin), line(name, endpoint.origin, dnat)];
  });
}

/** Lists are keyed by the whole source address. */
function recentKey({ clusterIP }: ProxyServicePort): string {
  const mask = familyOf(clusterIP) === 'IPv6' ? Array(8).fill('ffff').join(':') : '255.255.255.255';
  return `--mask ${mask} --rsource`;
}

function remembered(list: string, port: ProxyServicePort): string {
  return `-m recent --rcheck --seconds ${port.affinitySeconds} --reap --name ${list} ${recentKey(port)}`;
}

function line(chain: string, origin: RuleLine['origin'], parts: RuleParts): RuleLine {
  return { text: ruleText(chain, parts), origin };
}
