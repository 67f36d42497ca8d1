/** What kube-proxy writes whatever the services are: fixed chains, and the jumps into them from the built-in chains. */
import { defaulted } from '../base/origin.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { ChainSource, RuleLine, TableName, TableSource } from '../host/rules.ts';
import { type Family, inRange, single } from './address-family.ts';
import type { NodeView } from './endpoint-choice.ts';
import { type KubeProxyConfig, masqueradeMark, nodePortBlocks, servesLoopback } from './kube-proxy-config.ts';
import { comment, ruleText } from './rule-text.ts';

const ORIGIN = defaulted('kube-proxy', 'fixed rule');

const NEW = '-m conntrack --ctstate NEW';

/** Jumps from the built-in chains, as kube-proxy puts each on top unless it is there (iptables/proxier.go
 *  iptablesJumpChains, iptablesKubeletJumpChains). The kubelet has the last two already. */
export const kubeProxyJumps: readonly BuiltInRule[] = [
  onTop(
    'filter',
    'INPUT',
    `${NEW} ${jump('kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES')}`,
  ),
  onTop(
    'filter',
    'FORWARD',
    `${NEW} ${jump('kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES')}`,
  ),
  onTop('filter', 'INPUT', jump('kubernetes health check service ports', 'KUBE-NODEPORTS')),
  onTop('filter', 'FORWARD', `${NEW} ${jump('kubernetes service portals', 'KUBE-SERVICES')}`),
  onTop('filter', 'OUTPUT', `${NEW} ${jump('kubernetes service portals', 'KUBE-SERVICES')}`),
  onTop('filter', 'FORWARD', jump('kubernetes forwarding rules', 'KUBE-FORWARD')),
  onTop('filter', 'INPUT', `${NEW} ${jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL')}`),
  onTop('filter', 'OUTPUT', `${NEW} ${jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL')}`),
  onTop('filter', 'FORWARD', `${NEW} ${jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL')}`),
  onTop('nat', 'OUTPUT', jump('kubernetes service portals', 'KUBE-SERVICES')),
  onTop('nat', 'PREROUTING', jump('kubernetes service portals', 'KUBE-SERVICES')),
  onTop('nat', 'POSTROUTING', jump('kubernetes postrouting rules', 'KUBE-POSTROUTING')),
  onTop('filter', 'INPUT', '-j KUBE-FIREWALL'),
  onTop('filter', 'OUTPUT', '-j KUBE-FIREWALL'),
];

function onTop(table: TableName, chain: string, rule: string): BuiltInRule {
  return { table, chain, rule, at: 'top', origin: ORIGIN };
}

function jump(why: string, chain: string): string {
  return `${comment(why)} -j ${chain}`;
}

/** Tables of ip6tables are marked as such. */
export function ofFamily(family: Family, tables: TableSource[]): TableSource[] {
  return family === 'IPv4' ? tables : tables.map((source) => ({ ...source, family }));
}

/** Chains of the nat table that every node has. */
export function fixedNatChains(config: KubeProxyConfig): ChainSource[] {
  const mark = masqueradeMark(config);
  const bit = mark.slice(0, mark.indexOf('/'));
  return [
    chain('KUBE-MARK-MASQ', [`-j MARK --set-xmark ${mark}`]),
    chain('KUBE-POSTROUTING', [
      `-m mark ! --mark ${mark} -j RETURN`,
      `-j MARK --set-xmark ${bit}/0x0`,
      `${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
    ]),
    CANARY,
  ];
}

/** Chains of the filter table that every node has. */
export function fixedFilterChains(config: KubeProxyConfig): ChainSource[] {
  const forward = [
    `${comment('kubernetes forwarding rules')} -m mark --mark ${masqueradeMark(config)} -j ACCEPT`,
    `${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
  ];
  const counter = config.nfacct ? `${nfacct('ct_state_invalid_dropped_pkts')} ` : '';
  if (!config.conntrackBeLiberal) forward.unshift(`-m conntrack --ctstate INVALID ${counter}-j DROP`);
  const firewall = servesLoopback(config) ? firewallChain(ORIGIN) : chain('KUBE-FIREWALL', []);
  return [chain('KUBE-FORWARD', forward), ...(config.withKubelet ? [] : [firewall]), CANARY];
}

/** The blank is doubled as in iptables-save. */
export function nfacct(counter: string): string {
  return `-m nfacct --nfacct-name  ${counter}`;
}

/** Empty: kube-proxy looks whether it is still there, and writes everything anew if another tool flushed it. */
const CANARY: ChainSource = { name: 'KUBE-PROXY-CANARY', rules: [] };

export const fixedMangleTable: TableSource = { table: 'mangle', chains: [CANARY] };

/** Shields 127.0.0.0/8 once route_localnet is set (CVE-2020-8558); the kubelet and kube-proxy write the same rule. */
export function firewallChain(origin: RuleLine['origin']): ChainSource {
  const text = ruleText('KUBE-FIREWALL', {
    source: '! 127.0.0.0/8',
    destination: '127.0.0.0/8',
    matches: [
      comment('block incoming localnet connections'),
      '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT',
    ],
    target: 'DROP',
  });
  return { name: 'KUBE-FIREWALL', rules: [{ text, origin }] };
}

const NODE_PORTS_LAST = comment(
  'kubernetes service nodeports; NOTE: this must be the last rule in this chain',
);

/** Whether the node's addresses decide where NodePorts answer. */
export function nodePortsDependOnNode(config: KubeProxyConfig): boolean {
  return nodePortBlocks(config, '0.0.0.0') !== undefined;
}

/** The end of nat KUBE-SERVICES. Loopback takes NodePorts only on IPv4, and only where that is switched on. */
export function nodePortTail(config: KubeProxyConfig, node: NodeView): RuleLine[] {
  const chainName = 'KUBE-SERVICES';
  const target = 'KUBE-NODEPORTS';
  const onLoopback = servesLoopback(config);
  const loopback = config.family === 'IPv6' ? '::1/128' : '127.0.0.0/8';
  const blocks = nodePortBlocks(config, node.primaryAddress);
  if (!blocks) {
    const destination = onLoopback ? undefined : `! ${loopback}`;
    const matches = [NODE_PORTS_LAST, '-m addrtype --dst-type LOCAL'];
    return [fixed(ruleText(chainName, { destination, matches, target }))];
  }
  return [...node.addresses, ...(onLoopback ? ['127.0.0.1'] : [])]
    .filter((address) => blocks.some((block) => inRange(block, address)))
    .map((address) =>
      fixed(ruleText(chainName, { destination: single(address), matches: [NODE_PORTS_LAST], target })),
    );
}

function chain(name: string, rules: readonly string[]): ChainSource {
  return { name, rules: rules.map((rule) => fixed(`-A ${name} ${rule}`)) };
}

function fixed(text: string): RuleLine {
  return { text, origin: ORIGIN };
}
