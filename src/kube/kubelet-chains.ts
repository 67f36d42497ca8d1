/** What the kubelet itself writes (kubelet_network_linux.go): canaries by which it notices a flush, a hint which iptables
 *  the node has, the shield of loopback; and until 1.26 the chain that drops marked packets (KEP-3178). */
import { defaulted } from '../base/origin.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { ChainSource, TableSource } from '../host/rules.ts';
import type { Family } from './address-family.ts';
import { firewallChain, ofFamily } from './kube-proxy-static.ts';

const ORIGIN = defaulted('kubelet', 'fixed rule');

const CANARY: ChainSource = { name: 'KUBE-KUBELET-CANARY', rules: [] };
const HINT: ChainSource = { name: 'KUBE-IPTABLES-HINT', rules: [] };

/** Minor version of Kubernetes that brought the hint. */
const HINT_SINCE = 24;
/** From this one on the kubelet leaves marks to kube-proxy (feature gate IPTablesOwnershipCleanup beta). */
const NO_MARKS_SINCE = 27;

const MARK_TO_DROP = '0x8000/0x8000';

const MARK_DROP: ChainSource = {
  name: 'KUBE-MARK-DROP',
  rules: [rule('KUBE-MARK-DROP', `-j MARK --set-xmark ${MARK_TO_DROP}`)],
};
const DROP_MARKED = rule(
  'KUBE-FIREWALL',
  `-m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark ${MARK_TO_DROP} -j DROP`,
);

/** In the order in which the kubelet puts them in. */
export const kubeletJumps: readonly BuiltInRule[] = ['OUTPUT', 'INPUT'].map((chain) => ({
  table: 'filter',
  chain,
  rule: '-j KUBE-FIREWALL',
  at: 'top',
  origin: ORIGIN,
}));

/** The chains of every node. `version` is that of Kubernetes: "1.34". Loopback needs no shield in IPv6, where nothing
 *  routes ::1. */
export function kubeletTables(version: string, family: Family): readonly TableSource[] {
  const minor = Number(version.split('.')[1]);
  const marks = minor < NO_MARKS_SINCE;
  const shield = family === 'IPv4' ? firewallChain(ORIGIN).rules : [];
  const firewall: ChainSource = { name: 'KUBE-FIREWALL', rules: marks ? [DROP_MARKED, ...shield] : shield };
  return ofFamily(family, [
    { table: 'mangle', chains: [CANARY, ...(minor >= HINT_SINCE ? [HINT] : [])] },
    { table: 'nat', chains: [CANARY, ...(marks ? [MARK_DROP] : [])] },
    { table: 'filter', chains: [...(firewall.rules.length > 0 ? [firewall] : []), CANARY] },
  ]);
}

function rule(chain: string, text: string) {
  return { text: `-A ${chain} ${text}`, origin: ORIGIN };
}
