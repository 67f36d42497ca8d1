/** What the kubelet itself writes: the shield of loopback and canaries by which it notices a flush (kubelet
 *  kubelet_network_linux.go). */
import { defaulted } from '../base/origin.ts';
import type { ChainSource, TableSource } from '../host/rules.ts';
import { firewallChain } from './kube-proxy-static.ts';

const CANARY: ChainSource = { name: 'KUBE-KUBELET-CANARY', rules: [] };

/** The same on every node. The jumps into KUBE-FIREWALL stand among those of kube-proxy. */
export const kubeletTables: readonly TableSource[] = [
  { table: 'mangle', chains: [CANARY] },
  { table: 'nat', chains: [CANARY] },
  { table: 'filter', chains: [firewallChain(defaulted('kubelet', 'fixed rule')), CANARY] },
];

/** Those of IPv6, where loopback needs no shield: nothing routes ::1. */
export const kubeletTables6: readonly TableSource[] = [
  { table: 'mangle', family: 'IPv6', chains: [CANARY] },
  { table: 'nat', family: 'IPv6', chains: [CANARY] },
  { table: 'filter', family: 'IPv6', chains: [{ name: 'KUBE-FIREWALL', rules: [] }, CANARY] },
];
