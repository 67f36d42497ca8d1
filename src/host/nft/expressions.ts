/** What rules of nftables ask of a packet. */
import { ctMark, metaMark } from './marks.ts';
import type { Reader } from './translation.ts';
import { negation, only } from './words.ts';

/** "eni*" is "eni+" to iptables. */
const interfaceName = (text: string): string => text.replace(/\*$/, '+');

function nameReader(flag: '-i' | '-o'): Reader {
  return (words, out) => {
    const compared = words.comparison();
    const name = only(compared);
    if (name === undefined) return false;
    out.header.push(`${negation(compared)}${flag} ${interfaceName(name)}`);
    return true;
  };
}

function addressReader(flag: '-s' | '-d'): Reader {
  return (words, out) => {
    const compared = words.comparison();
    const { values } = compared;
    if (values.length === 0 || !values.every((value) => /^[\d./-]+$/.test(value))) return false;
    if (values.length === 1 && !values[0]!.includes('-'))
      out.header.push(`${negation(compared)}${flag} ${values[0]}`);
    else
      out.matches.push(
        `-m nft-address ${negation(compared)}--${flag === '-s' ? 'saddr' : 'daddr'} ${values.join(',')}`,
      );
    return true;
  };
}

function portReader(protocol: string): Reader {
  return (words, out) => {
    const side = words.take();
    const compared = words.comparison();
    const { values } = compared;
    if ((side !== 'sport' && side !== 'dport') || values.length === 0) return false;
    if (!values.every((value) => /^\d+(-\d+)?$/.test(value))) return false;
    const ports = values.map((value) => value.replace('-', ':')).join(',');
    if (protocol !== 'th') out.setProtocol(protocol);
    out.matches.push(
      protocol !== 'th' && values.length === 1
        ? `-m ${protocol} ${negation(compared)}--${side} ${ports}`
        : `-m multiport ${negation(compared)}--${side}s ${ports}`,
    );
    return true;
  };
}

const ct: Reader = (words, out) => {
  const key = words.take();
  if (key === 'mark') return ctMark(words, out);
  const option = { state: '--ctstate', status: '--ctstatus', direction: '--ctdir' }[key];
  if (option === undefined) return false;
  const compared = words.comparison();
  if (compared.values.length === 0 || compared.values.some((value) => !/^[a-z-]+$/.test(value))) return false;
  const names = compared.values.map((value) => value.toUpperCase().replace('-', '_'));
  // Of the bits of ct status, iptables calls those of NAT states.
  const natted = key === 'status' && names.every((name) => name === 'SNAT' || name === 'DNAT');
  out.matches.push(`-m conntrack ${negation(compared)}${natted ? '--ctstate' : option} ${names.join(',')}`);
  return true;
};

const fib: Reader = (words, out) => {
  const side = words.take();
  const limited = words.takeAll('.', 'iif') ? ' --limit-iface-in' : '';
  if ((side !== 'saddr' && side !== 'daddr') || !words.takeAll('type')) return false;
  const compared = words.comparison();
  const types = compared.values.join(',').toUpperCase();
  out.matches.push(
    `-m addrtype ${negation(compared)}--${side === 'saddr' ? 'src' : 'dst'}-type ${types}${limited}`,
  );
  return true;
};

const protocolReader: Reader = (words, out) => {
  const compared = words.comparison();
  const name = only(compared);
  if (name === undefined) return false;
  out.setProtocol(name, negation(compared));
  return true;
};

const meta: Reader = (words, out) => {
  const key = words.take();
  if (key === 'mark') return metaMark(words, out);
  if (key === 'l4proto') return protocolReader(words, out);
  if (key === 'iifname' || key === 'iif') return nameReader('-i')(words, out);
  if (key === 'oifname' || key === 'oif') return nameReader('-o')(words, out);
  if (key === 'nfproto') return words.takeAll('ipv4');
  return key === 'nftrace' && words.takeAll('set') && words.take() !== '';
};

const icmp: Reader = (words, out) => {
  const compared = words.takeAll('type') ? words.comparison() : undefined;
  const type = compared && only(compared);
  if (!compared || type === undefined) return false;
  out.setProtocol('icmp');
  out.matches.push(`-m icmp ${negation(compared)}--icmp-type ${type}`);
  return true;
};

/** By the words an expression begins with. */
export const expressions: Readonly<Record<string, Reader>> = {
  iifname: nameReader('-i'),
  iif: nameReader('-i'),
  oifname: nameReader('-o'),
  oif: nameReader('-o'),
  'ip saddr': addressReader('-s'),
  'ip daddr': addressReader('-d'),
  'ip protocol': protocolReader,
  tcp: portReader('tcp'),
  udp: portReader('udp'),
  sctp: portReader('sctp'),
  th: portReader('th'),
  icmp,
  meta,
  ct,
  fib,
  mark: metaMark,
};
