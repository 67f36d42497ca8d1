/** What random rules are made of: one entry for each match and each target, with the texts that it can take. Most values
 *  come from a flow that will be sent, so that many rules hold. */
import type { Asked } from './flows.ts';
import type { Random } from './random.ts';

/** Where a rule stands, and which flow it is made for. */
export interface Place {
  readonly table: string;
  /** The built-in chain from which the rule is reached. */
  readonly hook: string;
  readonly random: Random;
  readonly flow: Asked;
  /** Protocol that the rule asks for, where it asks for one. */
  readonly protocol: string | undefined;
  /** Addresses of pods and of nodes, and what listens there. */
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
  /** The ipsets that the node has. */
  readonly set: readonly { readonly name: string; readonly dimensions: number }[];
  /** A number of its own for each rule. */
  readonly number: number;
}

export interface MatchPiece {
  readonly name: string;
  /** Without it, the match asks for nothing of this protocol. */
  readonly protocols?: readonly string[];
  readonly hooks?: readonly string[];
  readonly tables?: readonly string[];
  /** The type of service field is not followed: rules that set it and rules that ask for it are kept in rounds of
   *  their own. */
  readonly service?: 'asks';
  text(place: Place): string;
}

export interface TargetPiece {
  readonly name: string;
  readonly protocols?: readonly string[];
  readonly hooks?: readonly string[];
  readonly tables?: readonly string[];
  /** Ends or turns the packet: such rules are kept narrow. */
  readonly decides?: true;
  readonly service?: 'sets';
  text(place: Place): string;
}

const withPorts = ['tcp', 'udp'];
const incoming = ['PREROUTING', 'INPUT', 'FORWARD'];
const outgoing = ['FORWARD', 'OUTPUT', 'POSTROUTING'];

const maybeNot = (random: Random, share = 0.2): string => (random.chance(share) ? '! ' : '');

function block(address: string, random: Random): string {
  const length = random.of([32, 32, 24, 16]);
  const octets = address.split('.').map(Number);
  const kept = octets.map((octet, i) => (i < length / 8 ? octet : 0));
  return `${kept.join('.')}/${length}`;
}

/** The address and some beside it, as a range. */
function around(address: string, by: number): string {
  const octets = address.split('.').map(Number);
  const last = octets[3]!;
  const at = (octet: number): string => [...octets.slice(0, 3), octet].join('.');
  return `${at(Math.max(0, last - by))}-${at(Math.min(255, last + by))}`;
}

/** Never the whole range: with "!" before it iptables-nft 1.8.9 loads a rule that holds for every port. */
function portsAround(port: number, random: Random): string {
  const some = Math.max(port, 2);
  return random.of([`${some}`, `${Math.max(1, some - 5)}:${some + 5}`, `${some}:65535`, `:${some}`]);
}

const marks = ['0x1', '0x10', '0x80', '0x4000', '0x8000', '0x100', '0xff'];
const masked = (random: Random): string =>
  `${random.of(marks)}/${random.of([...marks, '0xffff', '0xffffffff'])}`;

export const matchPieces: readonly MatchPiece[] = [
  { name: '-s', text: ({ random, flow }) => `${maybeNot(random)}-s ${block(flow.source, random)}` },
  { name: '-d', text: ({ random, flow }) => `${maybeNot(random)}-d ${block(flow.destination, random)}` },
  {
    name: '-i',
    hooks: incoming,
    text: ({ random }) => `${maybeNot(random)}-i ${random.of(['ens5', 'eni+', 'ens+', 'lo', 'ens6'])}`,
  },
  {
    name: '-o',
    hooks: outgoing,
    text: ({ random }) => `${maybeNot(random)}-o ${random.of(['ens5', 'eni+', 'ens+', 'lo', 'ens6'])}`,
  },
  {
    name: 'tcp',
    protocols: ['tcp'],
    text: ({ random, flow }) =>
      `-m tcp ${random.of([
        `${maybeNot(random)}--dport ${portsAround(flow.port, random)}`,
        `${maybeNot(random)}--sport ${portsAround(flow.number, random)}`,
        '--tcp-flags FIN,SYN,RST,ACK SYN',
        '--tcp-flags SYN,ACK SYN,ACK',
        '--tcp-flags RST RST',
        '! --tcp-flags FIN,SYN,RST,ACK SYN',
      ])}`,
  },
  {
    name: 'udp',
    protocols: ['udp'],
    text: ({ random, flow }) =>
      `-m udp ${random.of([
        `${maybeNot(random)}--dport ${portsAround(flow.port, random)}`,
        `${maybeNot(random)}--sport ${portsAround(flow.number, random)}`,
      ])}`,
  },
  {
    name: 'icmp',
    protocols: ['icmp'],
    text: ({ random }) =>
      `-m icmp ${maybeNot(random)}--icmp-type ${random.of(['8', '0', '3', '3/3', '11', 'any'])}`,
  },
  {
    name: 'multiport',
    protocols: withPorts,
    text: ({ random, flow }) =>
      `-m multiport ${maybeNot(random)}${random.of([
        `--dports 1,${flow.port},9999`,
        `--dports ${flow.port}:${flow.port + 10},7`,
        `--sports ${flow.number - 3}:${flow.number + 3}`,
        `--ports 1,${flow.port}`,
      ])}`,
  },
  { name: 'mark', text: ({ random }) => `-m mark ${maybeNot(random, 0.5)}--mark ${masked(random)}` },
  { name: 'connmark', text: ({ random }) => `-m connmark ${maybeNot(random, 0.5)}--mark ${masked(random)}` },
  {
    name: 'conntrack',
    text: ({ random, flow, protocol }) =>
      `-m conntrack ${random.of([
        `${maybeNot(random)}--ctstate ${random.of(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT', 'RELATED,ESTABLISHED', 'NEW,UNTRACKED', 'INVALID,NEW'])}`,
        ...(protocol ? [`${maybeNot(random)}--ctproto ${protocol}`] : []),
        `${maybeNot(random)}--ctorigsrc ${block(flow.source, random)}`,
        `${maybeNot(random)}--ctorigdst ${block(flow.destination, random)}`,
        `--ctdir ${random.of(['ORIGINAL', 'REPLY'])}`,
      ])}`,
  },
  {
    name: 'state',
    text: ({ random }) =>
      `-m state ${maybeNot(random)}--state ${random.of(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'NEW,ESTABLISHED'])}`,
  },
  {
    name: 'addrtype',
    text: ({ random, hook }) =>
      `-m addrtype ${random.of([
        `${maybeNot(random)}--dst-type ${random.of(['LOCAL', 'UNICAST'])}`,
        `${maybeNot(random)}--src-type ${random.of(['LOCAL', 'UNICAST'])}`,
        `--src-type UNICAST ${maybeNot(random)}--dst-type LOCAL`,
        ...(['PREROUTING', 'INPUT'].includes(hook) ? ['--dst-type LOCAL --limit-iface-in'] : []),
        ...(hook === 'POSTROUTING' ? ['--src-type LOCAL --limit-iface-out'] : []),
      ])}`,
  },
  {
    name: 'statistic',
    text: ({ random }) =>
      random.chance(0.2)
        ? '-m statistic --mode nth --every 1 --packet 0'
        : `-m statistic --mode random --probability ${random.of(['0.50000000000', '0.25000000000', '0.90000000000'])}`,
  },
  { name: 'comment', text: ({ number }) => `-m comment --comment "what ${number}, \\"says\\""` },
  { name: 'limit', text: () => '-m limit --limit 10000/sec --limit-burst 1000' },
  {
    name: 'set',
    text: ({ random, set }) => {
      const one = random.of(set);
      const side = (): string => random.of(['src', 'dst']);
      return `-m set ${maybeNot(random)}--match-set ${one.name} ${Array.from({ length: one.dimensions }, side).join(',')}`;
    },
  },
  {
    name: 'iprange',
    text: ({ random, flow }) =>
      `-m iprange ${maybeNot(random)}${random.of([
        `--src-range ${around(flow.source, 3)}`,
        `--dst-range ${around(flow.destination, 3)}`,
      ])}`,
  },
  { name: 'physdev', hooks: incoming, text: () => '-m physdev ! --physdev-is-bridged' },
  { name: 'length', text: () => '-m length --length 20:65535' },
  {
    name: 'owner',
    hooks: ['OUTPUT', 'POSTROUTING'],
    text: ({ random }) =>
      `-m owner ${random.of(['--uid-owner 0', '! --uid-owner 0', '--gid-owner 0', '--uid-owner 1000-2000', '--socket-exists', '! --socket-exists'])}`,
  },
  {
    name: 'rpfilter',
    tables: ['raw', 'mangle'],
    hooks: ['PREROUTING'],
    text: ({ random }) =>
      `-m rpfilter${random.of(['', ' --loose', ' --validmark', ' --loose --validmark'])}${random.of(['', '', ' --invert'])}`,
  },
  {
    name: 'pkttype',
    hooks: ['PREROUTING', 'FORWARD'],
    text: ({ random }) =>
      `-m pkttype ${maybeNot(random)}--pkt-type ${random.of(['unicast', 'broadcast', 'multicast'])}`,
  },
  {
    name: 'ttl',
    text: ({ random }) =>
      `-m ttl ${random.of(['--ttl-eq 64', '--ttl-eq 63', '--ttl-lt 64', '--ttl-gt 63', '! --ttl-eq 64'])}`,
  },
  { name: 'tos', service: 'asks', text: ({ random }) => `-m tos ${maybeNot(random)}--tos 0x10/0x3f` },
  {
    name: 'dscp',
    service: 'asks',
    text: ({ random }) => `-m dscp ${maybeNot(random)}--dscp ${random.of(['0x00', '0x0a'])}`,
  },
  {
    name: 'hashlimit',
    text: ({ number }) =>
      `-m hashlimit --hashlimit-upto 10000/sec --hashlimit-burst 1000 --hashlimit-mode srcip --hashlimit-name h${number}`,
  },
  {
    name: 'connlimit',
    text: ({ random }) =>
      `-m connlimit ${random.of(['--connlimit-upto 1000', '--connlimit-above 1000'])} --connlimit-mask 32 --connlimit-saddr`,
  },
  { name: 'quota', text: () => '-m quota --quota 1000000000' },
  {
    name: 'policy',
    hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
    text: ({ random }) => `-m policy --dir in --pol ${random.of(['none', 'ipsec'])}`,
  },
  { name: 'helper', text: ({ random }) => `-m helper ${maybeNot(random, 0.5)}--helper ftp` },
  {
    name: 'recent',
    text: ({ random, number }) =>
      `-m recent ${random.of(['--set', '! --rcheck', '--rcheck --seconds 60', '--update --seconds 60 --hitcount 2'])} --name list${number} --mask 255.255.255.255 ${random.of(['--rsource', '--rdest'])}`,
  },
];

const elsewhere = (place: Place): string => place.random.of(place.pods);

export const targetPieces: readonly TargetPiece[] = [
  { name: 'none', text: () => '' },
  { name: 'ACCEPT', decides: true, text: () => '-j ACCEPT' },
  { name: 'DROP', decides: true, tables: ['raw', 'mangle', 'filter', 'security'], text: () => '-j DROP' },
  { name: 'RETURN', decides: true, text: () => '-j RETURN' },
  {
    name: 'REJECT',
    decides: true,
    tables: ['filter'],
    text: ({ random, protocol }) =>
      `-j REJECT --reject-with ${random.of([
        'icmp-port-unreachable',
        'icmp-host-unreachable',
        'icmp-net-unreachable',
        'icmp-proto-unreachable',
        'icmp-net-prohibited',
        'icmp-host-prohibited',
        'icmp-admin-prohibited',
        ...(protocol === 'tcp' ? ['tcp-reset', 'tcp-reset', 'tcp-reset'] : []),
      ])}`,
  },
  {
    name: 'MARK',
    tables: ['mangle', 'nat', 'raw'],
    text: ({ random }) => `-j MARK --set-xmark ${masked(random)}`,
  },
  {
    name: 'CONNMARK',
    tables: ['mangle', 'nat'],
    text: ({ random }) =>
      `-j CONNMARK ${random.of([
        `--set-xmark ${masked(random)}`,
        `--save-mark --nfmask ${random.of(marks)} --ctmask ${random.of(marks)}`,
        `--restore-mark --nfmask ${random.of(marks)} --ctmask ${random.of(marks)}`,
      ])}`,
  },
  { name: 'NOTRACK', decides: true, tables: ['raw'], text: () => '-j NOTRACK' },
  { name: 'CT', decides: true, tables: ['raw'], text: () => '-j CT --notrack' },
  {
    name: 'DNAT',
    decides: true,
    tables: ['nat'],
    hooks: ['PREROUTING', 'OUTPUT'],
    text: (place) => `-j DNAT --to-destination ${elsewhere(place)}${portOf(place, ['', ':8080', ':4444'])}`,
  },
  {
    name: 'SNAT',
    decides: true,
    tables: ['nat'],
    hooks: ['POSTROUTING', 'INPUT'],
    text: (place) =>
      `-j SNAT --to-source ${place.random.of(place.nodes)}${portOf(place, ['', '', ':20000-29999'])}${place.random.of(['', '', ' --random-fully'])}`,
  },
  {
    name: 'MASQUERADE',
    decides: true,
    tables: ['nat'],
    hooks: ['POSTROUTING'],
    text: (place) =>
      `-j MASQUERADE${place.random.of(['', ' --random-fully', ...(place.protocol && place.protocol !== 'icmp' ? [' --to-ports 20000-29999'] : [])])}`,
  },
  {
    name: 'REDIRECT',
    decides: true,
    tables: ['nat'],
    hooks: ['PREROUTING', 'OUTPUT'],
    text: (place) =>
      `-j REDIRECT${place.protocol && place.protocol !== 'icmp' ? place.random.of([' --to-ports 10250', ' --to-ports 4444', '']) : ''}`,
  },
  {
    name: 'NETMAP',
    decides: true,
    tables: ['nat'],
    text: ({ flow, random }) =>
      `-j NETMAP --to ${random.of([flow.destination, flow.source]).replace(/\d+$/, '0')}/24`,
  },
  {
    name: 'TTL',
    tables: ['mangle'],
    text: ({ random }) => `-j TTL --ttl-${random.of(['set 33', 'inc 3', 'dec 1'])}`,
  },
  {
    name: 'ECN',
    tables: ['mangle'],
    protocols: ['tcp'],
    text: () => '-j ECN --ecn-tcp-remove',
  },
  {
    name: 'TCPOPTSTRIP',
    tables: ['mangle'],
    protocols: ['tcp'],
    text: () => '-j TCPOPTSTRIP --strip-options 8',
  },
  { name: 'CONNSECMARK', tables: ['mangle', 'security'], text: () => '-j CONNSECMARK --save' },
  { name: 'AUDIT', text: () => '-j AUDIT --type accept' },
  { name: 'LOG', text: ({ number }) => `-j LOG --log-prefix "r${number} "` },
  { name: 'NFLOG', text: () => '-j NFLOG --nflog-group 7' },
  { name: 'TRACE', tables: ['raw'], text: () => '-j TRACE' },
  { name: 'CHECKSUM', tables: ['mangle'], protocols: withPorts, text: () => '-j CHECKSUM --checksum-fill' },
  {
    name: 'TCPMSS',
    tables: ['mangle'],
    protocols: ['tcp'],
    hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
    text: () => '-m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400',
  },
  { name: 'TOS', service: 'sets', tables: ['mangle'], text: () => '-j TOS --set-tos 0x10/0x3f' },
  { name: 'DSCP', service: 'sets', tables: ['mangle'], text: () => '-j DSCP --set-dscp 0x0a' },
  {
    name: 'CLASSIFY',
    tables: ['mangle'],
    hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
    text: () => '-j CLASSIFY --set-class 0001:0002',
  },
];

/** A port only where the rule asks for a protocol that has one. */
function portOf({ protocol, random }: Place, texts: readonly string[]): string {
  return protocol === 'tcp' || protocol === 'udp' ? random.of(texts) : '';
}
