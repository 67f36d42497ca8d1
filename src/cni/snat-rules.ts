/** iptables rules of the VPC CNI (amazon-vpc-cni-k8s pkg/networkutils/network.go): SNAT to the primary ENI's address for
 *  what leaves the VPC, and the mark that keeps such connections, and those to NodePorts, on the primary ENI.
 *  Since 1.23 nodes with nft iptables have the mark rules in a table of their own, of the same effect. */
import { type Cidr, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import { defaulted } from '../base/origin.ts';
import type { ChainSource, RuleLine, TableSource } from '../host/rules.ts';
import type { CniEnvironment } from './environment.ts';

export interface CniRulesInput {
  readonly env: CniEnvironment;
  readonly vpcCidrs: readonly Cidr[];
}

export interface CniRules {
  /** Rules of the built-in chains, to be appended after those of kube-proxy. */
  readonly jumps: readonly TableSource[];
  /** The same object for all nodes. */
  readonly shared: readonly TableSource[];
  /** With the node's address in it. */
  readonly own: readonly TableSource[];
}

const SNAT_CHAIN = 'AWS-SNAT-CHAIN-0';
const CONNMARK_CHAIN = 'AWS-CONNMARK-CHAIN-0';

const ORIGIN = defaulted('VPC CNI', 'host rules');

/** Rules of any node of the cluster. */
export function cniRules({
  env,
  vpcCidrs,
}: CniRulesInput): (node: { readonly primaryAddress: Ipv4; readonly primaryInterface: string }) => CniRules {
  const connmark = chain(CONNMARK_CHAIN, connmarkRules(env, vpcCidrs));
  const shared: readonly TableSource[] = env.externalSnat ? [] : [{ table: 'nat', chains: [connmark] }];
  const jumpsByInterface = new Map<string, readonly TableSource[]>();
  return ({ primaryAddress, primaryInterface }) => {
    let jumps = jumpsByInterface.get(primaryInterface);
    if (!jumps) {
      jumps = [...natJumps(env), ...mangleRules(env, primaryInterface)];
      jumpsByInterface.set(primaryInterface, jumps);
    }
    const snat = chain(SNAT_CHAIN, snatRules(env, vpcCidrs, primaryAddress));
    return { jumps, shared, own: env.externalSnat ? [] : [{ table: 'nat', chains: [snat] }] };
  };
}

function natJumps(env: CniEnvironment): TableSource[] {
  if (env.externalSnat) return [];
  const prerouting = [
    `-i ${env.vethPrefix}+ ${comment('AWS, outbound connections')} -j ${CONNMARK_CHAIN}`,
    `${comment('AWS, CONNMARK')} -j ${restoreMark(env)}`,
  ];
  const chains = [
    builtIn('PREROUTING', prerouting),
    builtIn('POSTROUTING', [`${comment('AWS SNAT CHAIN')} -j ${SNAT_CHAIN}`]),
  ];
  return [{ table: 'nat', chains }];
}

/** Each block is inserted at the top, so the last one comes first. */
function snatRules(env: CniEnvironment, vpcCidrs: readonly Cidr[], primaryAddress: Ipv4): string[] {
  const stays = [
    ...vpcCidrs.map((block) => returns(block, 'AWS SNAT CHAIN')),
    ...env.excludeSnatCidrs.map((block) => returns(block, 'AWS SNAT CHAIN EXCLUSION')),
  ];
  const random = { prng: ' --random-fully', hashrandom: ' --random', none: '' }[env.randomizeSnat];
  const leaves = `! -o vlan+ ${comment('AWS, SNAT')} -m addrtype ! --dst-type LOCAL`;
  return [...stays.reverse(), `${leaves} -j SNAT --to-source ${formatIpv4(primaryAddress)}${random}`];
}

function connmarkRules(env: CniEnvironment, vpcCidrs: readonly Cidr[]): string[] {
  return [
    ...vpcCidrs.map((block) => returns(block, 'AWS CONNMARK CHAIN, VPC CIDR')),
    ...env.excludeSnatCidrs.map((block) => returns(block, 'AWS CONNMARK CHAIN, EXCLUDED CIDR')),
    `${comment('AWS, CONNMARK')} -j CONNMARK --set-xmark ${markAndMask(env)}`,
  ];
}

/** Connections to the node's own addresses (NodePorts) come in by the primary ENI, and their replies must leave by it,
 *  although the pod may be on another. */
function mangleRules(env: CniEnvironment, primaryInterface: string): TableSource[] {
  const note = comment('AWS, primary ENI');
  const toTheNode = `-i ${primaryInterface} ${note} -m addrtype --dst-type LOCAL --limit-iface-in`;
  const rules: string[] = [];
  if (env.nodePortSupport) rules.push(`${toTheNode} -j CONNMARK --set-xmark ${markAndMask(env)}`);
  if (env.nodePortSupport || !env.externalSnat)
    rules.push(`-i ${env.vethPrefix}+ ${note} -j ${restoreMark(env)}`);
  if (env.nodePortSupport) rules.push(`-i vlan+ ${note} -j ${restoreMark(env)}`);
  return rules.length === 0 ? [] : [{ table: 'mangle', chains: [builtIn('PREROUTING', rules)] }];
}

/** iptables-save prints a block of all addresses as no match at all. */
function returns(block: Cidr, why: string): string {
  const match = block.length === 0 ? '' : `-d ${formatCidr(block)} `;
  return `${match}${comment(why)} -j RETURN`;
}

function restoreMark({ connmark }: CniEnvironment): string {
  const mask = hex(connmark);
  return `CONNMARK --restore-mark --nfmask ${mask} --ctmask ${mask}`;
}

function markAndMask({ connmark }: CniEnvironment): string {
  return `${hex(connmark)}/${hex(connmark)}`;
}

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}

function comment(text: string): string {
  return `-m comment --comment "${text}"`;
}

function builtIn(name: string, rules: readonly string[]): ChainSource {
  return { ...chain(name, rules), policy: 'ACCEPT' };
}

function chain(name: string, rules: readonly string[]): ChainSource {
  return { name, rules: rules.map((rule): RuleLine => ({ text: `-A ${name} ${rule}`, origin: ORIGIN })) };
}
