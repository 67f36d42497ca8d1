/** What the packets of a run have met: each match and target that held, what they were sent to, how they ended. */
import { matchNames, targetNames } from '../../index.ts';
import type { Asked } from './flows.ts';
import { targetPieces } from './rule-pieces.ts';
import { endingText, type Told } from './walk.ts';

/** Matches and targets that the interpreter knows and no packet of a lab can judge, with the reason. */
const withoutPackets: Readonly<Record<string, string>> = {
  ah: 'IPsec is not sent',
  esp: 'IPsec is not sent',
  dccp: 'DCCP is not sent',
  sctp: 'SCTP is not sent',
  bpf: 'named as not known in a trace',
  cgroup: 'named as not known in a trace',
  connbytes: 'named as not known in a trace',
  connlabel: 'named as not known in a trace',
  cpu: 'named as not known in a trace',
  devgroup: 'named as not known in a trace',
  ecn: 'named as not known in a trace',
  mac: 'named as not known in a trace',
  osf: 'named as not known in a trace',
  rateest: 'named as not known in a trace',
  realm: 'named as not known in a trace',
  socket: 'named as not known in a trace',
  string: 'named as not known in a trace',
  tcpmss: 'named as not known in a trace',
  time: 'named as not known in a trace',
  u32: 'named as not known in a trace',
  ipvs: 'needs IPVS',
  nfacct: 'needs an object that only nfacct makes',
  'nft-address': 'how rules of nftables are read, no match of iptables',
  'ipv6-prefix': 'IPv6',
  TEE: 'the copy goes a way of its own',
  hl: 'IPv6',
  icmp6: 'IPv6',
  icmpv6: 'IPv6',
  frag: 'IPv6',
  ipv6header: 'IPv6',
  rt: 'IPv6',
  mh: 'IPv6',
  dst: 'IPv6',
  hbh: 'IPv6',
  eui64: 'IPv6',
  DNPT: 'IPv6',
  SNPT: 'IPv6',
  HL: 'IPv6',
  ULOG: 'not in kernels any more',
  CLUSTERIP: 'not in kernels any more',
  SAME: 'not in kernels any more',
  HMARK: 'named as not known in a trace',
  NFQUEUE: 'needs a program that judges',
  SET: 'changes what later packets meet',
  SYNPROXY: 'answers in the place of the receiver',
  TPROXY: 'needs a transparent proxy',
  LED: 'needs a light',
  SECMARK: 'needs SELinux',
  RATEEST: 'needs an estimator, whose module few kernels have',
  IDLETIMER: 'needs a module that few kernels have',
};

const targetKinds = [
  'fact',
  'ClusterIP',
  'NodePort',
  'external IP',
  'load balancer IP',
  'pod',
  'node',
  'outside host',
];
const flavours = [
  'externalTrafficPolicy Local',
  'internalTrafficPolicy Local',
  'ClientIP',
  'closed port',
  'echo',
];

export class Coverage {
  readonly #counts = new Map<string, Map<string, number>>();
  #packets = 0;
  #refused = 0;

  /** A packet that was compared. */
  add({ target, flow, sender }: Asked, kernel: Told): void {
    this.#packets++;
    const kind = targetKinds.find((name) => target.startsWith(name));
    this.#count('to', kind ?? target);
    for (const flavour of flavours) if (target.includes(flavour)) this.#count('to', flavour);
    const of = / of (ClusterIP|NodePort|LoadBalancer)/.exec(target)?.[1];
    if (of) this.#count('Service', of);
    this.#count('protocol', flow.protocol);
    this.#count('from', sender.split('/')[0]!);
    const { ending } = kernel;
    if (!['connected', 'reply'].includes(ending.kind)) this.#refused++;
    this.#count(
      'ending',
      endingText(ending)
        .replace(/ from .*/, '')
        .replace('nothing', 'nothing comes back'),
    );
    const met = new Set<string>();
    for (const lines of kernel.walks.values())
      for (const { text } of lines) for (const name of namesIn(text)) met.add(name);
    for (const name of met) {
      const [what = '', ...rest] = name.split(' ');
      this.#count(what, rest.join(' '));
    }
  }

  #count(kind: string, name: string): void {
    const names = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, names);
    names.set(name, (names.get(name) ?? 0) + 1);
  }

  /** The table: how many packets met what. */
  lines(): string[] {
    return [
      `coverage: ${this.#packets} packets compared, ${this.#refused} of them dropped or rejected`,
      ...[...this.#counts].map(
        ([kind, names]) =>
          `  ${kind.padEnd(9)} ${[...names]
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([name, count]) => `${name} ${count}`)
            .join(', ')}`,
      ),
    ];
  }

  /** What a run of random clusters must not leave out. */
  gaps(): string[] {
    const seen = (kind: string, name: string): boolean => this.#counts.get(kind)?.has(name) ?? false;
    const unseen = (kind: string, names: readonly string[]): string[] =>
      names
        .filter((name) => !(name in withoutPackets) && !seen(kind, name))
        .map((name) => `no packet met the ${kind} ${name}`);
    const shapes = (kind: string, names: readonly string[]): string[] =>
      names.filter((name) => !seen(kind, name)).map((name) => `no packet for ${kind} ${name}`);
    return [
      ...unseen('match', matchNames),
      ...unseen('target', targetNames),
      ...shapes('to', [...targetKinds, ...flavours]),
      ...shapes('Service', ['ClusterIP', 'NodePort', 'LoadBalancer']),
      ...(this.#refused < this.#packets / 5
        ? [`only ${this.#refused} of ${this.#packets} packets were dropped or rejected, less than 20 %`]
        : []),
    ];
  }
}

/** "match NAME" and "target NAME" for what a line of a walk speaks of. */
function namesIn(line: string): string[] {
  const policy = /^ {2}policy (\S+)/.exec(line);
  if (policy) return [`policy ${policy[1]}`];
  if (!line.startsWith('  -A ')) return [];
  const plain = line.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const target = / -([jg]) (\S+)/.exec(plain);
  const known = target && targetPieces.some(({ name }) => name === target[2]);
  const reason = / --reject-with (\S+)/.exec(plain)?.[1];
  return [
    ...[...plain.matchAll(/ -m (\S+)/g)].map(([, name]) => `match ${name}`),
    ...[...plain.matchAll(/ (-[sdio]) /g)].map(([, flag]) => `match ${flag}`),
    ...(target ? [known ? `target ${target[2]}` : `target ${target[1] === 'g' ? 'goto' : 'jump'}`] : []),
    ...(reason ? [`REJECT ${reason}`] : []),
  ];
}
