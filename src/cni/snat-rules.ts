/** Netfilter rules of the VPC CNI (amazon-vpc-cni-k8s pkg/networkutils/network.go): SNAT to the primary ENI's address for
 *  what leaves the VPC, and the mark that keeps such connections, and those to NodePorts, on the primary ENI. */
import type { Cidr } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { TableSource } from '../host/rules.ts';
import { iptablesConnmark, nftConnmark, returnFor } from './connmark-rules.ts';
import type { CniEnvironment } from './environment.ts';
import { appended, chain, comment, markAndMask, restoreMark } from './rule-lines.ts';

export interface CniRulesInput {
  readonly env: CniEnvironment;
  /** Of the VPC, the primary one first. */
  readonly vpcCidrs: readonly Cidr[];
}

/** What decides about a node's rules. */
export interface CniNode {
  readonly primaryAddress: Ipv4;
  readonly primaryInterface: string;
  /** Which iptables the node has. */
  readonly iptables: 'nft' | 'legacy';
}

export interface CniRules {
  /** In the order in which the CNI puts them in; the same object for nodes that are alike. */
  readonly jumps: readonly BuiltInRule[];
  /** The same object for nodes that are alike. */
  readonly shared: readonly TableSource[];
  /** With the node's address in it. */
  readonly own: readonly TableSource[];
}

const SNAT_CHAIN = 'AWS-SNAT-CHAIN-0';

/** Rules of any node of the cluster. */
export function cniRules({ env, vpcCidrs }: CniRulesInput): (node: CniNode) => CniRules {
  const variants = new Map<string, Omit<CniRules, 'own'>>();
  return ({ primaryAddress, primaryInterface, iptables }) => {
    const key = `${primaryInterface} ${iptables}`;
    let variant = variants.get(key);
    if (!variant) {
      variant = sharedRules(env, vpcCidrs, primaryInterface, iptables);
      variants.set(key, variant);
    }
    // With external SNAT the chain is made all the same, and nothing leads to it.
    const snat = chain(SNAT_CHAIN, env.externalSnat ? [] : snatRules(env, vpcCidrs, primaryAddress));
    return { ...variant, own: [{ table: 'nat', chains: [snat] }] };
  };
}

function sharedRules(
  env: CniEnvironment,
  vpcCidrs: readonly Cidr[],
  primaryInterface: string,
  iptables: CniNode['iptables'],
): Omit<CniRules, 'own'> {
  const nodePorts = nodePortRules(env, primaryInterface);
  const { nftables, marksOutbound } = env.features;
  // Until 1.23 the chain of marks stays, empty.
  const left = marksOutbound && !nftables ? [chain('AWS-CONNMARK-CHAIN-0', [])] : [];
  if (env.externalSnat)
    return { jumps: nodePorts, shared: left.length > 0 ? [{ table: 'nat', chains: left }] : [] };
  const toChain = appended('nat', 'POSTROUTING', `${comment('AWS SNAT CHAIN')} -j ${SNAT_CHAIN}`);
  if (!marksOutbound) return { jumps: [toChain, ...nodePorts], shared: [] };
  const inNftables = nftables && iptables === 'nft';
  const mark = inNftables ? nftConnmark(env, vpcCidrs) : iptablesConnmark(env, vpcCidrs);
  return { jumps: [toChain, ...nodePorts, ...mark.jumps], shared: mark.tables };
}

/** Each block is inserted at the top, so the last one comes first. */
function snatRules(env: CniEnvironment, vpcCidrs: readonly Cidr[], primaryAddress: Ipv4): string[] {
  const stays = [
    ...vpcCidrs.map((block) => returnFor(block, 'AWS SNAT CHAIN')),
    ...env.excludeSnatCidrs.map((block) => returnFor(block, 'AWS SNAT CHAIN EXCLUSION')),
  ];
  const random = { prng: ' --random-fully', hashrandom: ' --random', none: '' }[env.randomizeSnat];
  const leaves = `! -o vlan+ ${comment('AWS, SNAT')} -m addrtype ! --dst-type LOCAL`;
  return [
    ...[...new Set(stays)].reverse(),
    `${leaves} -j SNAT --to-source ${formatIpv4(primaryAddress)}${random}`,
  ];
}

/** Connections to the node's own addresses (NodePorts) come in by the primary ENI, and their replies must leave by it,
 *  although the pod may be on another. */
function nodePortRules(env: CniEnvironment, primaryInterface: string): BuiltInRule[] {
  const note = comment('AWS, primary ENI');
  const toTheNode = `-i ${primaryInterface} ${note} -m addrtype --dst-type LOCAL --limit-iface-in`;
  const rules: string[] = [];
  if (env.nodePortSupport) rules.push(`${toTheNode} -j CONNMARK --set-xmark ${markAndMask(env)}`);
  if (restoresMark(env)) rules.push(`-i ${env.vethPrefix}+ ${note} -j ${restoreMark(env)}`);
  if (env.nodePortSupport) rules.push(`-i vlan+ ${note} -j ${restoreMark(env)}`);
  return rules.map((rule) => appended('mangle', 'PREROUTING', rule));
}

/** Whether packets of marked connections are sent by the main table. */
export function restoresMark({ nodePortSupport, externalSnat, features }: CniEnvironment): boolean {
  return nodePortSupport || (features.restoresForSnat && !externalSnat);
}
