/** The mark on connections that leave the VPC, which makes their packets leave by the primary ENI
 *  (amazon-vpc-cni-k8s pkg/networkutils/iptables_connmark.go, nftables_connmark.go). Marking is NAT's business in both
 *  forms: a connection that another rule of the hook has bound already, to a Service's endpoint for instance, is not
 *  marked. */
import { type Cidr, formatCidr } from '../addressing/cidr.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { ChainSource, NftTableName, RuleLine, TableSource } from '../host/rules.ts';
import type { CniEnvironment } from './environment.ts';
import { appended, CNI_RULES, chain, comment, markAndMask, restoreMark } from './rule-lines.ts';

export interface ConnmarkRules {
  readonly jumps: readonly BuiltInRule[];
  readonly tables: readonly TableSource[];
}

const CHAIN = 'AWS-CONNMARK-CHAIN-0';
const NFT_TABLE: NftTableName = 'ip aws-cni';
const MARK_CHAIN = 'snat-mark';

/** dstnat + 10: behind kube-proxy, whatever its mode. */
const NFT_PRIORITY = -90;

export function iptablesConnmark(env: CniEnvironment, vpcCidrs: readonly Cidr[]): ConnmarkRules {
  const blocks = env.features.nftables ? returns(env, vpcCidrs) : formerReturns(env, vpcCidrs);
  return {
    jumps: [
      appended(
        'nat',
        'PREROUTING',
        `-i ${env.vethPrefix}+ ${comment('AWS, outbound connections')} -j ${CHAIN}`,
      ),
      appended('nat', 'PREROUTING', `${comment('AWS, CONNMARK')} -j ${restoreMark(env)}`),
    ],
    tables: [
      {
        table: 'nat',
        chains: [
          chain(CHAIN, [
            ...blocks.reverse(), // each is put on top
            `${comment('AWS, CONNMARK')} -j CONNMARK --set-xmark ${markAndMask(env)}`,
          ]),
        ],
      },
    ],
  };
}

function returns({ excludeSnatCidrs }: CniEnvironment, vpcCidrs: readonly Cidr[]): string[] {
  const rules = [...vpcCidrs, ...excludeSnatCidrs].map((block) => returnFor(block, 'AWS CONNMARK CHAIN'));
  return [...new Set(rules)];
}

/** Before 1.23 comments tell the two kinds of blocks apart; one of both kinds counts as excluded. */
function formerReturns({ excludeSnatCidrs }: CniEnvironment, vpcCidrs: readonly Cidr[]): string[] {
  const excluded = new Set(excludeSnatCidrs.map(formatCidr));
  const rules = [...vpcCidrs, ...excludeSnatCidrs].map((block) => {
    const kind = excluded.has(formatCidr(block)) ? 'EXCLUDED CIDR' : 'VPC CIDR';
    return returnFor(block, `AWS CONNMARK CHAIN, ${kind}`);
  });
  return [...new Set(rules)];
}

/** A RETURN for what goes to a block. The kernel keeps no match for a block of all addresses. */
export function returnFor(block: Cidr, why: string): string {
  const match = block.length === 0 ? '' : `-d ${formatCidr(block)} `;
  return `${match}${comment(why)} -j RETURN`;
}

/** As `nft list ruleset` prints a table that no packet has met. Blocks are put in in the order of a hash map; here the
 *  last comes first, as in iptables. */
export function nftConnmark(env: CniEnvironment, vpcCidrs: readonly Cidr[]): ConnmarkRules {
  const counter = 'counter packets 0 bytes 0';
  const mark = `0x${env.connmark.toString(16).padStart(8, '0')}`;
  const blocks = [...new Set([...vpcCidrs, ...env.excludeSnatCidrs].map(nftBlock))].reverse();
  return {
    jumps: [],
    tables: [
      {
        table: NFT_TABLE,
        chains: [
          {
            ...nftChain('nat-prerouting', [
              'fib daddr type local return',
              `iifname "${env.vethPrefix}*" ${counter} jump ${MARK_CHAIN}`,
              `${counter} meta mark set ct mark & ${mark}`,
            ]),
            policy: 'ACCEPT',
            base: { type: 'nat', hook: 'prerouting', priority: NFT_PRIORITY },
          },
          nftChain(MARK_CHAIN, [
            ...blocks.map((block) => `${counter} ip daddr ${block} return`),
            `${counter} ct mark set ct mark | ${mark}`,
          ]),
        ],
      },
    ],
  };
}

/** nft prints a single address without its length. */
function nftBlock(block: Cidr): string {
  return formatCidr(block).replace(/\/32$/, '');
}

function nftChain(name: string, rules: readonly string[]): ChainSource {
  return { name, rules: rules.map((text): RuleLine => ({ text, origin: CNI_RULES })) };
}
