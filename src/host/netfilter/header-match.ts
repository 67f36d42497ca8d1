/** The part of every rule that looks at the IP header and the interfaces: -s -d -i -o -p (struct ipt_ip). */
import { maskOf, parseBlock } from '../../addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { parseProtocol, protocolName } from '../../packet/protocol.ts';
import { not } from '../match/module.ts';

/** Bits of `HeaderMatch.inverted`. */
export const NOT_SRC = 1;
export const NOT_DST = 2;
export const NOT_IN = 4;
export const NOT_OUT = 8;
export const NOT_PROTOCOL = 16;

/** A mask of an IPv6 network is its prefix length, -1 for a single address. */
export interface HeaderMatch {
  readonly src: number;
  readonly srcMask: number;
  readonly dst: number;
  readonly dstMask: number;
  /** Empty for any; "eni+" stands for every name that begins with "eni". */
  readonly inName: string;
  readonly outName: string;
  /** 0 for any. */
  readonly protocol: number;
  /** `-f` asks for all fragments of a packet but the first, `! -f` for the first and for whole packets. */
  readonly fragment: 'any' | 'first' | 'later';
  readonly inverted: number;
}

/** `address[/length or /mask]`; of IPv6 with a length only. */
export function parseNetwork(text: string): { readonly base: number; readonly mask: number } | undefined {
  if (text.includes(':')) {
    const block = parseBlock(text);
    return block && { base: block.base, mask: block.length === 128 ? -1 : block.length };
  }
  const [host = '', suffix, ...rest] = text.split('/');
  const address = parseIpv4(host);
  let mask: number | undefined = -1;
  if (suffix !== undefined)
    mask = /^\d{1,2}$/.test(suffix) && Number(suffix) <= 32 ? maskOf(Number(suffix)) : parseIpv4(suffix);
  if (address === undefined || mask === undefined || rest.length > 0) return undefined;
  return { base: address & mask, mask };
}

/** `address/length`, or with a dotted mask where its ones are not all in front. */
export function printNetwork(base: number, mask: number): string {
  if (isIpv6(base)) return `${formatIpv4(base)}/${mask === -1 ? 128 : mask}`;
  const length = mask === 0 ? 0 : 32 - Math.log2(-mask >>> 0 || 2 ** 32);
  return `${formatIpv4(base)}/${Number.isInteger(length) ? length : formatIpv4(mask)}`;
}

/** Names of /etc/protocols that rules use besides those of the transports the model carries. */
const otherProtocols: Readonly<Record<string, number>> = {
  igmp: 2,
  ipencap: 4,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  ospf: 89,
  vrrp: 112,
  udplite: 136,
};

/** The protocol number of -p; 0 for all. */
export function parseRuleProtocol(text: string): number | undefined {
  const number = parseProtocol(text) ?? otherProtocols[text.toLowerCase()];
  return number === -1 ? 0 : number;
}

/** The name of a protocol as rules have it. */
export function printProtocol(protocol: number): string {
  const other = Object.entries(otherProtocols).find(([, number]) => number === protocol);
  return other ? other[0] : protocolName(protocol);
}

/** In the order of iptables-save. */
export function printHeader(header: HeaderMatch): string[] {
  const { inverted } = header;
  return [
    ...(header.srcMask ? [`${not(inverted & NOT_SRC)}-s ${printNetwork(header.src, header.srcMask)}`] : []),
    ...(header.dstMask ? [`${not(inverted & NOT_DST)}-d ${printNetwork(header.dst, header.dstMask)}`] : []),
    ...(header.inName ? [`${not(inverted & NOT_IN)}-i ${header.inName}`] : []),
    ...(header.outName ? [`${not(inverted & NOT_OUT)}-o ${header.outName}`] : []),
    ...(header.protocol ? [`${not(inverted & NOT_PROTOCOL)}-p ${printProtocol(header.protocol)}`] : []),
    ...(header.fragment === 'any' ? [] : [header.fragment === 'later' ? '-f' : '! -f']),
  ];
}
